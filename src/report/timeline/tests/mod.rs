//! Timelines of made-up runs: whole texts and whole files.

mod cases;
mod files;

use std::time::Duration;

use super::model::Timeline;
use super::record::Record;
use super::words;
use crate::event::{Event, EventKind, Outcome};
use crate::plan::graph::{NodeId, Plan};
use crate::plan::operation::{Operation, Phase};
use crate::report::words::duration;

/// A plan, and the events of carrying it out.
struct Run {
    plan: Plan,
    record: Record,
}

/// The nodes of a component: made, started, awaited.
#[derive(Clone, Copy)]
struct Nodes(NodeId, NodeId, NodeId);

impl Run {
    /// Nothing planned yet, in a command that did nothing before.
    fn new() -> Self {
        Self { plan: Plan::default(), record: Record::new("up", "default", "ms") }
    }

    /// The next plan of the same command.
    fn next(self) -> Self {
        Self { plan: Plan::default(), record: self.record }
    }

    fn add(&mut self, phase: Phase, operation: Operation, needs: &[NodeId]) -> NodeId {
        self.plan.add(phase, operation, "test", needs)
    }

    /// A component made of these, that starts after those.
    fn component(&mut self, name: &str, made_of: &[NodeId], after: &[Nodes]) -> Nodes {
        let component = name.to_owned();
        let ready: Vec<NodeId> = after.iter().map(|nodes| nodes.2).collect();
        let create = Operation::CreateContainer { component: component.clone(), number: 1 };
        let start = Operation::StartContainer { component: component.clone(), number: 1, id: None };
        let created = self.add(Phase::Start, create, made_of);
        let started = self.add(Phase::Start, start, &[&[created], ready.as_slice()].concat());
        let awaited = self.existing_with(component, &[&[started], ready.as_slice()].concat());
        Nodes(created, started, awaited)
    }

    /// A component whose container runs already.
    fn existing(&mut self, name: &str, after: &[NodeId]) -> NodeId {
        self.existing_with(name.to_owned(), after)
    }

    fn existing_with(&mut self, component: String, after: &[NodeId]) -> NodeId {
        self.add(Phase::Health, Operation::AwaitReady { component, existing: Vec::new() }, after)
    }

    /// Everything is planned: the events follow.
    fn planned(&mut self) {
        self.record.begin(&self.plan);
    }

    fn event(&mut self, at: u64, kind: EventKind) {
        self.record.event(&Event { at: Duration::from_millis(at), kind });
    }

    fn starts(&mut self, at: u64, node: NodeId) {
        let planned = &self.plan.nodes[node.0];
        let (operation, phase) = (planned.operation.to_string(), planned.phase);
        let component = planned.operation.component().map(str::to_owned);
        self.event(at, EventKind::OperationStarted { node, operation, component, phase });
    }

    fn ends(&mut self, at: u64, node: NodeId, outcome: Outcome) {
        let operation = self.plan.nodes[node.0].operation.to_string();
        let kind =
            EventKind::OperationFinished { node, operation, component: None, outcome, took: Duration::ZERO };
        self.event(at, kind);
    }

    /// An operation that succeeds, from and until these milliseconds.
    fn ran(&mut self, from: u64, until: u64, node: NodeId) {
        self.starts(from, node);
        self.ends(until, node, Outcome::Done);
    }

    /// A component that is made, started and ready at these milliseconds.
    fn came_up(&mut self, [create, created, start, started, ready]: [u64; 5], nodes: Nodes) {
        self.ran(create, created, nodes.0);
        self.ran(start, started, nodes.1);
        self.ran(started, ready, nodes.2);
    }

    fn news(&mut self, at: u64, component: &str, text: &str) {
        self.event(at, EventKind::News { component: component.to_owned(), text: text.to_owned() });
    }

    fn timeline(&self, outcome: Outcome, took: u64) -> Timeline {
        Timeline::of(&self.record, outcome, Duration::from_millis(took))
    }

    /// The critical path and the rows in words.
    fn told(&self, outcome: Outcome, took: u64) -> String {
        let timeline = self.timeline(outcome, took);
        let path = words::path(&timeline.critical_path, timeline.took);
        let path = path.iter().map(|(took, text)| format!("{} {text}\n", duration(*took)));
        let rows = timeline.rows.iter().map(|row| format!("{}\n", words::row(row)));
        let title = format!("{}\n", words::title(&timeline));
        [title].into_iter().chain(path).chain(["--\n".to_owned()]).chain(rows).collect()
    }
}

fn failed(message: &str) -> Outcome {
    Outcome::Failed { message: message.to_owned() }
}

fn network() -> Operation {
    Operation::CreateNetwork { network: "default".to_owned() }
}

fn pull(image: &str) -> Operation {
    Operation::PullImage { image: image.to_owned(), platform: None }
}

fn build(image: &str, component: &str) -> Operation {
    Operation::BuildImage { image: image.to_owned(), component: component.to_owned() }
}

fn stop(name: &str) -> Operation {
    Operation::StopContainer { id: "1".to_owned(), name: name.to_owned(), grace: None }
}

fn remove(name: &str) -> Operation {
    Operation::RemoveContainer { id: "1".to_owned(), name: name.to_owned() }
}

/// A whole run from nothing: a pulled image, a store, two services side by side, a gateway; an old image goes at the end.
fn from_nothing() -> Run {
    let mut run = Run::new();
    let pulled = run.add(Phase::Build, pull("redis:8"), &[]);
    let network = run.add(Phase::Start, network(), &[]);
    let redis = run.component("redis", &[network, pulled], &[]);
    let auth = run.component("auth", &[network], &[redis]);
    let kyc = run.component("kyc", &[network], &[redis]);
    let gateway = run.component("gateway", &[network], &[auth, kyc]);
    let old = Operation::RemoveImage { id: "sha256:1".to_owned() };
    let old = run.add(Phase::Cleanup, old, &[redis.2, auth.2, kyc.2, gateway.2]);
    run.planned();
    run.starts(50, pulled);
    run.ran(51, 120, network);
    run.ran(120, 200, auth.0);
    run.ran(121, 220, kyc.0);
    run.ran(122, 240, gateway.0);
    run.ends(900, pulled, Outcome::Done);
    run.came_up([900, 1000, 1000, 1150, 1600], redis);
    run.ran(1601, 1700, auth.1);
    run.ran(1602, 1710, kyc.1);
    run.ran(1700, 2000, auth.2);
    run.ran(1710, 2410, kyc.2);
    run.ran(2411, 2500, gateway.1);
    run.ran(2500, 2600, gateway.2);
    run.ran(2600, 2700, old);
    run
}
