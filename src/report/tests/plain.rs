//! Lines of a run, for people who read them in a file.

use super::*;
use crate::report::mode::Verbosity;
use crate::report::plain::Plain;
use crate::report::reporter::Reporter;
use crate::report::streams::Streams;

/// What is printed about these events and this end.
fn told(verbosity: Verbosity, colour: bool, events: &[Event], summary: &Summary) -> String {
    let (mut streams, captured) = Streams::in_memory();
    streams.err.colour = colour;
    let mut reporter = Plain::new(streams.err, verbosity);
    for event in events {
        reporter.report(event).expect("memory takes it");
    }
    reporter.finish(summary).expect("memory takes it");
    assert_eq!(captured.out(), "", "progress is no data");
    captured.err()
}

fn a_good_run() -> Vec<Event> {
    vec![
        at(0, EventKind::Note { text: "kyc is no service of this profile any more".to_owned() }),
        at(0, EventKind::PhaseStarted { phase: Phase::Clean }),
        at(0, started(0, "remove container ms-auth-1", None, Phase::Clean)),
        at(300, finished(0, "remove container ms-auth-1", None, Outcome::Done, 300)),
        at(300, phase(Phase::Clean, Outcome::Done, 300)),
        at(300, started(1, "pull image mongo:8.0", None, Phase::Build)),
        at(400, progress(1_000_000)),
        at(2000, progress(50_000_000)),
        at(5500, progress(90_000_000)),
        at(6000, progress(150_000_000)),
        at(12000, progress(300_000_000)),
        at(13000, finished(1, "pull image mongo:8.0", None, Outcome::Done, 12700)),
        at(13000, started(2, "build image ms-auth", Some("auth"), Phase::Build)),
        at(13100, build_line("#1 [internal] load")),
        at(14000, finished(2, "build image ms-auth", Some("auth"), Outcome::Unchanged, 1000)),
        at(14000, phase(Phase::Build, Outcome::Unchanged, 13700)),
        at(14000, started(3, "start container auth-1", Some("auth"), Phase::Start)),
        at(14100, finished(3, "start container auth-1", Some("auth"), Outcome::Done, 100)),
        at(14200, news("auth", "connection refused\u{7}\nagain")),
        at(14410, ready("auth", 3, 410)),
        at(14500, ready("gateway", 0, 61_000)),
        at(14500, phase(Phase::Health, Outcome::Done, 500)),
    ]
}

#[test]
fn a_good_run_is_told_in_lines() {
    let expected = "\
note: kyc is no service of this profile any more
remove container ms-auth-1 0.30 s
clean 0.30 s
mongo:8.0: downloading, 45 % of 200.0 MB
mongo:8.0: downloading, 100 % of 200.0 MB
pull image mongo:8.0 12.7 s
auth: connection refused  again
auth ready after 0.41 s (GET /health 200, asked 3)
gateway ready after 1 min 1 s (runs)
health 0.50 s
up ms: done in 4.2 s
";
    assert_eq!(told(Verbosity::Normal, false, &a_good_run(), &summary(Outcome::Done)), expected);
}

#[test]
fn a_quiet_good_run_says_nothing() {
    assert_eq!(told(Verbosity::Quiet, false, &a_good_run(), &summary(Outcome::Done)), "");
}

#[test]
fn a_verbose_run_tells_each_operation_and_what_builds_print() {
    let expected = "\
note: kyc is no service of this profile any more
clean begins
remove container ms-auth-1
remove container ms-auth-1 0.30 s
clean 0.30 s
pull image mongo:8.0
mongo:8.0: downloading, 45 % of 200.0 MB
mongo:8.0: downloading, 100 % of 200.0 MB
pull image mongo:8.0 12.7 s
build image ms-auth
ms-auth | #1 [internal] load
build image ms-auth: nothing to do
build 13.7 s, nothing to do
start container auth-1
start container auth-1 0.10 s
auth: connection refused  again
auth ready after 0.41 s (GET /health 200, asked 3)
gateway ready after 1 min 1 s (runs)
health 0.50 s
up ms: done in 4.2 s
";
    assert_eq!(told(Verbosity::Verbose, false, &a_good_run(), &summary(Outcome::Done)), expected);
}

#[test]
fn a_failed_build_shows_what_it_printed_whatever_the_verbosity() {
    let mut events = vec![at(0, started(0, "build image ms-auth", Some("auth"), Phase::Build))];
    events.extend((0..203).map(|line| at(line, build_line(&format!("step {line}")))));
    let outcome = failure("COPY failed: no such file: bin/sample\u{1b}[2J");
    events.push(at(900, finished(0, "build image ms-auth", Some("auth"), outcome.clone(), 900)));
    events.push(at(900, phase(Phase::Build, outcome.clone(), 900)));
    let mut expected = "ms-auth | (3 lines before)\n".to_owned();
    for line in 3..203 {
        expected = format!("{expected}ms-auth | step {line}\n");
    }
    expected.push_str("build image ms-auth failed after 0.90 s: COPY failed: no such file: bin/sample\n");
    assert_eq!(told(Verbosity::Quiet, false, &events, &summary(outcome.clone())), expected);
    expected.push_str("build failed after 0.90 s\n");
    assert_eq!(told(Verbosity::Normal, false, &events, &summary(outcome)), expected);
}

#[test]
fn a_failure_is_named_once_when_it_happens_and_shown_whole_at_the_end() {
    let message = || failure("not ready after 60 s");
    let events = [
        at(0, started(0, "await auth", Some("auth"), Phase::Health)),
        at(60_000, EventKind::Failed(not_ready())),
        at(60_000, finished(0, "await auth", Some("auth"), message(), 60_000)),
        at(60_000, finished(1, "await gateway", Some("gateway"), Outcome::Cancelled, 0)),
        at(60_000, phase(Phase::Health, message(), 60_000)),
    ];
    let end = Summary { evidence: Some(".gw/reports/1".to_owned()), ..summary(message()) };
    let expected = "\
auth failed: not ready after 60 s
health failed after 1 min 0 s

auth failed: not ready after 60 s
  container  ms-auth-1, running
  probe      GET http://auth:9001/health
  answers    connection refused (12 times)
             503 mongodb does not answer
  log        its last 2 lines
    | listening on 9001
    | mongodb: no answer
  waiting    gateway, kyc
  evidence   .gw/reports/1
  next       read .gw/reports/1/auth.log
             where it only needs longer: `ready.deadline` of the service
";
    assert_eq!(told(Verbosity::Normal, false, &events, &end), expected);
    let quiet = expected.replace("health failed after 1 min 0 s\n", "");
    assert_eq!(told(Verbosity::Quiet, false, &events, &end), quiet);
    let reversed: Vec<Event> = [1, 2].iter().rev().map(|index| events[*index].clone()).collect();
    let first = told(Verbosity::Normal, false, &reversed, &end);
    assert!(
        first.starts_with("await auth failed after 1 min 0 s: not ready after 60 s\n\nauth failed"),
        "{first}"
    );
}

#[test]
fn ends_are_told_in_one_line() {
    let end = |outcome| told(Verbosity::Normal, false, &[], &summary(outcome));
    assert_eq!(end(Outcome::Unchanged), "up ms: nothing to do (4.2 s)\n");
    assert_eq!(end(Outcome::Cancelled), "up ms: interrupted after 4.2 s\n");
    assert_eq!(end(failure("that is for the error line")), "");
}

#[test]
fn the_file_of_the_timeline_is_named_however_the_run_ended() {
    let end = |outcome| Summary { timeline: Some("up.svg".to_owned()), ..summary(outcome) };
    let told = |verbosity, outcome| told(verbosity, false, &[], &end(outcome));
    assert_eq!(told(Verbosity::Normal, Outcome::Done), "up ms: done in 4.2 s\ntimeline: up.svg\n");
    assert_eq!(told(Verbosity::Normal, failure("no")), "timeline: up.svg\n");
    assert_eq!(
        told(Verbosity::Normal, Outcome::Cancelled),
        "up ms: interrupted after 4.2 s\ntimeline: up.svg\n"
    );
    assert_eq!(told(Verbosity::Quiet, Outcome::Done), "");
}

#[test]
fn colours_are_only_where_they_are_wanted() {
    let events = [at(0, phase(Phase::Clean, Outcome::Done, 300)), at(0, ready("auth", 3, 410))];
    let expected = "\u{1b}[1mclean\u{1b}[0m 0.30 s\n\
        auth \u{1b}[32mready\u{1b}[0m after 0.41 s (GET /health 200, asked 3)\n\
        \u{1b}[32mup ms: done in 4.2 s\u{1b}[0m\n";
    assert_eq!(told(Verbosity::Normal, true, &events, &summary(Outcome::Done)), expected);
}
