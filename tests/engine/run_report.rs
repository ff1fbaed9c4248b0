//! `gw run --report`: what is in the folder, also after a failure, and that no secret is.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;

use crate::harness::{Project, sample};
use crate::run::{begin, end, project};

fn files(project: &Project) -> BTreeMap<String, String> {
    let files = project.files().into_iter();
    let report = files.filter_map(|(name, bytes)| {
        let name = name.strip_prefix("out/")?.to_owned();
        Some((name, String::from_utf8(bytes).expect("it is text")))
    });
    report.collect()
}

fn without_times(junit: &str) -> String {
    let parts: Vec<&str> = junit.split("time=\"").collect();
    let rest = parts[1..].iter().map(|part| part.split_once('"').expect("a quote").1);
    std::iter::once(parts[0]).chain(rest).collect::<Vec<_>>().join("")
}

/// Everything that is known of a run is in the folder; the Redis password is in none of its files.
#[test]
fn a_report_has_everything_but_secrets() {
    let project = project();
    let run = end(begin(&project, &["--isolated=r", "--report", "out"], "exit 4"));
    assert_eq!(run.code, 4, "{}", run.stderr);
    let files = files(&project);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let expected = [
        "auth.inspect.json",
        "auth.log",
        "compose.yaml",
        "events.jsonl",
        "junit.xml",
        "redis.inspect.json",
        "redis.log",
    ];
    assert_eq!(names, expected);
    let secrets =
        std::fs::read_to_string(project.root.join(".gw/secrets/default/env")).expect("a password was made");
    let password = secrets.lines().find_map(|line| line.split_once('=')).expect("a line").1;
    for (name, text) in &files {
        assert!(!text.contains(password), "{name} has the password");
        assert!(
            !text.is_empty() || name.split_once('.').is_some_and(|(_, kind)| kind == "log"),
            "{name} is empty"
        );
    }
    let last = files["events.jsonl"].lines().last().expect("there are events");
    assert!(last.contains("\"phase\":\"clean\""), "{last}");
    assert_eq!(
        without_times(&files["junit.xml"]),
        r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="gw" tests="2" failures="0" errors="0" skipped="0" >
  <testsuite name="default" tests="2" failures="0" errors="0" skipped="0" >
    <testcase classname="default" name="auth" />
    <testcase classname="default" name="redis" />
  </testsuite>
</testsuites>
"#
    );
    assert!(Path::new(&project.root).join("out").is_dir());
}

/// A start that fails is in the report too: the component as a failed test case, with the log that it wrote.
#[test]
fn a_failed_start_is_reported() {
    let project = project();
    let unhealthy = json!({ "env": { "SAMPLE_UNHEALTHY": "1" }, "ready": { "deadline": "1s" } });
    let needs = json!({ "dependsOn": ["auth"] });
    let port = project.port;
    project.services(&json!({ "auth": sample(port, unhealthy), "kyc": sample(port + 1, needs) }));
    let run = end(begin(&project, &["--report", "out"], "echo never"));
    assert_eq!((run.code, run.stdout.as_str()), (125, ""), "{}", run.stderr);
    let files = files(&project);
    assert!(!files["auth.log"].is_empty());
    let junit = &files["junit.xml"];
    assert!(
        junit.contains("<failure message=\"not ready after 1 s\">auth failed: not ready after 1 s\n"),
        "{junit}"
    );
    assert!(junit.contains("tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"1\""), "{junit}");
    assert!(junit.contains("<skipped message=\"it was not awaited to its end\"/>"), "{junit}");
    project.nothing_half_made();
}

/// A service that ended while the command ran is a failed test case, whatever the command says.
#[test]
fn a_component_that_ends_later_is_reported() {
    let project = project();
    let script = format!("docker kill {}-r-auth-1 > /dev/null", project.name);
    let run = end(begin(&project, &["--isolated=r", "--report", "out"], &script));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let junit = &files(&project)["junit.xml"];
    assert!(
        junit.contains("<failure message=\"it ended with exit code 137 after it was ready\">"),
        "{junit}"
    );
}
