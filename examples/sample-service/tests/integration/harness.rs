//! Starts the binary, reads its lines, asks it over plain HTTP, and ends it with the test.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// How long anything may take before a test gives up; about ten times what it should take.
const DEADLINE: Duration = Duration::from_secs(20);

/// A port on which nobody listens: unlike a free one, the system gives it to no other test meanwhile.
pub(crate) const CLOSED_PORT: u16 = 1;

/// A running service.
pub(crate) struct Service {
    child: Child,
    lines: Receiver<String>,
    /// The line that said it listens.
    pub(crate) listening: String,
    /// The port that it chose.
    pub(crate) port: u16,
}

/// Prepares the binary with this environment only.
pub(crate) fn command(variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sample-service"));
    command.env_clear().env("PORT", "0").envs(variables.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the binary to its end; returns its exit code, standard output and standard error.
pub(crate) fn finished(variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
    texts(command(variables).output().expect("the binary starts"))
}

/// Splits what a finished binary left.
pub(crate) fn texts(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

impl Service {
    /// Starts a service and waits until it listens.
    pub(crate) fn start(variables: &[(&str, &str)]) -> Self {
        let mut service = Self::launch(variables);
        while service.port == 0 {
            service.listening = service.next_line();
            let rest = service.listening.strip_prefix("listening on 0.0.0.0:");
            let port = rest.and_then(|rest| rest.split(' ').next()?.parse().ok());
            service.port = port.unwrap_or_default();
        }
        service
    }

    /// Starts a service and waits for nothing.
    pub(crate) fn launch(variables: &[(&str, &str)]) -> Self {
        let mut child = command(variables).stderr(Stdio::inherit()).spawn().expect("the binary starts");
        let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Self { child, lines, listening: String::new(), port: 0 }
    }

    /// Returns the next line that it prints.
    pub(crate) fn next_line(&self) -> String {
        self.lines.recv_timeout(DEADLINE).expect("one more line")
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it is still there");
    }

    /// Waits for its end and returns the exit code.
    pub(crate) fn exit_code(&mut self) -> Option<i32> {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status.code();
            }
            assert!(started.elapsed() < DEADLINE, "it did not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Returns how much memory it really holds, in MiB.
    pub(crate) fn resident_mebibytes(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).expect("a running process");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") / 1024
    }

    /// Asks with GET.
    pub(crate) fn get(&self, path: &str) -> (u16, Value) {
        self.ask("GET", path, &[])
    }

    /// Asks and returns status and JSON body.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[&str]) -> (u16, Value) {
        let mut stream = self.send(method, path, &[headers, &["connection: close"]].concat());
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("a whole answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("head and body");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, serde_json::from_str(body).unwrap_or_else(|_| panic!("no JSON: {body}")))
    }

    /// Sends a request and returns the connection, nothing read from it yet.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[&str]) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(DEADLINE)).expect("a time limit");
        let first = format!("{method} {path} HTTP/1.1");
        let request = [&[first.as_str(), "host: sample.test"], headers, &["", ""]].concat().join("\r\n");
        stream.write_all(request.as_bytes()).expect("the request is sent");
        stream
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Already gone is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
