//! A second engine, for scenarios that hurt one; see `tests/ground/second-engine`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::SAMPLE;

/// An engine of this test's own, taken away with everything on it when the test ends.
pub(crate) struct SecondEngine {
    folder: PathBuf,
    number: String,
}

impl SecondEngine {
    /// Starts one with the sample service's image; `number` is this test's own.
    pub(crate) fn start(number: u8) -> Self {
        let folder = std::env::temp_dir().join(format!("gw-second-{number}"));
        let engine = Self { folder, number: number.to_string() };
        engine.run(&["up"], &[&engine.number, SAMPLE]);
        engine
    }

    /// Its `DOCKER_HOST`.
    pub(crate) fn host(&self) -> String {
        format!("unix://{}/docker.sock", self.folder.display())
    }

    /// Ends the engine and what runs on it, as `systemctl stop docker` does.
    pub(crate) fn stop(&self) {
        self.run(&["signal"], &["TERM"]);
    }

    /// Starts it again.
    pub(crate) fn start_again(&self) {
        self.run(&["up"], &[&self.number]);
    }

    fn run(&self, before: &[&str], after: &[&str]) {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ground/second-engine");
        let output = Command::new(program).args(before).arg(&self.folder).args(after).output();
        let output = output.expect("tests/ground/second-engine runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() || std::thread::panicking(), "{before:?}: {said}");
    }
}

impl Drop for SecondEngine {
    fn drop(&mut self) {
        self.run(&["down"], &[]);
        let _ = std::fs::remove_dir(&self.folder);
    }
}
