//! What a timeline shows, as plain values; serialized, it is the JSON file.

use std::time::Duration;

use serde::Serialize;

use super::record::Record;
use super::{path, rows};
use crate::event::Outcome;
use crate::report::reporter::seconds;

/// The version of the JSON file's shape.
const VERSION: u32 = 1;

/// A run: what took which time. Times count from the begin of the command.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Timeline {
    version: u32,
    /// `up` or `fresh`.
    pub(super) command: String,
    /// The profile's name.
    pub(super) profile: String,
    /// Its project.
    pub(super) project: String,
    /// How the run ended.
    #[serde(flatten)]
    pub(super) outcome: Outcome,
    /// How long all of it took.
    #[serde(rename = "seconds", serialize_with = "seconds")]
    pub(super) took: Duration,
    /// The operations that each began when the one before ended, up to what was ready last. What is cleaned up afterwards is
    /// no part of it.
    pub(super) critical_path: Vec<Step>,
    /// One for each component, in the order in which they started, and for each network, volume and the like.
    pub(super) rows: Vec<Row>,
    /// What had begun and was not done when the run ended.
    pub(super) unfinished: Vec<Unfinished>,
}

/// An operation on the critical path.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Step {
    /// The operation in words.
    pub(super) operation: String,
    /// The name of its row.
    pub(super) row: String,
    /// How it ended.
    #[serde(flatten)]
    pub(super) outcome: Outcome,
    #[serde(serialize_with = "seconds")]
    pub(super) begin: Duration,
    #[serde(serialize_with = "seconds")]
    pub(super) end: Duration,
}

/// A component, a network, a volume, an image or a container of no component.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Row {
    /// The component's key; `network KEY` and the like for what is none.
    pub(super) name: String,
    /// How it ended; a component that is done is ready.
    #[serde(flatten)]
    pub(super) outcome: Outcome,
    /// Its parts in the order in which they began; a gap is time in which nothing was to be done.
    pub(super) segments: Vec<Segment>,
}

impl Row {
    /// From the begin of its first part to the end of its last one.
    pub(super) fn took(&self) -> Duration {
        let begin = self.segments.first().map_or(Duration::ZERO, |segment| segment.begin);
        self.segments.iter().map(|segment| segment.end).max().unwrap_or_default().saturating_sub(begin)
    }
}

/// A part of a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Segment {
    pub(super) kind: Kind,
    #[serde(serialize_with = "seconds")]
    pub(super) begin: Duration,
    #[serde(serialize_with = "seconds")]
    pub(super) end: Duration,
    /// Of a wait: the name of the row that it was for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) on: Option<String>,
    /// An operation in it is on the critical path.
    pub(super) critical: bool,
}

/// What happened in a part of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// An old container, volume or image was taken away.
    Remove,
    /// Its image was pulled.
    Pull,
    /// Its image was built.
    Build,
    /// It was made.
    Create,
    /// It waited for something else.
    Wait,
    /// It was started.
    Start,
    /// It was asked until it was ready; a job: it ran.
    Ready,
}

/// An operation that had begun and was not done when the run ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Unfinished {
    /// The operation in words.
    pub(super) operation: String,
    /// The component, where it was awaited.
    pub(super) component: Option<String>,
    /// How long it had run.
    #[serde(rename = "seconds", serialize_with = "seconds")]
    pub(super) took: Duration,
    /// The last that was heard of it: an answer, a step of a pull, a line of a build.
    pub(super) last: Option<String>,
}

impl Timeline {
    /// The timeline of what a command did.
    pub fn of(record: &Record, outcome: Outcome, took: Duration) -> Self {
        let path = path::critical(record);
        Self {
            version: VERSION,
            command: record.command.clone(),
            profile: record.profile.clone(),
            project: record.project.clone(),
            outcome,
            took,
            critical_path: path::steps(record, &path),
            rows: rows::rows(record, &path),
            unfinished: path::unfinished(record),
        }
    }
}
