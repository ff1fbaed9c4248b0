//! Redis: one server, or a master with replicas and the sentinels that watch them. What depends on whose image it is stands in
//! `redis_official.rs` and `redis_bitnami.rs`.

use super::address::{REDIS_PORT, SENTINEL_OFFSET, SENTINEL_PORT, qualified};
use super::model::{Component, Dependency, Role, Text, Until};
use super::part::{check, component, names_of_the_engine_only, port, ready};
use super::reference::MASTER;
use super::{redis_bitnami, redis_official, secret};
use crate::profile::model::{Probe, Profile, Redis, RedisFlavor, RedisMode};

/// How long a master does not answer before a sentinel takes it for dead. Below this a busy machine looks dead.
pub(super) const DOWN_AFTER_MILLISECONDS: u32 = 2000;
/// How long a failover may take until another is tried.
pub(super) const FAILOVER_MILLISECONDS: u32 = 10_000;

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

/// What the images' own settings are made of.
pub(super) struct Parts<'a> {
    /// The Redis.
    pub(super) redis: &'a Redis,
    /// The key of this server or sentinel.
    pub(super) key: &'a str,
    /// The name that it announces, unique among all projects.
    pub(super) own_name: String,
    /// The name of the server that is master at first.
    pub(super) master: String,
    /// The names of the sentinels.
    pub(super) sentinels: Vec<String>,
}

impl Parts<'_> {
    /// Sentinels watch it.
    pub(super) fn is_watched(&self) -> bool {
        self.redis.mode != RedisMode::Single
    }

    /// The server is master at first.
    pub(super) fn is_first(&self) -> bool {
        self.own_name == self.master
    }

    /// How many sentinels must take a master for dead: more than half.
    pub(super) fn quorum(&self) -> usize {
        self.sentinels.len() / 2 + 1
    }

    /// The volume of a server. The first one's is the single server's, so that a change of mode finds the data.
    pub(super) fn volume(&self) -> &str {
        if self.is_first() { "redis" } else { self.key }
    }
}

/// Returns the servers and the sentinels, each of its image.
pub(super) fn components(
    profile: &Profile,
    redis: &Redis,
    image: &str,
    sentinel_image: &str,
) -> Vec<Component> {
    let (servers, watching) = (names(redis.mode), sentinel_names(redis.mode));
    let name = |key: &str| qualified(key, &profile.project);
    let sentinels: Vec<String> = watching.iter().map(|key| name(key)).collect();
    let master = servers.first().map(|key| name(key)).unwrap_or_default();
    let parts =
        |key| Parts { redis, key, own_name: name(key), master: master.clone(), sentinels: sentinels.clone() };
    let servers = (0..).zip(&servers).map(|(index, key)| server(profile, image, &parts(key), index));
    let watching =
        (0..).zip(&watching).map(|(index, key)| sentinel(profile, sentinel_image, &parts(key), index));
    servers.chain(watching).collect()
}

fn server(profile: &Profile, image: &str, parts: &Parts<'_>, index: u16) -> Component {
    let redis = parts.redis;
    // A server that follows nobody yet is not ready: its data is not there.
    let answers = if parts.is_watched() {
        "redis-cli info replication | grep -qE 'role:master|master_link_status:up'"
    } else {
        "redis-cli ping | grep -q PONG"
    };
    let server = Component {
        ports: port(REDIS_PORT, redis.port.map(|first| first + index)),
        ready: ready(Probe::Redis { port: REDIS_PORT }),
        engine_check: Some(check(&["sh", "-c", answers])),
        // One that lost its master asks for its name each second, and does nothing else meanwhile.
        dns: if parts.is_watched() { names_of_the_engine_only() } else { Vec::new() },
        ..component(profile, parts.key, parts.key, Role::Redis, image.to_owned())
    };
    let server = log_in(redis, server);
    match redis.flavor {
        RedisFlavor::Official => redis_official::server(parts, server),
        RedisFlavor::Bitnami => redis_bitnami::server(parts, server),
    }
}

fn sentinel(profile: &Profile, image: &str, parts: &Parts<'_>, index: u16) -> Component {
    let redis = parts.redis;
    let RedisMode::Sentinel { replicas, sentinels } = redis.mode else {
        return component(profile, parts.key, parts.key, Role::Sentinel, image.to_owned());
    };
    // It has found everybody: the replicas through the master, the other sentinels through its messages.
    let sees_all = format!(
        "redis-cli -p {SENTINEL_PORT} info sentinel | grep -qE 'status=ok,.*slaves={replicas},sentinels={sentinels}'"
    );
    let host = redis.port.map(|first| first + SENTINEL_OFFSET + index);
    let servers = names(redis.mode).into_iter();
    let probe = Probe::Sentinel { port: SENTINEL_PORT, master: MASTER.to_owned(), replicas, sentinels };
    let sentinel = Component {
        ports: port(SENTINEL_PORT, host),
        depends_on: servers.map(|on| Dependency { on, until: Until::Ready }).collect(),
        ready: ready(probe),
        engine_check: Some(vec!["sh".to_owned(), "-c".to_owned(), sees_all]),
        // It asks for names each second, and stops to act when one answer takes long.
        dns: names_of_the_engine_only(),
        ..component(profile, parts.key, parts.key, Role::Sentinel, image.to_owned())
    };
    let sentinel = log_in(redis, sentinel);
    match redis.flavor {
        RedisFlavor::Official => redis_official::sentinel(parts, sentinel),
        RedisFlavor::Bitnami => redis_bitnami::sentinel(parts, sentinel),
    }
}

// redis-cli takes the password from this variable, so it is in no argument list.
fn log_in(redis: &Redis, mut component: Component) -> Component {
    if redis.auth {
        component.environment.insert("REDISCLI_AUTH".to_owned(), Text::secret(secret::REDIS));
        component.credentials = Text::secret(secret::REDIS);
    }
    component
}
