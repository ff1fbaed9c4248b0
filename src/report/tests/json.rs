//! JSON lines: every event is one object, and no name is there twice.

use super::*;
use crate::report::mode::{Output, Verbosity};
use crate::report::reporter::choose;
use crate::report::streams::Streams;

fn lines(events: &[EventKind], end: &Summary) -> String {
    let (streams, captured) = Streams::in_memory();
    let mut reporter = choose(Output::Json, Verbosity::Quiet, &streams);
    for event in events {
        reporter.report(&at(1500, event.clone())).expect("memory takes it");
    }
    reporter.finish(end).expect("memory takes it");
    assert_eq!(captured.err(), "");
    captured.out()
}

#[test]
fn each_event_is_one_line_with_a_version() {
    let events = [
        EventKind::PhaseStarted { phase: Phase::Clean },
        phase(Phase::Clean, Outcome::Done, 300),
        started(0, "start container auth-1", Some("auth"), Phase::Start),
        finished(0, "start container auth-1", Some("auth"), failure("no"), 100),
        ready("auth", 3, 410),
        news("auth", "two\nlines"),
        progress(5),
        build_line("#1"),
        EventKind::Note { text: "note".to_owned() },
    ];
    let end = Summary { evidence: Some(".gw/reports/1".to_owned()), ..summary(failure("no")) };
    let expected = r##"{"version":1,"seconds":1.5,"event":"phase-started","phase":"clean"}
{"version":1,"seconds":1.5,"event":"phase-finished","phase":"clean","outcome":"done","took":0.3}
{"version":1,"seconds":1.5,"event":"operation-started","node":0,"operation":"start container auth-1","component":"auth","phase":"start"}
{"version":1,"seconds":1.5,"event":"operation-finished","node":0,"operation":"start container auth-1","component":"auth","outcome":"failed","message":"no","took":0.1}
{"version":1,"seconds":1.5,"event":"ready","component":"auth","probe":"GET /health 200","asked":3,"took":0.41}
{"version":1,"seconds":1.5,"event":"news","component":"auth","text":"two\nlines"}
{"version":1,"seconds":1.5,"event":"progress","subject":"mongo:8.0","text":"downloading","current":5,"total":200000000}
{"version":1,"seconds":1.5,"event":"build-output","subject":"ms-auth","line":"#1"}
{"version":1,"seconds":1.5,"event":"note","text":"note"}
{"version":1,"seconds":4.23,"event":"finished","command":"up","profile":"default","project":"ms","outcome":"failed","message":"no","took":4.23,"evidence":".gw/reports/1"}
"##;
    assert_eq!(lines(&events, &end), expected);
}

#[test]
fn a_failure_has_the_same_evidence_as_the_screen_and_no_name_twice() {
    let diagnosis = Diagnosis { logs: vec!["last words".to_owned()], ..out_of_memory() };
    let text = lines(&[EventKind::Failed(diagnosis)], &summary(Outcome::Done));
    let expected = concat!(
        r#"{"version":1,"seconds":1.5,"event":"failed","component":"auth","container":"ms-auth-1","#,
        r#""reason":"exited","exit_code":137,"out_of_memory":true,"probe":null,"answers":[],"state":"exited","#,
        r#""logs":["last words"],"waiting":[]}"#
    );
    assert_eq!(text.lines().next(), Some(expected));
}
