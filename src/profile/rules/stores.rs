//! MongoDB and Redis from their written form to the model.

use super::super::finding::{Findings, Place};
use super::super::model::{MongoDb, MongoDbMode, Redis, RedisFlavor, RedisMode};
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
    let flavor = match written.flavor {
        Some(raw::RedisFlavor::Bitnami) => RedisFlavor::Bitnami,
        _ => RedisFlavor::Official,
    };
    if flavor == RedisFlavor::Bitnami && written.image.is_none() {
        findings.add_with_hint(
            place("flavor".into()),
            "this flavor has no image of its own: the free ones move".to_owned(),
            "write `image` too, for example \"bitnamilegacy/redis:8.2\"",
        );
    }
    let image = written.image.clone().unwrap_or_else(|| "redis:8".to_owned());
    check_image(&image, place("image".into()), findings);
    let sentinel_image = match flavor {
        RedisFlavor::Official => image.clone(),
        RedisFlavor::Bitnami => sentinel_of(&image).unwrap_or_else(|| {
            if mode != RedisMode::Single && written.image.is_some() {
                findings.add_with_hint(
                    place("image".into()),
                    format!("the sentinels' image cannot be told from {}", quoted(&image)),
                    "name one that is called `redis`: beside it stands `redis-sentinel` with the same tag",
                );
            }
            image.clone()
        }),
    };
    let prefix = written.prefix.clone().unwrap_or_default();
    check_prefix(&prefix, place("prefix".into()), findings);
    let auth = written.auth.unwrap_or(false);
    Redis { mode, flavor, image, sentinel_image, port: written.port, auth, prefix }
}

/// `example.com/bitnami/redis-sentinel:8.2` for `example.com/bitnami/redis:8.2`; a digest is another one there.
fn sentinel_of(image: &str) -> Option<String> {
    let (folder, name) = image.rsplit_once('/').unwrap_or(("", image));
    let tag = name.strip_prefix("redis").filter(|tag| tag.is_empty() || tag.starts_with(':'))?;
    let slash = if folder.is_empty() { "" } else { "/" };
    (!tag.contains('@')).then(|| format!("{folder}{slash}redis-sentinel{tag}"))
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

#[cfg(test)]
mod tests {
    use super::sentinel_of;

    #[test]
    fn the_sentinels_image_stands_beside_the_servers() {
        for (image, sentinels) in [
            ("bitnamilegacy/redis:8.2", Some("bitnamilegacy/redis-sentinel:8.2")),
            ("localhost:5000/bitnami/redis", Some("localhost:5000/bitnami/redis-sentinel")),
            ("redis:8", Some("redis-sentinel:8")),
            ("bitnami/redis-cluster:8", None),
            ("bitnami/redis:8@sha256:0a", None),
        ] {
            assert_eq!(sentinel_of(image).as_deref(), sentinels, "{image}");
        }
    }
}
