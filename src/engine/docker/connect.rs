//! Finds the engine as the docker client does, connects, and agrees on a version.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bollard::models::{SystemInfo, SystemVersion};
use bollard::{API_DEFAULT_VERSION, ClientVersion, Docker};
use sha2::{Digest, Sha256};

use crate::engine::backend::{Trouble, chain};
use crate::engine::probe::reach::{Reach, Seen, reach};

/// Seconds that one answer of the engine may take.
const PATIENCE: u64 = 120;
/// How long the engine may take to say who it is: a hung one would otherwise be found out only after minutes.
const GREETING: Duration = Duration::from_secs(20);
/// Where an engine listens when nothing says otherwise.
const DEFAULT_HOST: &str = "unix:///var/run/docker.sock";

/// Where the engine is, and what said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// `unix:///...`, `tcp://...`, `ssh://...`.
    pub host: String,
    /// `DOCKER_HOST`, `docker context NAME`, `default`.
    pub source: String,
}

/// A connected engine and what gw has to know about it.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The client.
    pub docker: Docker,
    /// Where it is.
    pub endpoint: Endpoint,
    /// The agreed version of the API.
    pub api: (usize, usize),
    /// The engine's own version, `26.1.5`, `Podman 4.3.1`.
    pub version: String,
    /// It is Podman behind Docker's API.
    pub podman: bool,
    /// What of it can be reached from here.
    pub reach: Reach,
}

/// Finds the engine: `DOCKER_HOST`, then `DOCKER_CONTEXT`, then the current context, then the default socket.
///
/// # Errors
/// A context that is named and not there, or cannot be read; an address that gw does not speak to yet.
pub fn find(variable: impl Fn(&str) -> Option<String>) -> Result<Endpoint, Trouble> {
    let endpoint = named(&variable)?;
    let tls = variable("DOCKER_TLS_VERIFY").is_some_and(|value| !value.is_empty());
    let lacks = match endpoint.host.split_once("://") {
        Some(("ssh", _)) => "ssh",
        Some(("https", _)) => "TLS",
        Some(("tcp", _)) if tls => "TLS (DOCKER_TLS_VERIFY is set)",
        _ => return Ok(endpoint),
    };
    let Endpoint { host, source } = endpoint;
    let way = "forward its socket, for example with `ssh -NL`, and point DOCKER_HOST at that";
    Err(Trouble::EngineLost(format!(
        "{host} (from {source}): gw does not speak {lacks} to an engine yet; {way}"
    )))
}

fn named(variable: &impl Fn(&str) -> Option<String>) -> Result<Endpoint, Trouble> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    if let Some(host) = set("DOCKER_HOST") {
        return Ok(Endpoint { host, source: "DOCKER_HOST".into() });
    }
    let home = set("HOME").map(PathBuf::from).unwrap_or_default();
    let folder = set("DOCKER_CONFIG").map_or_else(|| home.join(".docker"), PathBuf::from);
    let context = set("DOCKER_CONTEXT").or_else(|| current_context(&folder));
    match context.filter(|name| name != "default") {
        None => Ok(Endpoint { host: DEFAULT_HOST.into(), source: "default".into() }),
        Some(name) => {
            Ok(Endpoint { host: context_host(&folder, &name)?, source: format!("docker context {name}") })
        }
    }
}

fn current_context(folder: &Path) -> Option<String> {
    let text = std::fs::read_to_string(folder.join("config.json")).ok()?;
    let config: serde_json::Value = serde_json::from_str(&text).ok()?;
    config["currentContext"].as_str().filter(|name| !name.is_empty()).map(str::to_owned)
}

fn context_host(folder: &Path, name: &str) -> Result<String, Trouble> {
    let folder_name = format!("{:x}", Sha256::digest(name.as_bytes()));
    let file = folder.join("contexts/meta").join(folder_name).join("meta.json");
    let lost = |why: String| Trouble::EngineLost(format!("docker context {name}: {}: {why}", file.display()));
    let text = std::fs::read_to_string(&file).map_err(|error| lost(error.to_string()))?;
    let meta: serde_json::Value = serde_json::from_str(&text).map_err(|error| lost(error.to_string()))?;
    let host = meta["Endpoints"]["docker"]["Host"].as_str();
    host.map(str::to_owned).ok_or_else(|| lost("names no host".into()))
}

/// Connects to the engine and asks its version.
///
/// # Errors
/// [`Trouble::EngineLost`] with the address, what said it, and what to do.
pub async fn connect(endpoint: Endpoint) -> Result<Connection, Trouble> {
    connect_within(endpoint, GREETING).await
}

async fn connect_within(endpoint: Endpoint, patience: Duration) -> Result<Connection, Trouble> {
    let lost = |why: String| {
        let (host, source) = (&endpoint.host, &endpoint.source);
        Trouble::EngineLost(format!("{why} (at {host}, from {source})"))
    };
    let open = |api: &ClientVersion| open(&endpoint.host, api).map_err(|error| lost(chain(&error)));
    let first = open(API_DEFAULT_VERSION)?;
    // One that does not describe itself, as behind some proxies, counts as one that may be another machine's.
    let greeting = async { tokio::join!(first.version(), first.info()) };
    let (version, info) = tokio::time::timeout(patience, greeting).await.map_err(|_| {
        lost(format!("somebody listens there, but said nothing for {} s", patience.as_secs()))
    })?;
    let version = version.map_err(|error| lost(chain(&error)))?;
    // bollard would ask a second time to agree on a version, and each answer costs an engine some milliseconds.
    let api = agreed(version.api_version.as_deref());
    let docker = open(&api)?;
    let podman = version.components.iter().flatten().any(|component| component.name.contains("Podman"));
    let reach = look(&endpoint, &version, &info.unwrap_or_default());
    Ok(Connection {
        docker,
        api: (api.major_version, api.minor_version),
        podman,
        version: format!("{}{}", if podman { "Podman " } else { "" }, version.version.unwrap_or_default()),
        reach,
        endpoint,
    })
}

/// The older one of bollard's own version of the API and the engine's, `1.45`.
fn agreed(engine: Option<&str>) -> ClientVersion {
    let numbers = engine.and_then(|version| version.split_once('.'));
    let parsed = numbers.and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
    match parsed {
        Some((major_version, minor_version)) => {
            let engine = ClientVersion { major_version, minor_version };
            if engine < *API_DEFAULT_VERSION { engine } else { *API_DEFAULT_VERSION }
        }
        None => *API_DEFAULT_VERSION,
    }
}

/// What of an engine can be reached, from what it says of itself.
fn look(endpoint: &Endpoint, version: &SystemVersion, info: &SystemInfo) -> Reach {
    let own_name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let platform = version.platform.as_ref().map(|platform| platform.name.as_str());
    let mut security = info.security_options.iter().flatten();
    reach(&Seen {
        host: endpoint.network_host(),
        linux: version.os.as_deref() == Some("linux") && cfg!(target_os = "linux"),
        desktop: platform.is_some_and(|name| name.contains("Desktop")),
        rootless: security.any(|option| option.starts_with("name=rootless")),
        name: info.name.as_deref(),
        own_name: &own_name,
    })
}

fn open(host: &str, api: &ClientVersion) -> Result<Docker, bollard::errors::Error> {
    match host.split_once("://") {
        Some(("unix", path)) => Docker::connect_with_unix(path, PATIENCE, api),
        Some(("tcp" | "http", _)) => Docker::connect_with_http(host, PATIENCE, api),
        _ => Docker::connect_with_host(host),
    }
}

impl Endpoint {
    /// The host name or address in `tcp://HOST:PORT`, without brackets; `None` for a socket.
    fn network_host(&self) -> Option<&str> {
        let (scheme, rest) = self.host.split_once("://")?;
        let rest = rest.split('/').next().filter(|_| !["unix", "npipe"].contains(&scheme))?;
        let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
        if let Some((host, _)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            return Some(host);
        }
        Some(rest.rsplit_once(':').map_or(rest, |(host, _)| host))
    }
}

impl Connection {
    /// Whether the engine speaks this version of the API, `(1, 44)`, or a later one.
    pub fn speaks(&self, version: (usize, usize)) -> bool {
        self.api >= version
    }

    /// The host name or address at which published ports are reached.
    pub fn published_host(&self) -> &str {
        self.endpoint.network_host().unwrap_or("127.0.0.1")
    }
}

#[cfg(test)]
mod tests;
