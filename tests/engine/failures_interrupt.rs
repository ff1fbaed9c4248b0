//! Ctrl-C and SIGTERM in each phase: code 130, nothing half-made, and the next `up` ends healthy.

use std::net::TcpListener;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::harness::{Ended, Project, eventually, mapped, processes, sample};
use crate::running::Running;

/// What an interrupt may take, ten times what it usually does.
const SOON: Duration = Duration::from_secs(20);

fn interrupted((ended, took): (Ended, Duration)) {
    assert_eq!(ended.code, 130, "{}{}", ended.stdout, ended.stderr);
    assert!(took < SOON, "{took:?}\n{}", ended.stdout);
}

/// The project is as if nothing had happened, and comes up.
fn comes_up_afterwards(project: &Project) {
    project.nothing_half_made();
    project.services(&json!({ "auth": sample(project.port, json!({})) }));
    project.expect(0, &["up"]);
    project.expect(0, &["health"]);
}

/// While an image is built: the build ends on the engine too.
#[test]
fn while_an_image_is_built() {
    let project = Project::of(|port| {
        let mut service = sample(port, json!({ "build": { "context": "app" } }));
        service.as_object_mut().expect("a service is an object").remove("image");
        json!({ "auth": service })
    });
    let step = format!("sleep 4{}", project.port);
    project.write("app/Dockerfile", &format!("FROM {}\nRUN exec {step}\n", mapped("redis:8")));
    let gw = Running::start(&project, &["up"]);
    eventually("the build's step runs", Duration::from_secs(6), || !processes(&step).is_empty());
    gw.signal(Signal::INT);
    interrupted(gw.end());
    eventually("the build's step is ended", Duration::from_secs(2), || processes(&step).is_empty());
    comes_up_afterwards(&project);
}

/// While an image is pulled from a registry that never answers.
#[test]
fn while_an_image_is_pulled() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let registry = silent.local_addr().expect("it has an address");
    let image = format!("{registry}/never:1");
    let project = Project::of(|port| json!({ "auth": sample(port, json!({ "image": image })) }));
    let gw = Running::start(&project, &["up"]);
    let _held = silent.accept().expect("the engine asks the registry");
    gw.signal(Signal::INT);
    interrupted(gw.end());
    comes_up_afterwards(&project);
}

fn several(port: u16, more: &Value) -> Value {
    (0..6).map(|number| (format!("s{number}"), sample(port + number, more.clone()))).collect()
}

/// While containers are made and started, wherever that happens to be.
#[test]
fn while_containers_are_made_and_started() {
    for moment in ["create network", "create container s0", "create container s3", "start container", "await"]
    {
        let project = Project::of(|port| several(port, &json!({ "env": { "SAMPLE_UNHEALTHY": "1" } })));
        let mut gw = Running::start(&project, &["up"]);
        gw.until_started(moment);
        gw.signal(Signal::INT);
        interrupted(gw.end());
        comes_up_afterwards(&project);
    }
}

/// While gw waits for what is not ready; SIGTERM does the same. What became ready stays.
#[test]
fn while_something_is_awaited() {
    for signal in [Signal::INT, Signal::TERM] {
        let project = Project::of(|port| {
            let unhealthy = json!({ "env": { "SAMPLE_UNHEALTHY": "1" }, "dependsOn": ["base"] });
            json!({ "base": sample(port, json!({})), "auth": sample(port + 1, unhealthy) })
        });
        let mut gw = Running::start(&project, &["up"]);
        gw.until("answer of auth", |event| event["event"] == "news" && event["component"] == "auth");
        gw.signal(signal);
        interrupted(gw.end());
        assert_eq!(project.containers(), [format!("{}-base-1 running", project.name)]);
        let port = project.port;
        project.services(&json!({ "base": sample(port, json!({})), "auth": sample(port + 1, json!({})) }));
        project.expect(0, &["up"]);
    }
}

/// While `fresh` stops what it will replace: the slow stop is waited for, nothing is half-made, nothing else was touched; the next
/// `fresh` ends healthy with containers of its own.
#[test]
fn while_fresh_clears_the_way() {
    let slow = json!({ "env": { "SAMPLE_IGNORE_SIGTERM": "1" }, "stopGrace": "3s" });
    let project = Project::of(|port| {
        let needs = json!({ "dependsOn": ["base"] });
        json!({ "base": sample(port, json!({})), "auth": sample(port + 1, needs), "slow": sample(port + 2, slow) })
    });
    project.expect(0, &["fresh"]);
    let before = project.ids(["base", "auth", "slow"]);
    let mut gw = Running::start(&project, &["fresh"]);
    gw.until_started(&format!("stop container {}-slow-1", project.name));
    gw.signal(Signal::INT);
    let ended = gw.end();
    let said = ended.0.stdout.clone();
    interrupted(ended);
    let name = &project.name;
    assert_eq!(project.inspect("slow", "{{.State.Status}}"), "exited", "{said}");
    for operation in [format!("remove container {name}-slow-1"), "create container slow-1".to_owned()] {
        assert!(!said.contains(&operation), "{operation} began: {said}");
    }
    for line in project.containers() {
        assert!(line.ends_with(" exited") || line.ends_with(" running"), "{line} is half-made: {said}");
    }
    assert_eq!(project.networks(), [format!("{name}_default")]);
    project.expect(0, &["fresh"]);
    project.expect(0, &["health"]);
    assert_eq!(project.containers(), ["auth", "base", "slow"].map(|key| format!("{name}-{key}-1 running")));
    let now = project.ids(["base", "auth", "slow"]);
    assert!(now.iter().all(|id| !before.contains(id)), "{now:?} {before:?}");
}

/// While `down` stops something slow: the stop is waited for, so that it does not end what the next `up` finds.
#[test]
fn while_the_project_goes_down() {
    let slow = json!({ "env": { "SAMPLE_IGNORE_SIGTERM": "1" }, "stopGrace": "3s" });
    let project = Project::of(|port| json!({ "auth": sample(port, slow) }));
    project.expect(0, &["up"]);
    let mut gw = Running::start(&project, &["down"]);
    gw.until_started("stop container");
    gw.signal(Signal::INT);
    let ended = gw.end();
    let said = ended.0.stdout.clone();
    interrupted(ended);
    // The engine's list follows a moment after the answer to the stop.
    let stopped = [format!("{}-auth-1 exited", project.name)];
    eventually(&format!("stopped\n{said}"), Duration::from_millis(200), || project.containers() == stopped);
    project.expect(0, &["up"]);
    std::thread::sleep(Duration::from_secs(4));
    project.expect(0, &["health"]);
}

/// A second Ctrl-C ends gw at once, also where it waits for something slow; the next run finds what it left.
#[test]
fn a_second_interrupt_ends_gw_at_once() {
    let slow = json!({ "env": { "SAMPLE_IGNORE_SIGTERM": "1" }, "stopGrace": "15m" });
    let project = Project::of(|port| json!({ "auth": sample(port, slow) }));
    project.expect(0, &["up"]);
    let mut gw = Running::start(&project, &["down"]);
    gw.until_started("stop container");
    gw.signal(Signal::INT);
    gw.until("note about the second", |event| {
        event["event"] == "note" && event["text"].as_str().is_some_and(|text| text.contains("second Ctrl-C"))
    });
    gw.signal(Signal::INT);
    interrupted(gw.end());
    project.docker(&["kill", &project.id("auth")]);
    project.expect(0, &["down"]);
    project.nothing_half_made();
}

/// While gw asks an engine that never answers, and while it waits for another gw: there is nothing to take away.
#[test]
fn while_nothing_has_begun() {
    let unhealthy = json!({ "env": { "SAMPLE_UNHEALTHY": "1" } });
    let project = Project::of(|port| json!({ "auth": sample(port, unhealthy) }));
    for command in ["up", "down", "status"] {
        // One for each: gw may open more connections than one, and a left one must not be taken for the next gw's.
        let silent = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let host = format!("tcp://{}", silent.local_addr().expect("it has an address"));
        let mut unanswered = project.command(&["--output", "json", command]);
        unanswered.env("DOCKER_HOST", &host);
        let gw = Running::spawn(unanswered);
        let _held = silent.accept().expect("gw asks the engine");
        gw.signal(Signal::INT);
        interrupted(gw.end());
    }
    let mut first = Running::start(&project, &["up"]);
    first.until_started("await");
    let mut second = Running::start(&project, &["up"]);
    second.until("note about the first", |event| event["event"] == "note");
    second.signal(Signal::INT);
    interrupted(second.end());
    first.signal(Signal::INT);
    interrupted(first.end());
    comes_up_afterwards(&project);
}
