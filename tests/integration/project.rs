//! A folder of its own with the real `gw` binary run in it.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder that goes when the test ends.
pub(crate) struct Project {
    pub(crate) root: PathBuf,
}

impl Project {
    /// A folder with these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("gw-cli-{}-{number}", std::process::id()));
        let project = Self { root };
        project.write("profiles/default.json", PROFILE);
        project.write("services.json", SERVICES);
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        std::fs::write(path, text).expect("the file can be written");
    }

    /// `gw` in the folder, with nothing of this machine's around it and no engine.
    pub(crate) fn command(&self, program: &std::path::Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.root).stdin(Stdio::null()).env_clear();
        command.env("HOME", &self.root).env("DOCKER_HOST", "unix:///nonexistent/docker.sock");
        command
    }

    /// Runs `gw`; its exit code, what it printed as data, and the rest.
    pub(crate) fn gw(&self, arguments: &[&str]) -> String {
        shown(&mut self.command(env!("CARGO_BIN_EXE_gw").as_ref(), arguments))
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

/// Runs a program: `code N`, its standard output, `---` and its standard error.
pub(crate) fn shown(command: &mut Command) -> String {
    let output = command.output().expect("gw runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("gw prints UTF-8");
    let code = output.status.code().expect("gw ends by itself");
    format!("code {code}\n{}---\n{}", text(&output.stdout), text(&output.stderr))
}

/// A profile of one service.
pub(crate) const PROFILE: &str =
    r#"{ "description": "One service", "project": "one", "services": "../services.json" }"#;

const SERVICES: &str = r#"{ "services": { "auth": { "image": "nginx:1.28", "port": 9001 } } }"#;
