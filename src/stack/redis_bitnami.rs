//! Bitnami's Redis images, of which others build their own too: everything is said by variables.
//!
//! The names and what they mean are those of `libredis.sh` and `libredissentinel.sh` in Bitnami's source, 8.10. A server's
//! configuration is made anew whenever its container is, so unlike the public image it does not remember its role; a sentinel
//! keeps what it was first told, so a changed password does not reach it.

use super::address::{REDIS_PORT, SENTINEL_PORT};
use super::model::{Component, Text};
use super::part::volume;
use super::redis::{DOWN_AFTER_MILLISECONDS, FAILOVER_MILLISECONDS, Parts};
use super::reference::MASTER;
use super::secret;

/// Completes a server.
pub(super) fn server(parts: &Parts<'_>, mut server: Component) -> Component {
    server.mounts = vec![volume(parts.volume(), "/bitnami/redis/data")];
    set(&mut server, "REDIS_AOF_ENABLED", "yes");
    log_in(parts, &mut server, &["REDIS_PASSWORD"]);
    if !parts.is_watched() {
        return server;
    }
    set(&mut server, "REDIS_REPLICA_IP", &parts.own_name);
    set(&mut server, "REDIS_REPLICA_PORT", &REDIS_PORT.to_string());
    if parts.is_first() {
        set(&mut server, "REDIS_REPLICATION_MODE", "master");
    } else {
        // The older word: images before 7.2 know no other.
        set(&mut server, "REDIS_REPLICATION_MODE", "slave");
        set(&mut server, "REDIS_MASTER_HOST", &parts.master);
        set(&mut server, "REDIS_MASTER_PORT_NUMBER", &REDIS_PORT.to_string());
        log_in(parts, &mut server, &["REDIS_MASTER_PASSWORD"]);
    }
    server
}

/// Completes a sentinel.
pub(super) fn sentinel(parts: &Parts<'_>, mut sentinel: Component) -> Component {
    sentinel.mounts = vec![volume(parts.key, "/bitnami/redis-sentinel")];
    for (name, value) in [
        ("REDIS_MASTER_SET", MASTER.to_owned()),
        ("REDIS_MASTER_HOST", parts.master.clone()),
        ("REDIS_MASTER_PORT_NUMBER", REDIS_PORT.to_string()),
        ("REDIS_SENTINEL_PORT_NUMBER", SENTINEL_PORT.to_string()),
        ("REDIS_SENTINEL_QUORUM", parts.quorum().to_string()),
        ("REDIS_SENTINEL_DOWN_AFTER_MILLISECONDS", DOWN_AFTER_MILLISECONDS.to_string()),
        ("REDIS_SENTINEL_FAILOVER_TIMEOUT", FAILOVER_MILLISECONDS.to_string()),
        ("REDIS_SENTINEL_RESOLVE_HOSTNAMES", "yes".to_owned()),
        ("REDIS_SENTINEL_ANNOUNCE_HOSTNAMES", "yes".to_owned()),
        ("REDIS_SENTINEL_ANNOUNCE_IP", parts.own_name.clone()),
        ("REDIS_SENTINEL_ANNOUNCE_PORT", SENTINEL_PORT.to_string()),
    ] {
        set(&mut sentinel, name, &value);
    }
    log_in(parts, &mut sentinel, &["REDIS_MASTER_PASSWORD", "REDIS_SENTINEL_PASSWORD"]);
    sentinel
}

fn set(component: &mut Component, name: &str, value: &str) {
    component.environment.insert(name.to_owned(), Text::from(value));
}

/// The password under these names, or the word that none is meant.
fn log_in(parts: &Parts<'_>, component: &mut Component, names: &[&str]) {
    if !parts.redis.auth {
        return set(component, "ALLOW_EMPTY_PASSWORD", "yes");
    }
    for name in names {
        component.environment.insert((*name).to_owned(), Text::secret(secret::REDIS));
    }
}
