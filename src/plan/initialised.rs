//! Which password a volume was initialised with; pure.
//!
//! Images of databases take their first password into an empty data folder and never again: with another one the server
//! starts, and nobody gets in. So a volume that gw makes for one carries a [`fingerprint`] of that password, and another
//! password is found before the start. Labels cannot be changed, so a rotation makes a further, empty volume that names the
//! fingerprint which holds now and, by its salt unmistakable, the one that it takes the place of.

use std::collections::{BTreeMap, BTreeSet};

use super::desired::{Component, Desired, MountKind, Volume};
use super::fingerprint;
use super::graph::Plan;
use super::labels;
use super::observed::Observed;
use super::operation::{Operation, Phase};

/// Variables that matter to an empty data folder only, and that folder: of the public images mongo, postgres, mysql and
/// mariadb, by the pages of each.
const TAKEN_ONCE: [(&str, &str); 4] = [
    ("MONGO_INITDB_ROOT_PASSWORD", "/data/db"),
    ("POSTGRES_PASSWORD", "/var/lib/postgresql"),
    ("MYSQL_ROOT_PASSWORD", "/var/lib/mysql"),
    ("MARIADB_ROOT_PASSWORD", "/var/lib/mysql"),
];

/// What initialises a volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Initialises<'a> {
    /// The component's key.
    pub component: &'a str,
    /// The variable that its image takes the password from.
    pub variable: &'static str,
    /// The password.
    pub password: &'a str,
}

/// What initialises the volume with this key, where something does.
pub fn initialises<'a>(desired: &'a Desired, volume: &str) -> Option<Initialises<'a>> {
    desired.components.iter().find_map(|(key, component)| {
        let (variable, password) = TAKEN_ONCE.iter().find_map(|(variable, folder)| {
            let password = password(component, variable)?;
            holds_data(component, volume, folder).then_some((*variable, password))
        })?;
        Some(Initialises { component: key, variable, password })
    })
}

/// A variable's value, or that of the file that `VARIABLE_FILE` names.
fn password<'a>(component: &'a Component, variable: &str) -> Option<&'a str> {
    let environment = &component.container.environment;
    let said = |name: &str| environment.get(name).and_then(Option::as_deref).filter(|text| !text.is_empty());
    said(variable).or_else(|| {
        let target = said(&format!("{variable}_FILE"))?;
        let file = component.container.files.iter().find(|file| file.target == target)?;
        Some(file.content.trim_end_matches(['\r', '\n']))
    })
}

/// Whether a component keeps what is in a folder in the volume with this key.
fn holds_data(component: &Component, volume: &str, folder: &str) -> bool {
    component.container.mounts.iter().any(|mount| {
        let is_it = mount.kind == MountKind::Volume && mount.source.as_deref() == Some(volume);
        let target = mount.target.trim_end_matches('/');
        is_it && (target == folder || target.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    })
}

/// The fingerprint of the password that a volume has now: of the last rotation, else the one that it was made with.
fn current<'a>(observed: &'a Observed, volume: &str) -> Option<&'a str> {
    let first = observed.volumes.get(volume)?.labels.get(labels::FINGERPRINT)?;
    let successors = successors(observed, first).max_by_key(|(_, generation)| *generation);
    let successor =
        successors.and_then(|(name, _)| observed.volumes.get(name)?.labels.get(labels::FINGERPRINT));
    Some(successor.unwrap_or(first))
}

/// The volumes that name another fingerprint instead of this one, with their generations.
fn successors<'a>(observed: &'a Observed, first: &str) -> impl Iterator<Item = (&'a str, u32)> {
    observed.volumes.iter().filter_map(move |(name, volume)| {
        let instead = volume.labels.get(labels::FINGERPRINT_INSTEAD_OF)? == first;
        let generation = volume.labels.get(labels::FINGERPRINT_GENERATION)?.parse().ok()?;
        instead.then_some((name.as_str(), generation))
    })
}

/// A volume that was initialised with another password than its component has now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The volume's full name.
    pub volume: String,
    /// The name that users know the component by.
    pub component: String,
    /// The name of the secret, else of the variable.
    pub secret: String,
    /// The secret is one that `gw secrets rotate` changes in the store.
    pub rotates: bool,
}

/// Volumes that were initialised with other passwords.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", in_words(.mismatches))]
pub struct OtherPassword {
    /// The profile.
    pub profile: String,
    /// Each volume; never empty.
    pub mismatches: Vec<Mismatch>,
}

fn in_words(mismatches: &[Mismatch]) -> String {
    let one = |one: &Mismatch| {
        let Mismatch { volume, component, secret, .. } = one;
        format!(
            "volume {volume} was initialised with another password than {secret} has now, so nobody could log in to {component}"
        )
    };
    mismatches.iter().map(one).collect::<Vec<_>>().join("\n")
}

impl OtherPassword {
    /// The ways out.
    pub fn hint(&self) -> String {
        let option = if self.profile == "default" { String::new() } else { format!(" -p {}", self.profile) };
        let rotated: BTreeSet<&str> =
            self.mismatches.iter().filter(|one| one.rotates).map(|one| one.secret.as_str()).collect();
        let mut ways = vec!["give it the former value again; its data is untouched".to_owned()];
        ways.extend(rotated.iter().map(|secret| {
            format!("a new password for the data that is there, while the former one is known to gw: `gw secrets rotate{option} {secret}`")
        }));
        ways.push(format!("start empty: `gw fresh{option} --volumes` deletes the data of the whole profile"));
        ways.join("\n")
    }
}

/// What the check knows besides what should be and what is.
pub struct Known<'a> {
    /// Keys of the components that are meant.
    pub selected: &'a BTreeSet<String>,
    /// [`super::resolved::resolved`] of each component.
    pub resolved: &'a BTreeMap<String, String>,
    /// Names of secrets by their values.
    pub secret: &'a dyn Fn(&str) -> Option<String>,
    /// Names of secrets that `gw secrets rotate` changes in the store.
    pub rotates: &'a dyn Fn(&str) -> bool,
}

/// Looks for volumes of selected components that were initialised with another password.
///
/// A container that was made with this very password has shown that it fits, and the slow hash costs nothing.
///
/// # Errors
/// All such volumes.
pub fn check(desired: &Desired, observed: &Observed, known: &Known<'_>) -> Result<(), OtherPassword> {
    let mut mismatches = Vec::new();
    for (key, volume) in desired.volumes.iter().filter(|(_, volume)| !volume.external) {
        let Some(found) = initialises(desired, key).filter(|found| known.selected.contains(found.component))
        else {
            continue;
        };
        let resolved = known.resolved.get(found.component);
        let shown = observed.containers.iter().any(|container| {
            container.component() == found.component
                && container.volumes.contains(&volume.name)
                && container.labels.get(labels::RESOLVED) == resolved
        });
        let fits = || fingerprint::matches(current(observed, &volume.name)?, found.password);
        if shown || fits() != Some(false) {
            continue;
        }
        let component = desired.components.get(found.component);
        let secret = (known.secret)(found.password).unwrap_or_else(|| found.variable.to_owned());
        mismatches.push(Mismatch {
            volume: volume.name.clone(),
            component: component.map_or(found.component, |component| component.name.as_str()).to_owned(),
            rotates: (known.rotates)(&secret),
            secret,
        });
    }
    if mismatches.is_empty() {
        Ok(())
    } else {
        Err(OtherPassword { profile: desired.profile.clone(), mismatches })
    }
}

/// What makes the fingerprint of a new password the one that holds for a volume, and takes former ones away; nothing where
/// the volume has none.
pub fn succeed(desired: &Desired, observed: &Observed, volume: &str, fingerprint: &str) -> (Desired, Plan) {
    let mut plan = Plan::default();
    let mut volumes = BTreeMap::new();
    let name = desired.volumes.get(volume).map_or("", |volume| volume.name.as_str());
    let first = observed.volumes.get(name).and_then(|found| found.labels.get(labels::FINGERPRINT));
    if let Some(first) = first {
        let stem = format!("{}_gw-rotated-", desired.project);
        let all = observed.volumes.iter().chain(&observed.other_volumes);
        let last = all.filter_map(|(name, _)| name.strip_prefix(&stem)?.parse::<u32>().ok()).max();
        let generation = last.unwrap_or(0) + 1;
        let key = format!("gw-rotated-{generation}");
        let labels = BTreeMap::from([
            (labels::FINGERPRINT.to_owned(), fingerprint.to_owned()),
            (labels::FINGERPRINT_INSTEAD_OF.to_owned(), first.clone()),
            (labels::FINGERPRINT_GENERATION.to_owned(), generation.to_string()),
        ]);
        let made = Volume {
            name: format!("{stem}{generation}"),
            external: false,
            labels,
            driver: None,
            driver_options: BTreeMap::new(),
        };
        volumes.insert(key.clone(), made);
        let create = Operation::CreateVolume { volume: key };
        let created = plan.add(Phase::Start, create, "it names the new password's fingerprint", &[]);
        for (former, _) in successors(observed, first) {
            let remove = Operation::RemoveVolume { name: former.to_owned() };
            plan.add(Phase::Cleanup, remove, "it names a former one", &[created]);
        }
    }
    let (project, profile) = (desired.project.clone(), desired.profile.clone());
    (Desired { project, profile, volumes, ..Desired::default() }, plan)
}

#[cfg(test)]
mod tests;
