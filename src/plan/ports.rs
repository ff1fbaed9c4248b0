//! Who holds a port of the host that a plan needs: found before anything is created; pure.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::desired::Desired;
use super::graph::Plan;
use super::observed::{Container, Observed, Port};
use super::operation::Operation;

mod bound;
mod held;
mod maker;
mod take_over;
mod ways;
mod words;

pub use bound::Socket;
use held::held;
pub use held::{Held, Place};
pub use maker::{Known, Maker};
pub use take_over::{Stop, TakeOver, take_over};

/// A published port of a component that a plan starts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Want {
    /// The number; never 0.
    pub port: u16,
    /// `tcp` or `udp`.
    pub protocol: String,
    /// The component's key.
    pub component: String,
    /// The address as the file has it; empty is every address.
    pub address: String,
}

/// Something on this host that listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Where.
    pub socket: Socket,
    /// It is bound to `::` and takes IPv4 too.
    pub both: bool,
    /// Who, where this user may see that.
    pub process: Option<Process>,
    /// The id of the user whose it is, where the system tells.
    pub user: Option<u32>,
}

/// A process of this host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Process {
    /// Its id.
    pub id: u32,
    /// Its name as the system has it, perhaps cut.
    pub name: String,
    /// The id of the container that it runs in, where it runs in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
}

/// A port that a plan needs and somebody else holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The number.
    pub port: u16,
    /// `tcp` or `udp`.
    pub protocol: String,
    /// The address that is wanted; empty is every address.
    pub address: String,
    /// The key of the component that wants it.
    pub component: String,
    /// The key of the profile file that gives the component another port, `ports.auth`; `None` where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The address on which it is held.
    pub held_on: String,
    /// Who holds it.
    pub holder: Holder,
}

/// Who holds a port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Holder {
    /// A container of the same engine.
    Container(Held),
    /// A process of this host.
    Process(Process),
    /// A process that this user may not look at.
    Unknown {
        /// The id of the user whose it is, where the system tells.
        user: Option<u32>,
    },
}

/// Ports that a run needs and others hold: all of them, with the ways out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Taken {
    /// Each conflict; at least one.
    pub conflicts: Vec<Conflict>,
    /// The command, `up` or `fresh`.
    pub command: String,
    /// The profile that wants the ports.
    pub profile: String,
    /// `--take-over` was asked for; what is listed is what it leaves alone.
    pub take_over: bool,
}

impl fmt::Display for Taken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.conflicts.iter().map(ToString::to_string).collect();
        formatter.write_str(&lines.join("\n"))
    }
}

/// The ports of the host that a plan binds anew: those of the containers that it starts and that do not run now.
pub fn wants(desired: &Desired, observed: &Observed, plan: &Plan) -> BTreeSet<Want> {
    let up: BTreeSet<&String> =
        observed.containers.iter().filter(|one| one.state.is_up()).map(|one| &one.id).collect();
    let mut wants = BTreeSet::new();
    for node in &plan.nodes {
        let Operation::StartContainer { component, id, .. } = &node.operation else { continue };
        let Some(found) = desired.components.get(component) else { continue };
        // What runs already binds what it has, also where the plan starts it again.
        if id.as_ref().is_some_and(|id| up.contains(id)) {
            continue;
        }
        for port in found.container.ports.iter().filter(|port| port.published > 0) {
            wants.insert(Want {
                port: port.published,
                protocol: port.protocol.clone(),
                component: component.clone(),
                address: port.address.clone(),
            });
        }
    }
    wants
}

/// Everything that stands in the way of `wants`, but for what `plan` itself stops, removes or starts: the engine may be about
/// to start that already.
pub fn conflicts(
    wants: &BTreeSet<Want>,
    desired: &Desired,
    observed: &Observed,
    plan: &Plan,
    listeners: &[Listener],
    known: Known<'_>,
) -> Vec<Conflict> {
    let moved: BTreeSet<&String> = plan.nodes.iter().filter_map(|node| moved(&node.operation)).collect();
    let all = || observed.containers.iter().chain(&observed.others);
    let published: Vec<(&Container, &Port, Vec<Socket>)> = all()
        .filter(|container| !moved.contains(&container.id))
        .flat_map(|container| container.ports.iter().map(move |port| (container, port, port.sockets())))
        .collect();
    let is_moved =
        |key: &str| observed.containers.iter().any(|one| one.component() == key && moved.contains(&one.id));
    let held = |container: &Container| Holder::Container(held(container, desired, observed, known));
    let mut conflicts: Vec<Conflict> = Vec::new();
    for want in wants {
        let wanted = want.sockets();
        let mut found: Vec<(String, Holder)> = Vec::new();
        for (container, port, theirs) in &published {
            if theirs.iter().any(|one| wanted.iter().any(|mine| mine.excludes(false, one))) {
                found.push((port.address.clone(), held(container)));
            }
        }
        for one in listeners {
            if !wanted.iter().any(|mine| one.socket.excludes(one.both, mine)) {
                continue;
            }
            let inside = one.process.as_ref().and_then(|process| process.container.as_ref());
            let container = inside.and_then(|id| all().find(|container| container.id == *id));
            let holder = match (container, &one.process) {
                // On the host's network: it listens itself.
                (Some(container), _) if moved.contains(&container.id) => continue,
                (Some(container), _) => held(container),
                // Whoever began to start it may have ended since; the engine goes on.
                (None, Some(process)) if process.is_forwarder() && is_moved(&want.component) => continue,
                (None, Some(process)) => Holder::Process(process.clone()),
                (None, None) => Holder::Unknown { user: one.user },
            };
            found.push((one.socket.address.to_string(), holder));
        }
        let mut said: Vec<Holder> = Vec::new();
        for (held_on, holder) in found {
            // Who holds both families is named once.
            if !said.contains(&holder) {
                said.push(holder.clone());
                conflicts.push(want.held(held_on, holder));
            }
        }
    }
    conflicts
}

/// The container that an operation ends or starts, where it exists already.
fn moved(operation: &Operation) -> Option<&String> {
    match operation {
        Operation::StopContainer { id, .. } | Operation::RemoveContainer { id, .. } => Some(id),
        Operation::StartContainer { id, .. } => id.as_ref(),
        _ => None,
    }
}

/// What containers publish: their engine listens there for them.
pub fn published(observed: &Observed) -> BTreeSet<Socket> {
    let containers = observed.containers.iter().chain(&observed.others);
    containers.flat_map(|container| &container.ports).flat_map(Port::sockets).collect()
}

impl Port {
    /// What the engine has bound for it.
    pub fn sockets(&self) -> Vec<Socket> {
        Socket::of_engine(&self.address, self.published, &self.protocol)
    }
}

impl Want {
    /// Every socket of it.
    pub fn sockets(&self) -> Vec<Socket> {
        Socket::of_engine(&self.address, self.port, &self.protocol)
    }

    fn held(&self, held_on: String, holder: Holder) -> Conflict {
        Conflict {
            port: self.port,
            protocol: self.protocol.clone(),
            address: self.address.clone(),
            component: self.component.clone(),
            key: None,
            held_on,
            holder,
        }
    }
}

#[cfg(test)]
mod tests;
