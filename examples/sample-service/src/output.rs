//! The only place that writes to the terminal. A reader that went away is no reason to fail.

use std::io::{self, Write};

/// Writes one line to standard output at once.
pub(crate) fn line(text: &str) {
    write_line(&mut io::stdout().lock(), text);
}

/// Writes one line to standard error.
pub(crate) fn error_line(text: &str) {
    write_line(&mut io::stderr().lock(), text);
}

fn write_line(stream: &mut impl Write, text: &str) {
    drop(writeln!(stream, "{text}").and_then(|()| stream.flush()));
}
