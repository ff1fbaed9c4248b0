//! The reporter for files, pipes and CI: lines, one after the other.

use std::io;

use super::mode::Verbosity;
use super::narrator::Narrator;
use super::paint::Paint;
use super::reporter::{Reporter, Summary};
use super::streams::Stream;
use crate::event::Event;

/// Lines on a stream; with [`Verbosity::Quiet`] only failures.
#[derive(Debug)]
pub(super) struct Plain {
    stream: Stream,
    narrator: Narrator,
}

impl Plain {
    /// Writes to this stream.
    pub(super) fn new(stream: Stream, verbosity: Verbosity) -> Self {
        let narrator = Narrator::new(verbosity, Paint(stream.colour), true);
        Self { stream, narrator }
    }

    fn print(&self, lines: &[String]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        self.stream.print(&(lines.join("\n") + "\n"))
    }
}

impl Reporter for Plain {
    fn report(&mut self, event: &Event) -> io::Result<()> {
        let lines = self.narrator.tell(event);
        self.print(&lines)
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let lines = self.narrator.conclude(summary);
        self.print(&lines)
    }
}
