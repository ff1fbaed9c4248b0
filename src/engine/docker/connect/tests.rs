//! Where the engine is, from the environment and the docker client's own files.

use std::path::Path;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{Endpoint, agreed, connect_within, find};

/// A folder with the docker client's files, that goes when the test ends.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = Self(std::env::temp_dir().join(format!("gw-connect-{}-{name}", std::process::id())));
        for (path, text) in files {
            let path = folder.0.join(path);
            std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("it can be made");
            std::fs::write(path, text).expect("it can be written");
        }
        folder
    }

    /// The endpoint, or why there is none, with the folder written as `DIR`.
    fn find(&self, variables: &[(&str, &str)]) -> String {
        let variable = |name: &str| {
            let given =
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            given.or_else(|| (name == "DOCKER_CONFIG").then(|| self.0.display().to_string()))
        };
        match find(variable) {
            Ok(endpoint) => format!("{} from {}", endpoint.host, endpoint.source),
            Err(trouble) => trouble.to_string().replace(&self.0.display().to_string(), "DIR"),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn meta(context: &str) -> String {
    let digest = format!("{:x}", Sha256::digest(context));
    Path::new("contexts/meta").join(digest).join("meta.json").display().to_string()
}

const REMOTE: &str = r#"{"Name":"remote","Endpoints":{"docker":{"Host":"tcp://build.test:2375"}}}"#;
const DEFAULT: &str = "unix:///var/run/docker.sock from default";

#[test]
fn docker_host_goes_before_any_context() {
    let folder = Folder::new("host", &[(&meta("remote"), REMOTE)]);
    let host = ("DOCKER_HOST", "tcp://127.0.0.1:1");
    assert_eq!(folder.find(&[host, ("DOCKER_CONTEXT", "remote")]), "tcp://127.0.0.1:1 from DOCKER_HOST");
    assert_eq!(folder.find(&[("DOCKER_HOST", ""), ("DOCKER_CONTEXT", "")]), DEFAULT);
}

#[test]
fn a_context_is_taken_from_the_environment_before_the_config_file() {
    let folder = Folder::new(
        "context",
        &[(&meta("remote"), REMOTE), ("config.json", r#"{"currentContext":"remote"}"#)],
    );
    let remote = "tcp://build.test:2375 from docker context remote";
    assert_eq!(folder.find(&[]), remote);
    assert_eq!(folder.find(&[("DOCKER_CONTEXT", "remote")]), remote);
    assert_eq!(folder.find(&[("DOCKER_CONTEXT", "default")]), DEFAULT);
}

#[test]
fn no_file_and_no_context_is_the_default_socket() {
    assert_eq!(Folder::new("nothing", &[]).find(&[]), DEFAULT);
    assert_eq!(Folder::new("empty", &[("config.json", r#"{"currentContext":""}"#)]).find(&[]), DEFAULT);
    assert_eq!(Folder::new("broken", &[("config.json", "{")]).find(&[]), DEFAULT);
}

#[test]
fn a_context_that_is_not_there_or_names_no_host_is_an_error() {
    let folder = Folder::new("missing", &[(&meta("bare"), r#"{"Endpoints":{}}"#)]);
    let file = |context| format!("DIR/{}", meta(context));
    assert_eq!(
        folder.find(&[("DOCKER_CONTEXT", "gone")]),
        format!(
            "the engine does not answer: docker context gone: {}: No such file or directory (os error 2)",
            file("gone")
        )
    );
    assert_eq!(
        folder.find(&[("DOCKER_CONTEXT", "bare")]),
        format!("the engine does not answer: docker context bare: {}: names no host", file("bare"))
    );
}

#[test]
fn an_address_that_gw_does_not_speak_to_is_refused_and_named() {
    let folder = Folder::new("tls", &[]);
    let way = "forward its socket, for example with `ssh -NL`, and point DOCKER_HOST at that";
    for (variables, lacks) in [
        (vec![("DOCKER_HOST", "ssh://me@far")], "ssh"),
        (vec![("DOCKER_HOST", "https://far:2376")], "TLS"),
        (
            vec![("DOCKER_HOST", "tcp://far:2376"), ("DOCKER_TLS_VERIFY", "1")],
            "TLS (DOCKER_TLS_VERIFY is set)",
        ),
    ] {
        let host = variables[0].1;
        let expected = format!(
            "the engine does not answer: {host} (from DOCKER_HOST): gw does not speak {lacks} to an engine yet; {way}"
        );
        assert_eq!(folder.find(&variables), expected);
    }
    assert_eq!(folder.find(&[("DOCKER_HOST", "tcp://far:2375")]), "tcp://far:2375 from DOCKER_HOST");
}

#[tokio::test]
async fn an_engine_that_hangs_is_given_up() {
    let hung = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let host = format!("tcp://{}", hung.local_addr().expect("it has an address"));
    let endpoint = Endpoint { host: host.clone(), source: "DOCKER_HOST".into() };
    let lost = connect_within(endpoint, Duration::ZERO).await.err().map(|trouble| trouble.to_string());
    assert_eq!(
        lost.unwrap_or_default(),
        format!(
            "the engine does not answer: somebody listens there, but said nothing for 0 s (at {host}, from DOCKER_HOST)"
        )
    );
}

#[test]
fn the_older_version_of_the_api_is_agreed_on() {
    let told = |engine: Option<&str>| agreed(engine).to_string();
    let own = bollard::API_DEFAULT_VERSION.to_string();
    assert_eq!(told(Some("1.41")), "1.41");
    assert_eq!(told(Some("9.1")), own);
    assert_eq!([told(None), told(Some("podman"))], [own.clone(), own]);
}

#[test]
fn the_engines_host_is_read_from_its_address() {
    for (host, expected) in [
        ("unix:///var/run/docker.sock", None),
        ("npipe:////./pipe/docker_engine", None),
        ("tcp://172.17.0.2:2375", Some("172.17.0.2")),
        ("tcp://build.test:2375/", Some("build.test")),
        ("http://build.test", Some("build.test")),
        ("tcp://[fd00::2]:2375", Some("fd00::2")),
        ("tcp://me@build.test:2375", Some("build.test")),
    ] {
        let endpoint = Endpoint { host: host.to_owned(), source: "DOCKER_HOST".to_owned() };
        assert_eq!(endpoint.network_host(), expected, "{host}");
    }
}
