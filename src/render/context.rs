//! The variables of `compose/compose.yaml.tera`, and nothing else: what a template may use stands here.
//!
//! Each string is ready for a Compose file: dollars doubled, secrets as `${NAME:?...}`.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::plan::desired::{Condition, Probe, Role};

/// The whole file.
#[derive(Debug, Serialize)]
pub(super) struct Document {
    pub(super) project: String,
    pub(super) profile: String,
    pub(super) version: &'static str,
    pub(super) services: Vec<Service>,
    pub(super) networks: Vec<Network>,
    pub(super) volumes: Vec<Named>,
    pub(super) configs: Vec<Config>,
    pub(super) secrets: Vec<Named>,
}

/// One service of the file; what is empty or null is left out of it.
#[derive(Debug, Serialize)]
pub(super) struct Service {
    pub(super) key: String,
    /// Becomes `x-gw`.
    pub(super) gw: Own,
    pub(super) image: String,
    pub(super) build: Option<Build>,
    pub(super) entrypoint: Vec<String>,
    pub(super) command: Vec<String>,
    pub(super) user: Option<String>,
    pub(super) environment: BTreeMap<String, String>,
    pub(super) depends_on: Vec<DependsOn>,
    pub(super) healthcheck: Option<Healthcheck>,
    /// Published ports.
    pub(super) ports: Vec<Port>,
    /// Ports that are not published, `8080` or `53/udp`.
    pub(super) expose: Vec<String>,
    pub(super) configs: Vec<Mounted>,
    /// Names of the file's secrets.
    pub(super) secrets: Vec<String>,
    pub(super) volumes: Vec<Volume>,
    pub(super) networks: Vec<Endpoint>,
    pub(super) network_mode: Option<&'static str>,
    pub(super) dns: Vec<String>,
    pub(super) extra_hosts: Vec<String>,
    pub(super) replicas: u32,
    pub(super) cpus: Option<f64>,
    pub(super) memory: Option<String>,
    pub(super) restart: Option<&'static str>,
    pub(super) stop_signal: Option<String>,
    pub(super) stop_grace_period: String,
}

/// What gw itself has to know about a service.
#[derive(Debug, Serialize)]
pub(super) struct Own {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) probe: Probe,
    pub(super) deadline: String,
    /// Shown when the build fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hint: Option<String>,
    /// Where gw waits for more than Compose can: readiness of what has no health check.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) depends_on: BTreeMap<String, Condition>,
}

#[derive(Debug, Serialize)]
pub(super) struct Build {
    pub(super) context: String,
    pub(super) dockerfile: String,
    pub(super) target: Option<String>,
    pub(super) args: BTreeMap<String, String>,
    pub(super) network: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct DependsOn {
    pub(super) on: String,
    pub(super) condition: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Healthcheck {
    pub(super) test: Vec<String>,
    pub(super) start_period: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Port {
    pub(super) address: String,
    pub(super) target: u16,
    pub(super) published: String,
    pub(super) protocol: String,
}

/// A config where a service mounts it.
#[derive(Debug, Serialize)]
pub(super) struct Mounted {
    pub(super) source: String,
    pub(super) target: String,
    /// `None` is Compose's own 0444.
    pub(super) mode: Option<u32>,
}

#[derive(Debug, Serialize)]
pub(super) struct Volume {
    /// `volume`, `bind` or `tmpfs`.
    pub(super) kind: &'static str,
    pub(super) source: Option<String>,
    pub(super) target: String,
    pub(super) read_only: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Endpoint {
    pub(super) key: String,
    pub(super) options: Option<Aliases>,
}

#[derive(Debug, Serialize)]
pub(super) struct Aliases {
    pub(super) aliases: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Network {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) external: bool,
}

/// A volume or a secret.
#[derive(Debug, Serialize)]
pub(super) struct Named {
    pub(super) key: String,
    pub(super) name: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Config {
    /// Its name with a hash of its content: a change of the content is a change of the service.
    pub(super) key: String,
    pub(super) name: String,
    pub(super) content: String,
}
