//! Files that are not JSON; each error is compared as a whole.

use super::project::Project;

#[test]
fn duplicate_key_names_both_places() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "project": "q"
}"#,
        ),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001 }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:4:3: the key `project` is here twice: first at profiles/p.json:2:3
    remove one of the two"
    );
}

#[test]
fn duplicate_service() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001 },
    "a": { "image": "a:1", "port": 8001 }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:4:5: services: the key `a` is here twice: first at s.json:3:5
    remove one of the two"
    );
}

#[test]
fn trailing_comma() {
    let project = Project::with(&[(
        "profiles/p.json",
        r#"{
  "project": "p",
}"#,
    )]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:2:17: a comma with nothing after it
    remove the comma"
    );
}

#[test]
fn comment() {
    let project = Project::with(&[(
        "profiles/p.json",
        r#"{
  // the project
  "project": "p"
}"#,
    )]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:2:3: comments are not JSON
    remove it"
    );
}

#[test]
fn missing_comma() {
    let project = Project::with(&[(
        "profiles/p.json",
        r#"{
  "project": "p"
  "services": "s"
}"#,
    )]);
    assert_eq!(project.error("p"), "profiles/p.json:2:17: a comma is missing here");
}

#[test]
fn never_closed() {
    let project = Project::with(&[(
        "profiles/p.json",
        r#"{
  "project": "p",
  "only": ["a""#,
    )]);
    assert_eq!(project.error("p"), "profiles/p.json:3:11: this `[` is never closed");
}

#[test]
fn two_values() {
    let project = Project::with(&[(
        "profiles/p.json",
        "{}
{}",
    )]);
    assert_eq!(project.error("p"), "profiles/p.json:2:1: the file must end after its first value");
}

#[test]
fn unquoted_key() {
    let project = Project::with(&[("profiles/p.json", r#"{ project: "p" }"#)]);
    assert_eq!(project.error("p"), "profiles/p.json:1:3: expected a key in double quotes");
}

#[test]
fn single_quotes() {
    let project = Project::with(&[("profiles/p.json", "{ 'project': 'p' }")]);
    assert_eq!(project.error("p"), "profiles/p.json:1:3: strings stand in double quotes");
}

#[test]
fn control_character_in_a_string() {
    let project = Project::with(&[("profiles/p.json", "{ \"ä\": 1,\n  \"project\": \"ü\tp\" }")]);
    assert_eq!(
        project.error("p"),
        r"profiles/p.json:2:15: not JSON: control character (\u0000-\u001F) found while parsing a string"
    );
}

#[test]
fn leading_zero() {
    let project = Project::with(&[("profiles/p.json", r#"{ "gateway": { "port": 0123 } }"#)]);
    assert_eq!(project.error("p"), "profiles/p.json:1:25: a number does not start with 0");
}

#[test]
fn number_out_of_range() {
    let project = Project::with(&[("profiles/p.json", r#"{ "gateway": { "port": 1e999 } }"#)]);
    assert_eq!(project.error("p"), "profiles/p.json:1:24: the number `1e999` is out of range");
}

#[test]
fn trailing_comma_in_a_list() {
    let project = Project::with(&[("profiles/p.json", r#"{ "only": ["a",] }"#)]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:1:15: a comma with nothing after it
    remove the comma"
    );
}

#[test]
fn no_value() {
    let project = Project::with(&[("profiles/p.json", r#"{ "project": , "services": "s" }"#)]);
    assert_eq!(project.error("p"), "profiles/p.json:1:14: expected a value here");
}

#[test]
fn bad_word() {
    let project = Project::with(&[("profiles/p.json", r#"{ "gateway": nul }"#)]);
    assert_eq!(project.error("p"), "profiles/p.json:1:14: expected a value: text stands in double quotes");
}

#[test]
fn lone_surrogate() {
    let project = Project::with(&[("profiles/p.json", r#"{ "project": "\ud800" }"#)]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:1:15: not JSON: invalid unicode escape sequence. 'd800 (unpaired high surrogate)' is not a valid UTF8 character"
    );
}
