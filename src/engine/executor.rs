//! Walks a plan: starts each operation the moment what it needs is done. It takes no decision of its own.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::{mpsc, watch};

use super::backend::{Done, Engine, Sink, Trouble};
use crate::event::{Event, EventKind, Outcome};
use crate::plan::graph::{Node, NodeId, Plan};
use crate::plan::operation::Operation;

mod phases;

use phases::Phases;

/// Who ends a run before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The user interrupted.
    Interrupt,
    /// The user interrupted a `gw run`, of which nothing stays.
    InterruptedRun,
    /// The time that the user gave it is over.
    Budget,
}

impl Cut {
    fn note(self) -> &'static str {
        match self {
            Self::Interrupt => "interrupted: what is half-made goes; a second Ctrl-C ends gw at once",
            Self::InterruptedRun => {
                "interrupted: everything goes; a second Ctrl-C gives nothing time to end, a third ends gw at once"
            }
            Self::Budget => "the budget is used up: what is half-made goes",
        }
    }
}

/// How a plan ended.
#[derive(Debug, Default)]
pub struct Ending {
    /// What failed, in the order in which it did.
    pub troubles: Vec<(NodeId, Trouble)>,
    /// Operations that succeeded.
    pub done: BTreeSet<NodeId>,
    /// Operations that began, and were dropped when the run was abandoned.
    pub abandoned: BTreeSet<NodeId>,
    /// Nothing more begins: the run was cut, or the engine is lost.
    stopped: bool,
    /// Who ended the run before its end.
    pub cut: Option<Cut>,
}

impl Ending {
    /// Operations that began; what they made may be half-made, also where they failed.
    pub fn begun(&self) -> BTreeSet<NodeId> {
        let failed = self.troubles.iter().map(|(id, _)| *id);
        self.done.iter().chain(&self.abandoned).copied().chain(failed).collect()
    }
}

/// Carries out a plan and hands every event to `report`, in one order.
///
/// After a failure nothing new begins that depends on it; the rest goes on, so that one run shows every failure. The end
/// of `cut`, or a lost engine, abandons what runs and begins nothing more.
pub async fn execute<E: Engine>(
    plan: &Plan,
    engine: &E,
    begin: Instant,
    cut: impl Future<Output = Cut>,
    mut report: impl FnMut(&Event),
) -> Ending {
    let (sender, mut receiver) = mpsc::unbounded_channel::<EventKind>();
    let sink: Sink = Arc::new(move |kind| {
        let _ = sender.send(kind);
    });
    let waiting = dependents(plan);
    let mut tell = |kind: EventKind| report(&Event { at: begin.elapsed(), kind });
    let mut ending = Ending::default();
    let mut open: BTreeSet<NodeId> = plan.iter().map(|(id, _)| id).collect();
    let mut running = FuturesUnordered::new();
    let mut phases = Phases::new(plan);
    let (abandon, abandoned) = watch::channel(false);
    tokio::pin!(cut);
    loop {
        let hopeless = hopeless(plan, &ending);
        let ready: Vec<NodeId> =
            open.iter().copied().filter(|id| may_begin(plan, *id, &ending, &hopeless)).collect();
        for id in ready {
            open.remove(&id);
            let node = &plan.nodes[id.0];
            phases.begin(node.phase, &mut tell);
            tell(started_event(id, node));
            let (sink, waiting, abandoned) = (Arc::clone(&sink), &waiting[id.0], abandoned.clone());
            running.push(async move {
                let since = Instant::now();
                let work = engine.perform(&node.operation, waiting, &sink);
                let result = unless_abandoned(work, &node.operation, abandoned).await;
                (id, since.elapsed(), result)
            });
        }
        // Nothing runs, so nothing can become possible: also where there was nothing to do from the start.
        if running.is_empty() {
            break;
        }
        tokio::select! {
            biased;
            Some(kind) = receiver.recv() => tell(kind),
            Some((id, took, result)) = running.next() => {
                while let Ok(kind) = receiver.try_recv() {
                    tell(kind);
                }
                let node = &plan.nodes[id.0];
                let outcome = settle(&mut ending, id, result, &mut tell);
                tell(finished_event(id, node, outcome.clone(), took));
                phases.end(node.phase, &outcome, &mut tell);
                if matches!(ending.troubles.last(), Some((_, Trouble::EngineLost(_)))) {
                    let _ = abandon.send(true);
                    ending.stopped = true;
                }
            }
            by = &mut cut, if ending.cut.is_none() => {
                let _ = abandon.send(true);
                tell(EventKind::Note { text: by.note().to_owned() });
                ending.cut = Some(by);
                ending.stopped = true;
            }
        }
    }
    while let Ok(kind) = receiver.try_recv() {
        tell(kind);
    }
    for id in open {
        phases.end(plan.nodes[id.0].phase, &Outcome::Cancelled, &mut tell);
    }
    ending
}

/// What takes long is dropped when the run is abandoned; what is quick ends, so that nothing is left in between.
async fn unless_abandoned(
    work: impl Future<Output = Result<Done, Trouble>>,
    operation: &Operation,
    mut abandoned: watch::Receiver<bool>,
) -> Option<Result<Done, Trouble>> {
    if !operation.takes_long() {
        return Some(work.await);
    }
    tokio::select! {
        result = work => Some(result),
        _ = abandoned.wait_for(|abandoned| *abandoned) => None,
    }
}

fn may_begin(plan: &Plan, id: NodeId, ending: &Ending, hopeless: &BTreeSet<NodeId>) -> bool {
    let node = &plan.nodes[id.0];
    !ending.stopped
        && node.needs.iter().all(|need| ending.done.contains(need))
        && node.ended.iter().all(|one| ending.done.contains(one) || hopeless.contains(one))
}

/// What failed, and what can never begin because of it.
fn hopeless(plan: &Plan, ending: &Ending) -> BTreeSet<NodeId> {
    let mut hopeless: BTreeSet<NodeId> = ending.troubles.iter().map(|(id, _)| *id).collect();
    if !hopeless.is_empty() {
        // A node's needs are earlier nodes, so one walk finds all.
        for (id, node) in plan.iter() {
            if node.needs.iter().any(|need| hopeless.contains(need)) {
                hopeless.insert(id);
            }
        }
    }
    hopeless
}

fn settle(
    ending: &mut Ending,
    id: NodeId,
    result: Option<Result<Done, Trouble>>,
    tell: &mut impl FnMut(EventKind),
) -> Outcome {
    let Some(result) = result else {
        ending.abandoned.insert(id);
        return Outcome::Cancelled;
    };
    match result {
        Ok(done) => {
            ending.done.insert(id);
            if done == Done::Changed { Outcome::Done } else { Outcome::Unchanged }
        }
        Err(trouble) => {
            // Further lines are details, for the end.
            let message = trouble.to_string().lines().next().unwrap_or_default().to_owned();
            if let Trouble::Component(diagnosis) = &trouble {
                tell(EventKind::Failed((**diagnosis).clone()));
            }
            ending.troubles.push((id, trouble));
            Outcome::Failed { message }
        }
    }
}

fn started_event(id: NodeId, node: &Node) -> EventKind {
    EventKind::OperationStarted {
        node: id,
        operation: node.operation.to_string(),
        component: node.operation.component().map(str::to_owned),
        phase: node.phase,
    }
}

fn finished_event(id: NodeId, node: &Node, outcome: Outcome, took: std::time::Duration) -> EventKind {
    EventKind::OperationFinished {
        node: id,
        operation: node.operation.to_string(),
        component: node.operation.component().map(str::to_owned),
        outcome,
        took,
    }
}

/// The components that wait for each node, directly or not.
fn dependents(plan: &Plan) -> Vec<Vec<String>> {
    let mut waiting: Vec<BTreeSet<String>> = vec![BTreeSet::new(); plan.nodes.len()];
    for (id, node) in plan.iter().collect::<Vec<_>>().into_iter().rev() {
        let mut above = waiting[id.0].clone();
        above.extend(node.operation.component().map(str::to_owned));
        for need in node.needs.iter().chain(&node.ended) {
            waiting[need.0].extend(above.iter().cloned());
        }
    }
    let own = |node: &Node| node.operation.component().map(str::to_owned);
    let without_itself = |(node, set): (&Node, BTreeSet<String>)| {
        set.into_iter().filter(|name| Some(name) != own(node).as_ref()).collect()
    };
    plan.nodes.iter().zip(waiting).map(without_itself).collect()
}

#[cfg(test)]
mod tests;
