//! Why a command failed as a whole, as text and as JSON.

use crate::plan::ports::{Conflict, Holder, Process};
use crate::report::error::{Failure, Problem, error};
use crate::report::mode::Output;
use crate::report::streams::Streams;

fn shown(output: Output, failure: &Failure) -> (String, String) {
    let (streams, captured) = Streams::in_memory();
    error(&streams, output, failure).expect("memory takes it");
    (captured.out(), captured.err())
}

fn two_mistakes() -> Failure {
    let first = Problem {
        file: Some("profiles/default.json".to_owned()),
        line: Some(3),
        column: Some(5),
        path: Some("services.auth".to_owned()),
        message: "unknown key `prot`".to_owned(),
        hint: Some("did you mean `port`?".to_owned()),
        conflict: None,
    };
    let second = Problem {
        file: Some("services.json".to_owned()),
        message: "is empty".to_owned(),
        ..Problem::default()
    };
    Failure {
        code: 3,
        problems: vec![first, second],
        hint: Some("gw schema prints what is allowed".to_owned()),
    }
}

#[test]
fn each_mistake_has_its_place_and_what_to_do() {
    let expected = "\
error: profiles/default.json:3:5: services.auth: unknown key `prot`
    did you mean `port`?
error: services.json: is empty
hint: gw schema prints what is allowed
";
    assert_eq!(shown(Output::Text, &two_mistakes()), (String::new(), expected.to_owned()));
}

#[test]
fn programs_get_one_object_on_standard_output() {
    let expected = concat!(
        r#"{"version":1,"event":"error","code":3,"problems":[{"file":"profiles/default.json","line":3,"column":5,"#,
        r#""path":"services.auth","message":"unknown key `prot`","hint":"did you mean `port`?"},"#,
        r#"{"file":"services.json","message":"is empty"}],"hint":"gw schema prints what is allowed"}"#,
        "\n"
    );
    assert_eq!(shown(Output::Json, &two_mistakes()), (expected.to_owned(), String::new()));
}

#[test]
fn further_lines_are_indented() {
    let failure = Failure::new(4, "no engine answers\ntried /run/a.sock\n\ntried /run/b.sock", None);
    let expected = "error: no engine answers\n    tried /run/a.sock\n\n    tried /run/b.sock\n";
    assert_eq!(shown(Output::Text, &failure), (String::new(), expected.to_owned()));
}

#[test]
fn programs_get_a_port_with_who_holds_it() {
    let process = Process { id: 4711, name: "python3".to_owned(), container: None };
    let conflict = Conflict {
        port: 9001,
        protocol: "tcp".to_owned(),
        address: "127.0.0.1".to_owned(),
        component: "auth".to_owned(),
        key: Some("ports.auth".to_owned()),
        held_on: "0.0.0.0".to_owned(),
        holder: Holder::Process(process),
    };
    let mut failure = Failure::new(5, "taken", None);
    failure.problems[0].conflict = Some(conflict);
    let expected = concat!(
        r#"{"version":1,"event":"error","code":5,"problems":[{"message":"taken","conflict":{"port":9001,"protocol":"tcp","#,
        r#""address":"127.0.0.1","component":"auth","key":"ports.auth","held_on":"0.0.0.0","#,
        r#""holder":{"kind":"process","id":4711,"name":"python3"}}}]}"#,
        "\n"
    );
    assert_eq!(shown(Output::Json, &failure), (expected.to_owned(), String::new()));
}
