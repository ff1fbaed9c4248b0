//! The engines that scenarios run on: each is started once, when the first test needs it, and goes when the test process ends.

use std::fs::File;
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::LazyLock;

use serde_json::Value;

use crate::harness::{Project, SAMPLE, finished, mapped, sample_image};
use crate::http::get_by;
use crate::second;

/// An engine that gw is run on.
pub(crate) struct Engine {
    /// Its `DOCKER_HOST`; `None` is the machine's own engine.
    host: Option<String>,
    /// What `gw` is run by.
    gw: Vec<String>,
    /// What a program is run by that shall be on the engine's machine.
    there: Vec<String>,
    /// The host at which its published ports are shown.
    pub(crate) shown: String,
    /// The script that loads an image, and what goes before the image's name.
    script: Vec<String>,
    /// It makes no pause before it starts a container again.
    pub(crate) restarts_at_once: bool,
    /// The engine goes when this is closed, also with a test process that is killed.
    _keeper: Option<ChildStdin>,
}

/// The machine's own engine.
pub(crate) fn machines() -> &'static Engine {
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine {
        host: None,
        gw: Vec::new(),
        there: Vec::new(),
        shown: "127.0.0.1".to_owned(),
        script: Vec::new(),
        restarts_at_once: false,
        _keeper: None,
    });
    &ENGINE
}

/// Debian 12's engine, 20.10.
pub(crate) fn older() -> &'static Engine {
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
        let (number, claim) = second::free();
        let folder = format!("/tmp/gw-older-{number}");
        let script = words(&[&ground("older-engine"), "up", &folder, &number.to_string()]);
        let keeper = keep(&[&ground("older-engine"), "down", &folder], Some(claim));
        Engine::start(script, keeper)
    });
    &ENGINE
}

/// Debian 12's Podman, in a network of its own.
pub(crate) fn podman() -> &'static Engine {
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
        let folder = format!("/tmp/gw-podman-{}", std::process::id());
        let script = words(&[&ground("podman"), "up", &folder]);
        let keeper = keep(&[&ground("podman"), "down", &folder], None);
        let engine = Engine::start(script, keeper);
        let process = std::fs::read_to_string(Path::new(&folder).join("pid")).expect("it runs");
        let inside = words(&["nsenter", "--target", process.trim(), "--net"]);
        Engine { gw: inside.clone(), there: inside, restarts_at_once: true, ..engine }
    });
    &ENGINE
}

/// An engine as on another machine.
pub(crate) fn far() -> &'static Engine {
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
        let name = std::process::id().to_string();
        let script = words(&[&ground("remote-engine"), "up", &name]);
        let keeper = keep(&[&ground("remote-engine"), "down", &name], None);
        let engine = Engine::start(script, keeper);
        let shown = engine.host().trim_start_matches("tcp://").trim_end_matches(":2375").to_owned();
        Engine { there: words(&[&ground("remote-engine"), "run", &name]), shown, ..engine }
    });
    &ENGINE
}

/// Words as they are given to a program.
pub(crate) fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn ground(script: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ground").join(script).display().to_string()
}

/// Has a process of its own take the engine away when this one ends; until then nobody else gets the claim.
fn keep(down: &[&str], claim: Option<File>) -> ChildStdin {
    let output = claim.map_or_else(Stdio::null, Stdio::from);
    let mut keeper = Command::new("setsid");
    keeper.args(["sh", "-c", "cat >/dev/null; \"$@\"; rmdir \"$3\"", "sh"]).args(down);
    let child = keeper.stdin(Stdio::piped()).stdout(output).stderr(Stdio::null()).spawn();
    child.expect("setsid runs").stdin.take().expect("its input is a pipe")
}

impl Engine {
    /// Starts an engine with the images that every scenario needs; its ports are published on this machine.
    fn start(script: Vec<String>, keeper: ChildStdin) -> Self {
        sample_image();
        let images = [SAMPLE.to_owned(), mapped("redis:8"), mapped("nginx:1.28")];
        let started = finished(Command::new(&script[0]).args(&script[1..]).args(images), 0);
        Self {
            host: Some(started.stdout.trim().to_owned()),
            gw: Vec::new(),
            there: Vec::new(),
            shown: "127.0.0.1".to_owned(),
            script,
            restarts_at_once: false,
            _keeper: Some(keeper),
        }
    }

    /// Its `DOCKER_HOST`.
    pub(crate) fn host(&self) -> &str {
        self.host.as_deref().expect("it is not the machine's own")
    }

    /// A project on this engine, its services chosen when its first port is known.
    pub(crate) fn project(&self, services: impl FnOnce(u16) -> Value) -> Project {
        let project = Project::of(services).run_by(&self.gw);
        match &self.host {
            Some(host) => project.on(host),
            None => project,
        }
    }

    /// Loads an image that not every scenario needs.
    pub(crate) fn load(&self, reference: &str) {
        if let Some((program, arguments)) = self.script.split_first() {
            finished(Command::new(program).args(arguments).arg(mapped(reference)), 0);
        }
    }

    /// An HTTP GET on the loopback of the engine's machine; status and body.
    pub(crate) fn get(&self, port: u16, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
        get_by(&self.there, port, path, headers)
    }
}
