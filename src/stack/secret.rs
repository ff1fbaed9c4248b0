//! The secrets of a stack: their names, where each comes from, and which components use it.

use std::collections::{BTreeMap, BTreeSet};

use super::mark;
use super::model::{Component, Content, Part, SecretNeed, SecretSource, Text};
use crate::profile::model::{self, Profile};
use crate::profile::store_secrets;

pub(super) use crate::profile::store_secrets::{MONGODB, MONGODB_KEYFILE, MONGODB_ROOT, REDIS};

/// Letters and digits of a password that gw makes.
const PASSWORD: usize = 32;
/// Letters and digits of the members' key.
const KEY: usize = 128;

/// Returns what the components' texts need, sorted by name.
pub(super) fn needs(profile: &Profile, components: &[Component]) -> Vec<SecretNeed> {
    let mut users: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for component in components {
        for variable in used_by(component) {
            users.entry(variable).or_default().push(component.name.clone());
        }
    }
    users.into_iter().map(|(variable, users)| need(profile, variable, users)).collect()
}

fn used_by(component: &Component) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = component.secrets.iter().cloned().collect();
    component.environment.values().for_each(|text| collect(text, &mut names));
    component.entrypoint.iter().chain(&component.command).for_each(|text| collect(text, &mut names));
    collect(&component.credentials, &mut names);
    for file in &component.files {
        match &file.content {
            Content::Text(text) => collect(text, &mut names),
            Content::Template { values, .. } => collect_values(values, &mut names),
        }
    }
    names
}

fn need(profile: &Profile, variable: String, users: Vec<String>) -> SecretNeed {
    let own = store_secrets::of(profile.mongodb.as_ref(), profile.redis.as_ref());
    let borrowed = profile.borrowed.as_ref().filter(|borrowed| {
        let lent = store_secrets::of(borrowed.mongodb.as_ref(), borrowed.redis.as_ref());
        !own.contains(&variable.as_str()) && lent.contains(&variable.as_str())
    });
    let source = match borrowed {
        Some(borrowed) => {
            let source = Box::new(source(&borrowed.secrets, &variable));
            SecretSource::Profile { name: borrowed.profile.clone(), source }
        }
        None => source(&profile.secrets, &variable),
    };
    let purpose = match variable.as_str() {
        MONGODB_ROOT => "password of MongoDB's user root",
        MONGODB => "password of the applications' MongoDB user",
        MONGODB_KEYFILE => "key that the members of the replica set share",
        REDIS => "password of Redis",
        _ if source == SecretSource::Given => "used by a service; its value is yours to fill in",
        _ => "used by a service",
    };
    SecretNeed { variable, purpose: purpose.to_owned(), source, users }
}

fn source(said: &BTreeMap<String, model::SecretSource>, variable: &str) -> SecretSource {
    match said.get(variable) {
        Some(model::SecretSource::Environment(name)) => SecretSource::Environment(name.clone()),
        Some(model::SecretSource::File(path)) => SecretSource::File(path.clone()),
        Some(model::SecretSource::Command(words)) => SecretSource::Command(words.clone()),
        Some(model::SecretSource::Generated(length)) => SecretSource::Generated { length: *length },
        None if variable == MONGODB_KEYFILE => SecretSource::Generated { length: KEY },
        None if store_secrets::ALL.contains(&variable) => SecretSource::Generated { length: PASSWORD },
        None => SecretSource::Given,
    }
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
