//! A second engine, for scenarios that hurt one; see `tests/ground/second-engine`.

use std::fs::File;
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::{Pid, Signal};

use crate::harness::{SAMPLE, sample_image};

/// An engine of this test's own, taken away with everything on it when the test ends.
pub(crate) struct SecondEngine {
    folder: PathBuf,
    number: String,
    /// Address of its name server; the ground's without one.
    names: Option<String>,
    _claim: File,
}

/// Numbers that the ground keeps engines apart by; the lower ones are for people.
const NUMBERS: std::ops::RangeInclusive<u8> = 20..=50;

impl SecondEngine {
    /// Starts one with the sample service's image.
    pub(crate) fn start() -> Self {
        let engine = Self::claim();
        engine.run(&["up"], &[&engine.number, SAMPLE]);
        engine
    }

    /// Starts one with these images too, on a machine whose name server takes questions and answers none.
    pub(crate) fn start_with_silent_names(images: &[&str]) -> Self {
        let mut engine = Self::claim();
        // Where the bridge has its address; the bridge itself is made later.
        let address = format!("10.{}.0.1", 200 + engine.number.parse::<u16>().expect("it is a number"));
        engine.names = Some(address);
        engine.run(&["up"], &[&[engine.number.as_str(), SAMPLE], images].concat());
        engine
    }

    /// One that is not started yet.
    fn claim() -> Self {
        sample_image();
        let (number, claim) = free();
        let folder = std::env::temp_dir().join(format!("gw-second-{number}"));
        Self { folder, number: number.to_string(), names: None, _claim: claim }
    }

    /// The name server that answers nobody, while it is held.
    pub(crate) fn silent_name_server(&self) -> UdpSocket {
        let address = self.names.as_deref().expect("it was started with one");
        let socket = UdpSocket::bind((address, 53)).expect("the port of names is free there");
        socket.set_nonblocking(true).expect("a socket can be asked without waiting");
        socket
    }

    /// Its `DOCKER_HOST`.
    pub(crate) fn host(&self) -> String {
        format!("unix://{}/docker.sock", self.folder.display())
    }

    /// The bridge that its containers hang on.
    pub(crate) fn bridge(&self) -> String {
        format!("gwground{}", self.number)
    }

    /// Where it keeps its images and containers.
    pub(crate) fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }

    /// Ends the engine and what runs on it, as `systemctl stop docker` does.
    pub(crate) fn stop(&self) {
        self.run(&["signal"], &["TERM"]);
    }

    /// Starts it again.
    pub(crate) fn start_again(&self) {
        self.run(&["up"], &[&self.number]);
    }

    /// Stops its daemon in the middle: it answers nobody, and does not end.
    pub(crate) fn hang(&self) {
        self.send(Signal::STOP);
    }

    /// Lets a daemon that hangs go on.
    pub(crate) fn go_on(&self) {
        self.send(Signal::CONT);
    }

    fn send(&self, signal: Signal) {
        let number = std::fs::read_to_string(self.folder.join("docker.pid")).expect("it runs");
        let id = number.trim().parse().ok().and_then(Pid::from_raw).expect("it is the id of a process");
        rustix::process::kill_process(id, signal).expect("it can be signalled");
    }

    fn run(&self, before: &[&str], after: &[&str]) {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ground/second-engine");
        let names = self.names.iter().map(|names| ("GW_SECOND_DNS", names));
        let output = Command::new(program).args(before).arg(&self.folder).args(after).envs(names).output();
        let output = output.expect("tests/ground/second-engine runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() || std::thread::panicking(), "{before:?}: {said}");
    }
}

/// A number that no other test has, also none of another test process.
pub(crate) fn free() -> (u8, File) {
    let claim = |number| {
        let path = std::env::temp_dir().join(format!("gw-engine-second-{number}"));
        let claim = File::create(path).expect("the temporary folder can be written");
        claim.try_lock().is_ok().then_some((number, claim))
    };
    NUMBERS.into_iter().find_map(claim).expect("not all numbers of second engines are in use")
}

impl Drop for SecondEngine {
    fn drop(&mut self) {
        self.run(&["down"], &[]);
        let _ = std::fs::remove_dir(&self.folder);
    }
}
