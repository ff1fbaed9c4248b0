//! Who uses a project: whose containers are attached to its networks; pure, and read from the engine alone.

use std::collections::{BTreeMap, BTreeSet};

use super::labels;
use super::observed::{Container, Observed, State};

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
    for container in &observed.others {
        let made_by_gw = !container.project().is_empty() && !container.profile().is_empty();
        let uses = own_networks(project, observed).any(|network| is_attached(container, network));
        if made_by_gw && uses {
            found.entry((container.project(), container.profile())).or_default().push(container.name.clone());
        }
    }
    let borrower = |((project, profile), containers): ((&str, &str), Vec<String>)| Borrower {
        project: project.to_owned(),
        profile: profile.to_owned(),
        containers,
    };
    found.into_iter().map(borrower).collect()
}

fn own_networks<'a>(project: &'a str, observed: &'a Observed) -> impl Iterator<Item = &'a str> {
    let is_own = move |labels: &BTreeMap<String, String>| {
        labels.get(labels::COMPOSE_PROJECT).is_some_and(|value| value == project)
    };
    observed
        .networks
        .iter()
        .filter(move |(_, network)| is_own(&network.labels))
        .map(|(name, _)| name.as_str())
}

/// A container that has ended is attached to nothing, whatever it will want at its next start.
fn is_attached(container: &Container, network: &str) -> bool {
    let runs = matches!(container.state, State::Running | State::Restarting | State::Paused);
    runs && container.networks.contains(network)
}

#[cfg(test)]
mod tests;
