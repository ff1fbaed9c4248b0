//! A service as it is written.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::Strategy;

/// One of the user's applications.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Service {
    /// `service` runs until it is stopped, `job` runs once; `service` without it.
    pub kind: Option<Kind>,
    /// The image to pull; either this or `build`.
    pub image: Option<String>,
    /// How to build the image; either this or `image`.
    pub build: Option<Build>,
    /// Replaces the image's entry point.
    #[schemars(length(min = 1))]
    pub command: Option<Vec<String>>,
    /// Replaces the image's arguments.
    pub args: Option<Vec<String>>,
    /// User and group ids: `1000` or `1000:1000`.
    #[schemars(regex(pattern = r"^[0-9]+(:[0-9]+)?$"))]
    pub user: Option<String>,
    /// The port that the gateway and `${services.NAME.url}` use. A number is the port inside and, with the profile's
    /// offset, on the host.
    pub port: Option<Port>,
    /// Further ports.
    pub ports: Option<Vec<PortMapping>>,
    /// Environment; values may hold references such as `${mongodb.uri}`, `$$` is a dollar.
    pub env: Option<BTreeMap<String, String>>,
    /// Files of `KEY=value` lines, relative to the project's folder; `env` wins.
    pub env_file: Option<OneOrMany>,
    /// Names of services, `mongodb` or `redis` that must be ready (a job: done) first.
    pub depends_on: Option<Vec<String>>,
    /// How to tell that it is ready; a TCP connect to the first port without it.
    pub ready: Option<Ready>,
    /// A command inside the image that the engine runs as a health check; exit code 0 is healthy.
    #[schemars(length(min = 1))]
    pub healthcheck: Option<Vec<String>>,
    /// Copies to run; 1 without it.
    #[schemars(range(min = 1, max = 1000))]
    pub replicas: Option<u32>,
    /// Limits.
    pub resources: Option<Resources>,
    /// Files mounted read-only.
    pub files: Option<Vec<File>>,
    /// Names of secrets mounted under `/run/secrets/NAME`.
    pub secrets: Option<Vec<String>>,
    /// Volumes and bind mounts.
    pub volumes: Option<Vec<Volume>>,
    /// Further networks of the project.
    pub networks: Option<Vec<String>>,
    /// What the engine does when it ends; `unless-stopped` without it, `no` for a job.
    pub restart: Option<Restart>,
    /// Time between SIGTERM and SIGKILL; `10s` without it.
    #[serde(default)]
    #[schemars(schema_with = "duration")]
    pub stop_grace: Option<String>,
    /// Shares the host's network; Docker only.
    pub host_network: Option<bool>,
    /// `shared` makes it one of the services that a profile with that strategy takes.
    pub strategy: Option<Strategy>,
    /// Merged (RFC 7396) over the rendered Compose service.
    pub compose: Option<serde_json::Map<String, serde_json::Value>>,
    /// Merged (RFC 7396) over the rendered Kubernetes objects, by kind.
    pub kube: Option<KubePatch>,
}

/// Whether a service runs on or ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Runs until it is stopped.
    Service,
    /// Runs once; exit code 0 is success.
    Job,
}

/// How to build an image.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Build {
    /// The build context, relative to the project's folder.
    pub context: String,
    /// The Dockerfile, relative to the context; `Dockerfile` without it.
    pub file: Option<String>,
    /// The stage to stop at.
    pub target: Option<String>,
    /// Build arguments.
    pub args: Option<BTreeMap<String, String>>,
    /// Network of `RUN` steps, for example `host`.
    pub network: Option<String>,
    /// What to do when the build fails; shown with its error.
    pub hint: Option<String>,
}

/// A port number, or where it is inside and on the host.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Port {
    /// The port inside and, with the profile's offset, on the host.
    Number(#[schemars(range(min = 1, max = 65535))] u16),
    /// The two apart.
    Mapping(PortMapping),
}

/// Where a port is inside and on the host.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PortMapping {
    /// The port inside.
    #[schemars(range(min = 1, max = 65535))]
    pub container: u16,
    /// The port on the host, before the profile's offset; not published without it.
    #[schemars(range(min = 1, max = 65535))]
    pub host: Option<u16>,
    /// The host's address; `127.0.0.1` without it.
    pub address: Option<String>,
    /// `tcp` without it.
    pub protocol: Option<Protocol>,
}

/// A transport protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// One text, or a list of them.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// How to tell that a service is ready.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Ready {
    /// Running is enough.
    Word(NoProbe),
    /// One probe, and a deadline.
    Probe(Box<Probe>),
}

/// No probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum NoProbe {
    /// Running is enough.
    None,
}

/// One of `http`, `tcp`, `exec`, `redis` and `mongodb`, and a deadline.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Probe {
    /// A path that is asked with GET.
    #[schemars(regex(pattern = "^/"))]
    pub http: Option<String>,
    /// The port that `http` asks; the first without it.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u16>,
    /// The status that `http` must answer; every 2xx and 3xx without it.
    #[schemars(range(min = 100, max = 599))]
    pub status: Option<u16>,
    /// Text that the answer to `http` must contain.
    pub body: Option<String>,
    /// A TCP connect to a port; `true` is the first port.
    #[serde(default)]
    #[schemars(schema_with = "probe_port")]
    pub tcp: Option<ProbePort>,
    /// A command inside the container, without a shell; exit code 0 is ready.
    #[schemars(length(min = 1))]
    pub exec: Option<Vec<String>>,
    /// A Redis `PING` to a port; `true` is the first port.
    #[serde(default)]
    #[schemars(schema_with = "probe_port")]
    pub redis: Option<ProbePort>,
    /// A MongoDB `ping` to a port; `true` is the first port.
    #[serde(default)]
    #[schemars(schema_with = "probe_port")]
    pub mongodb: Option<ProbePort>,
    /// Time from the start until it counts as failed; `60s` without it, `300s` for a job.
    #[serde(default)]
    #[schemars(schema_with = "duration")]
    pub deadline: Option<String>,
}

/// The port that a probe asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum ProbePort {
    /// This port.
    Number(u16),
    /// The service's first port.
    First(bool),
}

/// Limits of one container.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Resources {
    /// Cores, for example `0.5`.
    #[schemars(range(min = 0.001, max = 1024.0))]
    pub cpus: Option<f64>,
    /// Memory: `256Mi`, `256m` or `1g`, in powers of 1024, or a number of bytes.
    pub memory: Option<Memory>,
}

/// A size of memory.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Memory {
    /// Bytes.
    Bytes(u64),
    /// A number and a unit.
    Text(String),
}

/// A file mounted read-only, with `content` or `source`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct File {
    /// Absolute path inside.
    #[schemars(regex(pattern = "^/."))]
    pub target: String,
    /// Its text; may hold references.
    pub content: Option<String>,
    /// A text file whose content is taken as it is, relative to the project's folder.
    pub source: Option<String>,
}

/// A volume or a bind mount.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Volume {
    /// A volume of the project, by name; either this or `bind`.
    pub volume: Option<String>,
    /// A path on the host, absolute or relative to the project's folder; either this or `volume`.
    pub bind: Option<String>,
    /// Absolute path inside.
    #[schemars(regex(pattern = "^/."))]
    pub target: String,
    /// Whether writes from inside are refused.
    #[serde(default)]
    pub read_only: bool,
}

/// What the engine does when a container ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Restart {
    /// Nothing.
    No,
    /// Starts it again when its exit code was not 0.
    OnFailure,
    /// Starts it again unless it was stopped on purpose.
    UnlessStopped,
    /// Always starts it again.
    Always,
}

/// What is merged over rendered Kubernetes objects, by kind.
#[derive(Debug, Clone, Default, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KubePatch {
    /// Over the Deployment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployment: Option<serde_json::Map<String, serde_json::Value>>,
    /// Over the Service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<serde_json::Map<String, serde_json::Value>>,
    /// Over the Ingress.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingress: Option<serde_json::Map<String, serde_json::Value>>,
    /// Over the Job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<serde_json::Map<String, serde_json::Value>>,
    /// Over the `StatefulSet`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statefulset: Option<serde_json::Map<String, serde_json::Value>>,
    /// Over the `ConfigMap`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configmap: Option<serde_json::Map<String, serde_json::Value>>,
}

fn duration(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": "^[0-9]+(ms|s|m|h)$" })
}

fn probe_port(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": 65535 },
            { "type": "boolean", "const": true }
        ]
    })
}
