//! What components wait for, and what others can wait for of them.

use std::collections::BTreeMap;

use crate::plan::desired::{Component, Condition};
use crate::plan::graph::NodeId;

/// What others can wait for, by the component's key.
pub(super) type Stages = BTreeMap<String, Stage>;

/// A component's place in the plan.
pub(super) struct Stage {
    /// Its containers were started.
    pub(super) started: Vec<NodeId>,
    /// It was found to be ready.
    pub(super) ready: NodeId,
    /// A new container took an old one's place.
    pub(super) replaced: bool,
}

/// What must have succeeded, and what must only have ended, before a component starts.
#[derive(Default)]
pub(super) struct Links {
    /// What must have succeeded.
    pub(super) needs: Vec<NodeId>,
    /// What must have ended, however it did.
    pub(super) ended: Vec<NodeId>,
    /// A dependency that was replaced, and whose dependent starts again then.
    pub(super) replaced: Option<String>,
}

impl Links {
    /// The links of a component whose dependencies are in `stages`.
    pub(super) fn of(component: &Component, stages: &Stages) -> Self {
        let mut links = Self::default();
        for (on, condition) in &component.depends_on {
            let Some(stage) = stages.get(on) else { continue };
            let list = if component.optional.contains(on) { &mut links.ended } else { &mut links.needs };
            match condition {
                Condition::Started => list.extend(&stage.started),
                Condition::Ready | Condition::Completed => list.push(stage.ready),
            }
            if stage.replaced && component.restarts_with.contains(on) {
                links.replaced = Some(on.clone());
            }
        }
        links
    }
}
