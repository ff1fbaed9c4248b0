//! An engine on another machine: which addresses are shown, and which way probes go.

use serde_json::{Value, json};

use super::under_test::far;
use crate::harness::{Project, sample};
use crate::redact::redact;

/// The row of a component in `gw health`.
fn health(project: &Project, code: i32, name: &str) -> Value {
    let view = project.view(code, &["health"]);
    let rows = view["components"].as_array().expect("rows");
    rows.iter().find(|row| row["component"] == name).expect("it has a row").clone()
}

/// A port of the sample service on all addresses of the engine's machine.
fn open(port: u16) -> Value {
    json!({ "container": port, "host": port, "address": "0.0.0.0" })
}

/// The sample service without a health check.
fn unchecked(port: u16, more: Value) -> Value {
    let mut service = sample(port, more);
    service.as_object_mut().expect("a service is an object").remove("healthcheck");
    service
}

/// `ports` says which published ports cannot be reached from here, and that others can.
#[test]
fn ports_on_loopback_of_another_machine_are_marked() {
    let project = far().project(|port| {
        json!({ "auth": sample(port, json!({})), "kyc": sample(port + 1, json!({ "port": open(port + 1) })) })
    });
    project.expect(0, &["up"]);
    let (auth, kyc, host) = (project.port, project.port + 1, &far().shown);
    let ports = project.view(0, &["ports"])["ports"].clone();
    let hidden = "on the engine's loopback, out of reach from here";
    let row = |name: &str, port: u16, note: Value| json!({ "component": name, "owner": null, "inside": format!("{name}:{port}"), "host": format!("{host}:{port}"), "note": note });
    assert_eq!(ports, json!([row("auth", auth, json!(hidden)), row("kyc", kyc, Value::Null)]));
}

/// A component whose port is out of reach is asked by its health check, and that is said in `up` and in `health`.
#[test]
fn what_is_out_of_reach_is_asked_by_its_health_check() {
    let project = far().project(|port| {
        let shell = json!({ "test": ["CMD-SHELL", "redis-cli -p 6379 ping"], "interval": "10s" });
        let store = json!({ "image": "redis:8", "port": { "container": 6379, "host": port + 1 },
            "compose": { "healthcheck": shell } });
        json!({ "auth": sample(port, json!({})), "store": store })
    });
    let said = redact(&project, &project.expect(0, &["up"]).stderr);
    let auth = "exec /sample-service --health (its health check; port PORT+0 is out of reach)";
    assert!(said.contains(&format!("auth ready after T ({auth}, asked N)\n")), "{said}");
    let store = "exec /bin/sh -c redis-cli -p 6379 ping (its health check; port 6379 is out of reach)";
    assert!(said.contains(&format!("store ready after T ({store}, asked N)\n")), "{said}");
    let row = health(&project, 0, "auth");
    assert_eq!(row["probe"], auth.replace("PORT+0", &project.port.to_string()));
    assert_eq!(row["answer"], "exit code 0");
}

/// Without a health check and with a port out of reach `up` ends with 8 and says why and what to do.
#[test]
fn what_cannot_be_asked_at_all_says_what_to_do() {
    let project =
        far().project(|port| json!({ "auth": unchecked(port, json!({ "ready": { "deadline": "2s" } })) }));
    let said = redact(&project, &project.expect(8, &["up"]).stderr);
    let answer = "port PORT+0 is published on 127.0.0.1 of the engine's machine only, so it cannot be reached from here: give the \
                  port another `address` in the profile, or the service a `healthcheck`";
    assert!(said.contains(&format!("\n  answers    {answer}")), "{said}");
}

/// Through ports that are published to all, HTTP, Redis, MongoDB and TCP are asked over the network.
#[test]
fn through_a_published_port_the_component_itself_answers() {
    far().load("mongo:8.0");
    let project = far().project(|port| {
        let store = |image: &str, inside: u16, host: u16, ready: &str| {
            json!({ "image": image, "port": { "container": inside, "host": host, "address": "0.0.0.0" }, "ready": { ready: true } })
        };
        json!({
            "auth": unchecked(port, json!({ "port": open(port) })),
            "cache": store("redis:8", 6379, port + 1, "redis"),
            "data": store("mongo:8.0", 27017, port + 2, "mongodb"),
            "line": store("redis:8", 6379, port + 3, "tcp"),
        })
    });
    project.expect(0, &["up"]);
    for (name, probe, answer, role) in [
        ("auth", format!("GET /health on port {}", project.port), "HTTP 200", Value::Null),
        ("cache", "Redis PING on port 6379".to_owned(), "PONG", json!("master")),
        ("data", "MongoDB ping on port 27017".to_owned(), "ok", json!("standalone")),
        ("line", "TCP connect to port 6379".to_owned(), "accepts connections", Value::Null),
    ] {
        let row = health(&project, 0, name);
        assert_eq!((&row["probe"], &row["answer"], &row["role"]), (&json!(probe), &json!(answer), &role));
    }
}

/// A service that is not ready is so over a published port too, and `up` waits until it is.
#[test]
fn a_published_port_with_nobody_inside_is_not_ready() {
    let project = far().project(|port| {
        let late = json!({ "port": open(port), "env": { "SAMPLE_START_DELAY_MS": "1500" } });
        let mut service = unchecked(port, late);
        service["ready"] = json!({ "tcp": true, "deadline": "30s" });
        json!({ "auth": service })
    });
    let said = redact(&project, &project.expect(0, &["up"]).stderr);
    assert!(said.contains("auth: Connection refused (os error 111)\n"), "{said}");
    assert!(said.contains("auth ready after T (TCP connect to port PORT+0, asked N)\n"), "{said}");
}
