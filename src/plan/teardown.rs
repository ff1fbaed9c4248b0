//! Decides what `down`, `stop` and `restart` do; pure.

use std::collections::BTreeSet;
use std::time::Duration;

use super::desired::Desired;
use super::graph::{NodeId, Plan};
use super::observed::{Container, Observed, State};
use super::operation::{Operation, Phase};
use super::reconcile::{remove, start_order};
use super::strangers::{is_ours, network_stays, networks, unproven_volume_stays, volume_stays, volumes};

/// What `down` removes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Down {
    /// Keys of the components that are meant; `None` is the whole project.
    pub selected: Option<BTreeSet<String>>,
    /// Volumes and their data go too.
    pub volumes: bool,
    /// What is in no model stays.
    pub keep_orphans: bool,
    /// Images that go when nothing uses them any more.
    pub images: Vec<String>,
    /// Containers are given no time to end by themselves.
    pub at_once: bool,
}

/// The plan that takes a project down; `desired` is what the profile has now, where it can still be read.
pub fn down(project: &str, desired: Option<&Desired>, observed: &Observed, options: &Down) -> Plan {
    let mut plan = Plan::default();
    let (mut gone, mut kept) = (Vec::new(), Vec::new());
    for container in &observed.containers {
        let key = container.component();
        let orphan = desired.is_some_and(|desired| !desired.components.contains_key(key));
        let meant = options.selected.as_ref().is_none_or(|selected| selected.contains(key));
        if !meant || (orphan && options.keep_orphans) {
            kept.push(container.name.as_str());
            continue;
        }
        let cause = if orphan { "in no model: an orphan" } else { "down" };
        gone.push(remove(&mut plan, Phase::Clean, container, cause));
    }
    match (&options.selected, desired) {
        (Some(selected), Some(desired)) if options.volumes => {
            volumes_of(&mut plan, desired, observed, selected, &gone);
        }
        (Some(_), _) => {}
        (None, _) if !kept.is_empty() => {
            let data = if options.volumes { " and volumes" } else { "" };
            plan.notes.push(format!("networks{data} stay: --keep-orphans leaves {}", kept.join(", ")));
        }
        (None, _) => leftovers(&mut plan, (project, desired), observed, options, &gone),
    }
    if let (None, Some(desired)) = (&options.selected, desired) {
        let mut strange: Vec<String> =
            networks(desired, observed).iter().map(|name| format!("network {name}")).collect();
        if options.volumes {
            strange.extend(volumes(desired, observed).iter().map(|name| format!("volume {name}")));
        }
        plan.notes
            .extend(strange.iter().map(|what| format!("{what} stays: it was not made for this project")));
    }
    for image in &options.images {
        plan.add(Phase::Clean, Operation::RemoveBuiltImage { image: image.clone() }, "down", &gone);
    }
    if options.at_once {
        for node in &mut plan.nodes {
            if let Operation::StopContainer { grace, .. } = &mut node.operation {
                *grace = Some(Duration::ZERO);
            }
        }
    }
    plan
}

/// Networks, and volumes where they are meant; of a whole project, whether they are in a file or not.
fn leftovers(
    plan: &mut Plan,
    (project, desired): (&str, Option<&Desired>),
    observed: &Observed,
    options: &Down,
    gone: &[NodeId],
) {
    for (name, _) in observed.networks.iter().filter(|(_, network)| is_ours(&network.labels, project)) {
        match network_stays(name, &observed.others) {
            Some(note) => plan.notes.push(note),
            None => {
                plan.add(Phase::Clean, Operation::RemoveNetwork { name: name.clone() }, "down", gone);
            }
        }
    }
    let volumes = observed.volumes.iter().filter(|_| options.volumes);
    for (name, volume) in volumes.filter(|(_, volume)| is_ours(&volume.labels, project)) {
        match unproven_volume_stays(name, &volume.labels, desired, observed) {
            Some(note) => plan.notes.push(note),
            None => remove_volume(plan, observed, name, gone),
        }
    }
}

/// The volumes that only the selected components use.
fn volumes_of(
    plan: &mut Plan,
    desired: &Desired,
    observed: &Observed,
    selected: &BTreeSet<String>,
    gone: &[NodeId],
) {
    for (key, volume) in desired.volumes.iter().filter(|(_, volume)| !volume.external) {
        let users = desired.components.iter().filter(|(_, component)| component.mounts_volume(key));
        let (meant, others): (Vec<_>, Vec<_>) = users.partition(|(key, _)| selected.contains(*key));
        let name = &volume.name;
        let Some(found) = observed.volumes.get(name).filter(|_| !meant.is_empty()) else { continue };
        if !is_ours(&found.labels, &desired.project) {
            plan.notes.push(format!("volume {name} stays: it was not made for this project"));
        } else if let Some((other, _)) = others.first() {
            plan.notes.push(format!("volume {name} stays: {other} uses it too"));
        } else {
            remove_volume(plan, observed, name, gone);
        }
    }
}

fn remove_volume(plan: &mut Plan, observed: &Observed, name: &str, gone: &[NodeId]) {
    match volume_stays(name, &observed.others) {
        Some(note) => plan.notes.push(note),
        None => {
            plan.add(Phase::Clean, Operation::RemoveVolume { name: name.to_owned() }, "--volumes", gone);
        }
    }
}

/// The plan that stops the selected components and keeps their containers.
pub fn stop(observed: &Observed, selected: &BTreeSet<String>) -> Plan {
    let mut plan = Plan::default();
    for container in observed.containers.iter().filter(|container| selected.contains(container.component())) {
        stop_one(&mut plan, container, "stop");
    }
    plan
}

/// The plan that stops and starts the selected components, each after what it depends on, and waits for them.
pub fn restart(desired: &Desired, observed: &Observed, selected: &BTreeSet<String>) -> Plan {
    let mut plan = Plan::default();
    let mut awaited = std::collections::BTreeMap::new();
    let mut stopped = std::collections::BTreeMap::new();
    for container in observed.containers.iter().filter(|container| selected.contains(container.component())) {
        if let Some(node) = stop_one(&mut plan, container, "restart") {
            stopped.insert(container.id.clone(), node);
        }
    }
    for key in start_order(desired, selected) {
        let Some(component) = desired.components.get(&key) else { continue };
        let mut needs: Vec<NodeId> =
            component.depends_on.keys().filter_map(|on| awaited.get(on)).copied().collect();
        let (dependencies, mut existing) = (needs.clone(), Vec::new());
        for container in observed.containers.iter().filter(|container| container.component() == key) {
            let mut before = dependencies.clone();
            before.extend(stopped.get(&container.id));
            let id = Some(container.id.clone());
            let operation =
                Operation::StartContainer { component: key.clone(), number: container.number(), id };
            needs.push(plan.add(Phase::Start, operation, "restart", &before));
            existing.push((container.number(), container.id.clone()));
        }
        if existing.is_empty() {
            plan.notes.push(format!("{key} has no container: `gw up {key}` makes it"));
            continue;
        }
        let operation = Operation::AwaitReady { component: key.clone(), existing };
        awaited.insert(key, plan.add(Phase::Health, operation, "must be ready", &needs));
    }
    plan
}

fn stop_one(plan: &mut Plan, container: &Container, cause: &str) -> Option<NodeId> {
    let runs = matches!(container.state, State::Running | State::Restarting | State::Paused);
    let (id, name) = (container.id.clone(), container.name.clone());
    runs.then(|| plan.add(Phase::Clean, Operation::StopContainer { id, name, grace: None }, cause, &[]))
}

#[cfg(test)]
mod tests;
