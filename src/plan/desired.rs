//! What should exist: plain data, read back from the rendered files.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::Serialize;

mod container;

pub use container::{Container, Endpoint, File, Healthcheck, Mount, MountKind, PublishedPort};

/// Everything a project should consist of.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Desired {
    /// The project.
    pub project: String,
    /// The profile it was rendered from.
    pub profile: String,
    /// Networks by key.
    pub networks: BTreeMap<String, Network>,
    /// Volumes by key.
    pub volumes: BTreeMap<String, Volume>,
    /// Components by key.
    pub components: BTreeMap<String, Component>,
}

/// A network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is one field of the engine")]
pub struct Network {
    /// Its full name on the engine, for example `ms_default`.
    pub name: String,
    /// Belongs to somebody else: must exist, is never made or removed.
    pub external: bool,
    /// Labels from the file.
    pub labels: BTreeMap<String, String>,
    /// The driver; `None` is the engine's default.
    pub driver: Option<String>,
    /// No way out of it.
    pub internal: bool,
    /// Options of the driver.
    pub driver_options: BTreeMap<String, String>,
    /// Single containers may be attached by hand.
    pub attachable: bool,
    /// Containers get IPv6 addresses too.
    pub ipv6: bool,
    /// Who gives out its addresses; `None` is the engine's default.
    pub ipam_driver: Option<String>,
    /// Its address ranges; empty lets the engine choose.
    pub subnets: Vec<Subnet>,
}

/// An address range of a network.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Subnet {
    /// `10.0.0.0/24`.
    pub subnet: Option<String>,
    /// The part that containers get addresses from.
    pub ip_range: Option<String>,
    /// The address of the way out.
    pub gateway: Option<String>,
    /// Addresses that are not given out, by name.
    pub auxiliary: BTreeMap<String, String>,
}

/// A volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// Its full name on the engine, for example `ms_mongodb`.
    pub name: String,
    /// Belongs to somebody else.
    pub external: bool,
    /// Labels from the file.
    pub labels: BTreeMap<String, String>,
    /// The driver; `None` is the engine's default.
    pub driver: Option<String>,
    /// Options of the driver.
    pub driver_options: BTreeMap<String, String>,
}

/// One component: its containers, and what gw itself has to know about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Component {
    /// The name users know it by.
    pub name: String,
    /// What it is for: `service`, `job`, `mongodb`, `redis`, `sentinel`, `gateway`.
    pub role: Role,
    /// How many containers.
    pub replicas: u32,
    /// What it waits for, by key.
    pub depends_on: BTreeMap<String, Condition>,
    /// Those of them that may fail or be absent: it starts anyway (`required: false`).
    pub optional: BTreeSet<String>,
    /// Those of them whose recreation restarts it (`restart: true`).
    pub restarts_with: BTreeSet<String>,
    /// How gw finds out that it is ready.
    pub probe: Probe,
    /// Time from its start until it counts as failed.
    pub deadline: Duration,
    /// How to build its image, where it is built here.
    pub build: Option<Build>,
    /// What the container is made of.
    pub container: Container,
    /// Content hash of the above, as rendered.
    pub hash: String,
}

impl Component {
    /// Whether it mounts the volume with this key.
    pub fn mounts_volume(&self, key: &str) -> bool {
        let is_it = |mount: &Mount| mount.kind == MountKind::Volume && mount.source.as_deref() == Some(key);
        self.container.mounts.iter().any(is_it)
    }
}

/// What a component is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// One of the user's services.
    Service,
    /// Runs once; exit code 0 is success.
    Job,
    /// A MongoDB server.
    Mongodb,
    /// A Redis server.
    Redis,
    /// A Redis Sentinel.
    Sentinel,
    /// The gateway.
    Gateway,
}

impl Role {
    /// As it is written in labels and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Job => "job",
            Self::Mongodb => "mongodb",
            Self::Redis => "redis",
            Self::Sentinel => "sentinel",
            Self::Gateway => "gateway",
        }
    }
}

/// What a dependent waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// It runs.
    Started,
    /// It is ready.
    Ready,
    /// It ended with code 0.
    Completed,
}

/// The question that tells whether a component is ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Probe {
    /// An HTTP GET.
    Http {
        /// Path with a leading slash.
        path: String,
        /// Port inside the container.
        port: u16,
        /// The status that counts; `None` takes every 2xx and 3xx.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        /// Text that the body must contain.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
    },
    /// A TCP connect inside the container's network.
    Tcp {
        /// Port inside the container.
        port: u16,
    },
    /// A command inside the container; exit code 0 counts.
    Exec {
        /// The command and its arguments, without a shell.
        command: Vec<String>,
    },
    /// `PING` answered by `PONG`, by a replica only while it follows its master.
    Redis {
        /// Port inside the container.
        port: u16,
        /// The password, or empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        password: String,
    },
    /// A sentinel that sees its master, every replica of it and every other sentinel, all of them well.
    Sentinel {
        /// Port inside the container.
        port: u16,
        /// The password, or empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        password: String,
        /// The master's name at the sentinels.
        master: String,
        /// How many replicas there are.
        replicas: u16,
        /// How many sentinels there are, with this one.
        sentinels: u16,
    },
    /// `ping` answered by a single server.
    Mongodb {
        /// Port inside the container.
        port: u16,
        /// User and password as in a URI (`user:password`), or empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        credentials: String,
    },
    /// `hello` answered by a member of a replica set that is not initiated, or that knows a primary and can be read.
    MongodbMember {
        /// Port inside the container.
        port: u16,
        /// User and password of applications; the question needs none, because it is asked before there are users.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        credentials: String,
    },
    /// Running is enough.
    None,
}

/// How to build an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Build {
    /// Absolute path of the context.
    pub context: std::path::PathBuf,
    /// Dockerfile, relative to the context.
    pub dockerfile: String,
    /// The stage to stop at.
    pub target: Option<String>,
    /// Build arguments.
    pub args: BTreeMap<String, String>,
    /// Network of `RUN` steps.
    pub network: Option<String>,
    /// What to do when it fails.
    pub hint: Option<String>,
}
