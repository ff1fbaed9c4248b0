//! Arguments, wrong environments and `--health`.

use crate::harness::{CLOSED_PORT, Service, command, finished, texts};

fn with_argument(argument: &str, variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
    texts(command(variables).arg(argument).output().expect("the binary starts"))
}

fn health_check(port: u16) -> (Option<i32>, String, String) {
    with_argument("--health", &[("PORT", &port.to_string())])
}

#[test]
fn help_and_version_go_to_standard_output() {
    let help = (Some(0), include_str!("../../src/help.txt").to_owned(), String::new());
    assert_eq!(with_argument("--help", &[]), help);
    let version = concat!("sample-service ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(with_argument("--version", &[]), (Some(0), version.to_owned(), String::new()));
}

#[test]
fn wrong_use_ends_with_2_and_every_problem() {
    let unknown = "error: unknown argument \"--healthy\" (see --help)\n";
    assert_eq!(with_argument("--healthy", &[]), (Some(2), String::new(), unknown.to_owned()));
    let problems = concat!(
        "error: PORT: \"http\" is not a whole number from 0 to 65535\n",
        "error: SAMPLE_JOB: \"maybe\" is neither 1 nor 0\n"
    );
    let expected = (Some(2), String::new(), problems.to_owned());
    assert_eq!(finished(&[("PORT", "http"), ("SAMPLE_JOB", "maybe")]), expected);
}

#[test]
fn a_port_in_use_is_a_failure_with_its_reason() {
    let first = Service::start(&[]);
    let reason =
        format!("error: cannot listen on port {}: Address already in use (os error 98)\n", first.port);
    let expected = (Some(1), String::new(), reason);
    assert_eq!(finished(&[("PORT", &first.port.to_string())]), expected);
}

#[test]
fn health_check_of_a_healthy_service_is_silent() {
    let service = Service::start(&[]);
    assert_eq!(health_check(service.port), (Some(0), String::new(), String::new()));
}

#[test]
fn health_check_prints_the_answer_of_an_unhealthy_service() {
    let service = Service::start(&[("SAMPLE_UNHEALTHY", "1")]);
    let body =
        r#"{"status":"unhealthy","service":"sample","reason":"told to be unhealthy (SAMPLE_UNHEALTHY)"}"#;
    assert_eq!(health_check(service.port), (Some(1), format!("{body}\n"), String::new()));
}

#[test]
fn health_check_of_nobody_says_so() {
    let port = CLOSED_PORT;
    let reason = format!("no answer from port {port}: Connection refused (os error 111)\n");
    assert_eq!(health_check(port), (Some(1), reason, String::new()));
}

#[test]
fn health_check_of_a_hanging_service_gives_up() {
    let service = Service::start(&[("SAMPLE_HANG", "1")]);
    let reason = format!("no answer from port {} within 2 s\n", service.port);
    assert_eq!(health_check(service.port), (Some(1), reason, String::new()));
}
