//! What a project uses of another one, and what of it is not there; pure.

use std::collections::BTreeSet;

use super::desired::{Desired, Role};
use super::observed::{Container, Observed, State};

/// A part of another project that this one uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The word for it: `mongodb`, `auth`, `gateway`.
    pub name: String,
    /// The keys of its components in that project.
    pub keys: Vec<String>,
}

/// What a profile borrows is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("profile {profile} needs {} of profile {owner} (project {project}), which {} not up", in_words(.missing), are(.missing))]
pub struct OwnerNotUp {
    /// The profile that borrows.
    pub profile: String,
    /// The profile that it borrows from.
    pub owner: String,
    /// That profile's project.
    pub project: String,
    /// Everything that is not there: networks and parts.
    pub missing: Vec<String>,
    /// The command lines that bring them up.
    pub ways: [String; 2],
}

impl OwnerNotUp {
    /// What to do next.
    pub fn hint(&self) -> String {
        let [owner, both] = &self.ways;
        format!("start it first: {owner}\nor both at once: {both}")
    }
}

/// `a, b and c`.
pub fn in_words(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

fn are(names: &[String]) -> &'static str {
    if names.len() == 1 { "is" } else { "are" }
}

/// The networks and parts of an owner that are not there, networks first.
///
/// `networks` are the full names of those that the borrower joins; `desired` and `observed` are the owner's.
pub fn missing(
    networks: &BTreeSet<String>,
    parts: &[Part],
    desired: &Desired,
    observed: &Observed,
) -> Vec<String> {
    let networks = networks.iter().filter(|name| !observed.networks.contains_key(*name));
    let there = |key: &String| {
        let role = desired.components.get(key).map(|component| component.role);
        observed.containers.iter().any(|container| {
            container.component() == key && !container.is_one_off() && is_there(container, role)
        })
    };
    let parts = parts.iter().filter(|part| !part.keys.iter().all(there));
    networks.map(|name| format!("network {name}")).chain(parts.map(|part| part.name.clone())).collect()
}

/// It runs; a job: it is done or runs.
fn is_there(container: &Container, role: Option<Role>) -> bool {
    match container.state {
        State::Running | State::Restarting => true,
        State::Exited => role == Some(Role::Job) && container.exit_code == Some(0),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
