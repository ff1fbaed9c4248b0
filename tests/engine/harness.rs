//! A project in a folder of its own, with ports that nobody else uses, and the real `gw` binary run in it.

#![expect(clippy::needless_pass_by_value, reason = "`json!` stands where it is used")]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use rustix::process::Pid;
use serde_json::{Value, json};

pub(crate) use crate::http::{get, get_json};

/// The image of the sample service, built once for all tests.
pub(crate) const SAMPLE: &str = "gw.test/sample-service:test";

/// The label of images that a test makes for its project: they go with it.
pub(crate) const PROJECT_LABEL: &str = "gw.test.project";

/// The first port of the first project.
const FIRST_PORT: u16 = 20_000;
/// Ports of one project.
const PORTS: u16 = 64;
/// Projects that there are ports for, below those that the system gives out by itself.
const RANGES: u16 = 190;

/// A project that is taken down, with its volumes and images, when the test ends.
pub(crate) struct Project {
    /// The folder with `profiles/`.
    pub(crate) root: PathBuf,
    /// The project's name on the engine.
    pub(crate) name: String,
    /// The first of [`PORTS`] ports that no other test uses.
    pub(crate) port: u16,
    engine: Option<String>,
    /// Names of further projects, which go with it.
    further: Mutex<Vec<String>>,
    /// What `gw` is run by: nothing, or a program and its first arguments.
    runner: Vec<String>,
    _claim: File,
}

/// How a program ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Its exit code; -1 when a signal ended it.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl Project {
    /// Makes a project with these services (as in a services file) and a gateway that goes to the first of them.
    pub(crate) fn new(services: Value) -> Self {
        Self::with(json!({}), json!({ "services": services }))
    }

    /// Makes a project without a gateway, its services chosen when its first port is known.
    pub(crate) fn of(services: impl FnOnce(u16) -> Value) -> Self {
        let project = Self::new(json!({}));
        project.services(&services(project.port));
        project
    }

    /// Makes a project; `profile` is merged over the profile file, `services` is the services file.
    pub(crate) fn with(profile: Value, services: Value) -> Self {
        sample_image();
        let (port, claim) = ports();
        let name = format!("gwt{port}");
        let root = std::env::temp_dir().join(format!("gw-engine-{}-{port}", std::process::id()));
        let (engine, runner, further) = (None, Vec::new(), Mutex::default());
        let project = Self { root, name, port, engine, runner, further, _claim: claim };
        project.profile(&profile);
        project.write("services.json", &services.to_string());
        project
    }

    /// Writes the profile file again, with these fields merged over it.
    pub(crate) fn profile(&self, fields: &Value) {
        let mut content = json!({ "project": self.name, "services": "../services.json" });
        for (key, value) in fields.as_object().expect("a profile is an object") {
            content[key] = value.clone();
        }
        self.write("profiles/default.json", &content.to_string());
    }

    /// Writes a further profile, with these fields, whose project is this one's name and the profile's; returns that.
    pub(crate) fn further(&self, profile: &str, fields: &Value) -> String {
        let name = format!("{}-{profile}", self.name);
        let mut content = json!({ "project": name, "services": "../services.json" });
        for (key, value) in fields.as_object().expect("a profile is an object") {
            content[key] = value.clone();
        }
        self.write(&format!("profiles/{profile}.json"), &content.to_string());
        // The last one goes first: nothing can be removed that others are attached to.
        self.further.lock().expect("nobody panicked").insert(0, name.clone());
        name
    }

    /// Writes the services file again, with these services.
    pub(crate) fn services(&self, services: &Value) {
        self.write("services.json", &json!({ "services": services }).to_string());
    }

    /// Uses another engine than the default one.
    pub(crate) fn on(mut self, docker_host: &str) -> Self {
        self.engine = Some(docker_host.to_owned());
        self
    }

    /// Has `gw` run by this program with these first arguments.
    pub(crate) fn run_by(mut self, runner: &[String]) -> Self {
        self.runner = runner.to_vec();
        self
    }

    /// Writes a file of the project.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        std::fs::write(path, text).expect("the file can be written");
    }

    /// Writes the env file of a profile's secrets, which nobody else may read.
    pub(crate) fn secrets(&self, profile: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        let folder = format!(".gw/secrets/{profile}");
        self.write(&format!("{folder}/env"), text);
        for (path, mode) in [(".gw/secrets", 0o700), (&folder, 0o700), (&format!("{folder}/env"), 0o600)] {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(self.root.join(path), permissions).expect("a mode can be set");
        }
    }

    /// The values of a profile's secrets, by name; of one line each.
    pub(crate) fn secret_values(&self, profile: &str) -> BTreeMap<String, String> {
        let file = self.root.join(format!(".gw/secrets/{profile}/env"));
        let text = std::fs::read_to_string(file).expect("the secrets");
        let lines =
            text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
        lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// Writes the Dockerfile of a folder: the sample with a label, which decides on the image that comes out of it.
    pub(crate) fn dockerfile(&self, folder: &str, label: &str) {
        let text = format!("FROM {SAMPLE}\nLABEL {PROJECT_LABEL}={} of={folder}-{label}\n", self.name);
        self.write(&format!("{folder}/Dockerfile"), &text);
    }

    /// `gw` with these arguments, ready to run.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut words = self.runner.iter().map(String::as_str).chain([env!("CARGO_BIN_EXE_gw")]);
        let mut command = Command::new(words.next().expect("gw is one word"));
        command.args(words).args(arguments).current_dir(&self.root).env("NO_COLOR", "1").stdin(Stdio::null());
        for variable in ["GW_PROFILE", "GW_OUTPUT", "GW_ISOLATED"] {
            command.env_remove(variable);
        }
        if let Some(engine) = &self.engine {
            command.env("DOCKER_HOST", engine);
        }
        command
    }

    /// The first of three further ports that no other test uses, for Redis: its sentinels' ports, 20000 higher, are not among those
    /// that the system gives to whoever connects, as they would be above one of the others.
    pub(crate) fn redis_port(&self) -> u16 {
        12_200 + 3 * ((self.port - FIRST_PORT) / PORTS)
    }

    /// Runs `gw` to its end.
    pub(crate) fn gw(&self, arguments: &[&str]) -> Ended {
        ended(self.command(arguments).output().expect("gw runs"))
    }

    /// Runs `gw` and panics with all it said unless it ends with `code`.
    pub(crate) fn expect(&self, code: i32, arguments: &[&str]) -> Ended {
        let ended = self.gw(arguments);
        assert_eq!(ended.code, code, "gw {arguments:?}\n{}\n{}", ended.stdout, ended.stderr);
        ended
    }

    /// Runs `docker` against the project's engine.
    pub(crate) fn docker(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new("docker");
        command.args(arguments).current_dir(&self.root).stdin(Stdio::null());
        if let Some(engine) = &self.engine {
            command.env("DOCKER_HOST", engine);
        }
        ended(command.output().expect("docker runs"))
    }

    /// Names and states of the project's containers, sorted: `gwt20000-auth-1 running`.
    pub(crate) fn containers(&self) -> Vec<String> {
        self.containers_of(&self.name)
    }

    /// The same of a further project.
    pub(crate) fn containers_of(&self, name: &str) -> Vec<String> {
        let filter = format!("label=com.docker.compose.project={name}");
        let listed = self.docker(&["ps", "-a", "--filter", &filter, "--format", "{{.Names}} {{.State}}"]);
        let mut lines: Vec<String> = listed.stdout.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    }

    /// Names of the project's networks.
    pub(crate) fn networks(&self) -> Vec<String> {
        let filter = format!("label=com.docker.compose.project={}", self.name);
        let listed = self.docker(&["network", "ls", "--filter", &filter, "--format", "{{.Name}}"]);
        listed.stdout.lines().map(str::to_owned).collect()
    }

    /// Names of the project's volumes.
    pub(crate) fn volumes(&self) -> Vec<String> {
        let filter = format!("label=com.docker.compose.project={}", self.name);
        let listed = self.docker(&["volume", "ls", "--filter", &filter, "--format", "{{.Name}}"]);
        listed.stdout.lines().map(str::to_owned).collect()
    }

    /// Makes the volume that a server of a set left behind; its whole name. `role` is `mongodb` or `redis`.
    pub(crate) fn volume_of_a_former_server(&self, role: &str, key: &str) -> String {
        let name = format!("{}_{key}", self.name);
        let (project, role) =
            (format!("com.docker.compose.project={}", self.name), format!("gw.role={role}"));
        let made = self.docker(&["volume", "create", "--label", &project, "--label", &role, &name]);
        assert_eq!(made.code, 0, "{}", made.stderr);
        name
    }

    /// Every file in the project's folder, relative to it, with its bytes.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let (mut files, mut folders) = (BTreeMap::new(), vec![self.root.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder can be listed").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&self.root).expect("it is inside").display().to_string();
                    files.insert(name, std::fs::read(&path).expect("a file can be read"));
                }
            }
        }
        files
    }

    /// Panics unless a run left nothing half-made: no container, no network, no temporary file.
    pub(crate) fn nothing_half_made(&self) {
        assert_eq!(self.containers(), Vec::<String>::new());
        assert_eq!(self.networks(), Vec::<String>::new());
        let temporary: Vec<String> = self.files().into_keys().filter(|name| name.contains(".gw-")).collect();
        assert_eq!(temporary, Vec::<String>::new());
    }

    /// The id of a component's first container.
    pub(crate) fn id(&self, key: &str) -> String {
        let name = format!("{}-{key}-1", self.name);
        let found = self.docker(&["inspect", "--format", "{{.Id}}", &name]);
        assert_eq!(found.code, 0, "{}", found.stderr);
        found.stdout.trim().to_owned()
    }

    /// The ids of several components' first containers.
    pub(crate) fn ids<const N: usize>(&self, keys: [&str; N]) -> [String; N] {
        keys.map(|key| self.id(key))
    }

    /// What a template of `docker inspect` says about a component's first container.
    pub(crate) fn inspect(&self, key: &str, template: &str) -> String {
        let found = self.docker(&["inspect", "--format", template, &format!("{}-{key}-1", self.name)]);
        assert_eq!(found.code, 0, "{}", found.stderr);
        found.stdout.trim().to_owned()
    }

    /// What `gw --output json VIEW` prints: one object of version 1.
    pub(crate) fn view(&self, code: i32, arguments: &[&str]) -> Value {
        let shown = self.expect(code, &[&["--output", "json"], arguments].concat());
        let view: Value = serde_json::from_str(&shown.stdout).expect("one JSON object");
        assert_eq!(view["version"], 1);
        view
    }

    /// The rendered Compose file of the default profile, with or without an image map.
    pub(crate) fn compose_file(&self) -> PathBuf {
        let folder = if std::env::var_os("GW_IMAGE_MAP").is_some() { ".gw/generated" } else { "generated" };
        self.root.join(folder).join("default/compose.yaml")
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let further = std::mem::take(self.further.get_mut().expect("nobody panicked"));
        further.iter().chain([&self.name]).for_each(|name| self.remove(name));
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

impl Project {
    /// Removes everything that carries a project's name.
    fn remove(&self, name: &str) {
        let label = format!("label=com.docker.compose.project={name}");
        let list = |what: &[&str]| {
            let mut arguments = what.to_vec();
            arguments.extend(["-q", "--filter", &label]);
            self.docker(&arguments).stdout.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };
        for (what, remove) in [
            (&["ps", "-a"][..], &["rm", "-f", "-v"][..]),
            (&["network", "ls"], &["network", "rm"]),
            (&["volume", "ls"], &["volume", "rm", "-f"]),
        ] {
            let found = list(what);
            if !found.is_empty() {
                let arguments: Vec<&str> =
                    remove.iter().copied().chain(found.iter().map(String::as_str)).collect();
                self.docker(&arguments);
            }
        }
        // By name, and by label what lost its name to a later build.
        let called = format!("reference={name}-*");
        let labelled = [PROJECT_LABEL, "com.docker.compose.project"].map(|key| format!("label={key}={name}"));
        for (filter, format) in
            [(&called, "{{.Repository}}:{{.Tag}}"), (&labelled[0], "{{.ID}}"), (&labelled[1], "{{.ID}}")]
        {
            let images = self.docker(&["images", "--filter", filter, "--format", format]).stdout;
            for image in images.split_whitespace() {
                self.docker(&["rmi", "-f", image]);
            }
        }
    }
}

/// A sample service: its port, further fields merged over it.
pub(crate) fn sample(port: u16, more: Value) -> Value {
    let mut service = json!({
        "image": SAMPLE,
        "port": port,
        "env": { "SERVICE_NAME": "${self.name}", "PORT": "${self.port}" },
        "ready": { "http": "/health", "deadline": "30s" },
        "healthcheck": ["/sample-service", "--health"],
        "stopGrace": "2s",
    });
    for (key, value) in more.as_object().expect("fields are an object") {
        if let (Some(old), Some(new)) = (service[key].as_object_mut(), value.as_object()) {
            old.extend(new.clone());
        } else {
            service[key] = value.clone();
        }
    }
    service
}

/// An image reference as the image map gives it.
pub(crate) fn mapped(reference: &str) -> String {
    let Some(file) = std::env::var_os("GW_IMAGE_MAP") else { return reference.to_owned() };
    let text = std::fs::read_to_string(file).expect("the image map can be read");
    let map: Value = serde_json::from_str(&text).expect("the image map is JSON");
    map["images"][reference].as_str().unwrap_or(reference).to_owned()
}

/// Waits until `condition` holds; panics with `what` after ten times `usual`.
pub(crate) fn eventually(what: &str, usual: Duration, mut condition: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !condition() {
        assert!(begin.elapsed() < usual * 10, "gave up: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Runs a program to its end and panics with all it said unless it ends with `code`.
pub(crate) fn finished(command: &mut Command, code: i32) -> Ended {
    let ended = ended(command.output().expect("the program runs"));
    assert_eq!(ended.code, code, "{command:?}\n{}\n{}", ended.stdout, ended.stderr);
    ended
}

/// Processes of the machine with exactly this command line, also inside containers.
pub(crate) fn processes(command_line: &str) -> Vec<Pid> {
    let has_it = |process: &std::fs::DirEntry| {
        let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).replace('\0', " ").trim_end() == command_line
    };
    let found = std::fs::read_dir("/proc").expect("/proc is there").flatten().filter(has_it);
    found.filter_map(|process| Pid::from_raw(process.file_name().to_str()?.parse().ok()?)).collect()
}

/// How a program ended.
pub(crate) fn ended(output: Output) -> Ended {
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The first of [`PORTS`] ports that nobody uses, away from those of the four profiles, and the claim on them: other test
/// processes choose others while it is held.
fn ports() -> (u16, File) {
    use std::sync::atomic::{AtomicU16, Ordering};
    static NEXT: AtomicU16 = AtomicU16::new(0);
    for _ in 0..RANGES {
        let first = FIRST_PORT + PORTS * (NEXT.fetch_add(1, Ordering::Relaxed) % RANGES);
        let lock = std::env::temp_dir().join(format!("gw-engine-ports-{first}"));
        let claim = File::create(&lock).expect("the temporary folder can be written");
        let free = claim.try_lock().is_ok()
            && (first..first + PORTS).all(|port| std::net::TcpListener::bind(("127.0.0.1", port)).is_ok());
        if free && !left_over(first) {
            return (first, claim);
        }
    }
    panic!("all ports from 20000 on are in use")
}

/// Whether a test process that was killed left containers of the project with these ports.
fn left_over(port: u16) -> bool {
    let filter = format!("label=com.docker.compose.project=gwt{port}");
    let listed = Command::new("docker").args(["ps", "-aq", "--filter", &filter]).output();
    !listed.expect("docker runs").stdout.is_empty()
}

/// Builds the sample service's image from the binary that `examples/sample-service/build` made.
pub(crate) fn sample_image() {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        let context = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/sample-service");
        assert!(
            context.join("bin/sample-service").exists(),
            "run examples/sample-service/build first; scripts/test does"
        );
        let built = Command::new("docker")
            .args(["build", "-q", "-t", SAMPLE])
            .arg(&context)
            .output()
            .expect("docker runs");
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    });
}
