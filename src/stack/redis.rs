//! Redis: one server, or a master with replicas and the sentinels that watch them.

use serde_json::{Value, json};

use super::address::{REDIS_PORT, SENTINEL_OFFSET, SENTINEL_PORT, qualified};
use super::mark;
use super::model::{Component, Content, Dependency, File, Role, Text, Until};
use super::part::{check, component, port, ready, volume, words};
use super::reference::MASTER;
use super::secret;
use crate::profile::model::{Probe, Profile, Redis, RedisMode};

/// The user of the public image.
const USER_ID: &str = "999:999";
const FOLDER: &str = "/usr/local/etc/redis";
/// Sentinels ask for names each second, and stop to act when one answer takes long: the engine's own name server only,
/// which knows the names here and sends nothing out.
const NAMES_OF_THE_ENGINE_ONLY: &str = "127.0.0.1";

/// Keys of the servers, the first one first. A key is a name, not a role: after a failover the master is another.
pub(super) fn names(mode: RedisMode) -> Vec<String> {
    match mode {
        RedisMode::Single => vec!["redis".to_owned()],
        RedisMode::Sentinel { replicas, .. } => std::iter::once("redis-master".to_owned())
            .chain((1..=replicas).map(|number| format!("redis-replica-{number}")))
            .collect(),
    }
}

/// Keys of the sentinels.
pub(super) fn sentinel_names(mode: RedisMode) -> Vec<String> {
    match mode {
        RedisMode::Single => Vec::new(),
        RedisMode::Sentinel { sentinels, .. } => {
            (1..=sentinels).map(|number| format!("redis-sentinel-{number}")).collect()
        }
    }
}

/// What a dependent of `redis` waits for.
pub(super) fn dependencies(mode: RedisMode) -> Vec<Dependency> {
    let keys = names(mode).into_iter().chain(sentinel_names(mode));
    keys.map(|on| Dependency { on, until: Until::Ready }).collect()
}

/// Returns the servers and the sentinels.
pub(super) fn components(profile: &Profile, redis: &Redis, image: &str) -> Vec<Component> {
    let mut components: Vec<Component> =
        (0..).zip(names(redis.mode)).map(|(index, key)| server(profile, redis, image, &key, index)).collect();
    if let RedisMode::Sentinel { replicas, sentinels } = redis.mode {
        components.extend(
            (0..)
                .zip(sentinel_names(redis.mode))
                .map(|(index, key)| sentinel(profile, redis, image, &key, index, replicas, sentinels)),
        );
    }
    components
}

// The first server keeps its data in the single server's volume, so that a change of mode finds it.
fn server(profile: &Profile, redis: &Redis, image: &str, key: &str, index: u16) -> Component {
    let watched = redis.mode != RedisMode::Single;
    let data = if index == 0 { "redis" } else { key };
    // A server that follows nobody yet is not ready: its data is not there.
    let answers = if watched {
        "redis-cli info replication | grep -qE 'role:master|master_link_status:up'"
    } else {
        "redis-cli ping | grep -q PONG"
    };
    let master = qualified(&names(redis.mode)[0], &profile.project);
    let configuration = json!({
        "port": REDIS_PORT,
        "password": password(redis),
        "announce": watched.then(|| qualified(key, &profile.project)),
        "replica_of": (watched && index > 0).then_some(master),
    });
    let mut server = Component {
        user: Some(USER_ID.to_owned()),
        ports: port(REDIS_PORT, redis.port.map(|first| first + index)),
        files: vec![file(format!("{key}-conf"), "redis.conf", "stores/redis.conf.tera", configuration)],
        mounts: vec![volume(data, "/data")],
        ready: ready(Probe::Redis { port: REDIS_PORT }),
        engine_check: Some(check(&["sh", "-c", answers])),
        ..component(profile, key, key, Role::Redis, image.to_owned())
    };
    if watched {
        server.files.push(file(
            "redis-start".to_owned(),
            "start.sh",
            "stores/redis-start.sh.tera",
            Value::Null,
        ));
        server.command = words(&["sh", &format!("{FOLDER}/start.sh")]);
    } else {
        server.command = words(&["redis-server", &format!("{FOLDER}/redis.conf")]);
    }
    log_in(redis, server)
}

fn sentinel(
    profile: &Profile,
    redis: &Redis,
    image: &str,
    key: &str,
    index: u16,
    replicas: u16,
    sentinels: u16,
) -> Component {
    let master = qualified(&names(redis.mode)[0], &profile.project);
    let configuration = json!({
        "port": SENTINEL_PORT,
        "password": password(redis),
        "announce": qualified(key, &profile.project),
        "name": MASTER,
        "master": master,
        "master_port": REDIS_PORT,
        "quorum": sentinels / 2 + 1,
    });
    let start = json!({ "name": MASTER });
    // It has found everybody: the replicas through the master, the other sentinels through its messages.
    let sees_all = format!(
        "redis-cli -p {SENTINEL_PORT} info sentinel | grep -qE 'status=ok,.*slaves={replicas},sentinels={sentinels}'"
    );
    let host = redis.port.map(|first| first + SENTINEL_OFFSET + index);
    let asks = vec!["sh".to_owned(), "-c".to_owned(), sees_all];
    log_in(
        redis,
        Component {
            user: Some(USER_ID.to_owned()),
            command: words(&["sh", &format!("{FOLDER}/start.sh")]),
            ports: port(SENTINEL_PORT, host),
            files: vec![
                file(format!("{key}-conf"), "sentinel.conf", "stores/sentinel.conf.tera", configuration),
                file("sentinel-start".to_owned(), "start.sh", "stores/sentinel-start.sh.tera", start),
            ],
            mounts: vec![volume(key, "/data")],
            depends_on: names(redis.mode)
                .into_iter()
                .map(|on| Dependency { on, until: Until::Ready })
                .collect(),
            ready: ready(Probe::Exec { command: asks.clone() }),
            engine_check: Some(asks),
            dns: vec![NAMES_OF_THE_ENGINE_ONLY.to_owned()],
            ..component(profile, key, key, Role::Sentinel, image.to_owned())
        },
    )
}

fn file(name: String, target: &str, template: &'static str, values: Value) -> File {
    File {
        name,
        target: format!("{FOLDER}/{target}"),
        content: Content::Template { name: template, values },
        mode: 0o444,
    }
}

fn password(redis: &Redis) -> Option<String> {
    redis.auth.then(|| mark::secret(secret::REDIS))
}

// redis-cli takes the password from this variable, so it is in no argument list.
fn log_in(redis: &Redis, mut component: Component) -> Component {
    if redis.auth {
        component.environment.insert("REDISCLI_AUTH".to_owned(), Text::secret(secret::REDIS));
        component.credentials = Text::secret(secret::REDIS);
    }
    component
}
