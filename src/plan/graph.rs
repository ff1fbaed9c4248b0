//! The plan: operations, why each is there, and what each waits for.

use std::fmt;

use serde::Serialize;

use super::operation::{Operation, Phase};

/// A node's place in its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct NodeId(pub usize);

/// An operation in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node {
    /// What is done.
    pub operation: Operation,
    /// The part of the run it belongs to.
    pub phase: Phase,
    /// Why.
    pub cause: String,
    /// What must have succeeded before; always earlier nodes, so a plan has no cycle.
    pub needs: Vec<NodeId>,
    /// What must have ended before, however it did, or can never begin; earlier nodes too.
    pub ended: Vec<NodeId>,
}

/// Operations in an order in which they could be done one by one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Plan {
    /// The nodes; a [`NodeId`] is an index.
    pub nodes: Vec<Node>,
    /// What was found and is left alone, each with the reason, for the user.
    pub notes: Vec<String>,
}

impl Plan {
    /// Adds an operation and returns its place; `needs` that were not planned are simply left out by the caller.
    pub fn add(
        &mut self,
        phase: Phase,
        operation: Operation,
        cause: impl Into<String>,
        needs: &[NodeId],
    ) -> NodeId {
        let mut needs = needs.to_vec();
        needs.sort_unstable();
        needs.dedup();
        self.nodes.push(Node { operation, phase, cause: cause.into(), needs, ended: Vec::new() });
        NodeId(self.nodes.len() - 1)
    }

    /// Lets a node wait for the end of others, whether they succeed or not.
    pub fn wait_for_end(&mut self, id: NodeId, of: &[NodeId]) {
        self.nodes[id.0].ended.extend(of);
    }

    /// Whether anything but waiting is to be done.
    pub fn changes_something(&self) -> bool {
        self.nodes.iter().any(|node| !matches!(node.operation, Operation::AwaitReady { .. }))
    }

    /// Every node with its place.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(index, node)| (NodeId(index), node))
    }
}

/// One line a node: `3 start   start container auth-1 (created) after 1, 2`.
impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (id, node) in self.iter() {
            write!(formatter, "{:>3} {:<7} {}", id.0 + 1, node.phase.to_string(), node.operation)?;
            write!(formatter, " ({})", node.cause)?;
            let ended = node.ended.iter().map(|one| format!("the end of {}", one.0 + 1));
            let before: Vec<String> =
                node.needs.iter().map(|need| (need.0 + 1).to_string()).chain(ended).collect();
            if !before.is_empty() {
                write!(formatter, " after {}", before.join(", "))?;
            }
            writeln!(formatter)?;
        }
        self.notes.iter().try_for_each(|note| writeln!(formatter, "  - {note}"))
    }
}
