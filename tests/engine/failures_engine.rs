//! An engine that goes away, and one that was never there.

use std::time::Duration;

use serde_json::json;

use crate::harness::{Project, sample};
use crate::running::Running;
use crate::second::SecondEngine;

/// The engine ends while gw waits: code 4 at once; once it is back, the same `up` ends healthy.
#[test]
fn the_engine_stops_while_gw_waits() {
    let engine = SecondEngine::start(41);
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
