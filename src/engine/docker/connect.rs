//! Finds the engine as the docker client does, connects, and agrees on a version.

use std::path::{Path, PathBuf};

use bollard::{API_DEFAULT_VERSION, Docker};
use sha2::{Digest, Sha256};

use crate::engine::backend::Trouble;

use crate::engine::backend::chain;

/// Seconds that one answer of the engine may take.
const PATIENCE: u64 = 120;
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
    /// The engine's own version, `26.1.5`.
    pub version: String,
    /// Containers' addresses can be reached from here.
    pub direct: bool,
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
    let lost = |why: String| {
        let (host, source) = (&endpoint.host, &endpoint.source);
        Trouble::EngineLost(format!("{why} (at {host}, from {source})"))
    };
    let docker = open(&endpoint.host).map_err(|error| lost(chain(&error)))?;
    let docker = docker.negotiate_version().await.map_err(|error| lost(chain(&error)))?;
    let version = docker.version().await.map_err(|error| lost(chain(&error)))?;
    let api = docker.client_version();
    let system = version.platform.map(|platform| platform.name).unwrap_or_default();
    let direct = endpoint.host.starts_with("unix://")
        && version.os.as_deref() == Some("linux")
        && cfg!(target_os = "linux")
        && !system.contains("Desktop");
    Ok(Connection {
        docker,
        api: (api.major_version, api.minor_version),
        version: version.version.unwrap_or_default(),
        direct,
        endpoint,
    })
}

fn open(host: &str) -> Result<Docker, bollard::errors::Error> {
    match host.split_once("://") {
        Some(("unix", path)) => Docker::connect_with_unix(path, PATIENCE, API_DEFAULT_VERSION),
        Some(("tcp" | "http", _)) => Docker::connect_with_http(host, PATIENCE, API_DEFAULT_VERSION),
        _ => Docker::connect_with_host(host),
    }
}

impl Connection {
    /// Whether the engine speaks this version of the API, `(1, 44)`, or a later one.
    pub fn speaks(&self, version: (usize, usize)) -> bool {
        self.api >= version
    }

    /// The host name or address at which published ports are reached.
    pub fn published_host(&self) -> &str {
        let address = self.endpoint.host.split_once("://").filter(|(scheme, _)| *scheme != "unix");
        let host = address.map_or("127.0.0.1", |(_, rest)| rest);
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        host.rsplit_once(':').map_or(host, |(host, _)| host)
    }
}

#[cfg(test)]
mod tests;
