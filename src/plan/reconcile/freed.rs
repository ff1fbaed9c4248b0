//! Ports that a plan frees: a start that wants one waits for that.

use super::Options;
use crate::plan::desired::Component;
use crate::plan::graph::{NodeId, Plan};
use crate::plan::observed::{Container, Observed, Port};
use crate::plan::operation::{Operation, Phase};
use crate::plan::ports::Socket;

/// What lets go of ports, and where in the plan.
#[derive(Default)]
pub(super) struct Freed(Vec<Release>);

struct Release {
    sockets: Vec<Socket>,
    node: NodeId,
    /// The component's key and the number of a container that is removed.
    removed: Option<(String, u32)>,
}

impl Freed {
    /// Plans to stop what the user wants taken over, and notes its ports.
    pub(super) fn take_over(&mut self, plan: &mut Plan, observed: &Observed, options: &Options) {
        for container in observed.containers.iter().chain(&observed.others) {
            let Some(stop) = options.take_over.get(&container.id) else { continue };
            let (id, name) = (container.id.clone(), container.name.clone());
            let operation = Operation::StopContainer { id, name, grace: None };
            let node = plan.add(Phase::Clean, operation, stop.cause(), &[]);
            self.0.push(Release { sockets: stop.sockets.clone(), node, removed: None });
        }
    }

    /// Notes that a container of the project is gone after `node`.
    pub(super) fn note(&mut self, container: &Container, node: NodeId) {
        let removed = Some((container.component().to_owned(), container.number()));
        let sockets = container.ports.iter().flat_map(Port::sockets).collect();
        self.0.push(Release { sockets, node, removed });
    }

    /// What a start of one of the component's containers waits for; its own predecessor's end comes before its creation.
    pub(super) fn before(&self, key: &str, component: &Component, number: u32) -> Vec<NodeId> {
        let published = component.container.ports.iter();
        let wanted: Vec<Socket> = published
            .flat_map(|port| Socket::of_engine(&port.address, port.published, &port.protocol))
            .collect();
        let in_the_way = |release: &&Release| {
            release.removed.as_ref().is_none_or(|(one, other)| (one.as_str(), *other) != (key, number))
                && release.sockets.iter().any(|one| wanted.iter().any(|mine| mine.excludes(false, one)))
        };
        self.0.iter().filter(in_the_way).map(|release| release.node).collect()
    }
}
