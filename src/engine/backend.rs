//! What the executor needs of an engine, and what may go wrong.

use std::future::Future;

use crate::event::EventKind;
use crate::plan::diagnosis::Diagnosis;
use crate::plan::operation::Operation;

/// Takes events from operations that run side by side; the executor puts them in one order.
pub type Sink = std::sync::Arc<dyn Fn(EventKind) + Send + Sync>;

/// Carries out single operations.
pub trait Engine {
    /// Does one thing; `waiting` names the components that wait for it, for the evidence.
    ///
    /// Dropping the future abandons the operation; what it made so far stays and is found again by its labels.
    fn perform(
        &self,
        operation: &Operation,
        waiting: &[String],
        sink: &Sink,
    ) -> impl Future<Output = Result<Done, Trouble>> + Send;
}

/// How an operation that succeeded left things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// Something was done.
    Changed,
    /// It was so already.
    Unchanged,
}

/// Why an operation did not succeed; each kind has an exit code of its own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The engine cannot be reached any more, or never could.
    #[error("the engine does not answer: {0}")]
    EngineLost(String),
    /// The engine refused for a reason that is nobody else's.
    #[error("{0}")]
    Refused(String),
    /// Something else has what this needs: a port, a name.
    #[error("{0}")]
    Conflict(String),
    /// An image could not be built or pulled.
    #[error("{message}")]
    Image {
        /// What went wrong.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// A component did not become what it should.
    #[error("{}: {}", .0.component, .0.reason)]
    Component(Box<Diagnosis>),
    /// Something could not be removed.
    #[error("{0}")]
    NotRemoved(String),
}

/// An error and its causes in one line, none said twice.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let words = cause.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        source = cause.source();
    }
    text
}
