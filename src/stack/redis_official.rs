//! The public Redis image: a server or a sentinel takes a configuration file, and a failover rewrites it.

use serde_json::{Value, json};

use super::address::{REDIS_PORT, SENTINEL_PORT};
use super::mark;
use super::model::{Component, Content, File};
use super::part::{volume, words};
use super::redis::{DOWN_AFTER_MILLISECONDS, FAILOVER_MILLISECONDS, Parts};
use super::reference::MASTER;
use super::secret;

/// The user of the public image.
const USER_ID: &str = "999:999";
const FOLDER: &str = "/usr/local/etc/redis";

/// Completes a server.
pub(super) fn server(parts: &Parts<'_>, mut server: Component) -> Component {
    let watched = parts.is_watched();
    let configuration = json!({
        "port": REDIS_PORT,
        "password": password(parts),
        "announce": watched.then_some(&parts.own_name),
        "replica_of": (watched && !parts.is_first()).then_some(&parts.master),
    });
    server.user = Some(USER_ID.to_owned());
    server.mounts = vec![volume(parts.volume(), "/data")];
    let name = format!("{}-conf", parts.key);
    server.files = vec![file(name, "redis.conf", "stores/redis.conf.tera", configuration)];
    if watched {
        let start = json!({ "sentinels": parts.sentinels, "sentinel_port": SENTINEL_PORT, "name": MASTER });
        server.files.push(file("redis-start".to_owned(), "start.sh", "stores/redis-start.sh.tera", start));
        server.command = words(&["sh", &format!("{FOLDER}/start.sh")]);
    } else {
        server.command = words(&["redis-server", &format!("{FOLDER}/redis.conf")]);
    }
    server
}

/// Completes a sentinel.
pub(super) fn sentinel(parts: &Parts<'_>, mut sentinel: Component) -> Component {
    let configuration = json!({
        "port": SENTINEL_PORT,
        "password": password(parts),
        "announce": parts.own_name,
        "name": MASTER,
        "master": parts.master,
        "master_port": REDIS_PORT,
        "quorum": parts.quorum(),
        "down_after": DOWN_AFTER_MILLISECONDS,
        "failover": FAILOVER_MILLISECONDS,
    });
    let start = json!({ "name": MASTER });
    let name = format!("{}-conf", parts.key);
    sentinel.user = Some(USER_ID.to_owned());
    sentinel.command = words(&["sh", &format!("{FOLDER}/start.sh")]);
    sentinel.mounts = vec![volume(parts.key, "/data")];
    sentinel.files = vec![
        file(name, "sentinel.conf", "stores/sentinel.conf.tera", configuration),
        file("sentinel-start".to_owned(), "start.sh", "stores/sentinel-start.sh.tera", start),
    ];
    sentinel
}

fn file(name: String, target: &str, template: &'static str, values: Value) -> File {
    File {
        name,
        target: format!("{FOLDER}/{target}"),
        content: Content::Template { name: template, values },
        mode: 0o444,
    }
}

fn password(parts: &Parts<'_>) -> Option<String> {
    parts.redis.auth.then(|| mark::secret(secret::REDIS))
}
