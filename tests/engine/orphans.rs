//! Containers of services that the profile no longer has.

use serde_json::json;

use crate::harness::{Project, sample};
use crate::owners::ports_are_free;
use crate::selection::trio;

/// A project whose services file lost `account` while it ran.
fn with_orphan() -> Project {
    let project = Project::new(json!({}));
    project.services(&trio(project.port));
    project.expect(0, &["up"]);
    let mut services = trio(project.port);
    services.as_object_mut().expect("services").remove("account");
    project.services(&services);
    project
}

fn names(project: &Project) -> Vec<String> {
    let name = |line: String| line.split('-').nth(1).unwrap_or_default().to_owned();
    project.containers().into_iter().map(name).collect()
}

/// `up` names an orphan and leaves it; `up SERVICE` does not speak of it.
#[test]
fn up_names_an_orphan_and_leaves_it() {
    let project = with_orphan();
    let ended = project.expect(0, &["up"]);
    let note = format!(
        "note: {}-account-1 belongs to this project but to no service of profile default: `gw fresh` or `gw down` removes it",
        project.name
    );
    assert!(ended.stderr.lines().any(|line| line == note), "{}", ended.stderr);
    assert!(!project.expect(0, &["up", "auth"]).stderr.contains("account"));
    assert_eq!(names(&project), ["account", "auth", "kyc"]);
    project.expect(0, &["up", "--remove-orphans"]);
    assert_eq!(names(&project), ["auth", "kyc"]);
}

/// `fresh` and `down` remove an orphan; with `--keep-orphans` they leave it.
#[test]
fn fresh_and_down_remove_an_orphan_unless_told_to_keep_it() {
    let project = with_orphan();
    let orphan = project.id("account");
    project.expect(0, &["fresh", "--keep-orphans"]);
    assert_eq!(project.id("account"), orphan);
    project.expect(0, &["fresh", "auth"]);
    assert_eq!(project.id("account"), orphan);
    project.expect(0, &["down", "--keep-orphans"]);
    assert_eq!(names(&project), ["account"]);
    project.expect(0, &["fresh"]);
    assert_eq!(names(&project), ["auth", "kyc"]);
    let dropped = std::net::TcpListener::bind(("127.0.0.1", project.port + 2));
    assert!(dropped.is_ok(), "the dropped service's port: {dropped:?}");
    drop(dropped);
    project.services(&json!({ "auth": sample(project.port, json!({})) }));
    project.expect(0, &["down", "--remove-orphans"]);
    assert_eq!(names(&project), Vec::<String>::new());
    ports_are_free(&project);
}
