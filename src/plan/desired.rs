//! What should exist: plain data, read back from the rendered files.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::Serialize;

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
    /// `PING` answered by `PONG`.
    Redis {
        /// Port inside the container.
        port: u16,
        /// The password, or empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        password: String,
    },
    /// `ping` answered; by a primary where it is a replica set.
    Mongodb {
        /// Port inside the container.
        port: u16,
        /// User and password as in a URI (`user:password`), or empty.
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

/// What a container is made of; each field maps to one of the engine's.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is one field of the engine")]
pub struct Container {
    /// Image reference.
    pub image: String,
    /// `always`, `missing` (the default), `never`, `build`.
    pub pull_policy: Option<String>,
    /// `linux/amd64` and the like.
    pub platform: Option<String>,
    /// Replaces the entry point; `None` keeps it.
    pub entrypoint: Option<Vec<String>>,
    /// Replaces the arguments; `None` keeps them.
    pub command: Option<Vec<String>>,
    /// `KEY` to value; `None` takes the variable from gw's own environment.
    pub environment: BTreeMap<String, Option<String>>,
    /// User and group.
    pub user: Option<String>,
    /// Further groups.
    pub group_add: Vec<String>,
    /// Working folder.
    pub working_dir: Option<String>,
    /// Host name inside.
    pub hostname: Option<String>,
    /// Labels from the file, without those that gw adds at run time.
    pub labels: BTreeMap<String, String>,
    /// Published ports.
    pub ports: Vec<PublishedPort>,
    /// Exposed, not published, `8080/tcp`.
    pub expose: Vec<String>,
    /// Networks by key; empty with a `network_mode`.
    pub networks: BTreeMap<String, Endpoint>,
    /// `host`, `none`; `None` uses `networks`.
    pub network_mode: Option<String>,
    /// Volumes, bind mounts and tmpfs.
    pub mounts: Vec<Mount>,
    /// Files copied in before the start (configs and secrets).
    pub files: Vec<File>,
    /// tmpfs paths with their options, `/tmp` or `/tmp:size=1m`.
    pub tmpfs: Vec<String>,
    /// The engine's own health check.
    pub healthcheck: Option<Healthcheck>,
    /// `no`, `always`, `unless-stopped`, `on-failure[:N]`.
    pub restart: Option<String>,
    /// Signal that ends it.
    pub stop_signal: Option<String>,
    /// Time between that signal and SIGKILL.
    pub stop_grace: Option<Duration>,
    /// An init process reaps its children.
    pub init: Option<bool>,
    /// Name servers.
    pub dns: Vec<String>,
    /// Search domains.
    pub dns_search: Vec<String>,
    /// Resolver options.
    pub dns_opt: Vec<String>,
    /// `name=address` lines for `/etc/hosts`.
    pub extra_hosts: Vec<String>,
    /// Capabilities added.
    pub cap_add: Vec<String>,
    /// Capabilities dropped.
    pub cap_drop: Vec<String>,
    /// All of the host's rights.
    pub privileged: bool,
    /// Root file system is read-only.
    pub read_only: bool,
    /// `no-new-privileges` and the like.
    pub security_opt: Vec<String>,
    /// Kernel parameters.
    pub sysctls: BTreeMap<String, String>,
    /// Limits of the process: name to soft and hard.
    pub ulimits: BTreeMap<String, (i64, i64)>,
    /// Cores.
    pub cpus: Option<f64>,
    /// Bytes.
    pub memory: Option<i64>,
    /// Processes.
    pub pids_limit: Option<i64>,
    /// Bytes of /dev/shm.
    pub shm_size: Option<i64>,
    /// Devices, `host:container:rwm`.
    pub devices: Vec<String>,
    /// A terminal.
    pub tty: bool,
    /// An open standard input.
    pub stdin_open: bool,
    /// Name of the PID namespace, `host`.
    pub pid: Option<String>,
    /// Name of the IPC namespace.
    pub ipc: Option<String>,
    /// The OCI runtime.
    pub runtime: Option<String>,
    /// Log driver.
    pub log_driver: Option<String>,
    /// Options of the log driver.
    pub log_options: BTreeMap<String, String>,
    /// Order in which the kernel ends processes when memory is short.
    pub oom_score_adj: Option<i64>,
    /// Out of memory stops its processes instead of ending them.
    pub oom_kill_disable: bool,
    /// Domain name inside.
    pub domainname: Option<String>,
    /// Bytes that it keeps when memory is short.
    pub memory_reservation: Option<i64>,
    /// Bytes of memory and swap together; -1 is without limit.
    pub memory_swap: Option<i64>,
    /// 0 to 100.
    pub memory_swappiness: Option<i64>,
    /// Weight against other containers.
    pub cpu_shares: Option<i64>,
    /// Microseconds of a core in each period.
    pub cpu_quota: Option<i64>,
    /// Microseconds.
    pub cpu_period: Option<i64>,
    /// Cores it may use, `0-3` or `0,1`.
    pub cpuset: Option<String>,
    /// `host` or `private`.
    pub cgroup: Option<String>,
    /// The control group above its own.
    pub cgroup_parent: Option<String>,
    /// `host` leaves the engine's user namespace.
    pub userns_mode: Option<String>,
    /// `host` shares the host's name.
    pub uts: Option<String>,
    /// Options of the storage driver.
    pub storage_options: BTreeMap<String, String>,
    /// Rules such as `c 1:3 mr`.
    pub device_cgroup_rules: Vec<String>,
    /// Annotations for the OCI runtime.
    pub annotations: BTreeMap<String, String>,
}

/// A published port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublishedPort {
    /// Port inside.
    pub target: u16,
    /// Port on the host; 0 lets the engine choose.
    pub published: u16,
    /// Address on the host; empty is every address.
    pub address: String,
    /// `tcp` or `udp`.
    pub protocol: String,
}

/// How a container takes part in a network.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Endpoint {
    /// Names it answers to, beside its key.
    pub aliases: Vec<String>,
    /// A fixed address.
    pub ipv4_address: Option<String>,
    /// A fixed address.
    pub ipv6_address: Option<String>,
    /// Which network gives the default route: the highest.
    pub priority: i64,
    /// A fixed hardware address.
    pub mac_address: Option<String>,
    /// Further link-local addresses.
    pub link_local_ips: Vec<String>,
}

/// A volume, bind mount or tmpfs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mount {
    /// `volume`, `bind`, `tmpfs`.
    pub kind: MountKind,
    /// A key in [`Desired::volumes`], an absolute path, or nothing.
    pub source: Option<String>,
    /// Absolute path inside.
    pub target: String,
    /// No writes from inside.
    pub read_only: bool,
    /// Makes a missing folder of the host.
    pub create_host_path: bool,
    /// Does not copy the image's content into an empty volume.
    pub no_copy: bool,
    /// Bytes of a tmpfs.
    pub tmpfs_size: Option<i64>,
    /// Permission bits of a tmpfs.
    pub tmpfs_mode: Option<u32>,
    /// A path inside the volume, instead of all of it.
    pub subpath: Option<String>,
    /// How mounts below a bind mount travel, `rprivate` and the like.
    pub propagation: Option<String>,
}

/// Kind of a mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MountKind {
    /// A volume.
    Volume,
    /// A path of the host.
    Bind,
    /// Memory.
    Tmpfs,
}

/// A file copied into a container before it starts.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct File {
    /// The name in the file's `configs` or `secrets`.
    pub source: String,
    /// Absolute path inside.
    pub target: String,
    /// Its bytes; may hold secrets, so `Debug` does not show them.
    #[serde(skip)]
    pub content: String,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Permission bits.
    pub mode: u32,
}

impl std::fmt::Debug for File {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "File({} -> {}, {:o}, {} bytes)",
            self.source,
            self.target,
            self.mode,
            self.content.len()
        )
    }
}

/// A health check that the engine runs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Healthcheck {
    /// `["CMD", ...]`, `["CMD-SHELL", ...]` or `["NONE"]`.
    pub test: Vec<String>,
    /// Between two checks.
    pub interval: Option<Duration>,
    /// Of one check.
    pub timeout: Option<Duration>,
    /// In which failures do not count.
    pub start_period: Option<Duration>,
    /// Between two checks in that time.
    pub start_interval: Option<Duration>,
    /// Failures in a row until `unhealthy`.
    pub retries: Option<i64>,
}
