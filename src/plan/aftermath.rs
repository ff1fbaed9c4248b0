//! Decides what goes after a run that failed or was interrupted: what it made and could not finish; pure.

use std::collections::{BTreeMap, BTreeSet};

use super::desired::Desired;
use super::graph::{NodeId, Plan};
use super::observed::Observed;
use super::operation::{Operation, Phase};
use super::reconcile::remove;

/// The plan that takes away what `plan` made half: containers of components that did not become ready, and networks that
/// nobody uses. What became ready stays; volumes stay.
///
/// `begun` are the operations that began; `done` those of them that succeeded. `ours` tells by the labels of a thing whether
/// this checkout made it: what another one was quicker to make under the same name is not touched.
pub fn aftermath(
    plan: &Plan,
    begun: &BTreeSet<NodeId>,
    done: &BTreeSet<NodeId>,
    desired: &Desired,
    observed: &Observed,
    ours: &dyn Fn(&BTreeMap<String, String>) -> bool,
) -> Plan {
    let mut cleanup = Plan::default();
    let ready: BTreeSet<&str> = plan
        .iter()
        .filter(|(id, node)| matches!(node.operation, Operation::AwaitReady { .. }) && done.contains(id))
        .filter_map(|(_, node)| node.operation.component())
        .collect();
    let half: BTreeSet<(&str, u32)> = plan
        .iter()
        .filter(|(id, _)| begun.contains(id))
        .filter_map(|(_, node)| match &node.operation {
            Operation::CreateContainer { component, number } if !ready.contains(component.as_str()) => {
                Some((component.as_str(), *number))
            }
            _ => None,
        })
        .collect();
    let mut gone = Vec::new();
    for container in &observed.containers {
        let unfinished = half.contains(&(container.component(), container.number()));
        if unfinished && !container.is_one_off() && ours(&container.labels) {
            gone.push(remove(&mut cleanup, Phase::Cleanup, container, "not finished"));
        }
    }
    if gone.len() == observed.containers.len() {
        for node in &plan.nodes {
            let Operation::CreateNetwork { network } = &node.operation else { continue };
            let Some(network) = desired.networks.get(network) else { continue };
            if observed.networks.get(&network.name).is_some_and(|found| ours(&found.labels)) {
                let operation = Operation::RemoveNetwork { name: network.name.clone() };
                cleanup.add(Phase::Cleanup, operation, "not finished", &gone);
            }
        }
    }
    cleanup
}

#[cfg(test)]
mod tests;
