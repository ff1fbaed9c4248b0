//! A store that gets other servers than it had: its data is carried over, or the change is refused; pure.
//!
//! The first server of every mode has the same volume. A set that comes where a single server was gets its data from
//! there. The other way round, or with fewer servers, the newest data may be in a volume that nobody would mount.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::desired::{Desired, Role};
use super::labels;
use super::observed::{Container, Observed};

/// A store: the servers of a kind, and what watches them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Store {
    /// MongoDB servers.
    Mongodb,
    /// Redis servers and sentinels.
    Redis,
}

impl Store {
    /// The store that a role, by its name in labels, belongs to.
    pub fn of(role: &str) -> Option<Self> {
        const ROLES: [(Role, Store); 3] =
            [(Role::Mongodb, Store::Mongodb), (Role::Redis, Store::Redis), (Role::Sentinel, Store::Redis)];
        ROLES.iter().find(|(known, _)| known.name() == role).map(|(_, store)| *store)
    }

    /// The stores that some of these components belong to.
    pub fn among(desired: &Desired, keys: &BTreeSet<String>) -> BTreeSet<Self> {
        let components = keys.iter().filter_map(|key| desired.components.get(key));
        components.filter_map(|component| Self::of(component.role.name())).collect()
    }
}

impl fmt::Display for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Mongodb => "MongoDB",
            Self::Redis => "Redis",
        })
    }
}

/// A change of mode that could lose data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{store} of project {project} would start without the volumes of former servers, where its newest data may be: {}",
    data.join(", ")
)]
pub struct ModeChange {
    /// The store.
    pub store: Store,
    /// The project.
    pub project: String,
    /// The profile.
    pub profile: String,
    /// The volumes of former servers.
    pub data: Vec<String>,
    /// Those, and the volumes of what watched them.
    pub volumes: Vec<String>,
}

impl ModeChange {
    /// The ways out.
    pub fn hint(&self) -> String {
        let gw = if self.profile == "default" { "gw".to_owned() } else { format!("gw -p {}", self.profile) };
        format!(
            "go back to the servers that it had, or start empty with `{gw} fresh --volumes`; once you know that nothing\n\
             in these volumes is needed: `{gw} down` and `docker volume rm {}`",
            self.volumes.join(" ")
        )
    }
}

/// Looks for volumes of a selected store's former servers that no server has now.
///
/// # Errors
/// The first store that has such volumes.
pub fn check(desired: &Desired, observed: &Observed, selected: &BTreeSet<String>) -> Result<(), ModeChange> {
    for store in Store::among(desired, selected) {
        let mut change = ModeChange {
            store,
            project: desired.project.clone(),
            profile: desired.profile.clone(),
            data: Vec::new(),
            volumes: Vec::new(),
        };
        for (name, labels) in strays(desired, observed) {
            let role = role(labels);
            if Store::of(role) == Some(store) {
                change.volumes.push(name.to_owned());
                if role != Role::Sentinel.name() {
                    change.data.push(name.to_owned());
                }
            }
        }
        if !change.data.is_empty() {
            return Err(change);
        }
    }
    Ok(())
}

/// The project's volumes that are in no file any more, with their labels.
pub fn strays<'a>(
    desired: &'a Desired,
    observed: &'a Observed,
) -> impl Iterator<Item = (&'a str, &'a BTreeMap<String, String>)> {
    let named: BTreeSet<&str> = desired.volumes.values().map(|volume| volume.name.as_str()).collect();
    let volumes = observed.volumes.iter().filter(move |(name, volume)| {
        let ours = volume.labels.get(labels::COMPOSE_PROJECT) == Some(&desired.project);
        ours && !named.contains(name.as_str())
    });
    volumes.map(|(name, volume)| (name.as_str(), &volume.labels))
}

/// Whether a volume with these labels has, or had in another mode, the data of one of the stack's stores.
pub(super) fn is_of_a_store(labels: &BTreeMap<String, String>, desired: &Desired) -> bool {
    let stores = Store::among(desired, &desired.components.keys().cloned().collect());
    Store::of(role(labels)).is_some_and(|store| stores.contains(&store))
}

/// Whether a container is a server of one of these stores that is in no file any more: others have its place and its data.
pub fn is_former_server(container: &Container, desired: &Desired, stores: &BTreeSet<Store>) -> bool {
    let role = container.labels.get(labels::ROLE).map_or("", String::as_str);
    !desired.components.contains_key(container.component())
        && Store::of(role).is_some_and(|store| stores.contains(&store))
}

/// The role of the component whose data a volume has; by its key where it was not gw who made it.
fn role(labels: &BTreeMap<String, String>) -> &str {
    const KEYS: [(&str, Role); 3] = [
        ("mongodb-secondary-", Role::Mongodb),
        ("redis-replica-", Role::Redis),
        ("redis-sentinel-", Role::Sentinel),
    ];
    if let Some(role) = labels.get(labels::ROLE) {
        return role;
    }
    let key = labels.get(labels::COMPOSE_VOLUME).map_or("", String::as_str);
    KEYS.iter().find(|(prefix, _)| key.starts_with(prefix)).map_or("", |(_, role)| role.name())
}

#[cfg(test)]
mod tests;
