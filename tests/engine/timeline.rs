//! Where the time went, and a run that may take only so long.

use std::time::Duration;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::harness::{Project, eventually, sample};
use crate::running::Running;

/// `base`, then `auth`, then `kyc`; `auth` is never ready where it is unhealthy.
fn chain(port: u16, unhealthy: &str) -> Value {
    let auth = json!({
        "dependsOn": ["base"], "env": { "SAMPLE_UNHEALTHY": unhealthy }, "ready": { "deadline": "10m" },
    });
    json!({
        "base": sample(port, json!({})),
        "auth": sample(port + 1, auth),
        "kyc": sample(port + 2, json!({ "dependsOn": ["auth"] })),
    })
}

fn timeline(project: &Project, file: &str) -> Value {
    let text = std::fs::read_to_string(project.root.join(file)).expect("the timeline was written");
    serde_json::from_str(&text).expect("it is JSON")
}

fn names(timeline: &Value) -> Vec<&str> {
    let rows = timeline["rows"].as_array().expect("there are rows");
    rows.iter().map(|row| row["name"].as_str().expect("a row has a name")).collect()
}

fn seconds(value: &Value) -> f64 {
    value.as_f64().expect("a number of seconds")
}

/// The timeline names every component in the order in which they started, its critical path is one operation after the other
/// and ends with what was ready last; `up` with nothing to do and `fresh` have one too.
#[test]
fn a_timeline_names_every_component_and_its_path_ends_with_what_was_ready_last() {
    let project = Project::of(|port| chain(port, ""));
    let said = project.expect(0, &["--output", "json", "up", "--timeline", "up.json"]);
    let events: Vec<Value> =
        said.stdout.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let ready = events.iter().rev().find(|event| event["event"] == "ready").expect("something is ready");
    assert_eq!(events.last().expect("an end")["timeline"], "up.json");

    let up = timeline(&project, "up.json");
    assert_eq!(names(&up), ["network default", "base", "auth", "kyc"], "{up:#}");
    let path = up["critical_path"].as_array().expect("there is a path");
    let last = path.last().expect("it has steps");
    assert_eq!(last["operation"], format!("await {}", ready["component"].as_str().expect("a component")));
    assert_eq!(last["row"], "kyc");
    assert!(path.windows(2).all(|pair| seconds(&pair[0]["end"]) <= seconds(&pair[1]["begin"])), "{up:#}");
    assert!(seconds(&last["end"]) <= seconds(&up["seconds"]), "{up:#}");
    let kyc = up["rows"].as_array().and_then(|rows| rows.last()).expect("there are rows");
    let waited = kyc["segments"].as_array().expect("it has parts").iter().any(|one| one["on"] == "auth");
    assert!(waited, "{kyc:#}");

    project.expect(0, &["up", "--timeline", "again.json"]);
    let again = timeline(&project, "again.json");
    assert_eq!(names(&again), ["base", "auth", "kyc"], "{again:#}");

    let said = project.expect(0, &["fresh", "--timeline", "fresh.svg"]);
    assert!(said.stderr.ends_with("timeline: fresh.svg\n"), "{}", said.stderr);
    let svg = std::fs::read_to_string(project.root.join("fresh.svg")).expect("the timeline was written");
    for name in ["base", "auth", "kyc"] {
        assert!(svg.contains(&format!("<title>{name}: ")), "{svg}");
    }
}

/// A budget that a hanging service uses up ends `up` with 8 and says on what, with the service's last answer; nothing stays
/// half-made, the evidence has the service's log; the next `up` within its budget ends with 0.
#[test]
fn a_budget_that_a_hanging_service_uses_up() {
    let project = Project::new(json!({}));
    let hanging = json!({ "env": { "SAMPLE_UNHEALTHY": "1" }, "ready": { "deadline": "10m" } });
    let services = |auth: Value| {
        let kyc = sample(project.port + 1, json!({ "dependsOn": ["auth"] }));
        json!({ "auth": sample(project.port, auth), "kyc": kyc })
    };
    project.services(&services(hanging));
    let said = project.expect(8, &["up", "--budget", "10s", "--timeline", "up.json"]);
    let lines: Vec<&str> = said.stderr.lines().collect();
    let has = |begin: &str, end: &str| {
        let found = lines.iter().any(|line| line.starts_with(begin) && line.ends_with(end));
        assert!(found, "no line {begin:?} ... {end:?}\n{}", said.stderr);
    };
    has("error: not done within the budget of 10.0 s; this took the time:", "");
    has("      ", "start container auth-1");
    has("      ", "await auth: not done");
    has("    still waited for auth, for ", "told to be unhealthy (SAMPLE_UNHEALTHY)\"}");
    has("hint: the evidence is in .gw/reports/", "; a longer `--budget` gives it more time");
    project.nothing_half_made();
    let evidence = project.files();
    let log =
        evidence.iter().find(|(name, _)| name.starts_with(".gw/reports/") && name.ends_with("/auth.log"));
    assert!(log.is_some_and(|(_, log)| !log.is_empty()), "{:?}", evidence.keys());

    let up = timeline(&project, "up.json");
    assert_eq!((&up["outcome"], &up["unfinished"][0]["operation"]), (&json!("failed"), &json!("await auth")));
    assert_eq!(names(&up), ["network default", "auth", "kyc"], "{up:#}");

    project.services(&services(json!({})));
    project.expect(0, &["up", "--budget", "10m"]);
}

/// A budget counts also while gw waits for another gw, which it does not disturb; and a failure nearer to the cause than the
/// budget decides on the code.
#[test]
fn a_budget_counts_from_the_begin_and_is_not_the_cause_of_an_earlier_failure() {
    let project =
        Project::of(|port| json!({ "auth": sample(port, json!({ "env": { "SAMPLE_UNHEALTHY": "1" } })) }));
    let mut first = Running::start(&project, &["up"]);
    first.until_started("await");
    let said = project.expect(8, &["up", "--budget", "1s", "--timeline", "second.json"]);
    assert!(said.stderr.contains("before the first operation"), "{}", said.stderr);
    assert!(said.stderr.contains("the last that gw said: another gw works on project"), "{}", said.stderr);
    assert_eq!(timeline(&project, "second.json")["rows"], json!([]));
    first.signal(Signal::INT);
    assert_eq!(first.end().0.code, 130);

    let ends = json!({ "restart": "no", "env": { "SAMPLE_EXIT_CODE": "3" } });
    let hangs = json!({ "env": { "SAMPLE_UNHEALTHY": "1" }, "ready": { "deadline": "10m" } });
    project.services(&json!({ "auth": sample(project.port, ends), "kyc": sample(project.port + 1, hangs) }));
    let said = project.expect(7, &["up", "--budget", "10s"]);
    assert!(said.stderr.contains("\nauth failed: ended with exit code 3\n"), "{}", said.stderr);
    assert!(said.stderr.contains("still waited for kyc, for "), "{}", said.stderr);
    project.nothing_half_made();
}

/// An interrupted run has its timeline too: what happened up to then; also when a second interrupt ends gw at once.
#[test]
fn an_interrupt_leaves_a_timeline() {
    let project = Project::of(|port| chain(port, "1"));
    let mut gw = Running::start(&project, &["up", "--timeline", "up.html"]);
    gw.until("answer of auth", |event| event["event"] == "news" && event["component"] == "auth");
    gw.signal(Signal::INT);
    assert_eq!(gw.end().0.code, 130);
    let page = std::fs::read_to_string(project.root.join("up.html")).expect("the timeline was written");
    assert!(page.contains(": interrupted after ") && page.contains("await auth: not done"), "{page}");

    let slow = json!({ "env": { "SAMPLE_IGNORE_SIGTERM": "1" }, "stopGrace": "15m" });
    let project = Project::of(|port| json!({ "auth": sample(port, slow) }));
    project.expect(0, &["up"]);
    let mut gw = Running::start(&project, &["fresh", "--timeline", "fresh.json"]);
    gw.until_started("stop container");
    gw.signal(Signal::INT);
    gw.until("note about the second", |event| event["event"] == "note");
    gw.signal(Signal::INT);
    assert_eq!(gw.end().0.code, 130);
    let fresh = timeline(&project, "fresh.json");
    assert_eq!(fresh["outcome"], "cancelled");
    assert!(
        fresh["unfinished"][0]["operation"].as_str().is_some_and(|one| one.starts_with("stop container"))
    );
    project.docker(&["kill", &project.id("auth")]);
    eventually("it has ended", Duration::from_secs(1), || {
        project.containers().iter().all(|one| one.ends_with(" exited"))
    });
}
