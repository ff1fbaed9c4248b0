//! A reader that goes away.

use std::io::{self, Write};

use crate::report::streams::{Stream, is_broken_pipe};

/// A stream that nobody reads.
struct Gone;

impl Write for Gone {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("outer")]
struct Outer(#[source] io::Error);

#[test]
fn data_that_nobody_reads_ends_the_command_and_progress_does_not() {
    let error = Stream::of(Box::new(Gone), false).print("data\n").expect_err("nobody reads");
    assert!(is_broken_pipe(&error));
    assert!(is_broken_pipe(&Outer(error)));
    Stream::of(Box::new(Gone), true).print("progress\n").expect("progress needs no reader");
}

#[test]
fn a_broken_pipe_of_the_engine_is_a_failure() {
    assert!(!is_broken_pipe(&io::Error::from(io::ErrorKind::BrokenPipe)));
    assert!(!is_broken_pipe(&Outer(io::ErrorKind::BrokenPipe.into())));
}
