//! The moving lines, on a terminal in memory.

use std::io::{self, Write};

use indicatif::{InMemoryTerm, ProgressDrawTarget, TermLike};

use super::*;
use crate::report::mode::Verbosity;
use crate::report::reporter::Reporter;
use crate::report::streams::Stream;
use crate::report::tty::Live;

/// What is printed on the terminal beside the moving lines.
struct Printed(InMemoryTerm);

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_str(&String::from_utf8_lossy(bytes).replace('\n', "\r\n"))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn live() -> (Live, InMemoryTerm) {
    let terminal = InMemoryTerm::new(20, 72);
    let target = ProgressDrawTarget::term_like_with_hz(Box::new(terminal.clone()), 255);
    let stream = Stream::of(Box::new(Printed(terminal.clone())), true);
    (Live::new(stream, target, Verbosity::Normal), terminal)
}

fn report(live: &mut Live, kinds: &[EventKind]) {
    for kind in kinds {
        live.report(&at(0, kind.clone())).expect("memory takes it");
        // Redraws closer together than the target's rate are left out.
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The screen without the seconds at the ends of lines, which depend on the machine.
fn screen(terminal: &InMemoryTerm) -> Vec<String> {
    let lines = terminal.contents();
    lines.lines().map(|line| line.trim_end().trim_end_matches("0s").trim_end().to_owned()).collect()
}

#[test]
fn what_runs_moves_below_what_is_done() {
    let (mut live, terminal) = live();
    report(
        &mut live,
        &[
            phase(Phase::Clean, Outcome::Done, 300),
            started(0, "pull image mongo:8.0", None, Phase::Build),
            started(1, "start container auth-1", Some("auth"), Phase::Start),
            progress(50_000_000),
        ],
    );
    let shown = screen(&terminal);
    assert_eq!(shown[0], "clean 0.30 s");
    assert!(shown[1].ends_with("mongo:8.0: downloading, 25 % of 200.0 MB"), "{shown:?}");
    assert!(shown[2].ends_with("auth start container auth-1"), "{shown:?}");
    report(
        &mut live,
        &[
            finished(0, "pull image mongo:8.0", None, Outcome::Done, 2000),
            started(2, "await auth", Some("auth"), Phase::Health),
            finished(1, "start container auth-1", Some("auth"), Outcome::Done, 100),
            news("auth", "connection refused"),
        ],
    );
    let shown = screen(&terminal);
    assert_eq!(shown[..2], ["clean 0.30 s", "pull image mongo:8.0 2.0 s"]);
    assert!(shown[2].ends_with("auth connection refused"), "{shown:?}");
    assert_eq!(shown.len(), 3, "{shown:?}");
    report(&mut live, &[ready("auth", 3, 410), finished(2, "await auth", Some("auth"), Outcome::Done, 410)]);
    live.finish(&summary(Outcome::Done)).expect("memory takes it");
    let expected = [
        "clean 0.30 s",
        "pull image mongo:8.0 2.0 s",
        "auth ready after 0.41 s (GET /health 200, asked 3)",
        "up ms: done in 4.2 s",
    ];
    assert_eq!(screen(&terminal), expected);
}

#[test]
fn an_interrupt_leaves_no_moving_line() {
    let (mut live, terminal) = live();
    report(&mut live, &[started(0, "await auth", Some("auth"), Phase::Health)]);
    assert_eq!(screen(&terminal).len(), 1);
    live.finish(&summary(Outcome::Cancelled)).expect("memory takes it");
    assert_eq!(screen(&terminal), ["up ms: interrupted after 4.2 s"]);
}

#[test]
fn a_reporter_that_is_dropped_leaves_no_moving_line() {
    let (mut live, terminal) = live();
    report(&mut live, &[started(0, "await auth", Some("auth"), Phase::Health)]);
    drop(live);
    assert_eq!(terminal.contents(), "");
}

#[test]
fn the_failure_screen_is_the_same_as_in_a_file() {
    let (mut live, terminal) = live();
    report(&mut live, &[EventKind::Failed(not_ready())]);
    live.finish(&summary(failure("no"))).expect("memory takes it");
    let expected = crate::report::failure::text(&not_ready(), "default", None);
    let shown = terminal.contents();
    assert_eq!(shown, format!("auth failed: not ready after 60 s\n\n{}", expected.trim_end()));
}
