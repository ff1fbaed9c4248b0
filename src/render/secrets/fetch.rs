//! Fetches the value of a secret from where the profile says that it is: a variable, a file, a command.

use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::stack::model::SecretSource;

/// Bytes of a value: more do not fit into a variable of a container.
const LIMIT: u64 = 64 << 10;
/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The value that a source has now; `None` where it is none that can be asked. One newline at the end of a single line is
/// no part of it.
///
/// # Errors
/// Why there is no value, without anything that could be one.
pub(super) fn fetch(
    source: &SecretSource,
    root: &Path,
    environment: &dyn Fn(&str) -> Option<OsString>,
) -> Option<Result<String, String>> {
    let bytes = match source {
        SecretSource::Environment(name) => {
            environment(name).map(OsString::into_encoded_bytes).ok_or_else(|| "it is not set".to_owned())
        }
        SecretSource::File(path) => {
            let path = absolute(root, path, environment);
            let opened = std::fs::File::open(path).and_then(limited);
            opened.map_err(|error| format!("it cannot be read: {error}"))
        }
        SecretSource::Command(words) => printed(root, words),
        SecretSource::Generated { .. } | SecretSource::Profile { .. } | SecretSource::Given => return None,
    };
    Some(bytes.and_then(text))
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.len() as u64 > LIMIT {
        return Err(format!("it holds more than {} KiB", LIMIT >> 10));
    }
    let mut text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
    if text.contains('\0') {
        return Err("it holds a NUL byte".to_owned());
    }
    text = text.replace("\r\n", "\n");
    if text.find('\n').is_some_and(|at| at + 1 == text.len()) {
        text.pop();
    }
    if text.trim().is_empty() { Err("it is empty".to_owned()) } else { Ok(text) }
}

fn absolute(root: &Path, path: &str, environment: &dyn Fn(&str) -> Option<OsString>) -> PathBuf {
    match (path.strip_prefix("~/"), environment("HOME")) {
        (Some(below), Some(home)) => Path::new(&home).join(below),
        _ => root.join(path),
    }
}

fn limited(mut source: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.by_ref().take(LIMIT + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What a command prints. Its complaints are not shown: they may hold what it was asked for.
fn printed(root: &Path, words: &[String]) -> Result<Vec<u8>, String> {
    let by_hand = "run it by hand to see why";
    let Some((program, arguments)) = words.split_first() else { return Err("it has no word".to_owned()) };
    // Which folder a relative program is looked up in differs from system to system.
    let program = if program.contains('/') { root.join(program) } else { PathBuf::from(program) };
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| format!("it cannot be run: {error}"))?;
    let printed = output(&mut child)?;
    let ended = child.wait().map_err(|error| format!("it cannot be awaited: {error}"))?;
    if ended.success() { Ok(printed) } else { Err(format!("it ended with {ended}; {by_hand}")) }
}

fn output(child: &mut Child) -> Result<Vec<u8>, String> {
    let Some(stdout) = child.stdout.take() else { return Err("it prints nowhere".to_owned()) };
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(limited(stdout)));
    match receiver.recv_timeout(PATIENCE) {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(format!("its output cannot be read: {error}")),
        Err(_) => {
            // One that has ended meanwhile needs no more than to be awaited.
            let _ = child.kill().and_then(|()| child.wait());
            Err(format!("it did not end within {} s", PATIENCE.as_secs()))
        }
    }
}

#[cfg(all(test, unix))]
mod tests;
