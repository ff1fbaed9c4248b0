//! Decides what has to be done so that what is becomes what should be; pure.

use std::collections::{BTreeMap, BTreeSet};

use super::desired::{Component, Desired, Role};
use super::graph::{NodeId, Plan};
use super::observed::{Container, Observed, State};
use super::operation::{Operation, Phase};
use super::ownership::Checkout;
use super::ports::Stop;
use super::store_mode::{Store, is_former_server};

mod freed;
mod reasons;
mod stages;
mod volumes;

use freed::Freed;
use reasons::{why_replace, why_start};
use stages::{Links, Stage, Stages};

/// What the user asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one wish of the user")]
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
    /// Who runs this: an image that it built before goes when a build takes its name.
    pub checkout: Checkout,
    /// Containers that are stopped for their ports, by id.
    pub take_over: BTreeMap<String, Stop>,
}

impl Options {
    /// Whether volumes that are in no model go too.
    pub fn removes_strays(&self) -> bool {
        self.volumes && self.whole_project && !self.keep_orphans
    }
}

/// The plan that brings the selected components up.
pub fn up(desired: &Desired, observed: &Observed, options: &Options) -> Plan {
    let (plan, images, freed) = (Plan::default(), BTreeMap::new(), Freed::default());
    let stores = Store::among(desired, &options.selected);
    let mut draft = Draft { desired, observed, options, stores, plan, images, freed };
    let cleaned = draft.clean();
    draft.images();
    let networks = draft.networks();
    let volumes = draft.volumes(&cleaned, &networks);
    let parts = Parts { cleaned, networks, volumes };
    let mut stages = Stages::new();
    let everything = desired.components.keys().cloned().collect();
    for key in start_order(desired, &everything) {
        let Some(component) = desired.components.get(&key) else { continue };
        if options.selected.contains(&key) {
            draft.component(&key, component, &parts, &mut stages);
        } else if component.restarts_with.iter().any(|on| stages.get(on).is_some_and(|stage| stage.replaced))
        {
            draft.existing(&key, component, &mut stages);
        }
    }
    draft.leftovers(&stages);
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

/// What containers are made of.
struct Parts {
    cleaned: Removed,
    networks: BTreeMap<String, NodeId>,
    volumes: BTreeMap<String, NodeId>,
}

struct Draft<'a> {
    desired: &'a Desired,
    observed: &'a Observed,
    options: &'a Options,
    /// The stores that are meant.
    stores: BTreeSet<Store>,
    plan: Plan,
    images: BTreeMap<String, NodeId>,
    freed: Freed,
}

impl<'a> Draft<'a> {
    /// Containers that cannot stay.
    fn clean(&mut self) -> Removed {
        let (mut removed, observed) = (Removed::new(), self.observed);
        self.freed.take_over(&mut self.plan, observed, self.options);
        for container in &observed.containers {
            if let Some(cause) = self.why_remove(container) {
                let node = remove(&mut self.plan, Phase::Clean, container, &cause);
                self.freed.note(container, node);
                removed.insert(container.id.clone(), node);
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
            if is_former_server(container, self.desired, &self.stores) {
                return Some("its store has other servers now".to_owned());
            }
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
        why_replace(key, component, container, (self.desired, self.observed), self.options)
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

    fn component(&mut self, key: &str, component: &Component, parts: &Parts, stages: &mut Stages) {
        let mut made_of: Vec<NodeId> =
            self.images.get(&component.container.image).copied().into_iter().collect();
        made_of.extend(component.container.networks.keys().filter_map(|name| parts.networks.get(name)));
        made_of.extend(
            parts.volumes.iter().filter(|(name, _)| component.mounts_volume(name)).map(|(_, node)| *node),
        );
        made_of.extend(self.former_servers(component, &parts.cleaned));
        let links = Links::of(component, stages);
        let (mut started, mut existing, mut replaced) = (Vec::new(), Vec::new(), false);
        for number in 1..=component.replicas {
            let found = self.found(key, number);
            if let Some(container) = found.filter(|container| !parts.cleaned.contains_key(&container.id)) {
                existing.push((number, container.id.clone()));
                started.extend(self.keep(key, component, container, &links));
                continue;
            }
            let mut needs = made_of.clone();
            needs.extend(found.and_then(|container| parts.cleaned.get(&container.id)));
            replaced |= found.is_some();
            let cause = if found.is_some() { "replaced" } else { "no container yet" };
            let operation = Operation::CreateContainer { component: key.to_owned(), number };
            let created = self.plan.add(Phase::Start, operation, cause, &needs);
            started.push(self.start(key, number, None, "created", &links, &[created]));
        }
        self.await_ready(
            key,
            component,
            existing,
            links,
            Stage { started, ready: NodeId(0), replaced },
            stages,
        );
    }

    /// The containers of a component that nobody asked for, whose dependency was replaced.
    fn existing(&mut self, key: &str, component: &Component, stages: &mut Stages) {
        let links = Links::of(component, stages);
        let (mut started, mut existing) = (Vec::new(), Vec::new());
        let observed = self.observed;
        for container in &observed.containers {
            if container.component() == key && container.state == State::Running && !container.is_one_off() {
                existing.push((container.number(), container.id.clone()));
                started.extend(self.keep(key, component, container, &links));
            }
        }
        if !existing.is_empty() {
            let stage = Stage { started, ready: NodeId(0), replaced: false };
            self.await_ready(key, component, existing, links, stage, stages);
        }
    }

    /// Starts a container that stays, where it does not run; starts it again where its dependency was replaced.
    fn keep(
        &mut self,
        key: &str,
        component: &Component,
        container: &Container,
        links: &Links,
    ) -> Option<NodeId> {
        let id = Some(container.id.clone());
        if let Some(cause) = why_start(component, container) {
            return Some(self.start(key, container.number(), id, cause, links, &[]));
        }
        let cause = format!("{} was replaced", links.replaced.as_ref()?);
        if component.role == Role::Job {
            return None;
        }
        let (id_of_it, name) = (container.id.clone(), container.name.clone());
        let operation = Operation::StopContainer { id: id_of_it, name, grace: None };
        let stopped = self.plan.add(Phase::Start, operation, cause.clone(), &links.needs);
        self.plan.wait_for_end(stopped, &links.ended);
        Some(self.start(key, container.number(), id, &cause, links, &[stopped]))
    }

    fn start(
        &mut self,
        key: &str,
        number: u32,
        id: Option<String>,
        cause: &str,
        links: &Links,
        before: &[NodeId],
    ) -> NodeId {
        let component = self.desired.components.get(key);
        let freed = component.map(|component| self.freed.before(key, component, number)).unwrap_or_default();
        let operation = Operation::StartContainer { component: key.to_owned(), number, id };
        let node = self.plan.add(Phase::Start, operation, cause, &[&links.needs, before, &freed].concat());
        self.plan.wait_for_end(node, &links.ended);
        node
    }

    fn await_ready(
        &mut self,
        key: &str,
        component: &Component,
        existing: Vec<(u32, String)>,
        links: Links,
        mut stage: Stage,
        stages: &mut Stages,
    ) {
        let operation = Operation::AwaitReady { component: key.to_owned(), existing };
        let cause = if component.role == Role::Job { "runs to its end" } else { "must be ready" };
        let needs = [links.needs, stage.started.clone()].concat();
        stage.ready = self.plan.add(Phase::Health, operation, cause, &needs);
        self.plan.wait_for_end(stage.ready, &links.ended);
        stages.insert(key.to_owned(), stage);
    }

    fn found(&self, key: &str, number: u32) -> Option<&'a Container> {
        self.observed.containers.iter().find(|container| {
            !container.is_one_off() && container.component() == key && container.number() == number
        })
    }

    /// The removals of servers whose data a new server of the same store may mount.
    fn former_servers(&self, component: &Component, cleaned: &Removed) -> Vec<NodeId> {
        let of_it: BTreeSet<Store> = Store::of(component.role.name()).into_iter().collect();
        let former = |one: &&Container| is_former_server(one, self.desired, &of_it);
        let containers = self.observed.containers.iter().filter(former);
        containers.filter_map(|container| cleaned.get(&container.id)).copied().collect()
    }

    /// Images of this checkout's that a build of this run replaces.
    fn leftovers(&mut self, stages: &Stages) {
        let all: Vec<NodeId> = stages.values().map(|stage| stage.ready).collect();
        let ours = |id: &&String| {
            let labels = self.observed.built.get(*id);
            labels.is_some_and(|labels| self.options.checkout.built(labels, &self.desired.project))
        };
        let built: Vec<String> = self
            .images
            .iter()
            .filter(|(_, node)| matches!(self.plan.nodes[node.0].operation, Operation::BuildImage { .. }))
            .filter_map(|(image, _)| self.observed.images.get(image))
            .filter(ours)
            .cloned()
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

#[cfg(test)]
mod tests;
