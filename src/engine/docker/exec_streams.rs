//! The user's side of a running command: where its input comes from, and where its output goes.

use std::io::{self, IsTerminal, Read, Write};
use std::pin::Pin;

use bollard::container::LogOutput;
use bollard::errors::Error;
use futures_util::{Stream, StreamExt};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc::{self, Receiver};

use super::exec::ExecFailure;
use super::request;

/// The exit code of a shell for a command that nobody listens to any more (SIGPIPE).
const NOBODY_READS: i64 = 141;

/// Three streams.
pub struct Streams {
    /// What the command reads; ends when the sender is dropped.
    input: Source,
    output: Box<dyn Write + Send>,
    error: Box<dyn Write + Send>,
    is_terminal: bool,
}

enum Source {
    /// Standard input; read only once a command wants it.
    Process,
    Given(Receiver<Vec<u8>>),
}

impl Streams {
    /// Those of this process.
    pub fn of_process() -> Self {
        Self {
            input: Source::Process,
            output: Box::new(io::stdout()),
            error: Box::new(io::stderr()),
            is_terminal: io::stdin().is_terminal() && io::stdout().is_terminal(),
        }
    }

    /// Others, without a terminal.
    pub fn new(
        input: Receiver<Vec<u8>>,
        output: Box<dyn Write + Send>,
        error: Box<dyn Write + Send>,
    ) -> Self {
        Self { input: Source::Given(input), output, error, is_terminal: false }
    }

    /// Whether both input and output are a terminal: `gw exec web cat file > copy` must not bend line ends.
    pub(super) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Says on standard error why nothing runs.
    pub(super) fn complain(mut self, words: &str) -> io::Result<()> {
        writeln!(self.error, "{words}")
    }
}

/// Carries bytes both ways until the command's output ends; a code where nobody reads it any more.
pub(super) async fn pump(
    mut output: Pin<Box<dyn Stream<Item = Result<LogOutput, Error>> + Send>>,
    mut input: Pin<Box<dyn AsyncWrite + Send>>,
    streams: Streams,
    interactive: bool,
) -> Result<Option<i64>, ExecFailure> {
    let Streams { input: source, output: mut to_output, error: mut to_error, .. } = streams;
    let sent = async {
        if interactive {
            let mut source = match source {
                Source::Process => read_process(),
                Source::Given(source) => source,
            };
            while let Some(bytes) = source.recv().await {
                // A command that ended, or closed its input, takes no more.
                if input.write_all(&bytes).await.is_err() || input.flush().await.is_err() {
                    break;
                }
            }
            let _ = input.shutdown().await;
        }
        // Without input the connection stays open all the same: it carries the output.
        std::future::pending::<()>().await;
    };
    let received = async {
        while let Some(frame) = output.next().await {
            let frame = frame.map_err(|error| ExecFailure::Engine(request::words(&error)))?;
            let to = if matches!(frame, LogOutput::StdErr { .. }) { &mut to_error } else { &mut to_output };
            match to.write_all(frame.as_ref()).and_then(|()| to.flush()) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Some(NOBODY_READS)),
                Err(error) => return Err(ExecFailure::Output(error)),
            }
        }
        Ok(None)
    };
    tokio::select! {
        () = sent => Ok(None),
        received = received => received,
    }
}

/// Reads standard input on a thread of its own. tokio's would keep the runtime from ending until the next key.
fn read_process() -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel(16);
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        let mut buffer = [0; 8192];
        loop {
            match input.read(&mut buffer) {
                Ok(0) => return,
                Ok(read) if sender.blocking_send(buffer[..read].to_vec()).is_err() => return,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    });
    receiver
}
