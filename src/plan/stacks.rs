//! The stacks of a checkout, by what is on the engine: also those that no profile names any more; pure.

use std::collections::{BTreeMap, BTreeSet};

use super::labels;
use super::observed::Observed;
use super::ownership::Checkout;

/// A project with something of this checkout's in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stack {
    /// The project.
    pub project: String,
    /// The profiles that things of it were made from.
    pub profiles: BTreeSet<String>,
    /// The isolated run that it is of.
    pub run: Option<String>,
    /// How many containers.
    pub containers: usize,
    /// How many networks.
    pub networks: usize,
    /// How many volumes.
    pub volumes: usize,
    /// The other projects whose networks its containers are attached to.
    pub uses: BTreeSet<String>,
}

/// What the files say: a profile and its project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The profile's file, relative to the root.
    pub file: String,
    /// Its project; `None` where it cannot be read.
    pub project: Option<String>,
}

/// Every stack of a checkout, sorted by project; `resolve` follows the links of a path.
pub fn of(observed: &Observed, checkout: &Checkout, resolve: &dyn Fn(&str) -> String) -> Vec<Stack> {
    let mut stacks: BTreeMap<String, Stack> = BTreeMap::new();
    let networks: BTreeMap<_, _> = observed.networks.iter().chain(&observed.other_networks).collect();
    let volumes = observed.volumes.iter().chain(&observed.other_volumes);
    let mut count = |labels: &BTreeMap<String, String>, add: &dyn Fn(&mut Stack)| {
        let project = labels.get(labels::COMPOSE_PROJECT).map_or("", String::as_str);
        let ours = checkout.made(labels) || checkout.rendered(labels, resolve);
        if ours && !project.is_empty() {
            let stack = stacks.entry(project.to_owned()).or_default();
            project.clone_into(&mut stack.project);
            stack.profiles.extend(labels.get(labels::PROFILE).cloned());
            stack.run = stack.run.take().or_else(|| labels.get(labels::RUN).cloned());
            add(stack);
        }
    };
    for container in observed.containers.iter().chain(&observed.others) {
        let owners = container.networks.iter().filter_map(|name| networks.get(name));
        let uses: BTreeSet<String> =
            owners.filter_map(|network| network.labels.get(labels::COMPOSE_PROJECT)).cloned().collect();
        count(&container.labels, &|stack| {
            stack.containers += 1;
            stack.uses.extend(uses.iter().filter(|used| **used != stack.project).cloned());
        });
    }
    for network in networks.values() {
        count(&network.labels, &|stack| stack.networks += 1);
    }
    for (_, volume) in volumes {
        count(&volume.labels, &|stack| stack.volumes += 1);
    }
    stacks.into_values().collect()
}

/// The projects, each before those that it uses: who borrows goes first.
pub fn users_first(stacks: &[Stack]) -> Vec<&str> {
    fn visit<'a>(
        stack: &'a Stack,
        stacks: &'a [Stack],
        done: &mut Vec<&'a str>,
        open: &mut BTreeSet<&'a str>,
    ) {
        if !open.insert(&stack.project) {
            return;
        }
        for user in stacks.iter().filter(|user| user.uses.contains(&stack.project)) {
            visit(user, stacks, done, open);
        }
        done.push(&stack.project);
    }
    let (mut done, mut open) = (Vec::new(), BTreeSet::new());
    for stack in stacks {
        visit(stack, stacks, &mut done, &mut open);
    }
    done
}

/// What is said about stacks that no profile names, of which something is on the engine; `None` where there is none.
///
/// With `data`, also those of which only volumes are left. A profile that cannot be read may name any of them.
pub fn gone(stacks: &[Stack], named: &[Named], data: bool) -> Option<String> {
    let is_named = |stack: &&Stack| named.iter().any(|one| one.project.as_ref() == Some(&stack.project));
    let meant = |stack: &&Stack| stack.run.is_none() && (data || stack.containers + stack.networks > 0);
    let left: Vec<&Stack> = stacks.iter().filter(|stack| !is_named(stack) && meant(stack)).collect();
    if left.is_empty() {
        return None;
    }
    let list: Vec<String> = left.iter().map(|stack| stack.in_words()).collect();
    let list = list.join(", ");
    if let Some(unreadable) = named.iter().find(|one| one.project.is_none()) {
        let file = &unreadable.file;
        return Some(format!(
            "left alone, because the project of {file} cannot be read and may be one of these: {list}"
        ));
    }
    let runs = left.iter().any(|stack| stack.containers + stack.networks > 0);
    let way = if runs {
        "`gw down --all` takes down every stack of this checkout"
    } else {
        "`gw down --all --volumes` removes every stack of this checkout with its data"
    };
    Some(format!("left alone, because no profile names it now: {list}; {way}"))
}

/// What is said about isolated runs; `None` where there is none.
pub fn isolated(stacks: &[Stack]) -> Option<String> {
    let runs: Vec<String> = stacks
        .iter()
        .filter_map(|stack| Some(format!("{} ({})", stack.run.as_ref()?, stack.in_words())))
        .collect();
    (!runs.is_empty()).then(|| format!("isolated runs, each for `--isolated=ID`: {}", runs.join(", ")))
}

impl Stack {
    /// `project ms of profile default (3 containers, 1 network)`.
    pub fn in_words(&self) -> String {
        let count = |number: usize, one: &str| {
            (number > 0).then(|| format!("{number} {one}{}", if number == 1 { "" } else { "s" }))
        };
        let counts: Vec<String> = [
            count(self.containers, "container"),
            count(self.networks, "network"),
            count(self.volumes, "volume"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let profiles: Vec<&str> = self.profiles.iter().map(String::as_str).collect();
        let of =
            if profiles.is_empty() { String::new() } else { format!(" of profile {}", profiles.join(", ")) };
        format!("project {}{of} ({})", self.project, counts.join(", "))
    }
}

#[cfg(test)]
mod tests;
