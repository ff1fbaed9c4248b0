//! Ctrl-C, SIGTERM, SIGHUP and the budget: the first of them ends what runs in good order, a second Ctrl-C ends gw at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::process::Signal;
use tokio::signal::unix::{Signal as Stream, SignalKind, signal};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::engine::executor::Cut;
use crate::host;

/// Counts the user's interrupts, and knows when the budget is used up, for everything that waits.
#[derive(Clone)]
pub(crate) struct Interrupt {
    count: watch::Receiver<Count>,
    /// So many interrupts are left to whoever takes away what is half-made; the next one ends gw at once.
    left: Arc<AtomicU32>,
    /// So many interrupts were seen to already.
    seen: u32,
    /// When the command's budget is used up.
    deadline: Option<Instant>,
}

/// The interrupts so far.
#[derive(Debug, Clone, Copy)]
struct Count {
    times: u32,
    last: Signal,
}

/// Interrupts that `gw run` takes itself: the first ends its command, the second kills it and lets nothing be waited for.
const OF_A_RUN: u32 = 2;

/// While it lives, the first interrupts and the end of the budget are left to whoever made it, who takes away what is half-made.
pub(super) struct Tidy {
    left: Arc<AtomicU32>,
    before: u32,
}

impl Drop for Tidy {
    fn drop(&mut self) {
        self.left.store(self.before, Ordering::Relaxed);
    }
}

impl Interrupt {
    /// Begins to listen; needs a tokio runtime. The budget is used up at the `deadline`.
    pub(super) fn listen(deadline: Option<std::time::Instant>) -> Self {
        let (sender, count) = watch::channel(Count { times: 0, last: Signal::INT });
        // Not first in the task: a signal that comes before it runs would end gw where it stands.
        let kinds = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
        let mut hangup = if host::ignores_hangup() { None } else { signal(SignalKind::hangup()).ok() };
        tokio::spawn(async move {
            let (Ok(mut interrupt), Ok(mut terminate)) = kinds else { return std::future::pending().await };
            loop {
                let last = tokio::select! {
                    _ = interrupt.recv() => Signal::INT,
                    _ = terminate.recv() => Signal::TERM,
                    () = next(hangup.as_mut()) => Signal::HUP,
                };
                sender.send_modify(|count| *count = Count { times: count.times + 1, last });
            }
        });
        Self { count, left: Arc::default(), seen: 0, deadline: deadline.map(Instant::from_std) }
    }

    /// Leaves the first interrupt and the end of the budget to the caller.
    pub(super) fn tidy(&self) -> Tidy {
        self.leave(1)
    }

    /// Leaves two interrupts to the caller, who runs a command.
    pub(super) fn of_a_run(&self) -> Tidy {
        self.leave(OF_A_RUN)
    }

    fn leave(&self, times: u32) -> Tidy {
        let before = self.left.fetch_max(times, Ordering::Relaxed);
        Tidy { left: Arc::clone(&self.left), before }
    }

    /// The same for what comes after the interrupts so far; without the budget.
    pub(super) fn afresh(&self) -> Self {
        Self { seen: self.times(), deadline: None, ..self.clone() }
    }

    /// One that hears nothing any more.
    pub(super) fn deaf(&self) -> Self {
        Self { seen: u32::MAX, deadline: None, ..self.clone() }
    }

    /// How often the user interrupted.
    pub(super) fn times(&self) -> u32 {
        self.count.borrow().times
    }

    /// The last signal that came.
    pub(super) fn last(&self) -> Signal {
        self.count.borrow().last
    }

    /// Ends when the user interrupts.
    pub(super) async fn wait(self) {
        let times = self.seen.saturating_add(1);
        self.reaches(times).await;
    }

    /// Ends when the user interrupts or the budget is used up; says which.
    pub(super) async fn cut(self) -> Cut {
        tokio::select! {
            biased;
            () = self.clone().wait() => {
                if self.left.load(Ordering::Relaxed) >= OF_A_RUN { Cut::InterruptedRun } else { Cut::Interrupt }
            }
            () = self.over() => Cut::Budget,
        }
    }

    /// Ends when gw has to end at once: at the first interrupt or the end of the budget where nothing has to be taken away,
    /// else at the interrupt after those that are left to somebody.
    pub(crate) async fn at_once(self) -> Cut {
        let interrupted = async {
            let mut times = 1;
            loop {
                self.clone().reaches(times).await;
                if self.times() > self.left.load(Ordering::Relaxed) {
                    return;
                }
                times = self.times() + 1;
            }
        };
        let over = async {
            self.over().await;
            if self.left.load(Ordering::Relaxed) > 0 {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = interrupted => Cut::Interrupt,
            () = over => Cut::Budget,
        }
    }

    async fn over(&self) {
        match self.deadline {
            Some(deadline) => sleep_until(deadline).await,
            None => std::future::pending().await,
        }
    }

    async fn reaches(mut self, times: u32) {
        if self.count.wait_for(|count| count.times >= times).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// The next signal of this kind; never one where nobody listens for it.
async fn next(stream: Option<&mut Stream>) {
    match stream {
        Some(stream) => drop(stream.recv().await),
        None => std::future::pending().await,
    }
}
