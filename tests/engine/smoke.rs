//! The main road: up, nothing to do, down.

use std::time::Duration;

use serde_json::json;

use crate::harness::{Project, eventually, get, sample};

/// One service and a gateway come up, answer, stay as they are on a second `up`, and leave nothing behind after `down`.
#[test]
fn a_project_comes_up_stays_and_goes() {
    let project = Project::new(json!({}));
    let port = project.port;
    let services = json!({ "services": { "auth": sample(port, json!({})) } });
    project.write("services.json", &services.to_string());
    let gateway = json!({ "project": project.name, "services": "../services.json", "gateway": { "port": port + 1, "default": "auth" } });
    project.write("profiles/default.json", &gateway.to_string());
    project.expect(0, &["up"]);
    assert_eq!(get(port + 1, "/health", &[]).0, 200);
    assert!(project.compose_file().is_file());
    let before = (project.id("auth"), project.id("gateway"));
    project.expect(0, &["up"]);
    assert_eq!((project.id("auth"), project.id("gateway")), before);
    project.expect(0, &["down"]);
    let gone = || project.containers().is_empty();
    eventually("every container goes", Duration::from_secs(1), gone);
}

/// The project's engine is the one that `DOCKER_HOST` names, also where another one would answer.
#[test]
fn an_engine_that_is_not_there_ends_with_4() {
    let project =
        Project::new(json!({ "auth": { "image": "unused" } })).on("unix:///nonexistent/docker.sock");
    project.expect(4, &["status"]);
}
