//! Walks a plan: starts each operation the moment what it needs is done. It takes no decision of its own.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::mpsc;

use super::backend::{Done, Engine, Sink, Trouble};
use crate::event::{Event, EventKind, Outcome};
use crate::plan::graph::{Node, NodeId, Plan};

mod phases;

use phases::Phases;

/// How a plan ended.
#[derive(Debug, Default)]
pub struct Ending {
    /// What failed, in the order in which it did.
    pub troubles: Vec<(NodeId, Trouble)>,
    /// Operations that succeeded.
    pub done: BTreeSet<NodeId>,
    /// Operations that began and were abandoned.
    pub abandoned: BTreeSet<NodeId>,
    /// The user interrupted.
    pub interrupted: bool,
}

/// Carries out a plan and hands every event to `report`, in one order.
///
/// After a failure nothing new begins that depends on it; the rest goes on, so that one run shows every failure. An
/// interrupt, or a lost engine, abandons what runs and begins nothing more.
pub async fn execute<E: Engine>(
    plan: &Plan,
    engine: &E,
    begin: Instant,
    interrupt: impl Future<Output = ()>,
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
    let mut started: BTreeSet<NodeId> = BTreeSet::new();
    let mut phases = Phases::new(plan);
    tokio::pin!(interrupt);
    loop {
        let ready: Vec<NodeId> = open.iter().copied().filter(|id| may_begin(plan, *id, &ending)).collect();
        for id in ready {
            open.remove(&id);
            started.insert(id);
            let node = &plan.nodes[id.0];
            phases.begin(node.phase, &mut tell);
            tell(started_event(id, node));
            let (sink, waiting) = (Arc::clone(&sink), &waiting[id.0]);
            running.push(async move {
                let since = Instant::now();
                let result = engine.perform(&node.operation, waiting, &sink).await;
                (id, since.elapsed(), result)
            });
        }
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
                started.remove(&id);
                let node = &plan.nodes[id.0];
                let outcome = settle(&mut ending, id, result, &mut tell);
                phases.end(node.phase, &outcome, &mut tell_finished(id, node, outcome.clone(), took, &mut tell));
                if matches!(ending.troubles.last(), Some((_, Trouble::EngineLost(_)))) {
                    break;
                }
            }
            () = &mut interrupt => {
                ending.interrupted = true;
                break;
            }
        }
    }
    drop(running);
    ending.abandoned = started;
    for id in ending.abandoned.iter().chain(&open) {
        let node = &plan.nodes[id.0];
        if ending.abandoned.contains(id) {
            tell(finished_event(*id, node, Outcome::Cancelled, std::time::Duration::ZERO));
        }
        phases.end(node.phase, &Outcome::Cancelled, &mut tell);
    }
    ending
}

fn may_begin(plan: &Plan, id: NodeId, ending: &Ending) -> bool {
    plan.nodes[id.0].needs.iter().all(|need| ending.done.contains(need))
}

fn settle(
    ending: &mut Ending,
    id: NodeId,
    result: Result<Done, Trouble>,
    tell: &mut impl FnMut(EventKind),
) -> Outcome {
    match result {
        Ok(done) => {
            ending.done.insert(id);
            if done == Done::Changed { Outcome::Done } else { Outcome::Unchanged }
        }
        Err(trouble) => {
            let message = trouble.to_string();
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

/// Tells that a node finished, then hands back the same teller.
fn tell_finished<'a, T: FnMut(EventKind)>(
    id: NodeId,
    node: &Node,
    outcome: Outcome,
    took: std::time::Duration,
    tell: &'a mut T,
) -> &'a mut T {
    tell(finished_event(id, node, outcome, took));
    tell
}

/// The components that wait for each node, directly or not.
fn dependents(plan: &Plan) -> Vec<Vec<String>> {
    let mut waiting: Vec<BTreeSet<String>> = vec![BTreeSet::new(); plan.nodes.len()];
    for (id, node) in plan.iter().collect::<Vec<_>>().into_iter().rev() {
        let mut above = waiting[id.0].clone();
        above.extend(node.operation.component().map(str::to_owned));
        for need in &node.needs {
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
