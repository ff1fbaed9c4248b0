//! A bare machine for the scripts of the ground: mounts of its own over this machine's, and only the commands that a test
//! gives it. Nothing that runs there reaches this machine's engine, packages or files.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use super::terminal;

/// What every Debian has and the scripts use; taken from this machine.
const PLAIN: [&str; 27] = [
    "awk", "bash", "cat", "chmod", "cut", "dirname", "env", "find", "flock", "getent", "grep", "id", "ln",
    "mkdir", "mktemp", "mv", "rm", "sed", "setsid", "sleep", "sort", "stat", "tail", "timeout", "touch",
    "tr", "xargs",
];

/// Who runs the command.
#[derive(Clone, Copy)]
pub(crate) enum User {
    Root,
    Other,
}

/// The machine, and what will be run on it.
pub(crate) struct Machine {
    folder: PathBuf,
    user: User,
    variables: Vec<String>,
}

impl Machine {
    /// Debian 13 with its own package source and nothing that the ground needs; root.
    pub(crate) fn debian_13() -> Self {
        Self::of("ID=debian\nVERSION_ID=\"13\"\nVERSION_CODENAME=trixie\n", "trixie")
    }

    /// The same with Debian 12.
    pub(crate) fn debian_12() -> Self {
        Self::of("ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n", "bookworm")
    }

    /// A system that is like Debian and is not.
    pub(crate) fn ubuntu() -> Self {
        Self::of("ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"24.04\"\nVERSION_CODENAME=noble\n", "noble")
    }

    fn of(release: &str, suite: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("gw-machine-{}-{number}", std::process::id()));
        let machine = Self { folder, user: User::Root, variables: Vec::new() };
        machine.write("etc/os-release", release);
        machine
            .write("etc/passwd", "root:x:0:0::/run/home:/bin/sh\nother:x:65534:65534::/run/home:/bin/sh\n");
        machine.write("etc/group", "root:x:0:\nother:x:65534:\n");
        machine.write("etc/ssl/certs/ca-certificates.crt", "");
        machine.write("etc/apt/preferences.d/none", "");
        let source =
            format!("Types: deb\nURIs: http://mirror.example/debian\nSuites: {suite}\nComponents: main\n");
        machine.write("etc/apt/sources.list.d/debian.sources", &source);
        fs::create_dir_all(machine.folder.join("bin")).expect("the folder can be made");
        for name in PLAIN {
            let found = ["/usr/bin", "/bin"]
                .iter()
                .map(|place| Path::new(place).join(name))
                .find(|path| path.exists());
            let path = found.unwrap_or_else(|| panic!("this machine has no {name}"));
            // Not through /etc/alternatives, which is not there.
            let path = path.canonicalize().expect("it leads somewhere");
            symlink(path, machine.folder.join("bin").join(name)).expect("the link can be made");
        }
        machine
    }

    /// Another user than root runs the command.
    pub(crate) fn other_user(mut self) -> Self {
        self.user = User::Other;
        self
    }

    /// The command has this variable.
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push(format!("{name}={value}"));
        self
    }

    /// A socket at the engine's usual place, which only root may use, and nobody answers.
    pub(crate) fn silent_socket(self) -> Self {
        let path = self.folder.join("docker.sock");
        // It stays when the listener goes.
        UnixListener::bind(&path).expect("it can be bound");
        fs::set_permissions(path, fs::Permissions::from_mode(0o000)).expect("its mode can be set");
        self
    }

    /// A command `name` that does what `script` (bash) says.
    pub(crate) fn command(self, name: &str, script: &str) -> Self {
        self.script("bin", name, script)
    }

    /// The same; each call of it is noted.
    pub(crate) fn recorded(self, name: &str, script: &str) -> Self {
        let script = format!("printf '%s\\n' \"{name} $*\" >>/run/test/called\n{script}");
        self.script("bin", name, &script)
    }

    /// An empty file below /run/test.
    pub(crate) fn file(self, name: &str) -> Self {
        self.write(name, "");
        self
    }

    /// A command that is there when its package was installed (see [`Machine::apt`]).
    pub(crate) fn packaged(self, package: &str, name: &str, script: &str) -> Self {
        self.script(&format!("packages/{package}"), name, script)
    }

    fn script(self, place: &str, name: &str, script: &str) -> Self {
        let path = self.write(&format!("{place}/{name}"), &format!("#!/usr/bin/env bash\n{script}\n"));
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it can be made executable");
        self
    }

    fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        fs::write(&path, text).expect("the file can be written");
        path
    }

    /// Runs a line of words (`tests/ground/engine up`) without a terminal; see [`Machine::shown`].
    pub(crate) fn run(&self, words: &str) -> String {
        let output = self.prepared(words).stdin(Stdio::null()).output().expect("it runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the scripts print UTF-8");
        self.shown(output.status.code(), &text(output.stdout), &text(output.stderr))
    }

    /// The same on a terminal, where the questions get these answers, one after the other.
    pub(crate) fn answer(&self, answers: &[&str], words: &str) -> String {
        let ended = terminal::run(self.prepared(words), answers);
        self.shown(ended.code, &ended.stdout, &ended.screen)
    }

    fn prepared(&self, words: &str) -> Command {
        // A user without rights over mounts gets them in a namespace of its own.
        let own: &[&str] =
            if rustix::process::geteuid().is_root() { &[] } else { &["--user", "--map-root-user"] };
        let checkout = env!("CARGO_MANIFEST_DIR");
        let mut command = Command::new("unshare");
        command.args(own).args(["--mount", "--propagation", "private", "--", "bash"]);
        command.arg(Path::new(checkout).join("tests/integration/ground/machine.sh"));
        command.arg(&self.folder).arg(checkout);
        command.arg(match self.user {
            User::Root => "root",
            User::Other => "other",
        });
        command.args([
            "PATH=/run/test/bin",
            "HOME=/run/home",
            "TMPDIR=/run/test/tmp",
            "GW_GROUND_STATE=/run/state",
        ]);
        command.args(&self.variables);
        // From the checkout, as a user types it.
        command.args(["bash", "-c", &format!("cd /run/gw && exec {words}")]);
        command
    }

    /// What was seen: the exit code, the screen, what went to standard output, the calls that were noted, and the paths
    /// that are new. A line for each, so that whole texts can be compared; a run that only refuses shows its code and words.
    fn shown(&self, code: Option<i32>, stdout: &str, screen: &str) -> String {
        let read = |name: &str| fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        assert!(
            self.folder.join("written").exists(),
            "no machine could be made; that needs mount namespaces, as root or by user namespaces:\n{screen}"
        );
        let code = code.expect("it ends by itself");
        let marked = |mark: &str, text: &str| -> String {
            text.lines().flat_map(|line| [mark, ": ", line, "\n"]).collect()
        };
        let (called, written) = (marked("called", &read("called")), marked("wrote", &read("written")));
        format!("code {code}\n{screen}{}{called}{written}", marked("stdout", stdout))
    }

    /// The text of a file that the run wrote below /run/test, or of one in `after/state` and `after/apt`.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
