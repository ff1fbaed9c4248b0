//! Reporters: the only place that prints.
//!
//! Data (tables, plans, variables, JSON) goes to standard output, everything else to standard error. Logic emits
//! [`crate::event::Event`]s and hands over views; how they look is decided here.

mod ask;
pub mod environment;
pub mod error;
pub mod failure;
mod json;
pub mod junit;
pub mod logs;
pub mod mode;
mod narrator;
mod paint;
mod plain;
pub mod reporter;
pub mod streams;
mod table;
#[cfg(test)]
mod tests;
pub mod timeline;
mod tty;
pub mod view;
mod words;
mod xml;

pub use ask::{ask, can_ask};
pub use error::{Failure, Problem, error};
pub use mode::{Colour, Output, Surroundings, Verbosity};
pub use reporter::{Reporter, Summary, choose};
pub use streams::{Captured, Stream, Streams, is_broken_pipe};
pub use view::{View, show};

use crate::plan::graph::Plan;

/// Prints what a dry run would do, to standard output; that it would do nothing, to standard error.
///
/// # Errors
/// The stream takes no more.
pub fn plan(streams: &Streams, output: Output, plan: &Plan) -> std::io::Result<()> {
    match output {
        Output::Json => streams.out.print(&json::line(&[("event", "plan".into())], plan)?),
        Output::Text if plan.nodes.is_empty() && plan.notes.is_empty() => {
            streams.err.print("nothing would be done\n")
        }
        Output::Text => streams.out.print(&plan.to_string()),
    }
}

/// Prints a text as it is to standard output: a plan, a schema, a completion script.
///
/// # Errors
/// Standard output takes no more.
pub fn text(streams: &Streams, text: &str) -> std::io::Result<()> {
    streams.out.print(text)
}
