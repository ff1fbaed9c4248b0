//! Decides what has to be done so that what is becomes what should be; pure.

use std::collections::{BTreeMap, BTreeSet};

use super::desired::{Component, Desired, Role};
use super::graph::{NodeId, Plan};
use super::observed::{Container, Observed, State};
use super::operation::{Operation, Phase};

/// What the user asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one flag of the command line")]
pub struct Options {
    /// Keys of the components that are meant.
    pub selected: BTreeSet<String>,
    /// Old containers go first and images are built again: `fresh`.
    pub fresh: bool,
    /// Containers are replaced even where nothing changed.
    pub recreate: bool,
    /// Volumes and their data go before the start.
    pub volumes: bool,
    /// What is in no model is only named, not removed.
    pub keep_orphans: bool,
    /// Everything is meant: what is in no model is an orphan.
    pub whole_project: bool,
    /// [`super::resolved::resolved`] of each component.
    pub resolved: BTreeMap<String, String>,
}

/// The plan that brings the selected components up.
pub fn up(desired: &Desired, observed: &Observed, options: &Options) -> Plan {
    let mut draft = Draft { desired, observed, options, plan: Plan::default(), images: BTreeMap::new() };
    let cleaned = draft.clean();
    draft.images();
    let networks = draft.networks();
    let volumes = draft.volumes(&cleaned);
    let mut awaited: BTreeMap<String, NodeId> = BTreeMap::new();
    for key in start_order(desired, &options.selected) {
        draft.component(&key, &cleaned, &networks, &volumes, &mut awaited);
    }
    draft.leftovers(&awaited);
    draft.plan
}

/// The selected keys, each after what it depends on.
pub fn start_order(desired: &Desired, selected: &BTreeSet<String>) -> Vec<String> {
    fn visit(desired: &Desired, key: &str, done: &mut BTreeSet<String>, order: &mut Vec<String>) {
        if !done.insert(key.to_owned()) {
            return;
        }
        for dependency in desired.components.get(key).into_iter().flat_map(|found| found.depends_on.keys()) {
            visit(desired, dependency, done, order);
        }
        order.push(key.to_owned());
    }
    let (mut done, mut order) = (BTreeSet::new(), Vec::new());
    for key in selected {
        visit(desired, key, &mut done, &mut order);
    }
    order.retain(|key| selected.contains(key) && desired.components.contains_key(key));
    order
}

/// Nodes that removed containers, by the container's id.
type Removed = BTreeMap<String, NodeId>;

struct Draft<'a> {
    desired: &'a Desired,
    observed: &'a Observed,
    options: &'a Options,
    plan: Plan,
    images: BTreeMap<String, NodeId>,
}

impl Draft<'_> {
    /// Containers that cannot stay.
    fn clean(&mut self) -> Removed {
        let mut removed = Removed::new();
        for container in &self.observed.containers {
            if let Some(cause) = self.why_remove(container) {
                removed.insert(container.id.clone(), remove(&mut self.plan, Phase::Clean, container, &cause));
            }
        }
        removed
    }

    fn why_remove(&mut self, container: &Container) -> Option<String> {
        let key = container.component();
        if container.is_one_off() {
            return (self.options.fresh && container.state != State::Running)
                .then(|| "a finished one-off".to_owned());
        }
        let Some(component) = self.desired.components.get(key) else {
            if !self.options.whole_project {
                return None;
            }
            if !self.options.keep_orphans {
                return Some("in no model: an orphan".to_owned());
            }
            self.plan.notes.push(format!(
                "{} belongs to this project but to no service of profile {}: `gw fresh` or `gw down` removes it",
                container.name, self.desired.profile
            ));
            return None;
        };
        if !self.options.selected.contains(key) {
            return None;
        }
        if self.options.fresh {
            return Some("fresh".to_owned());
        }
        why_replace(key, component, container, self.observed, self.options)
    }

    /// Images that are missing, or that `fresh` builds again.
    fn images(&mut self) {
        for key in &self.options.selected {
            let Some(component) = self.desired.components.get(key) else { continue };
            let image = &component.container.image;
            if self.images.contains_key(image) {
                continue;
            }
            let present = self.observed.images.contains_key(image);
            let node = if component.build.is_some() {
                if present && !self.options.fresh {
                    continue;
                }
                let cause = if present { "fresh" } else { "no such image here" };
                let operation = Operation::BuildImage { image: image.clone(), component: key.clone() };
                self.plan.add(Phase::Build, operation, cause, &[])
            } else {
                let always = component.container.pull_policy.as_deref() == Some("always");
                if present && !always {
                    continue;
                }
                let cause = if present { "pull_policy is always" } else { "no such image here" };
                let platform = component.container.platform.clone();
                self.plan.add(
                    Phase::Build,
                    Operation::PullImage { image: image.clone(), platform },
                    cause,
                    &[],
                )
            };
            self.images.insert(image.clone(), node);
        }
    }

    fn networks(&mut self) -> BTreeMap<String, NodeId> {
        let mut made = BTreeMap::new();
        for (key, network) in &self.desired.networks {
            let used = self.selected().any(|component| component.container.networks.contains_key(key));
            if used && !network.external && !self.observed.networks.contains_key(&network.name) {
                let operation = Operation::CreateNetwork { network: key.clone() };
                made.insert(key.clone(), self.plan.add(Phase::Start, operation, "no such network", &[]));
            }
        }
        made
    }

    fn volumes(&mut self, cleaned: &Removed) -> BTreeMap<String, NodeId> {
        let mut made = BTreeMap::new();
        let users: Vec<NodeId> = cleaned.values().copied().collect();
        for (key, volume) in &self.desired.volumes {
            let used = self.selected().any(|component| mounts(component, key));
            if !used || volume.external {
                continue;
            }
            let exists = self.observed.volumes.contains_key(&volume.name);
            let operation = Operation::CreateVolume { volume: key.clone() };
            if exists && self.options.volumes {
                let remove = Operation::RemoveVolume { name: volume.name.clone() };
                let gone = self.plan.add(Phase::Clean, remove, "--volumes", &users);
                made.insert(key.clone(), self.plan.add(Phase::Start, operation, "--volumes", &[gone]));
            } else if !exists {
                made.insert(key.clone(), self.plan.add(Phase::Start, operation, "no such volume", &[]));
            }
        }
        made
    }

    fn component(
        &mut self,
        key: &str,
        cleaned: &Removed,
        networks: &BTreeMap<String, NodeId>,
        volumes: &BTreeMap<String, NodeId>,
        awaited: &mut BTreeMap<String, NodeId>,
    ) {
        let Some(component) = self.desired.components.get(key) else { return };
        let mut parts: Vec<NodeId> =
            self.images.get(&component.container.image).copied().into_iter().collect();
        parts.extend(component.container.networks.keys().filter_map(|name| networks.get(name)));
        parts.extend(volumes.iter().filter(|(name, _)| mounts(component, name)).map(|(_, node)| *node));
        let dependencies: Vec<NodeId> =
            component.depends_on.keys().filter_map(|on| awaited.get(on)).copied().collect();
        let (mut running, mut existing) = (dependencies.clone(), Vec::new());
        for number in 1..=component.replicas {
            let found = self.observed.containers.iter().find(|container| {
                !container.is_one_off() && container.component() == key && container.number() == number
            });
            let kept = found.filter(|container| !cleaned.contains_key(&container.id));
            if let Some(container) = kept {
                existing.push((number, container.id.clone()));
                if let Some(cause) = why_start(component, container) {
                    let id = Some(container.id.clone());
                    let operation = Operation::StartContainer { component: key.to_owned(), number, id };
                    running.push(self.plan.add(Phase::Start, operation, cause, &dependencies));
                }
                continue;
            }
            let mut needs = parts.clone();
            needs.extend(found.and_then(|container| cleaned.get(&container.id)));
            let cause = if found.is_some() { "replaced" } else { "no container yet" };
            let operation = Operation::CreateContainer { component: key.to_owned(), number };
            let created = self.plan.add(Phase::Start, operation, cause, &needs);
            let mut needs = dependencies.clone();
            needs.push(created);
            let operation = Operation::StartContainer { component: key.to_owned(), number, id: None };
            running.push(self.plan.add(Phase::Start, operation, "created", &needs));
        }
        let operation = Operation::AwaitReady { component: key.to_owned(), existing };
        let cause = if component.role == Role::Job { "runs to its end" } else { "must be ready" };
        awaited.insert(key.to_owned(), self.plan.add(Phase::Health, operation, cause, &running));
    }

    /// Images that a build of this run replaces.
    fn leftovers(&mut self, awaited: &BTreeMap<String, NodeId>) {
        let all: Vec<NodeId> = awaited.values().copied().collect();
        let built: Vec<String> = self
            .images
            .iter()
            .filter(|(_, node)| matches!(self.plan.nodes[node.0].operation, Operation::BuildImage { .. }))
            .filter_map(|(image, _)| self.observed.images.get(image).cloned())
            .collect();
        for id in built {
            self.plan.add(Phase::Cleanup, Operation::RemoveImage { id }, "if this build replaced it", &all);
        }
    }

    fn selected(&self) -> impl Iterator<Item = &Component> {
        self.options.selected.iter().filter_map(|key| self.desired.components.get(key))
    }
}

/// Plans to stop and remove a container; the node that removes it.
pub(super) fn remove(plan: &mut Plan, phase: Phase, container: &Container, cause: &str) -> NodeId {
    let (id, name) = (container.id.clone(), container.name.clone());
    let mut needs = Vec::new();
    if matches!(container.state, State::Running | State::Restarting | State::Paused) {
        let operation = Operation::StopContainer { id: id.clone(), name: name.clone(), grace: None };
        needs.push(plan.add(phase, operation, cause, &[]));
    }
    plan.add(phase, Operation::RemoveContainer { id, name }, cause, &needs)
}

fn mounts(component: &Component, volume: &str) -> bool {
    let is_volume = |mount: &super::desired::Mount| mount.kind == super::desired::MountKind::Volume;
    component.container.mounts.iter().any(|mount| is_volume(mount) && mount.source.as_deref() == Some(volume))
}

fn why_start(component: &Component, container: &Container) -> Option<&'static str> {
    match container.state {
        State::Exited if component.role == Role::Job && container.exit_code == Some(0) => None,
        State::Created => Some("never started"),
        State::Exited | State::Dead => Some("not running"),
        _ => None,
    }
}

fn why_replace(
    key: &str,
    component: &Component,
    container: &Container,
    observed: &Observed,
    options: &Options,
) -> Option<String> {
    if container.number() > component.replicas {
        return Some(format!("{} replicas are enough", component.replicas));
    }
    if options.recreate {
        return Some("--force-recreate".to_owned());
    }
    match container.hash() {
        None => return Some("made by something else".to_owned()),
        Some(hash) if hash != component.hash => return Some("its configuration changed".to_owned()),
        Some(_) => {}
    }
    // What plain `docker compose up` made has no such label: its variables came from the same files.
    let resolved = container.labels.get(super::labels::RESOLVED);
    if resolved.is_some_and(|made| options.resolved.get(key).is_some_and(|now| now != made)) {
        return Some("a secret or variable changed".to_owned());
    }
    if observed.images.get(&component.container.image).is_some_and(|id| *id != container.image_id) {
        return Some("its image changed".to_owned());
    }
    match container.state {
        State::Dead | State::Removing => Some("it is dead".to_owned()),
        State::Paused => Some("it is paused".to_owned()),
        State::Exited if component.role == Role::Job && container.exit_code != Some(0) => {
            Some("the job failed".to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
