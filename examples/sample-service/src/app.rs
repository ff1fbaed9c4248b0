//! What every request can see.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::settings::Settings;
use crate::stores::Stores;

/// The running service.
pub(crate) struct App {
    /// What it was told.
    pub(crate) settings: Settings,
    /// The stores that it was given.
    pub(crate) stores: Stores,
    /// The name of the machine or container.
    pub(crate) host: String,
    health_requests: AtomicU32,
}

impl App {
    /// Prepares the service; connects to nothing.
    pub(crate) fn new(settings: Settings) -> Self {
        let stores = Stores::new(&settings);
        Self { settings, stores, host: host_name(), health_requests: AtomicU32::new(0) }
    }

    /// Counts one more request for `/health` and returns how many came before it.
    pub(crate) fn count_health_request(&self) -> u32 {
        self.health_requests.fetch_add(1, Ordering::Relaxed)
    }
}

fn host_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    if name.trim().is_empty() { "unknown".to_owned() } else { name.trim().to_owned() }
}
