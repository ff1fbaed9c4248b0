//! How signals end it.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::harness::Service;

/// About ten times what "at once" is meant to be.
const AT_ONCE: Duration = Duration::from_secs(5);

fn ends_at_once(service: &mut Service, signal: Signal, last_line: &str) {
    let started = Instant::now();
    service.signal(signal);
    assert_eq!(service.next_line(), last_line);
    assert_eq!(service.exit_code(), Some(0));
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
}

#[test]
fn both_signals_end_it_at_once() {
    for (signal, last_line) in [(Signal::TERM, "stopping on SIGTERM"), (Signal::INT, "stopping on SIGINT")] {
        ends_at_once(&mut Service::start(&[]), signal, last_line);
    }
}

#[test]
fn an_open_request_does_not_hold_it() {
    let mut service = Service::start(&[]);
    let _open = service.send("GET", "/slow?ms=3600000", &[]);
    assert_eq!(service.get("/").0, 200);
    ends_at_once(&mut service, Signal::TERM, "stopping on SIGTERM");
}

#[test]
fn a_start_delay_does_not_hold_it() {
    let mut service = Service::launch(&[("SAMPLE_LOG_LINES", "1"), ("SAMPLE_START_DELAY_MS", "3600000")]);
    // By then it listens for signals.
    assert_eq!(service.next_line(), "line 1 of 1");
    ends_at_once(&mut service, Signal::TERM, "stopping on SIGTERM");
}

#[test]
fn ignored_sigterm_changes_nothing_and_sigint_still_ends_it() {
    let mut service = Service::start(&[("SAMPLE_IGNORE_SIGTERM", "1")]);
    for _ in 0..2 {
        service.signal(Signal::TERM);
        assert_eq!(service.next_line(), "ignoring SIGTERM");
        assert_eq!(service.get("/health").0, 200);
    }
    ends_at_once(&mut service, Signal::INT, "stopping on SIGINT");
}
