//! Asks the user, where there is one.

use std::io::{self, IsTerminal};

use super::streams::Streams;

/// Whether somebody sees a question and can answer it.
pub fn can_ask(streams: &Streams) -> bool {
    streams.err.terminal && io::stdin().is_terminal()
}

/// Asks on standard error; only `y` and `yes` are one. Blocks until there is an answer.
///
/// # Errors
/// The question cannot be shown, or the answer not be read.
pub fn ask(streams: &Streams, question: &str) -> io::Result<bool> {
    streams.err.print(&format!("{question} [y/N] "))?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()))
}
