//! HTTP as a user asks by hand.

use std::process::Command;

use serde_json::Value;

/// An HTTP GET on loopback; status and body.
pub(crate) fn get(port: u16, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    get_by(&[], port, path, headers)
}

/// The same, asked by a program that the `runner` runs: by nothing, or by a program and its first arguments.
pub(crate) fn get_by(runner: &[String], port: u16, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let mut words = runner.iter().map(String::as_str).chain(["curl"]);
    let mut command = Command::new(words.next().expect("curl is one word"));
    command.args(words).args(["-s", "-m", "10", "-w", "\n%{http_code}"]);
    for (name, value) in headers {
        command.args(["-H", &format!("{name}: {value}")]);
    }
    let output = command.arg(format!("http://127.0.0.1:{port}{path}")).output().expect("curl runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (body, status) = text.rsplit_once('\n').unwrap_or(("", "0"));
    (status.parse().unwrap_or(0), body.to_owned())
}

/// The JSON that an HTTP GET on loopback answers.
pub(crate) fn get_json(port: u16, path: &str) -> Value {
    let (status, body) = get(port, path, &[]);
    assert_eq!(status, 200, "{body}");
    serde_json::from_str(&body).expect("JSON")
}
