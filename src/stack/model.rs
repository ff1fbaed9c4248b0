//! The stack: every component of a profile with all decisions taken, still free of any target.
//!
//! [`crate::render`] lays it out as Compose or Kubernetes text. Nothing here knows which.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::profile::model::{Build, Port, Readiness, Resources, Restart};

/// Everything that one profile runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    /// The profile's name.
    pub profile: String,
    /// The project (namespace) it runs as.
    pub project: String,
    /// In start order where one needs another, else in the order of the files.
    pub components: Vec<Component>,
    /// Networks; the first is the project's own and is called `default`.
    pub networks: Vec<Network>,
    /// Names of the volumes that components mount.
    pub volumes: Vec<String>,
    /// Secrets that the texts name.
    pub secrets: Vec<SecretNeed>,
    /// Merged (RFC 7396) over the rendered Compose file.
    pub compose_patch: Option<serde_json::Value>,
}

/// What a component is for; also decides how `health` asks for its role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// One of the user's services.
    Service,
    /// One of the user's jobs, or a job of gw's own such as the initiation of a replica set.
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

/// One container (on the cluster: one workload).
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// Unique in the project, and among all projects whose networks it joins.
    pub key: String,
    /// The name users know it by, for example `kyc` where the key is `combo-kyc`.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// The image that runs.
    pub image: Image,
    /// Replaces the entry point; empty keeps it.
    pub entrypoint: Vec<Text>,
    /// Replaces the arguments; empty keeps them.
    pub command: Vec<Text>,
    /// User and group ids.
    pub user: Option<String>,
    /// Variables, references resolved.
    pub environment: BTreeMap<String, Text>,
    /// Ports; `host` is final.
    pub ports: Vec<Port>,
    /// Files with generated content.
    pub files: Vec<File>,
    /// Volumes and bind mounts.
    pub mounts: Vec<ComponentMount>,
    /// Secrets mounted under `/run/secrets/NAME`, by the name in [`Stack::secrets`].
    pub secrets: Vec<String>,
    /// The networks it joins.
    pub attachments: Vec<Attachment>,
    /// What must be ready (or done) first.
    pub depends_on: Vec<Dependency>,
    /// How gw finds out that it is ready.
    pub ready: Readiness,
    /// What a `redis` probe (a password) or `mongodb` probe (`user:password`) logs in with; empty without `auth`.
    pub credentials: Text,
    /// A check that the engine itself can run, where the image has a command for one.
    pub engine_check: Option<Vec<String>>,
    /// Copies to run.
    pub replicas: u32,
    /// Limits.
    pub resources: Resources,
    /// What the engine does when it ends.
    pub restart: Restart,
    /// Signal that ends it where the image's own is wrong.
    pub stop_signal: Option<String>,
    /// Time between the stop signal and SIGKILL.
    pub stop_grace: Duration,
    /// Name servers instead of the engine's.
    pub dns: Vec<String>,
    /// `name=address` lines for `/etc/hosts`; `host-gateway` is the host's address.
    pub extra_hosts: Vec<String>,
    /// Shares the host's network.
    pub host_network: bool,
    /// Merged over the rendered Compose service.
    pub compose_patch: Option<serde_json::Value>,
    /// Merged over the rendered Kubernetes objects.
    pub kube_patch: Option<serde_json::Value>,
}

/// An image, and how to build it where it is built here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its reference after the image map; components with the same build share one.
    pub reference: String,
    /// How to build it.
    pub build: Option<Build>,
}

/// A file with generated content.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Name of the configuration, without its hash; files with the same name and content are one.
    pub name: String,
    /// Absolute path inside.
    pub target: String,
    /// What it holds.
    pub content: Content,
    /// Permission bits, for example `0o444`.
    pub mode: u32,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Text of the profile's.
    Text(Text),
    /// A template, filled in by [`crate::render`].
    Template {
        /// Its name, for example `gateway/nginx.conf.tera`.
        name: &'static str,
        /// Its variables; a secret stands in them as [`super::mark::secret`].
        values: serde_json::Value,
    },
}

/// What a mount shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MountSource {
    /// A volume of the stack.
    Volume(String),
    /// A path, relative to the profile's root or absolute.
    Bind(String),
    /// Memory; gone with the container. Keeps an image's `VOLUME` from leaving a nameless volume behind.
    Memory,
}

/// A mount with its name or path final.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentMount {
    /// What is mounted.
    pub source: MountSource,
    /// Absolute path inside.
    pub target: String,
    /// No writes from inside.
    pub read_only: bool,
}

/// A network that a component joins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// A name in [`Stack::networks`].
    pub network: String,
    /// Names it answers to there, beside its key.
    pub aliases: Vec<String>,
}

/// A network of the stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// Its name in the stack.
    pub key: String,
    /// The name of another project's network, where it is one.
    pub external: Option<String>,
}

/// One component waits for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The other's key.
    pub on: String,
    /// What it waits for.
    pub until: Until,
}

/// What a dependent waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// It runs.
    Started,
    /// It is ready.
    Ready,
    /// It ended with code 0.
    Completed,
}

/// Text that may name secrets; their values never pass through here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text(pub Vec<Part>);

/// A piece of [`Text`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Literal characters.
    Literal(String),
    /// The value of a secret, by its name in [`Stack::secrets`].
    Secret(String),
    /// A variable of the user's environment at run time, with what to use where it is unset.
    Environment {
        /// The variable.
        name: String,
        /// `None`: it must be set.
        default: Option<String>,
    },
}

/// A secret that the stack's texts name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretNeed {
    /// Its variable in the env file of `.gw/secrets/PROFILE/`, for example `GW_REDIS_PASSWORD`.
    pub variable: String,
    /// What it is for, as a comment beside it.
    pub purpose: String,
    /// Where its value comes from.
    pub source: SecretSource,
    /// The names of the components that use it.
    pub users: Vec<String>,
}

/// Where the value of a secret comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// Made at random, so many characters of `[A-Za-z0-9]`.
    Generated {
        /// How many characters.
        length: usize,
    },
    /// A variable of the environment that gw runs in.
    Environment(String),
    /// A file, relative to the project's root, absolute, or from the home folder with `~/`.
    File(String),
    /// What a command prints; at least one word.
    Command(Vec<String>),
    /// The same variable of another profile's secrets; where it is not there yet it comes there from this source.
    Profile {
        /// The profile.
        name: String,
        /// Where that profile has it from.
        source: Box<SecretSource>,
    },
    /// The user puts it into the env file: `${secrets.NAME}`.
    Given,
}

/// Where it comes from, in words.
impl std::fmt::Display for SecretSource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Generated { .. } => formatter.write_str("gw"),
            Self::Environment(name) => write!(formatter, "the variable {name}"),
            Self::File(path) => write!(formatter, "the file {path}"),
            Self::Command(words) => write!(formatter, "the command `{}`", words.join(" ")),
            Self::Profile { name, .. } => write!(formatter, "profile {name}"),
            Self::Given => formatter.write_str("you"),
        }
    }
}

impl Text {
    /// Text without any secret.
    pub fn literal(text: impl Into<String>) -> Self {
        Self(vec![Part::Literal(text.into())])
    }

    /// Text that is one secret.
    pub fn secret(name: impl Into<String>) -> Self {
        Self(vec![Part::Secret(name.into())])
    }

    /// Adds more text at the end.
    #[must_use]
    pub fn and(mut self, more: impl Into<Self>) -> Self {
        self.0.extend(more.into().0);
        self
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|part| matches!(part, Part::Literal(text) if text.is_empty()))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::literal(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::literal(text)
    }
}
