//! What happens while a plan is carried out; the only thing that reporters see.

use std::time::Duration;

use serde::Serialize;

use crate::plan::diagnosis::Diagnosis;
use crate::plan::graph::NodeId;
use crate::plan::operation::Phase;

/// Something that happened, and when.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    /// Time since the command began.
    #[serde(rename = "seconds", serialize_with = "seconds")]
    pub at: Duration,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

fn seconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((duration.as_secs_f64() * 1_000_000.0).round() / 1_000_000.0)
}

/// How something ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// As it should.
    Done,
    /// Nothing had to be done.
    Unchanged,
    /// Not; a [`EventKind::Failed`] or the command's error says why.
    Failed {
        /// The reason in one line.
        message: String,
    },
    /// Not, because something before it failed or the user interrupted.
    Cancelled,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum EventKind {
    /// The first operation of a phase began.
    PhaseStarted {
        /// The phase.
        phase: Phase,
    },
    /// The last operation of a phase ended.
    PhaseFinished {
        /// The phase.
        phase: Phase,
        /// How.
        #[serde(flatten)]
        outcome: Outcome,
        /// From its first operation's begin to its last one's end.
        #[serde(rename = "took", serialize_with = "seconds")]
        took: Duration,
    },
    /// An operation began.
    OperationStarted {
        /// Its place in the plan.
        node: NodeId,
        /// The operation in words.
        operation: String,
        /// The component it is about.
        component: Option<String>,
        /// The phase it belongs to.
        phase: Phase,
    },
    /// An operation ended.
    OperationFinished {
        /// Its place in the plan.
        node: NodeId,
        /// The operation in words.
        operation: String,
        /// The component it is about.
        component: Option<String>,
        /// How.
        #[serde(flatten)]
        outcome: Outcome,
        /// How long it ran.
        #[serde(rename = "took", serialize_with = "seconds")]
        took: Duration,
    },
    /// A component is ready; a job: done.
    Ready {
        /// The component's key.
        component: String,
        /// Its last probe in words.
        probe: String,
        /// Questions asked until then.
        asked: u32,
        /// Since it was started.
        #[serde(rename = "took", serialize_with = "seconds")]
        took: Duration,
    },
    /// A probe gave another answer than before, or a container changed its state: news, not the end.
    News {
        /// The component's key.
        component: String,
        /// The news in one line.
        text: String,
    },
    /// Bytes or steps of a pull or a build.
    Progress {
        /// The image.
        subject: String,
        /// The step in words.
        text: String,
        /// Done so far, in bytes, where it is known.
        current: Option<u64>,
        /// All of it.
        total: Option<u64>,
    },
    /// A line that a build printed.
    BuildOutput {
        /// The image.
        subject: String,
        /// The line.
        line: String,
    },
    /// Something the user should know that is no failure.
    Note {
        /// The note.
        text: String,
    },
    /// A component failed, with the evidence.
    Failed(Diagnosis),
}
