//! From what the engine sends of one container's log to lines, each of them once; pure.

use std::collections::VecDeque;

use bollard::container::LogOutput;

use super::logs_moment::Moment;

/// A line longer than this is cut into several.
const LONGEST: usize = 1024 * 1024;

/// A line of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) stderr: bool,
    /// As the engine writes it.
    pub(super) timestamp: String,
    pub(super) at: Option<Moment>,
    pub(super) text: String,
}

/// What was read of a container's log so far. A second reading goes on where the first one stopped.
#[derive(Debug, Default)]
pub(super) struct Lines {
    output: Channel,
    errors: Channel,
    ready: VecDeque<Line>,
}

#[derive(Debug, Default)]
struct Channel {
    /// A line whose end has not come.
    open: Option<(String, Vec<u8>)>,
    /// The latest time of a line, and how many lines have it.
    last: Option<(Moment, usize)>,
    /// What a second reading leaves out: all before a time, and so many lines of that time.
    skip: Option<(Moment, usize)>,
}

impl Lines {
    /// The time of the last line.
    pub(super) fn last(&self) -> Option<Moment> {
        let times = [&self.output, &self.errors].map(|channel| channel.last.map(|(at, _)| at));
        times.into_iter().flatten().max()
    }

    /// Leaves out what was written before a time.
    pub(super) fn start_at(&mut self, at: Moment) {
        (self.output.last, self.errors.last) = (Some((at, 0)), Some((at, 0)));
    }

    /// Begins another reading.
    pub(super) fn again(&mut self) {
        self.end();
        let last = self.last();
        for channel in [&mut self.output, &mut self.errors] {
            // Without a line of its own it goes on where the other one stopped.
            channel.skip = channel.last.or(last.map(|at| (at, 0)));
        }
    }

    /// Takes in what the engine sent.
    pub(super) fn add(&mut self, frame: &LogOutput) {
        let stderr = matches!(frame, LogOutput::StdErr { .. });
        let channel = if stderr { &mut self.errors } else { &mut self.output };
        let mut bytes: &[u8] = frame.as_ref();
        // A long line comes in pieces, each with a time of its own.
        while !bytes.is_empty() {
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let (line, rest) =
                end.map_or((bytes, &bytes[bytes.len()..]), |end| (&bytes[..end], &bytes[end + 1..]));
            let (timestamp, text) = split(line);
            let (_, whole) = channel.open.get_or_insert_with(|| (timestamp.to_owned(), Vec::new()));
            whole.extend_from_slice(text);
            if end.is_some() || whole.len() > LONGEST {
                self.ready.extend(channel.close(stderr));
            }
            bytes = rest;
        }
    }

    /// Ends a reading: what has no line end yet is a line, too.
    pub(super) fn end(&mut self) {
        self.ready.extend(self.output.close(false));
        self.ready.extend(self.errors.close(true));
    }

    /// The next line.
    pub(super) fn next(&mut self) -> Option<Line> {
        self.ready.pop_front()
    }
}

impl Channel {
    fn close(&mut self, stderr: bool) -> Option<Line> {
        let (timestamp, text) = self.open.take()?;
        let at = Moment::of_engine(&timestamp);
        if let Some(at) = at {
            match self.skip {
                Some((mark, _)) if at < mark => return None,
                Some((mark, left)) if at == mark && left > 0 => {
                    self.skip = Some((mark, left - 1));
                    return None;
                }
                _ => self.skip = None,
            }
            self.last = Some(match self.last {
                Some((last, seen)) if at == last => (last, seen + 1),
                Some((last, seen)) if at < last => (last, seen),
                _ => (at, 1),
            });
        }
        let text = String::from_utf8_lossy(&text).trim_end_matches('\r').to_owned();
        Some(Line { stderr, timestamp, at, text })
    }
}

/// `2026-01-31T09:00:00.000000000Z text`; a piece without a time is all text.
fn split(line: &[u8]) -> (&str, &[u8]) {
    let space = line.iter().position(|byte| *byte == b' ');
    let head = space.and_then(|end| std::str::from_utf8(&line[..end]).ok());
    match (head, space) {
        (Some(head), Some(end)) if Moment::of_engine(head).is_some() => (head, &line[end + 1..]),
        _ => match std::str::from_utf8(line) {
            // An empty line of some engines has no space behind its time.
            Ok(head) if Moment::of_engine(head).is_some() => (head, &[]),
            _ => ("", line),
        },
    }
}

#[cfg(test)]
mod tests;
