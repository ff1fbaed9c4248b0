//! The user's terminal while a command owns it: raw, and back again whatever happens; its size as it changes.

use std::io;

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Rows and columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) rows: u16,
    pub(super) columns: u16,
}

impl Size {
    /// The size of standard output's terminal.
    pub(super) fn now() -> Option<Self> {
        let size = tcgetwinsize(io::stdout()).ok()?;
        (size.ws_row > 0 && size.ws_col > 0).then_some(Self { rows: size.ws_row, columns: size.ws_col })
    }
}

/// A terminal that hands every key through; dropping it gives back the one there was.
pub(super) struct Raw {
    before: Termios,
}

impl Raw {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(io::stdin(), OptionalActions::Now, &raw)?;
        Ok(Self { before })
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // Nothing is left to be done where the terminal itself is gone.
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, &self.before);
    }
}

/// The terminal's sizes: the present one, then each new one.
pub(super) struct Resized {
    first: bool,
    signal: Signal,
}

impl Resized {
    /// Switches the terminal.
    pub(super) fn begin() -> io::Result<(Raw, Self)> {
        let signal = signal(SignalKind::window_change())?;
        Ok((Raw::begin()?, Self { first: true, signal }))
    }

    /// The next size; never one where there is no terminal.
    pub(super) async fn next(resized: &mut Option<Self>) -> Option<Size> {
        let resized = resized.as_mut()?;
        loop {
            if !std::mem::take(&mut resized.first) {
                resized.signal.recv().await?;
            }
            if let Some(size) = Size::now() {
                return Some(size);
            }
        }
    }
}
