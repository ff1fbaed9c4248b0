//! What Podman 4.3 cannot do, or does otherwise, behind Docker's API.

use std::time::Duration;

use rustix::process::{Signal, kill_process};
use serde_json::json;

use super::under_test::podman;
use crate::harness::{eventually, mapped, processes, sample};
use crate::running::Running;

/// Podman does not tell that memory ran out: the end is told with its code 137, and the screen cannot say why.
#[test]
fn memory_that_ran_out_is_not_told() {
    let project = podman().project(|port| {
        let greedy = json!({ "restart": "no", "resources": { "memory": "64Mi" }, "env": { "SAMPLE_ALLOCATE_MB": "256" } });
        json!({ "auth": sample(port, greedy) })
    });
    let said = project.expect(7, &["up"]).stderr;
    assert!(said.lines().any(|line| line == "auth failed: ended with exit code 137"), "{said}");
    assert!(!said.contains("ran out: the kernel ended it"), "{said}");
}

/// A name server that a service asks for takes the place of the one that knows the project's names; gw leaves out its own.
#[test]
fn a_name_server_of_its_own_hides_the_projects_names() {
    let project = podman().project(|port| {
        let store = |more: serde_json::Value| {
            json!({ "image": "redis:8", "ready": { "exec": ["redis-cli", "ping"] }, "compose": more })
        };
        json!({
            "own": store(json!({ "dns": ["192.0.2.1"], "dns_opt": ["timeout:1", "attempts:1"] })),
            "plain": store(json!({ "dns": ["127.0.0.1"] })),
            "auth": sample(port, json!({})),
        })
    });
    project.expect(0, &["up"]);
    let finds = |service: &str| project.gw(&["exec", service, "--", "getent", "hosts", "auth"]).code == 0;
    assert_eq!([finds("own"), finds("plain")], [false, true]);
}

/// Sentinels find each other and their master without the name server that gw gives them on Docker.
#[test]
fn sentinels_run_without_their_name_server() {
    let project = podman().project(|_| json!({}));
    let redis =
        json!({ "mode": "sentinel", "replicas": 1, "sentinels": 3, "auth": true, "port": project.port });
    project
        .write("services.json", &json!({ "infrastructure": { "redis": redis }, "services": {} }).to_string());
    project.expect(0, &["up"]);
    project.expect(0, &["health"]);
    assert_eq!(project.inspect("redis-sentinel-1", "{{.HostConfig.Dns}}"), "[]");
}

/// Podman makes each label of a build a step, in an order that changes: gw gives an image one only, so that it is the same again.
#[test]
fn a_built_image_has_one_label_of_gws() {
    let project = podman().project(|port| {
        let mut service = sample(port, json!({ "build": { "context": "app" } }));
        service.as_object_mut().expect("a service is an object").remove("image");
        json!({ "auth": service })
    });
    project.dockerfile("app", "one");
    let image = || {
        project.expect(0, &["build"]);
        let format = r#"{{.Id}} {{index .Config.Labels "com.docker.compose.project"}} {{index .Config.Labels "gw.profile"}} {{index .Config.Labels "gw.image.owner"}}"#;
        project.docker(&["inspect", "--format", format, &format!("{}-auth", project.name)]).stdout
    };
    let first = image();
    assert!(first.trim_end().ends_with(&format!(" {} <no value> <no value>", project.name)), "{first}");
    for _ in 0..4 {
        assert_eq!(image(), first);
    }
}

/// A build that the user interrupts ends for the user; Podman goes on with the step that runs.
#[test]
fn an_interrupted_build_goes_on_inside() {
    let project = podman().project(|port| {
        let mut service = sample(port, json!({ "build": { "context": "app" } }));
        service.as_object_mut().expect("a service is an object").remove("image");
        json!({ "auth": service })
    });
    let step = format!("sleep 6{}", project.port);
    project.write("app/Dockerfile", &format!("FROM {}\nRUN exec {step}\n", mapped("redis:8")));
    let gw = Running::start(&project, &["build"]);
    eventually("the build's step runs", Duration::from_secs(6), || processes(&step).len() == 1);
    gw.signal(Signal::INT);
    assert_eq!(gw.end().0.code, 130);
    let left = processes(&step);
    assert_eq!(left.len(), 1);
    kill_process(left[0], Signal::KILL).expect("it can be ended by hand");
}
