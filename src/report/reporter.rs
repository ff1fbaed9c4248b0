//! The trait of all reporters, the end of a run, and which reporter is used when.

use std::io;
use std::time::Duration;

use serde::Serialize;

use super::json::Json;
use super::mode::{Output, Verbosity};
use super::plain::Plain;
use super::streams::Streams;
use super::tty::Live;
use crate::event::{Event, Outcome};

/// Shows what happens.
pub trait Reporter: Send {
    /// Shows one event.
    ///
    /// # Errors
    /// The stream takes no more; see [`super::is_broken_pipe`].
    fn report(&mut self, event: &Event) -> io::Result<()>;

    /// Shows how it ended: the failure screens, or one line. Nothing is left moving.
    ///
    /// # Errors
    /// The stream takes no more.
    fn finish(&mut self, summary: &Summary) -> io::Result<()>;
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The command, `up`.
    pub command: String,
    /// The profile's name.
    pub profile: String,
    /// Its project.
    pub project: String,
    /// How. The reason of a failure is shown by [`super::error()`], not here.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// How long all of it took.
    #[serde(serialize_with = "seconds")]
    pub took: Duration,
    /// Where the evidence of a failure lies, `.gw/reports/...`.
    pub evidence: Option<String>,
    /// The file that the timeline was written to, as it was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline: Option<String>,
}

pub(super) fn seconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((duration.as_secs_f64() * 1_000_000.0).round() / 1_000_000.0)
}

/// The reporter for these wishes and streams.
pub fn choose(output: Output, verbosity: Verbosity, streams: &Streams) -> Box<dyn Reporter> {
    match output {
        Output::Json => Box::new(Json::new(streams.out.clone())),
        Output::Text if streams.err.live && verbosity > Verbosity::Quiet => {
            Box::new(Live::of_terminal(streams.err.clone(), verbosity))
        }
        Output::Text => Box::new(Plain::new(streams.err.clone(), verbosity)),
    }
}
