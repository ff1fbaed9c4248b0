//! Work that goes on behind a gateway while something happens to the stores, and what became of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::get;

/// One client that asks for `/work` again and again, one request after the other.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    asking: JoinHandle<Vec<Answer>>,
}

/// What one request brought.
#[derive(Debug)]
pub(crate) struct Answer {
    /// When it was asked.
    pub(crate) at: Instant,
    /// The status; 0 where nothing came back.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: String,
}

impl Answer {
    fn is_done(&self) -> bool {
        self.status == 200
    }

    /// The counter's value after this piece of work; `None` where it was not done.
    pub(crate) fn counter(&self) -> Option<u64> {
        let body: Value = serde_json::from_str(&self.body).ok()?;
        self.is_done().then(|| body["counter"]["value"].as_u64()).flatten()
    }
}

impl Load {
    /// Begins to ask through the gateway on this port.
    pub(crate) fn start(gateway: u16) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&stop);
        let asking = std::thread::spawn(move || {
            let mut answers = Vec::new();
            while !over.load(Ordering::Relaxed) {
                let at = Instant::now();
                let (status, body) = get(gateway, "/work", &[]);
                answers.push(Answer { at, status, body });
            }
            answers
        });
        Self { stop, asking }
    }

    /// Ends it; what it brought, in its order.
    pub(crate) fn stop(self) -> Work {
        self.stop.store(true, Ordering::Relaxed);
        Work(self.asking.join().expect("asking does not panic"))
    }
}

/// What a load brought.
pub(crate) struct Work(pub(crate) Vec<Answer>);

impl Work {
    /// Panics where a request got anything but its work done, or the service's own reason of this store why not, and where none
    /// was done.
    pub(crate) fn all_were_answered(&self, store: &str) {
        for answer in &self.0 {
            let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
            let refused = answer.status == 503 && body["reasons"][store].is_string();
            assert!(answer.is_done() || refused, "{answer:?}");
        }
        assert!(self.0.iter().any(Answer::is_done), "no work was done");
    }

    /// Acknowledged increments that are not there any more: by how much the counter fell behind what was answered before.
    /// Increments whose answer was lost may be there, and hide as many.
    pub(crate) fn lost(&self) -> u64 {
        let done = self.0.iter().filter_map(Answer::counter);
        let (mut lost, mut before) = (0, 0);
        for counter in done {
            lost += (before + 1_u64).saturating_sub(counter);
            before = counter;
        }
        lost
    }

    /// How many requests were done and refused, and how long after `since` the last refused one was asked.
    pub(crate) fn told(&self, since: Instant) -> (usize, usize, Duration) {
        let done = self.0.iter().filter(|answer| answer.is_done()).count();
        let refused = self.0.iter().filter(|answer| !answer.is_done());
        let last = refused.map(|answer| answer.at.saturating_duration_since(since)).max();
        (done, self.0.len() - done, last.unwrap_or_default())
    }
}
