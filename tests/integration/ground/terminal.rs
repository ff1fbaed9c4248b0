//! A terminal for scripts that ask: it waits for each question before it types the answer.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// How every question of the ground ends.
const QUESTION: &str = "[y/N] ";

/// How a command on a terminal ended.
pub(crate) struct Ended {
    /// Nothing where a signal ended it.
    pub(crate) code: Option<i32>,
    /// Standard output, which is no terminal here: the scripts keep it for answers to a shell.
    pub(crate) stdout: String,
    /// All that the terminal showed, with what was typed.
    pub(crate) screen: String,
}

/// Runs a command whose standard input and error are a terminal; each question gets the next answer (a line, or the end of
/// input where it is empty).
pub(crate) fn run(mut command: Command, answers: &[&str]) -> Ended {
    let (mut terminal, theirs) = pair();
    command.stdin(Stdio::from(theirs.try_clone().expect("it can be shared")));
    command.stderr(Stdio::from(theirs)).stdout(Stdio::piped());
    let child = command.spawn().expect("it starts");
    // Our copies of its end: without them the terminal ends with the last process on it.
    drop(command);

    let mut answers = answers.iter();
    let (mut screen, mut answered) = (Vec::new(), 0);
    let mut buffer = [0; 4096];
    loop {
        match terminal.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => screen.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // Nobody is on the terminal any more.
            Err(_) => break,
        }
        if screen.len() > answered && screen.ends_with(QUESTION.as_bytes()) {
            let shown = String::from_utf8_lossy(&screen);
            let answer = answers.next().unwrap_or_else(|| panic!("a question too many: {shown}"));
            let typed = if answer.is_empty() { "\u{4}".to_owned() } else { format!("{answer}\n") };
            answered = screen.len();
            terminal.write_all(typed.as_bytes()).expect("it can be typed");
        }
    }
    let output = child.wait_with_output().expect("it ends");
    let left: Vec<_> = answers.collect();
    let screen = String::from_utf8(screen).expect("the scripts print UTF-8").replace("\r\n", "\n");
    assert!(left.is_empty(), "nobody asked for {left:?}: {screen}");
    let stdout = String::from_utf8(output.stdout).expect("the scripts print UTF-8");
    Ended { code: output.status.code(), stdout, screen }
}

/// A new terminal: our end and theirs.
fn pair() -> (File, OwnedFd) {
    let ours =
        openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("there are terminals");
    grantpt(&ours).expect("it is ours");
    unlockpt(&ours).expect("it can be unlocked");
    let name = ptsname(&ours, Vec::new()).expect("it has a name");
    let theirs = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty());
    (File::from(ours), theirs.expect("it can be opened"))
}
