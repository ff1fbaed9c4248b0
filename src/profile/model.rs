//! A profile after validation: typed, complete, and impossible to build from an invalid input.
//!
//! Strings may still hold references (`${mongodb.uri}`); [`crate::stack`] resolves them. Order is the order of the
//! files, so that everything made from it is the same on every machine.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// A validated profile with everything its services and infra files added.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The name on the command line: the file's name without `.json`.
    pub name: String,
    /// The folder that holds `profiles/`; relative paths in the model start here.
    pub root: PathBuf,
    /// What the profile is for, in one line.
    pub description: Option<String>,
    /// Docker's project and the cluster's namespace: `[a-z0-9][a-z0-9_-]*`.
    pub project: String,
    /// The services this profile runs, in the order of the services file.
    pub services: Vec<Service>,
    /// The MongoDB that this profile runs itself.
    pub mongodb: Option<MongoDb>,
    /// The Redis that this profile runs itself.
    pub redis: Option<Redis>,
    /// The gateway, where the profile has one.
    pub gateway: Option<Gateway>,
    /// What this profile uses of another profile's project.
    pub borrowed: Option<Borrowed>,
    /// Where values of secrets come from, by name; gw makes the stores' that are not here, the user writes the others.
    pub secrets: BTreeMap<String, SecretSource>,
    /// Merged (RFC 7396) over the rendered Compose file.
    pub compose: Option<serde_json::Value>,
}

/// Where the value of a secret comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// A variable of the environment.
    Environment(String),
    /// A file, relative to [`Profile::root`], absolute, or from the home folder with `~/`.
    File(String),
    /// What a command prints; at least one word.
    Command(Vec<String>),
    /// Made at random, so many characters of `[A-Za-z0-9]`.
    Generated(usize),
}

/// Databases and services of another profile that this one uses instead of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Borrowed {
    /// The owner's profile name.
    pub profile: String,
    /// The owner's project.
    pub project: String,
    /// The owner's MongoDB with this profile's own database, where `sharedInfra` borrows it.
    pub mongodb: Option<MongoDb>,
    /// The owner's Redis with this profile's own prefix, where `sharedInfra` borrows it.
    pub redis: Option<Redis>,
    /// Services named by `sharedServices`.
    pub services: Vec<Service>,
    /// The owner's gateway, where this profile's default route goes to it.
    pub gateway: Option<Gateway>,
    /// Where the owner's secrets come from.
    pub secrets: BTreeMap<String, SecretSource>,
}

/// One of the user's applications.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// The service's name: a DNS label.
    pub name: String,
    /// Whether it runs on or ends by itself.
    pub kind: ServiceKind,
    /// Where its image comes from.
    pub source: ImageSource,
    /// Replaces the image's entry point; empty keeps it.
    pub command: Vec<String>,
    /// Replaces the image's arguments; empty keeps them.
    pub args: Vec<String>,
    /// User and group ids, `1000` or `1000:1000`.
    pub user: Option<String>,
    /// Ports; the first is the one that the gateway and `${services.NAME.url}` use.
    pub ports: Vec<Port>,
    /// Environment, values with references.
    pub env: BTreeMap<String, String>,
    /// Files of `KEY=value` lines, relative to [`Profile::root`], read before `env`.
    pub env_files: Vec<String>,
    /// Names of services, `mongodb` or `redis` that must be ready (a job: done) first.
    pub depends_on: Vec<String>,
    /// How to tell that it is ready.
    pub ready: Readiness,
    /// A command inside the image that the engine itself runs as a health check.
    pub engine_check: Option<Vec<String>>,
    /// Copies to run.
    pub replicas: u32,
    /// Limits; `None` leaves the engine's default.
    pub resources: Resources,
    /// Files with generated content or of the project's, mounted read-only.
    pub files: Vec<MountedFile>,
    /// Names of secrets mounted under `/run/secrets/NAME`.
    pub secrets: Vec<String>,
    /// Volumes and bind mounts.
    pub volumes: Vec<Mount>,
    /// Names of further networks of the project.
    pub networks: Vec<String>,
    /// What the engine does when it ends.
    pub restart: Restart,
    /// Time between SIGTERM and SIGKILL.
    pub stop_grace: Duration,
    /// Shares the host's network; Docker only.
    pub host_network: bool,
    /// Merged (RFC 7396) over the rendered Compose service.
    pub compose: Option<serde_json::Value>,
    /// Merged (RFC 7396) over the rendered Kubernetes objects, by lower-case kind.
    pub kube: Option<serde_json::Value>,
}

/// Whether a service runs on or ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceKind {
    /// Runs until it is stopped.
    Service,
    /// Runs once; exit code 0 is success.
    Job,
}

/// Where an image comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageSource {
    /// Pulled, after the image map.
    Image(String),
    /// Built here.
    Build(Build),
}

/// How to build an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// Build context, relative to [`Profile::root`].
    pub context: String,
    /// Dockerfile, relative to the context.
    pub file: String,
    /// The stage to stop at.
    pub target: Option<String>,
    /// Build arguments.
    pub args: BTreeMap<String, String>,
    /// Network of `RUN` steps, for example `host`.
    pub network: Option<String>,
    /// What to do when the build fails, shown with its error.
    pub hint: Option<String>,
}

/// One port of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// Where the service listens inside.
    pub container: u16,
    /// Where it is published on the host, offset applied; `None` is not published.
    pub host: Option<u16>,
    /// The host's address that it is bound to.
    pub address: String,
    /// `tcp` or `udp`.
    pub protocol: String,
}

/// How gw finds out that a component is ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// The question that is asked.
    pub probe: Probe,
    /// Time from the start of the component until it counts as failed.
    pub deadline: Duration,
}

/// The question a readiness check asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// An HTTP GET.
    Http {
        /// Path with a leading slash.
        path: String,
        /// Port inside the container.
        port: u16,
        /// The status that counts; `None` takes every 2xx and 3xx.
        status: Option<u16>,
        /// Text that the body must contain.
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
    /// `PING` answered by `PONG`.
    Redis {
        /// Port inside the container.
        port: u16,
    },
    /// A sentinel that sees its master, every replica and every other sentinel.
    Sentinel {
        /// Port inside the container.
        port: u16,
        /// The master's name at the sentinels.
        master: String,
        /// How many replicas there are.
        replicas: u16,
        /// How many sentinels there are, with this one.
        sentinels: u16,
    },
    /// `ping` answered by a single server.
    MongoDb {
        /// Port inside the container.
        port: u16,
    },
    /// `hello` answered by a member of a replica set.
    MongoDbMember {
        /// Port inside the container.
        port: u16,
    },
    /// Running is enough.
    None,
}

/// Limits of one container.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Resources {
    /// Cores, for example `0.5`.
    pub cpus: Option<f64>,
    /// Bytes.
    pub memory: Option<u64>,
}

/// A file that appears inside the container, read-only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MountedFile {
    /// Absolute path inside.
    pub target: String,
    /// Its text; references are resolved.
    pub content: String,
}

/// A volume or a bind mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// What is mounted.
    pub source: MountSource,
    /// Absolute path inside.
    pub target: String,
    /// No writes from inside.
    pub read_only: bool,
}

/// What a mount shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MountSource {
    /// A named volume of the project.
    Volume(String),
    /// A path, relative to [`Profile::root`] or absolute.
    Bind(String),
}

/// What the engine does when a container ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// A MongoDB of this profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MongoDb {
    /// One server or a replica set.
    pub mode: MongoDbMode,
    /// The image before the image map.
    pub image: String,
    /// First host port, offset applied; members follow it. `None` is not published.
    pub port: Option<u16>,
    /// Whether users and passwords are required.
    pub auth: bool,
    /// The database that applications use.
    pub database: String,
}

/// How many servers MongoDB runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MongoDbMode {
    /// One standalone server.
    Single,
    /// A replica set of so many members.
    ReplicaSet {
        /// 1 to 7, odd.
        members: u16,
    },
}

/// A Redis of this profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redis {
    /// One server or a watched set.
    pub mode: RedisMode,
    /// Whose image it is.
    pub flavor: RedisFlavor,
    /// The servers' image before the image map.
    pub image: String,
    /// The sentinels' image before the image map.
    pub sentinel_image: String,
    /// Host port of the first server, offset applied; replicas follow it, sentinels at 20000 more.
    pub port: Option<u16>,
    /// Whether a password is required.
    pub auth: bool,
    /// What the keys of applications begin with; may be empty.
    pub prefix: String,
}

/// How many servers Redis runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedisMode {
    /// One server.
    Single,
    /// One master, replicas, and sentinels that watch them.
    Sentinel {
        /// Replicas beside the master.
        replicas: u16,
        /// Sentinels; the majority decides.
        sentinels: u16,
    },
}

/// Whose Redis image it is: how it is configured, and where its data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedisFlavor {
    /// The public image: by configuration files.
    Official,
    /// Bitnami's, and those that others build from its source: by variables.
    Bitnami,
}

/// The gateway of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    /// The image before the image map.
    pub image: String,
    /// The host port, offset not applied.
    pub port: u16,
    /// Where a request without the header goes.
    pub default: DefaultRoute,
}

/// Where a request without `X-Target-Service` goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefaultRoute {
    /// A service that this profile runs or borrows.
    Service(String),
    /// The gateway of the profile that is borrowed from.
    BorrowedGateway,
    /// Nowhere: 404.
    None,
}
