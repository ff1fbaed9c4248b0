//! The signals that end the service. As process 1 it gets none that it did not ask for, so it asks first thing.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::output;

/// Listens for SIGTERM and SIGINT from its creation on.
pub(crate) struct Stop {
    terminate: Signal,
    interrupt: Signal,
    ignore_sigterm: bool,
}

impl Stop {
    /// Starts to listen.
    ///
    /// # Errors
    /// When the system refuses the handlers.
    pub(crate) fn listen(ignore_sigterm: bool) -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            ignore_sigterm,
        })
    }

    /// Waits for a signal that counts and returns its name.
    pub(crate) async fn wait(&mut self) -> &'static str {
        loop {
            tokio::select! {
                _ = self.interrupt.recv() => return "SIGINT",
                _ = self.terminate.recv() => {
                    if !self.ignore_sigterm {
                        return "SIGTERM";
                    }
                    output::line("ignoring SIGTERM");
                }
            }
        }
    }
}
