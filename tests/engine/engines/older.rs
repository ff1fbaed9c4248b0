//! What is different with engines before 25, as Debian 12's and its Podman are.

use serde_json::json;

use super::under_test::{Engine, older, podman};
use crate::harness::sample;
use crate::repository::rendered;

/// Plain `docker compose` refuses the rendered file there, because of its `start_interval`; gw runs it.
fn plain_compose_wants_a_later_engine(engine: &Engine) {
    let project = engine.project(|port| json!({ "auth": sample(port, json!({})) }));
    project.expect(0, &["generate"]);
    let file = rendered("default").display().to_string();
    let refused = project.docker(&["compose", "-f", &file, "up", "-d"]);
    let words = "can't set healthcheck.start_interval as feature require Docker Engine v25 or later";
    assert!(refused.code != 0 && refused.stderr.contains(words), "{}", refused.stderr);
    project.docker(&["compose", "-f", &file, "down"]);
    project.expect(0, &["up"]);
}

/// Debian 12's engine is told of no `start_interval` by gw; plain Compose wants a later engine.
#[test]
fn plain_compose_wants_a_later_engine_than_the_older() {
    plain_compose_wants_a_later_engine(older());
}

/// The same with Podman.
#[test]
fn plain_compose_wants_a_later_engine_than_podman() {
    plain_compose_wants_a_later_engine(podman());
}

/// Engines before API 1.44 take one network at the creation; gw joins the others before the start.
#[test]
fn a_container_joins_its_further_networks_before_it_starts() {
    for engine in [older(), podman()] {
        let project =
            engine.project(|port| json!({ "auth": sample(port, json!({ "networks": ["extra"] })) }));
        project.expect(0, &["up"]);
        let networks =
            project.inspect("auth", "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}");
        assert_eq!(networks, format!("{0}_default {0}_extra", project.name));
    }
}
