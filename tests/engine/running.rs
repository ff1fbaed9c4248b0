//! A `gw` that still runs: what it said so far, signals to it, and its end.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::harness::{Ended, Project};

/// Ten times what anything awaited here usually takes.
const PATIENCE: Duration = Duration::from_secs(100);

/// A `gw --output json` that runs.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    stdout: String,
    stderr: Option<JoinHandle<String>>,
}

impl Running {
    /// Starts `gw` with these arguments; its events can be awaited.
    pub(crate) fn start(project: &Project, arguments: &[&str]) -> Self {
        let mut all = vec!["--output", "json"];
        all.extend(arguments);
        Self::spawn(project.command(&all))
    }

    /// Starts a command whose standard output is lines of JSON.
    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("gw runs");
        let (sender, lines) = channel();
        let stdout = BufReader::new(child.stdout.take().expect("stdout is a pipe"));
        std::thread::spawn(move || {
            stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let mut stderr = child.stderr.take().expect("stderr is a pipe");
        let stderr = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = stderr.read_to_string(&mut text);
            text
        });
        Self { child, lines, stdout: String::new(), stderr: Some(stderr) }
    }

    /// Reads events until one is `wanted`.
    pub(crate) fn until(&mut self, what: &str, mut wanted: impl FnMut(&Value) -> bool) -> Value {
        let begin = Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(begin.elapsed());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    let event: Value = serde_json::from_str(&line).expect("a line is JSON");
                    self.stdout = format!("{}{line}\n", self.stdout);
                    if wanted(&event) {
                        return event;
                    }
                }
                Err(error) => panic!("no {what}: {error}\n{}", self.stdout),
            }
        }
    }

    /// Reads events until an operation begins whose words contain `words`.
    pub(crate) fn until_started(&mut self, words: &str) {
        self.until(words, |event| {
            event["event"] == "operation-started"
                && event["operation"].as_str().is_some_and(|operation| operation.contains(words))
        });
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).expect("a process id");
        kill_process(pid, signal).expect("gw still runs");
    }

    /// Waits for the end; how it ended, all it said, and how long that took.
    pub(crate) fn end(mut self) -> (Ended, Duration) {
        let begin = Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(begin.elapsed());
            match self.lines.recv_timeout(left) {
                Ok(line) => self.stdout = format!("{}{line}\n", self.stdout),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("gw hangs\n{}", self.stdout),
            }
        }
        let status = self.child.wait().expect("gw ends");
        let took = begin.elapsed();
        let stderr =
            self.stderr.take().map(|reader| reader.join().expect("stderr is read")).unwrap_or_default();
        let stdout = std::mem::take(&mut self.stdout);
        (Ended { code: status.code().unwrap_or(-1), stdout, stderr }, took)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
