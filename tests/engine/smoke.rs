//! The main road: up, nothing to do, down.

use serde_json::json;

use crate::harness::{Project, get, sample};

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
    let before = (project.id("auth"), project.id("gateway"));
    project.expect(0, &["up"]);
    assert_eq!((project.id("auth"), project.id("gateway")), before);
    project.expect(0, &["down"]);
    assert_eq!(project.containers(), Vec::<String>::new());
}
