//! The engine that the tests ask, names of their own on it, and the removal of what they made.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

use bollard::Docker;
use gw::event::EventKind;
use gw::plan::desired::Build;

/// The engine of this machine.
pub(crate) fn docker() -> Docker {
    Docker::connect_with_defaults().expect("an engine")
}

/// An image with a shell that the ground prepared, whether public or a stand-in.
pub(crate) fn base() -> String {
    const PUBLIC: &str = "nginx:1.28";
    let Some(map) = std::env::var_os("GW_IMAGE_MAP").filter(|path| !path.is_empty()) else {
        return PUBLIC.to_owned();
    };
    let map = fs::read_to_string(map).expect("the image map of the ground");
    let map: serde_json::Value = serde_json::from_str(&map).expect("the image map is JSON");
    map["images"][PUBLIC].as_str().unwrap_or(PUBLIC).to_owned()
}

/// Eight hexadecimal digits that no other test has.
pub(crate) fn unique() -> String {
    format!("{:016x}", RandomState::new().build_hasher().finish())[..8].to_owned()
}

/// A folder and a name for things on the engine; both go away with it, also when a test fails.
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
}

impl Place {
    pub(crate) fn new(test: &str) -> Self {
        let name = format!("img-{test}-{}", unique());
        let folder = std::env::temp_dir().join(&name);
        fs::create_dir_all(&folder).expect("a folder");
        Self { name, folder }
    }

    pub(crate) fn write(&self, path: &str, text: &str) -> PathBuf {
        let file = self.folder.join(path);
        fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
        fs::write(&file, text).expect("a file");
        file
    }

    pub(crate) fn build(&self) -> Build {
        build(&self.folder)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
        let named = format!("name={}", self.name);
        for container in words(&["ps", "--all", "--quiet", "--filter", &named]) {
            run(&["rm", "--force", "--volumes", &container]);
        }
        for network in words(&["network", "ls", "--quiet", "--filter", &named]) {
            run(&["network", "rm", &network]);
        }
        let images = words(&["images", "--format", "{{.Repository}}:{{.Tag}}"]);
        // Images that lost their tag to a later build are found by their label.
        let labelled = words(&["images", "--quiet", "--filter", &format!("label=gw.owner={}", self.name)]);
        for image in images.iter().filter(|image| image.contains(&self.name)).chain(&labelled) {
            run(&["rmi", "--force", image]);
        }
    }
}

pub(crate) fn build(context: &Path) -> Build {
    Build {
        context: context.to_owned(),
        dockerfile: "Dockerfile".to_owned(),
        target: None,
        args: BTreeMap::new(),
        network: None,
        hint: None,
    }
}

/// Runs Docker's own command line, against which gw is held.
pub(crate) fn run(arguments: &[&str]) -> Output {
    Command::new("docker").args(arguments).output().expect("docker runs")
}

/// Its standard output; fails with its standard error.
pub(crate) fn output(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "docker {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}

fn words(arguments: &[&str]) -> Vec<String> {
    String::from_utf8_lossy(&run(arguments).stdout).split_whitespace().map(str::to_owned).collect()
}

/// Keeps what was reported.
#[derive(Default)]
pub(crate) struct Events(Mutex<Vec<EventKind>>);

impl Events {
    pub(crate) fn sink(&self) -> impl Fn(EventKind) + Send + Sync {
        |event| self.0.lock().expect("events").push(event)
    }

    /// `text` of progress, `> line` of output.
    pub(crate) fn told(&self) -> Vec<String> {
        let events = self.0.lock().expect("events");
        let told = events.iter().map(|event| match event {
            EventKind::Progress { text, .. } => text.clone(),
            EventKind::BuildOutput { line, .. } => format!("> {line}"),
            other => format!("{other:?}"),
        });
        told.collect()
    }
}
