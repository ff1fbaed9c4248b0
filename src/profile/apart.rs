//! What keeps a borrower's data apart from its owner's in the same stores: a database and a key prefix of its own.

use super::finding::{Findings, Place};
use super::load::Parts;
use super::model::{MongoDb, Redis};
use super::node::Node;
use super::rules::stores::{check_database, check_prefix};

/// Databases that MongoDB keeps for itself.
const RESERVED: [&str; 3] = ["admin", "config", "local"];

/// Checks what a profile with `sharedInfra` says about stores: only what keeps its data apart, because the rest is its
/// owner's and would be silently unused.
pub(super) fn check(parts: &Parts<'_>, findings: &mut Findings) {
    for tree in trees(parts) {
        let Some(member) = tree.member("infrastructure") else { continue };
        let stores = member.node.members();
        if stores.iter().all(|store| store.node.members().is_empty()) {
            findings.add_with_hint(
                member.key_place,
                "`infrastructure` and `sharedInfra` exclude each other",
                "remove one of the two",
            );
        }
        for (store, setting) in
            stores.iter().flat_map(|store| store.node.members().iter().map(move |setting| (store, setting)))
        {
            if !matches!(
                (store.key.as_str(), setting.key.as_str()),
                ("mongodb", "database") | ("redis", "prefix")
            ) {
                findings.add_with_hint(
                    setting.key_place,
                    format!("`{}` is the owner's to set: `sharedInfra` uses its {}", setting.key, store.key),
                    "of borrowed stores a profile sets `mongodb.database` and `redis.prefix`",
                );
            }
        }
    }
}

/// The owner's MongoDB with the borrower's database: what it says, else the name of its project.
pub(super) fn mongodb(
    parts: &Parts<'_>,
    place: Place,
    owner: Option<MongoDb>,
    findings: &mut Findings,
) -> Option<MongoDb> {
    let said = said(parts, "mongodb", "database");
    let Some(owner) = owner else {
        refuse_unused(said, "mongodb", findings);
        return None;
    };
    if let Some((place, database)) = said {
        check_database(database, place, findings);
        return Some(MongoDb { database: database.to_owned(), ..owner });
    }
    let database = parts.raw.project.clone().unwrap_or_default();
    let whose = if RESERVED.contains(&database.as_str()) {
        Some("MongoDB's")
    } else {
        database.eq_ignore_ascii_case(&owner.database).then_some("the owner's")
    };
    if let Some(whose) = whose {
        findings.add_with_hint(
            place,
            format!("its database would be called `{database}` like the project, and that one is {whose}"),
            "write `infrastructure.mongodb.database`",
        );
    }
    Some(MongoDb { database, ..owner })
}

/// The owner's Redis with the borrower's prefix: what it says, else the name of its project and a colon.
pub(super) fn redis(
    parts: &Parts<'_>,
    place: Place,
    owner: Option<Redis>,
    findings: &mut Findings,
) -> Option<Redis> {
    let said = said(parts, "redis", "prefix");
    let Some(owner) = owner else {
        refuse_unused(said, "redis", findings);
        return None;
    };
    if let Some((place, prefix)) = said {
        check_prefix(prefix, place, findings);
        return Some(Redis { prefix: prefix.to_owned(), ..owner });
    }
    let prefix = format!("{}:", parts.raw.project.as_deref().unwrap_or_default());
    if prefix == owner.prefix {
        findings.add_with_hint(
            place,
            format!("its keys would begin with `{prefix}` like the owner's"),
            "write `infrastructure.redis.prefix`",
        );
    }
    Some(Redis { prefix, ..owner })
}

fn refuse_unused(said: Option<(Place, &str)>, store: &str, findings: &mut Findings) {
    if let Some((place, _)) = said {
        findings.add_with_hint(place, format!("the owner has no {store}"), "remove the key");
    }
}

/// The profile wins over the infra file; the services file's stores are not this profile's.
fn trees<'a>(parts: &Parts<'a>) -> impl Iterator<Item = &'a Node> + use<'a> {
    [Some(parts.own), parts.infra].into_iter().flatten()
}

fn said<'a>(parts: &Parts<'a>, store: &str, key: &str) -> Option<(Place, &'a str)> {
    trees(parts).find_map(|tree| {
        let node = tree.get("infrastructure")?.get(store)?.get(key)?;
        Some((node.place, node.as_str()?))
    })
}
