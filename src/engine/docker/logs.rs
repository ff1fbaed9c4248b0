//! The logs of a project's containers as one stream, which lives on when a container is replaced.

use std::collections::BTreeSet;

use bollard::Docker;
use futures_util::{Stream, stream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

pub use super::logs_moment::Moment;
use super::logs_reader::Reader;
use super::request;

/// Whose logs.
#[derive(Debug, Clone, Default)]
pub struct LogSelection {
    /// The project.
    pub project: String,
    /// Keys of components; `None` takes all.
    pub components: Option<BTreeSet<String>>,
}

/// Which part of them.
#[derive(Debug, Clone, Default)]
pub struct LogOptions {
    /// Goes on with what containers write from now on, also those that are made later.
    pub follow: bool,
    /// Nothing before it.
    pub since: Option<Moment>,
    /// Nothing after it.
    pub until: Option<Moment>,
    /// So many of the last lines of each container that is there already.
    pub tail: Option<u64>,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// The component's name as users know it.
    pub component: String,
    /// Which of its containers, from 1.
    pub number: u32,
    /// Written to standard error.
    pub stderr: bool,
    /// When, as the engine writes it.
    pub timestamp: String,
    /// The line without its end.
    pub text: String,
}

/// Why lines are missing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogFailure {
    /// One container's log cannot be read; the stream goes on with the others.
    #[error("the log of {component}-{number} cannot be read: {words}")]
    Container {
        /// The component's name.
        component: String,
        /// Which of its containers.
        number: u32,
        /// The engine's words.
        words: String,
    },
    /// The engine does not answer any more; the stream ends.
    #[error("the engine sends no logs: {0}")]
    Engine(String),
}

/// Streams lines: what there is in the order of its times, then, when following, what comes as it comes. Dropping the
/// stream ends it.
pub fn stream(
    docker: &Docker,
    selection: LogSelection,
    options: LogOptions,
) -> impl Stream<Item = Result<LogLine, LogFailure>> + Send + use<> {
    let (lines, receiver) = mpsc::channel(256);
    let reader = Reader::new(request::endless(docker), selection, options, lines);
    let task = Task(tokio::spawn(reader.read()));
    stream::unfold((receiver, task), async |(mut receiver, task)| {
        Some((receiver.recv().await?, (receiver, task)))
    })
}

/// Ends with the stream.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
