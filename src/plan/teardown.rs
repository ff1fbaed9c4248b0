//! Decides what `down`, `stop` and `restart` do; pure.

use std::collections::BTreeSet;

use super::desired::Desired;
use super::graph::{NodeId, Plan};
use super::observed::{Container, Observed, State};
use super::operation::{Operation, Phase};
use super::reconcile::{remove, start_order};

/// What `down` removes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Down {
    /// Keys of the components that are meant; `None` is the whole project.
    pub selected: Option<BTreeSet<String>>,
    /// Volumes and their data go too.
    pub volumes: bool,
    /// What is in no model stays.
    pub keep_orphans: bool,
}

/// The plan that takes a project down; `desired` is what the profile has now, where it can still be read.
pub fn down(project: &str, desired: Option<&Desired>, observed: &Observed, options: &Down) -> Plan {
    let mut plan = Plan::default();
    let mut gone = Vec::new();
    for container in &observed.containers {
        let key = container.component();
        let orphan = desired.is_some_and(|desired| !desired.components.contains_key(key));
        let meant = options.selected.as_ref().is_none_or(|selected| selected.contains(key));
        if !meant || (orphan && options.keep_orphans) {
            continue;
        }
        let cause = if orphan { "in no model: an orphan" } else { "down" };
        gone.push(remove(&mut plan, Phase::Clean, container, cause));
    }
    if options.selected.is_some() || gone.len() < observed.containers.len() {
        return plan;
    }
    for (name, network) in &observed.networks {
        if is_ours(&network.labels, project) {
            plan.add(Phase::Clean, Operation::RemoveNetwork { name: name.clone() }, "down", &gone);
        }
    }
    for (name, volume) in observed.volumes.iter().filter(|_| options.volumes) {
        if is_ours(&volume.labels, project) {
            plan.add(Phase::Clean, Operation::RemoveVolume { name: name.clone() }, "--volumes", &gone);
        }
    }
    plan
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

fn is_ours(labels: &std::collections::BTreeMap<String, String>, project: &str) -> bool {
    labels.get(super::labels::COMPOSE_PROJECT).is_some_and(|value| value == project)
}

#[cfg(test)]
mod tests;
