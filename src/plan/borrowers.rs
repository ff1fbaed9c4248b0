//! Who uses a project: whose containers are attached to its networks; pure, and read from the engine alone.

use std::collections::{BTreeMap, BTreeSet};

use super::labels;
use super::observed::{Container, Observed};

/// Another project that uses this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Borrower {
    /// The project.
    pub project: String,
    /// The profile that its containers were made from.
    pub profile: String,
    /// The names of its containers that are attached.
    pub containers: Vec<String>,
}

/// A project that others still use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("project {project} is still used: {}", in_words(.borrowers))]
pub struct StillUsed {
    /// The project.
    pub project: String,
    /// Who uses it.
    pub borrowers: Vec<Borrower>,
}

impl StillUsed {
    /// What to do next.
    pub fn hint(&self) -> String {
        let profiles: BTreeSet<&str> = self.borrowers.iter().map(|one| one.profile.as_str()).collect();
        let first: Vec<String> = profiles.iter().map(|profile| format!("gw down -p {profile}")).collect();
        format!("first: {}\nor go on with --force: what uses it then fails", first.join("; "))
    }
}

fn in_words(borrowers: &[Borrower]) -> String {
    let one = |borrower: &Borrower| {
        let Borrower { project, profile, containers } = borrower;
        format!("by project {project} (profile {profile}) with {}", containers.join(", "))
    };
    borrowers.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// The projects whose running containers, made from a file of gw's, are attached to a network of `project`'s own.
///
/// What was attached by hand and what has ended uses nothing.
pub fn borrowers(project: &str, observed: &Observed) -> Vec<Borrower> {
    let mut found: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for container in attached(project, observed) {
        let (user, profile) = (container.project(), container.profile());
        if !user.is_empty() && !profile.is_empty() {
            found.entry((user, profile)).or_default().push(container.name.clone());
        }
    }
    let borrower = |((project, profile), containers): ((&str, &str), Vec<String>)| Borrower {
        project: project.to_owned(),
        profile: profile.to_owned(),
        containers,
    };
    found.into_iter().map(borrower).collect()
}

/// Everybody else's containers that run and are attached to a network that was made for `project`.
///
/// A container that has ended is attached to nothing, whatever it will want at its next start.
pub(super) fn attached<'a>(project: &str, observed: &'a Observed) -> impl Iterator<Item = &'a Container> {
    let networks = observed.networks.iter().chain(&observed.other_networks);
    let own: BTreeSet<&str> = networks
        .filter(|(_, network)| network.labels.get(labels::COMPOSE_PROJECT).is_some_and(|of| of == project))
        .map(|(name, _)| name.as_str())
        .collect();
    let containers = observed.containers.iter().chain(&observed.others);
    let project = project.to_owned();
    containers.filter(move |container| {
        let is_attached = || container.networks.iter().any(|name| own.contains(name.as_str()));
        container.project() != project && container.state.is_up() && is_attached()
    })
}

#[cfg(test)]
mod tests;
