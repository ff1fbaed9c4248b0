//! Ctrl-C and SIGTERM: the first one ends what runs in good order, a second one ends gw at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

/// Counts the user's interrupts for everything that waits.
#[derive(Clone)]
pub(crate) struct Interrupt {
    count: watch::Receiver<u32>,
    tidies: Arc<AtomicBool>,
}

/// While it lives, the first interrupt is left to whoever made it, who takes away what is half-made.
pub(super) struct Tidy(Arc<AtomicBool>);

impl Drop for Tidy {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl Interrupt {
    /// Begins to listen; needs a tokio runtime.
    pub(super) fn listen() -> Self {
        let (sender, count) = watch::channel(0);
        tokio::spawn(async move {
            use tokio::signal::unix::{SignalKind, signal};
            let kinds = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
            let (Ok(mut interrupt), Ok(mut terminate)) = kinds else { return std::future::pending().await };
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                sender.send_modify(|count| *count += 1);
            }
        });
        Self { count, tidies: Arc::default() }
    }

    /// Leaves the first interrupt to the caller.
    pub(super) fn tidy(&self) -> Tidy {
        self.tidies.store(true, Ordering::Relaxed);
        Tidy(Arc::clone(&self.tidies))
    }

    /// Ends when the user interrupts.
    pub(super) async fn wait(self) {
        self.reaches(1).await;
    }

    /// Ends when gw has to end at once: at the first interrupt where nothing has to be taken away, else at the second.
    pub(crate) async fn at_once(self) {
        self.clone().reaches(1).await;
        if self.tidies.load(Ordering::Relaxed) {
            self.reaches(2).await;
        }
    }

    async fn reaches(mut self, times: u32) {
        if self.count.wait_for(|count| *count >= times).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
