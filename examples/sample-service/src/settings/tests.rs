//! Tests of the environment's meaning: defaults, each variable, and every problem at once.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::time::Duration;

use super::*;
use crate::switches::{HealthAnswer, OwnExit};

fn read(variables: &[(&str, &str)]) -> Result<Settings, Vec<String>> {
    Settings::read(|name| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| OsString::from(value))
    })
}

fn switches(variables: &[(&str, &str)]) -> Switches {
    read(variables).expect("valid").switches
}

#[test]
fn nothing_set_gives_the_documented_defaults() {
    let expected = Settings {
        service: "sample".to_owned(),
        port: 8080,
        mongodb_uri: None,
        redis_url: None,
        redis_key_prefix: String::new(),
        switches: Switches {
            start_delay: Duration::ZERO,
            allocate_mb: 0,
            own_exit: None,
            health: HealthAnswer::TruthAfter(0),
            ignore_sigterm: false,
            log_lines: 0,
            job: false,
        },
    };
    assert_eq!(read(&[]), Ok(expected));
}

#[test]
fn an_empty_value_is_the_same_as_none() {
    let names = ["SERVICE_NAME", "PORT", "MONGODB_URI", "REDIS_URL", "SAMPLE_HANG", "SAMPLE_EXIT_CODE"];
    assert_eq!(read(&names.map(|name| (name, ""))), read(&[]));
}

#[test]
fn every_variable_arrives() {
    let settings = read(&[
        ("SERVICE_NAME", "auth"),
        ("PORT", "0"),
        ("MONGODB_URI", "mongodb://store/one"),
        ("REDIS_URL", "redis://store/2"),
        ("REDIS_KEY_PREFIX", "ms:"),
        ("SAMPLE_START_DELAY_MS", "250"),
        ("SAMPLE_ALLOCATE_MB", "64"),
        ("SAMPLE_EXIT_AFTER_MS", "1500"),
        ("SAMPLE_EXIT_CODE", "0"),
        ("SAMPLE_NOT_READY_FIRST", "2"),
        ("SAMPLE_IGNORE_SIGTERM", "1"),
        ("SAMPLE_LOG_LINES", "30"),
        ("SAMPLE_JOB", "true"),
    ]);
    let expected = Settings {
        service: "auth".to_owned(),
        port: 0,
        mongodb_uri: Some("mongodb://store/one".to_owned()),
        redis_url: Some("redis://store/2".to_owned()),
        redis_key_prefix: "ms:".to_owned(),
        switches: Switches {
            start_delay: Duration::from_millis(250),
            allocate_mb: 64,
            own_exit: Some(OwnExit { after: Duration::from_millis(1500), code: 0 }),
            health: HealthAnswer::TruthAfter(2),
            ignore_sigterm: true,
            log_lines: 30,
            job: true,
        },
    };
    assert_eq!(settings, Ok(expected));
}

#[test]
fn an_exit_code_alone_exits_at_once_and_a_time_alone_exits_with_one() {
    let at_once = switches(&[("SAMPLE_EXIT_CODE", "7")]).own_exit;
    assert_eq!(at_once, Some(OwnExit { after: Duration::ZERO, code: 7 }));
    let later = switches(&[("SAMPLE_EXIT_AFTER_MS", "10")]).own_exit;
    assert_eq!(later, Some(OwnExit { after: Duration::from_millis(10), code: 1 }));
}

#[test]
fn the_worst_health_switch_wins() {
    let not_ready = ("SAMPLE_NOT_READY_FIRST", "3");
    let unhealthy = ("SAMPLE_UNHEALTHY", "1");
    assert_eq!(switches(&[not_ready]).health, HealthAnswer::TruthAfter(3));
    assert_eq!(switches(&[not_ready, unhealthy]).health, HealthAnswer::Unhealthy);
    assert_eq!(switches(&[not_ready, unhealthy, ("SAMPLE_HANG", "1")]).health, HealthAnswer::Hang);
    assert_eq!(switches(&[("SAMPLE_UNHEALTHY", "0")]).health, HealthAnswer::TruthAfter(0));
}

#[test]
fn every_problem_is_reported_at_once() {
    let problems = read(&[("PORT", "65536"), ("SAMPLE_EXIT_CODE", "-1"), ("SAMPLE_HANG", "yes")]);
    let expected = [
        "PORT: \"65536\" is not a whole number from 0 to 65535",
        "SAMPLE_EXIT_CODE: \"-1\" is not a whole number from 0 to 255",
        "SAMPLE_HANG: \"yes\" is neither 1 nor 0",
    ];
    assert_eq!(problems, Err(expected.map(str::to_owned).to_vec()));
}

#[test]
fn a_value_that_is_not_text_is_named_and_not_shown() {
    let lookup = |name: &str| (name == "MONGODB_URI").then(|| OsString::from_vec(vec![0x73, 0xff]));
    assert_eq!(Settings::read(lookup), Err(vec!["MONGODB_URI: not UTF-8".to_owned()]));
}

#[test]
fn the_health_check_reads_the_port_alone() {
    let lookup = |name: &str| (name == "PORT").then(|| OsString::from("9001"));
    assert_eq!(port(lookup), Ok(9001));
    assert_eq!(port(|_| None), Ok(8080));
}
