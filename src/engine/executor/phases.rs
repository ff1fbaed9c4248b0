//! When each phase begins and ends, for its line and its time.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::event::{EventKind, Outcome};
use crate::plan::graph::Plan;
use crate::plan::operation::Phase;

struct Progress {
    left: usize,
    since: Option<Instant>,
    worst: Outcome,
}

/// Counts the operations of each phase.
pub(super) struct Phases(BTreeMap<Phase, Progress>);

impl Phases {
    pub(super) fn new(plan: &Plan) -> Self {
        let mut phases = BTreeMap::new();
        for node in &plan.nodes {
            let empty = || Progress { left: 0, since: None, worst: Outcome::Done };
            phases.entry(node.phase).or_insert_with(empty).left += 1;
        }
        Self(phases)
    }

    pub(super) fn begin(&mut self, phase: Phase, tell: &mut impl FnMut(EventKind)) {
        if let Some(progress) = self.0.get_mut(&phase)
            && progress.since.is_none()
        {
            progress.since = Some(Instant::now());
            tell(EventKind::PhaseStarted { phase });
        }
    }

    pub(super) fn end(&mut self, phase: Phase, outcome: &Outcome, tell: &mut impl FnMut(EventKind)) {
        let Some(progress) = self.0.get_mut(&phase) else { return };
        progress.left -= 1;
        match outcome {
            Outcome::Failed { .. } => progress.worst = outcome.clone(),
            Outcome::Cancelled if !matches!(progress.worst, Outcome::Failed { .. }) => {
                progress.worst = Outcome::Cancelled;
            }
            _ => {}
        }
        if let Some(since) = progress.since
            && progress.left == 0
        {
            tell(EventKind::PhaseFinished { phase, outcome: progress.worst.clone(), took: since.elapsed() });
        }
    }
}
