//! One service: which of its keys go into the profile's own, which into the patch, and which nowhere.

use serde_json::{Map, Value, json};

use super::at::At;
use super::depends::{self, Facts};
use super::{build, environment, files, health, long_form, mounts, networks, ports, resources};

/// The order in which a service's keys are written.
const ORDER: &[&str] = &[
    "kind",
    "image",
    "build",
    "command",
    "args",
    "user",
    "port",
    "ports",
    "env",
    "envFile",
    "dependsOn",
    "ready",
    "healthcheck",
    "replicas",
    "resources",
    "files",
    "volumes",
    "networks",
    "restart",
    "stopGrace",
    "hostNetwork",
    "compose",
];

/// Keys that have a file or a function of their own.
const READ: &[&str] = &[
    "image",
    "build",
    "command",
    "entrypoint",
    "user",
    "ports",
    "expose",
    "environment",
    "env_file",
    "depends_on",
    "links",
    "healthcheck",
    "deploy",
    "scale",
    "cpus",
    "mem_limit",
    "restart",
    "configs",
    "secrets",
    "volumes",
    "networks",
    "network_mode",
    "stop_grace_period",
    "container_name",
    "profiles",
];

/// Keys of Compose's that gw does not carry out, and what to do.
const LOST: &[(&str, &str)] = &[
    ("attach", "`gw logs SERVICE` chooses what is shown"),
    ("blkio_config", "gw sets no limits on disks"),
    ("cpu_count", "it is for Windows"),
    ("cpu_percent", "it is for Windows"),
    ("cpu_rt_period", "gw has no real-time limits"),
    ("cpu_rt_runtime", "gw has no real-time limits"),
    ("credential_spec", "it is for Windows"),
    ("develop", "gw does not watch files"),
    ("external_links", "join the other project's network under `networks`"),
    ("gpus", "gw hands out no graphics processors; `devices` in `compose` takes device files"),
    ("isolation", "it is for Windows"),
    ("label_file", "write its labels under `labels`"),
    ("mac_address", "write it as `mac_address` of a network under `networks`"),
    ("models", "gw runs containers only"),
    ("post_start", "gw has no hooks; a job that depends on the service does the same"),
    ("pre_stop", "gw has no hooks"),
    ("provider", "gw runs containers only"),
    ("use_api_socket", "mount the engine's socket under `volumes`"),
    ("volumes_from", "name the same volumes under `volumes`"),
];

/// The two places where something of a service can go.
#[derive(Default)]
pub(super) struct Draft {
    own: Map<String, Value>,
    patch: Map<String, Value>,
}

impl Draft {
    /// Sets a key of the profile's.
    pub(super) fn set(&mut self, key: &str, value: Value) {
        self.own.insert(key.to_owned(), value);
    }

    pub(super) fn set_in(&mut self, key: &str, name: &str, value: Value) {
        self.own_in(&[key, name], value);
    }

    /// Sets a key inside of the profile's keys.
    pub(super) fn own_in(&mut self, path: &[&str], value: Value) {
        put(&mut self.own, path, value);
    }

    /// Sets a key of the patch.
    pub(super) fn patch(&mut self, key: &str, value: Value) {
        self.patch.insert(key.to_owned(), value);
    }

    /// Sets a key inside of the patch.
    pub(super) fn patch_in(&mut self, path: &[&str], value: Value) {
        put(&mut self.patch, path, value);
    }

    fn finish(mut self) -> Value {
        if !self.patch.is_empty() {
            self.own.insert("compose".to_owned(), Value::Object(self.patch));
        }
        let mut own = self.own;
        let ordered = ORDER.iter().filter_map(|key| own.shift_remove_entry(*key)).collect::<Vec<_>>();
        Value::Object(ordered.into_iter().collect())
    }
}

fn put(map: &mut Map<String, Value>, path: &[&str], value: Value) {
    match path {
        [] => {}
        [key] => {
            map.insert((*key).to_owned(), value);
        }
        [key, rest @ ..] => {
            let inner = map.entry(*key).or_insert_with(|| json!({}));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

/// What all services share.
pub(super) struct Shared<'a> {
    pub(super) project: String,
    pub(super) facts: Facts,
    pub(super) configs: Vec<(&'a str, At<'a>)>,
    pub(super) secrets: Vec<(&'a str, At<'a>)>,
}

/// A service as a profile has it, and what it uses of the file's top level.
pub(super) struct Read {
    pub(super) value: Value,
    pub(super) networks: Vec<String>,
    pub(super) volumes: Vec<String>,
    pub(super) secrets: Vec<String>,
    /// It is ready as soon as it runs, although it has a port that could be asked.
    pub(super) unasked: bool,
    /// It is published on every address of the host.
    pub(super) open: bool,
}

/// Reads the service `key` of the file.
pub(super) fn read(key: &str, service: &At<'_>, shared: &Shared<'_>) -> Read {
    let mut draft = Draft::default();
    let name = service.service(key);
    let is_job = shared.facts.jobs.contains(key);
    if is_job {
        draft.set("kind", json!("job"));
    }
    build::source(service, &name, &mut draft);
    for (key, own) in [("entrypoint", "command"), ("command", "args")] {
        if let Some(at) = service.get(key) {
            environment::command(&at, own, &mut draft);
        }
    }
    user(service, &mut draft);
    if let Some(at) = service.get("environment") {
        environment::environment(&at, &mut draft);
    }
    if let Some(at) = service.get("env_file") {
        environment::files(&at, &mut draft);
    }
    let on_host = service.get("network_mode").and_then(|at| at.raw()).as_deref() == Some("host");
    let ports = ports::read(service, on_host, &mut draft);
    depends::read(service, &shared.facts, &mut draft);
    let check = service.get("healthcheck");
    if let Some(at) = &check {
        health::read(at, is_job, &mut draft);
    }
    let unasked =
        ports.has_tcp && !is_job && !draft.own.contains_key("ready") && !draft.patch.contains_key("x-gw");
    if unasked {
        draft.set("ready", json!("none"));
    }
    resources::read(service, is_job, ports.is_published, &mut draft);
    stop_grace(service, &mut draft);
    files::configs(service, &shared.configs, &mut draft);
    let secrets = files::secrets(service, &shared.secrets, &mut draft);
    let volumes = mounts::read(service, &mut draft);
    let further = further_names(key, &name, service);
    let networks = networks::read(service, &name, &shared.project, &further, &mut draft);
    rest(service, &mut draft);
    Read { value: draft.finish(), networks, volumes, secrets, unasked, open: ports.is_open }
}

fn user(service: &At<'_>, draft: &mut Draft) {
    let Some(text) = service.get("user").and_then(|at| at.patch()) else { return };
    let is_number = |part: &str| !part.is_empty() && part.parse::<u32>().is_ok();
    if text.split(':').count() <= 2 && text.split(':').all(is_number) {
        draft.set("user", json!(text));
    } else {
        draft.patch("user", json!(text));
    }
}

fn stop_grace(service: &At<'_>, draft: &mut Draft) {
    let Some(at) = service.get("stop_grace_period") else { return };
    match at.literal().as_deref().map(super::scalar::milliseconds) {
        Some(Some(milliseconds)) => draft.set("stopGrace", json!(super::scalar::duration(milliseconds))),
        Some(None) => at.mistake("this is not a duration; write for example `10s`"),
        None => draft.patch("stop_grace_period", json!(at.patch())),
    }
}

/// Names beside its own that others reach it by.
fn further_names(key: &str, name: &str, service: &At<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    if key != name {
        names.push(key.to_owned());
    }
    if let Some(at) = service.get("container_name") {
        at.lost(
            "gw names containers PROJECT-SERVICE-NUMBER; the name stays an alias on the service's networks",
        );
        names.extend(at.literal().filter(|alias| alias != name && alias != key));
    }
    names
}

/// Everything that has no section of its own.
fn rest(service: &At<'_>, draft: &mut Draft) {
    for (key, at) in service.entries() {
        if READ.contains(&key) || at.is_null() {
            continue;
        }
        if let Some((_, form)) = long_form::SERVICE.iter().find(|(name, _)| *name == key) {
            if let Some(value) = long_form::value(&at, *form) {
                draft.patch(key, value);
            }
        } else if let Some((_, why)) = LOST.iter().find(|(name, _)| *name == key) {
            at.lost(*why);
        } else if key == "extends" {
            at.mistake(super::document::SEVERAL_FILES);
        } else if key.starts_with("x-") {
            at.lost("Compose ignores it");
        } else {
            at.mistake(format!("Compose has no key `{key}` for a service"));
        }
    }
    if let Some(at) = service.get("links") {
        for link in at.items().iter().filter_map(At::literal) {
            if let Some((other, alias)) = link.split_once(':').filter(|(other, alias)| other != alias) {
                at.lost(format!(
                    "the name `{alias}` for `{other}`; give `{other}` that alias under `compose.networks`"
                ));
            }
        }
    }
}
