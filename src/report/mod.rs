//! Reporters: the only place that prints.
//!
//! Data (tables, plans, variables, JSON) goes to standard output, everything else to standard error. Logic emits
//! [`crate::event::Event`]s and hands over views; how they look is decided here.

pub mod environment;
pub mod error;
pub mod failure;
mod json;
pub mod logs;
pub mod mode;
mod narrator;
mod paint;
mod plain;
pub mod reporter;
pub mod streams;
mod table;
mod tty;
pub mod view;
mod words;

pub use error::{Failure, Problem, error};
pub use mode::{Colour, Output, Surroundings, Verbosity};
pub use reporter::{Reporter, Summary, choose};
pub use streams::{Captured, Stream, Streams, is_broken_pipe};
pub use view::{View, show};

/// Prints a text as it is to standard output: a plan, a schema, a completion script.
///
/// # Errors
/// Standard output takes no more.
pub fn text(streams: &Streams, text: &str) -> std::io::Result<()> {
    streams.out.print(text)
}
