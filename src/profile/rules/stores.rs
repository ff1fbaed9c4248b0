//! MongoDB and Redis from their written form to the model.

use super::super::finding::{Findings, Place};
use super::super::model::{MongoDb, MongoDbMode, Redis, RedisMode};
use super::super::node::Node;
use super::super::raw::infrastructure as raw;
use super::super::suggest::quoted;
use super::check_image;

/// The model of a MongoDB; its port is still without offset. `settings` is the tree that `infrastructure` stands in.
pub(in super::super) fn mongodb(written: &raw::MongoDb, settings: &Node, findings: &mut Findings) -> MongoDb {
    let place = |key| settings.place_of(&["infrastructure".into(), "mongodb".into(), key]);
    let members = written.members.unwrap_or(3);
    let mode = match written.mode {
        Some(raw::MongoDbMode::ReplicaSet) => MongoDbMode::ReplicaSet { members },
        _ => MongoDbMode::Single,
    };
    if mode != MongoDbMode::Single && members.is_multiple_of(2) {
        findings.add_with_hint(
            place("members".into()),
            format!("{members} members can split into two halves without a majority"),
            "write 1, 3, 5 or 7",
        );
    }
    let database = written.database.clone().unwrap_or_else(|| "app".to_owned());
    check_database(&database, place("database".into()), findings);
    let image = written.image.clone().unwrap_or_else(|| "mongo:8.0".to_owned());
    check_image(&image, place("image".into()), findings);
    MongoDb { mode, image, port: written.port, auth: written.auth.unwrap_or(false), database }
}

/// The model of a Redis; its port is still without offset. `settings` is the tree that `infrastructure` stands in.
pub(in super::super) fn redis(written: &raw::Redis, settings: &Node, findings: &mut Findings) -> Redis {
    let place = |key| settings.place_of(&["infrastructure".into(), "redis".into(), key]);
    let mode = match written.mode {
        Some(raw::RedisMode::Sentinel) => RedisMode::Sentinel {
            replicas: written.replicas.unwrap_or(2),
            sentinels: written.sentinels.unwrap_or(3),
        },
        _ => RedisMode::Single,
    };
    let image = written.image.clone().unwrap_or_else(|| "redis:8".to_owned());
    check_image(&image, place("image".into()), findings);
    let prefix = written.prefix.clone().unwrap_or_default();
    check_prefix(&prefix, place("prefix".into()), findings);
    Redis { mode, image, port: written.port, auth: written.auth.unwrap_or(false), prefix }
}

/// Checks the name of the applications' database.
pub(in super::super) fn check_database(name: &str, place: Place, findings: &mut Findings) {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if name.is_empty() || name.len() > 38 || !name.chars().all(allowed) {
        findings.add_with_hint(
            place,
            format!("{} is not a database's name", quoted(name)),
            "use at most 38 letters, digits, `_` and `-`",
        );
    }
}

/// Checks what the applications' keys begin with.
pub(in super::super) fn check_prefix(prefix: &str, place: Place, findings: &mut Findings) {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':' | '.' | '/');
    if prefix.len() > 100 || !prefix.chars().all(allowed) {
        findings.add_with_hint(
            place,
            format!("{} is not a prefix of keys", quoted(prefix)),
            "use at most 100 letters, digits, `_`, `-`, `:`, `.` and `/`",
        );
    }
}
