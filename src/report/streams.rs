//! Standard output and standard error: made once, handed to whoever prints.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::mode::{Colour, Surroundings};

/// Columns where there is no terminal that can be asked.
const COLUMNS: usize = 80;

/// Both streams; a clone writes to the same places.
#[derive(Debug, Clone)]
pub struct Streams {
    /// Data: tables, plans, JSON.
    pub out: Stream,
    /// Progress, notes, failures.
    pub err: Stream,
}

/// One stream; writes pass unbuffered, so callers write whole lines.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Stream {
    sink: Arc<Mutex<Box<dyn Write + Send>>>,
    /// Nobody needs what is written here: when its reader goes away, the command goes on.
    optional: bool,
    /// Somebody looks at it.
    pub terminal: bool,
    /// Colours may be used.
    pub colour: bool,
    /// The cursor can be moved.
    pub live: bool,
    /// Columns.
    pub width: usize,
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Stream(terminal: {}, colour: {})", self.terminal, self.colour)
    }
}

impl Streams {
    /// The process's streams.
    pub fn of_process(colour: Colour, surroundings: Surroundings) -> Self {
        let (out, err) = (console::Term::stdout(), console::Term::stderr());
        let stream = |sink: Box<dyn Write + Send>, terminal: bool, term: &console::Term| Stream {
            sink: Arc::new(Mutex::new(sink)),
            optional: false,
            terminal,
            colour: colour.applies(terminal, surroundings),
            live: terminal && !surroundings.dumb,
            width: match surroundings.columns {
                Some(columns) => columns,
                None if terminal => term.size_checked().map_or(COLUMNS, |(_, columns)| usize::from(columns)),
                None => COLUMNS,
            },
        };
        Self {
            out: stream(Box::new(io::stdout()), io::stdout().is_terminal(), &out),
            err: Stream {
                optional: true,
                ..stream(Box::new(io::stderr()), io::stderr().is_terminal(), &err)
            },
        }
    }

    /// The same with everything on standard error: standard output belongs to a command that gw runs.
    #[must_use]
    pub fn without_output(self) -> Self {
        Self { out: self.err.clone(), err: self.err }
    }

    /// Streams into memory, neither of them a terminal, and what reads them.
    pub fn in_memory() -> (Self, Captured) {
        let captured = Captured::default();
        let out = Stream::of(Box::new(captured.out.clone()), false);
        let err = Stream::of(Box::new(captured.err.clone()), true);
        (Self { out, err }, captured)
    }
}

impl Stream {
    /// A stream that is no terminal; `optional` ones ignore that nobody reads them.
    pub fn of(sink: Box<dyn Write + Send>, optional: bool) -> Self {
        let sink = Arc::new(Mutex::new(sink));
        Self { sink, optional, terminal: false, colour: false, live: false, width: COLUMNS }
    }

    /// Writes a text at once, so that lines of several tasks do not mix.
    ///
    /// # Errors
    /// The stream takes no more; see [`is_broken_pipe`].
    pub fn print(&self, text: &str) -> io::Result<()> {
        self.print_bytes(text.as_bytes())
    }

    /// Writes bytes at once.
    ///
    /// # Errors
    /// The stream takes no more; see [`is_broken_pipe`].
    pub fn print_bytes(&self, bytes: &[u8]) -> io::Result<()> {
        let mut sink = locked(&self.sink);
        match sink.write_all(bytes).and_then(|()| sink.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe && self.optional => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                Err(io::Error::new(io::ErrorKind::BrokenPipe, ReaderGone))
            }
            result => result,
        }
    }
}

/// What was written into [`Streams::in_memory`].
#[derive(Debug, Clone, Default)]
pub struct Captured {
    out: Written,
    err: Written,
}

impl Captured {
    /// Standard output so far.
    pub fn out(&self) -> String {
        self.out.text()
    }

    /// Standard error so far.
    pub fn err(&self) -> String {
        self.err.text()
    }
}

#[derive(Debug, Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn text(&self) -> String {
        String::from_utf8_lossy(&locked(&self.0)).into_owned()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        locked(&self.0).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Nobody reads standard output any more. A type of its own, because an engine that goes away is a broken pipe too.
#[derive(Debug, thiserror::Error)]
#[error("nobody reads standard output any more")]
struct ReaderGone;

/// Whether somewhere in this error's chain the reader of standard output went away, as in `gw logs | head`.
///
/// That is no failure: the command ends quietly with code 0.
pub fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if inner.and_then(|inner| inner.downcast_ref::<ReaderGone>()).is_some() {
            return true;
        }
        next = error.source();
    }
    false
}

fn locked<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
