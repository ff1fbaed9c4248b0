//! `logs` and `exec` as users type them; what the engine does for them is tested in `tests/images/`.

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::harness::{Project, sample};
use crate::running::Running;

fn two_services() -> Project {
    let project =
        Project::of(|port| json!({ "auth": sample(port, json!({})), "kyc": sample(port + 1, json!({})) }));
    project.expect(0, &["up"]);
    project
}

/// Several services' lines come with their names, one service's alone, the last ones only, and as JSON.
#[test]
fn logs_name_the_container_of_each_line() {
    let project = two_services();
    let shown = project.expect(0, &["logs"]).stdout;
    let of = |name: &str| shown.lines().filter(|line| line.starts_with(name)).count();
    assert!(of("auth-1 | listening on") == 1 && of("kyc-1  | listening on") == 1, "{shown}");
    let one = project.expect(0, &["logs", "kyc", "--tail", "1"]).stdout;
    assert!(one.starts_with("kyc-1 | ") && one.lines().count() == 1, "{one}");
    assert_eq!(project.expect(0, &["logs", "--since", "2099-01-01T00:00:00Z"]).stdout, "");
    assert_eq!(project.expect(0, &["logs", "--since", "1h"]).stdout, shown);
    let painted = project.expect(0, &["--color", "always", "logs"]).stdout;
    let colour = |name: &str| {
        let line = painted.lines().find(|line| line.contains(&format!("{name} ")));
        let colour = line.and_then(|line| line.split(name).next()).unwrap_or_default().to_owned();
        assert!(colour.starts_with("\x1b[") && colour.ends_with('m'), "{name} has no colour: {painted:?}");
        colour
    };
    assert_ne!(colour("auth-1"), colour("kyc-1"), "{painted:?}");
    let line = project.view(0, &["logs", "auth", "--tail", "1"]);
    assert_eq!(
        (&line["event"], &line["component"], &line["stream"]),
        (&json!("log"), &json!("auth"), &json!("stdout"))
    );
}

/// `logs -f` goes on with the new container when one is replaced, and ends with 130 when the user interrupts.
#[test]
fn logs_live_on_when_a_container_is_replaced() {
    let project = two_services();
    let mut follower = Running::start(&project, &["logs", "-f", "auth"]);
    let starts = |event: &Value| event["line"].as_str().is_some_and(|line| line.starts_with("listening on"));
    follower.until("the first container's line", starts);
    project.expect(0, &["up", "--force-recreate", "--no-deps", "auth"]);
    follower.until("the new container's line", starts);
    follower.signal(Signal::INT);
    assert_eq!(follower.end().0.code, 130);
}

/// A command's output and exit code pass through, in the running container and in one of its own that is gone afterwards.
#[test]
fn exec_passes_output_and_code_on() {
    let project = two_services();
    let version = project.expect(0, &["exec", "auth", "--", "/sample-service", "--version"]);
    assert!(version.stdout.starts_with("sample-service "), "{version:?}");
    assert_eq!(project.gw(&["exec", "auth", "--", "/sample-service", "--no-such"]).code, 2);
    let before = project.containers();
    let new = project.expect(0, &["exec", "--new", "auth", "--", "--version"]);
    assert_eq!(new.stdout, version.stdout);
    assert_eq!(project.containers(), before);
    project.expect(0, &["stop", "auth"]);
    let stopped = project.expect(4, &["exec", "auth", "--", "/sample-service", "--version"]);
    assert!(stopped.stderr.contains("auth-1 does not run; start it with `gw up auth`"), "{}", stopped.stderr);
    project.expect(2, &["exec", "nobody", "--", "true"]);
}
