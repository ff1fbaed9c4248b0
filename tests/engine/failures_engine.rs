//! An engine that goes away, and one that was never there.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::harness::{Project, get, sample};
use crate::running::Running;
use crate::second::SecondEngine;

/// The engine ends while gw waits: code 4 at once; once it is back, the same `up` ends healthy.
#[test]
fn the_engine_stops_while_gw_waits() {
    let engine = SecondEngine::start();
    let late = |port| json!({ "auth": sample(port, json!({ "env": { "SAMPLE_START_DELAY_MS": "8000" } })) });
    let project = Project::of(late).on(&engine.host());
    let mut gw = Running::start(&project, &["up"]);
    gw.until("answer of the probe", |event| event["event"] == "news");
    engine.stop();
    let (ended, took) = gw.end();
    assert_eq!(ended.code, 4, "{}{}", ended.stdout, ended.stderr);
    assert!(took < Duration::from_secs(20), "{took:?}");
    let last: serde_json::Value =
        serde_json::from_str(ended.stdout.lines().last().expect("there are lines")).expect("it is JSON");
    assert_eq!(last["code"], 4);
    let message = last["problems"][0]["message"].as_str().expect("it has a message");
    assert!(message.starts_with("the engine does not answer: "), "{message}");
    assert_eq!(last["hint"], "is Docker running? `gw doctor` checks what gw needs");
    project.expect(4, &["up"]);
    engine.start_again();
    project.expect(0, &["up"]);
    project.expect(0, &["health"]);
    project.expect(0, &["down"]);
    assert_eq!(project.containers(), Vec::<String>::new());
}

/// A scenario may stop a second engine: it has its own folders and bridge, and the machine's engine does not notice.
#[test]
fn the_machines_engine_is_not_hurt_by_the_end_of_another() {
    let service = |port| json!({ "auth": sample(port, json!({})) });
    let (neighbour, engine) = (Project::of(service), SecondEngine::start());
    let project = Project::of(service).on(&engine.host());
    let bridge = |project: &Project| {
        let name = r#"{{index .Options "com.docker.network.bridge.name"}}"#;
        project.docker(&["network", "inspect", "--format", name, "bridge"]).stdout.trim().to_owned()
    };
    let data = |project: &Project| {
        project.docker(&["info", "--format", "{{.DockerRootDir}}"]).stdout.trim().to_owned()
    };
    neighbour.expect(0, &["up"]);
    project.expect(0, &["up"]);
    assert_eq!((bridge(&project), data(&project)), (engine.bridge(), engine.data()));
    let (first, folder) = (bridge(&neighbour), data(&neighbour));
    assert!(!first.is_empty() && first != engine.bridge() && folder != engine.data(), "{first} {folder}");
    let started = || neighbour.inspect("auth", "{{.Id}} {{.State.StartedAt}}");
    let before = started();
    engine.stop();
    assert_ne!(project.docker(&["version"]).code, 0, "the second engine still answers");
    assert_eq!(neighbour.docker(&["version"]).code, 0);
    assert!(Path::new("/sys/class/net").join(&first).exists(), "{first} is gone");
    assert_eq!(started(), before);
    assert_eq!(get(neighbour.port, "/health", &[]).0, 200);
    neighbour.expect(0, &["health"]);
}

/// The engine hangs: no command waits for it for minutes, each ends with 4; the engine that goes on finds all as it was.
#[test]
fn the_engine_hangs() {
    let engine = SecondEngine::start();
    let project = Project::of(|port| json!({ "auth": sample(port, json!({})) })).on(&engine.host());
    project.expect(0, &["up"]);
    engine.hang();
    let hung = project.expect(4, &["status"]);
    let why = format!("(at {}, from DOCKER_HOST)", engine.host());
    assert_eq!(
        hung.stderr,
        format!(
            "error: the engine does not answer: somebody listens there, but said nothing for 20 s {why}\n\
             hint: is Docker running? `gw doctor` checks what gw needs\n"
        )
    );
    engine.go_on();
    let again = project.expect(0, &["up"]);
    assert!(!again.stderr.contains("container"), "{}", again.stderr);
    project.expect(0, &["down"]);
}

/// The engine is restarted under a stack that runs: `up` starts what does not run any more, and makes nothing anew.
#[test]
fn the_engine_is_restarted_under_a_running_stack() {
    let engine = SecondEngine::start();
    let services = |port| {
        json!({
            "auth": sample(port, json!({})),
            "kyc": sample(port + 1, json!({ "dependsOn": ["auth"], "restart": "no" })),
        })
    };
    let project = Project::of(services).on(&engine.host());
    project.expect(0, &["up"]);
    let before = project.ids(["auth", "kyc"]);
    engine.stop();
    engine.start_again();
    project.expect(0, &["up"]);
    project.expect(0, &["health"]);
    assert_eq!(project.ids(["auth", "kyc"]), before);
    project.expect(0, &["down"]);
    project.nothing_half_made();
}

/// Without an engine every command that needs one ends with 4 and says where it looked, why there, and what to do.
#[test]
fn there_is_no_engine() {
    for (host, words) in [
        ("unix:///nowhere/docker.sock", "Socket not found: /nowhere/docker.sock"),
        ("tcp://127.0.0.1:1", "Connection refused (os error 111)"),
    ] {
        let project = Project::of(|port| json!({ "auth": sample(port, json!({})) }));
        for command in ["up", "down", "status", "build"] {
            let mut gw = project.command(&[command]);
            let output = gw.env("DOCKER_HOST", host).output().expect("gw runs");
            let text = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(4), "{command}: {text}");
            assert!(text.starts_with("error: the engine does not answer: "), "{text}");
            assert!(text.contains(words), "{text}");
            let end = format!(
                "(at {host}, from DOCKER_HOST)\nhint: is Docker running? `gw doctor` checks what gw needs\n"
            );
            assert!(text.ends_with(&end), "{text}");
        }
    }
}
