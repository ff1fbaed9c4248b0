//! The secrets of a stack: their names, and which of them its texts need.

use std::collections::BTreeSet;

use super::mark;
use super::model::{Component, Content, Part, SecretNeed, SecretSource, Text};
use crate::profile::model::Profile;

/// Password of MongoDB's `root`.
pub(super) const MONGODB_ROOT: &str = "GW_MONGODB_ROOT_PASSWORD";
/// Password of the applications' MongoDB user, in a replica set.
pub(super) const MONGODB: &str = "GW_MONGODB_PASSWORD";
/// What the members of a replica set know each other by.
pub(super) const MONGODB_KEYFILE: &str = "GW_MONGODB_KEYFILE";
/// Password of Redis and its sentinels.
pub(super) const REDIS: &str = "GW_REDIS_PASSWORD";

/// Returns what the components' texts need, sorted by name.
pub(super) fn needs(profile: &Profile, components: &[Component]) -> Vec<SecretNeed> {
    let mut names = BTreeSet::new();
    for component in components {
        component.environment.values().for_each(|text| collect(text, &mut names));
        component.entrypoint.iter().chain(&component.command).for_each(|text| collect(text, &mut names));
        collect(&component.credentials, &mut names);
        names.extend(component.secrets.iter().cloned());
        for file in &component.files {
            match &file.content {
                Content::Text(text) => collect(text, &mut names),
                Content::Template { values, .. } => collect_values(values, &mut names),
            }
        }
    }
    names.into_iter().map(|name| need(profile, name)).collect()
}

fn need(profile: &Profile, variable: String) -> SecretNeed {
    let mongodb = profile.mongodb.as_ref().is_some_and(|mongodb| mongodb.auth);
    let redis = profile.redis.as_ref().is_some_and(|redis| redis.auth);
    let (length, purpose, own) = match variable.as_str() {
        MONGODB_ROOT => (32, "password of MongoDB's user root", mongodb),
        MONGODB => (32, "password of the applications' MongoDB user", mongodb),
        MONGODB_KEYFILE => (128, "key that the members of the replica set share", mongodb),
        REDIS => (32, "password of Redis", redis),
        _ => {
            let purpose = "used by a service; its value is yours to fill in".to_owned();
            return SecretNeed { variable, purpose, source: SecretSource::Given };
        }
    };
    let source = match &profile.borrowed {
        Some(borrowed) if !own => SecretSource::Profile { name: borrowed.profile.clone(), length },
        _ => SecretSource::Generated { length },
    };
    SecretNeed { variable, purpose: purpose.to_owned(), source }
}

fn collect(text: &Text, names: &mut BTreeSet<String>) {
    for part in &text.0 {
        if let Part::Secret(name) = part {
            names.insert(name.clone());
        }
    }
}

fn collect_values(values: &serde_json::Value, names: &mut BTreeSet<String>) {
    match values {
        serde_json::Value::String(text) => collect(&mark::read(text), names),
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect_values(item, names)),
        serde_json::Value::Object(fields) => fields.values().for_each(|field| collect_values(field, names)),
        _ => {}
    }
}
