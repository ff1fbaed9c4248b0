//! Ctrl-C, SIGTERM and the budget: the first of them ends what runs in good order, a second Ctrl-C ends gw at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::engine::executor::Cut;

/// Counts the user's interrupts, and knows when the budget is used up, for everything that waits.
#[derive(Clone)]
pub(crate) struct Interrupt {
    count: watch::Receiver<u32>,
    tidies: Arc<AtomicBool>,
    /// When the command's budget is used up.
    deadline: Option<Instant>,
}

/// While it lives, the first interrupt and the end of the budget are left to whoever made it, who takes away what is half-made.
pub(super) struct Tidy(Arc<AtomicBool>);

impl Drop for Tidy {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl Interrupt {
    /// Begins to listen; needs a tokio runtime. The budget is used up at the `deadline`.
    pub(super) fn listen(deadline: Option<std::time::Instant>) -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let (sender, count) = watch::channel(0);
        // Not first in the task: a signal that comes before it runs would end gw where it stands.
        let kinds = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
        tokio::spawn(async move {
            let (Ok(mut interrupt), Ok(mut terminate)) = kinds else { return std::future::pending().await };
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                sender.send_modify(|count| *count += 1);
            }
        });
        Self { count, tidies: Arc::default(), deadline: deadline.map(Instant::from_std) }
    }

    /// Leaves the first interrupt and the end of the budget to the caller.
    pub(super) fn tidy(&self) -> Tidy {
        self.tidies.store(true, Ordering::Relaxed);
        Tidy(Arc::clone(&self.tidies))
    }

    /// Ends when the user interrupts.
    pub(super) async fn wait(self) {
        self.reaches(1).await;
    }

    /// Ends when the user interrupts or the budget is used up; says which.
    pub(super) async fn cut(self) -> Cut {
        tokio::select! {
            biased;
            () = self.clone().wait() => Cut::Interrupt,
            () = self.over() => Cut::Budget,
        }
    }

    /// Ends when gw has to end at once: at the first interrupt or the end of the budget where nothing has to be taken away,
    /// else at the second interrupt.
    pub(crate) async fn at_once(self) -> Cut {
        let interrupted = async {
            self.clone().reaches(1).await;
            if self.tidies.load(Ordering::Relaxed) {
                self.clone().reaches(2).await;
            }
        };
        let over = async {
            self.over().await;
            if self.tidies.load(Ordering::Relaxed) {
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
        if self.count.wait_for(|count| *count >= times).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
