//! Whole texts, as users see them.

mod errors;
mod failure;
mod json;
mod live;
mod logs;
mod plain;
mod plan;
mod streams;
mod tables;
mod words;

use std::time::Duration;

use super::reporter::Summary;
use crate::event::{Event, EventKind, Outcome};
use crate::plan::diagnosis::{Answer, Diagnosis, Reason};
use crate::plan::graph::NodeId;
use crate::plan::operation::Phase;

/// An event at so many milliseconds.
fn at(milliseconds: u64, kind: EventKind) -> Event {
    Event { at: Duration::from_millis(milliseconds), kind }
}

fn started(node: usize, operation: &str, component: Option<&str>, phase: Phase) -> EventKind {
    let component = component.map(ToOwned::to_owned);
    EventKind::OperationStarted { node: NodeId(node), operation: operation.to_owned(), component, phase }
}

fn finished(node: usize, operation: &str, component: Option<&str>, outcome: Outcome, took: u64) -> EventKind {
    EventKind::OperationFinished {
        node: NodeId(node),
        operation: operation.to_owned(),
        component: component.map(ToOwned::to_owned),
        outcome,
        took: Duration::from_millis(took),
    }
}

fn phase(phase: Phase, outcome: Outcome, took: u64) -> EventKind {
    EventKind::PhaseFinished { phase, outcome, took: Duration::from_millis(took) }
}

fn ready(component: &str, asked: u32, took: u64) -> EventKind {
    let probe = if asked == 0 { "runs" } else { "GET /health 200" }.to_owned();
    EventKind::Ready { component: component.to_owned(), probe, asked, took: Duration::from_millis(took) }
}

fn news(component: &str, text: &str) -> EventKind {
    EventKind::News { component: component.to_owned(), text: text.to_owned() }
}

fn progress(current: u64) -> EventKind {
    EventKind::Progress {
        subject: "mongo:8.0".to_owned(),
        text: "downloading".to_owned(),
        current: Some(current),
        total: Some(200_000_000),
    }
}

fn build_line(line: &str) -> EventKind {
    EventKind::BuildOutput { subject: "ms-auth".to_owned(), line: line.to_owned() }
}

fn failure(message: &str) -> Outcome {
    Outcome::Failed { message: message.to_owned() }
}

/// A service that never became ready.
fn not_ready() -> Diagnosis {
    let answer = |text: &str, times| Answer { text: text.to_owned(), times };
    Diagnosis {
        component: "auth".to_owned(),
        container: "ms-auth-1".to_owned(),
        reason: Reason::NotReady { deadline: Duration::from_secs(60) },
        probe: Some("GET http://auth:9001/health".to_owned()),
        answers: vec![answer("connection refused", 12), answer("503 mongodb does not answer", 1)],
        state: "running".to_owned(),
        exit_code: None,
        out_of_memory: false,
        logs: vec!["listening on 9001".to_owned(), "mongodb: \u{1b}[31mno answer\u{1b}[0m".to_owned()],
        waiting: vec!["gateway".to_owned(), "kyc".to_owned()],
    }
}

/// A service that the kernel ended.
fn out_of_memory() -> Diagnosis {
    Diagnosis {
        reason: Reason::Exited { exit_code: Some(137), out_of_memory: true },
        probe: None,
        answers: Vec::new(),
        state: "exited".to_owned(),
        exit_code: Some(137),
        out_of_memory: true,
        logs: (1..=25).map(|line| format!("line {line}")).collect(),
        waiting: Vec::new(),
        ..not_ready()
    }
}

fn summary(outcome: Outcome) -> Summary {
    Summary {
        command: "up".to_owned(),
        profile: "default".to_owned(),
        project: "ms".to_owned(),
        outcome,
        took: Duration::from_millis(4230),
        evidence: None,
        timeline: None,
    }
}
