//! Ports of the host that somebody else has: who is named, and who does not hinder.

use std::net::{TcpListener, UdpSocket};

use serde_json::{Value, json};

use crate::harness::{Project, SAMPLE, sample};
use crate::running::Running;
use crate::second::SecondEngine;

fn two_services() -> Project {
    Project::of(|port| json!({ "auth": sample(port, json!({})), "kyc": sample(port + 1, json!({})) }))
}

fn listen(address: &str, port: u16) -> TcpListener {
    TcpListener::bind((address, port)).expect("the port is free")
}

/// `process NAME with id N` of this test.
fn this_process() -> (String, u32) {
    let name = std::fs::read_to_string("/proc/self/comm").expect("Linux has it");
    (name.trim_end().to_owned(), std::process::id())
}

/// Runs a container of the project's own name that publishes a port; it goes with the project.
fn container(project: &Project, verb: &str, name: &str, publish: &str) {
    let label = format!("com.docker.compose.project={}", project.name);
    let name = format!("{}-{name}", project.name);
    let mut arguments = vec![verb, "--name", &name, "--label", &label, "-p", publish, SAMPLE];
    if verb == "run" {
        arguments.insert(1, "-d");
    }
    let made = project.docker(&arguments);
    assert_eq!(made.code, 0, "{}", made.stderr);
}

/// Ports that processes of the host hold are named all at once, with the processes; once they are free the same command works.
#[test]
fn ports_that_processes_hold() {
    let project = two_services();
    let port = project.port;
    let holders = (listen("127.0.0.1", port), listen("0.0.0.0", port + 1));
    let ended = project.expect(5, &["up"]);
    let (name, id) = this_process();
    let expected = format!(
        "error: port {port}/tcp on 127.0.0.1 for auth is taken by process {name} with id {id}\n\
         error: port {}/tcp on 127.0.0.1 for kyc is taken on 0.0.0.0 by process {name} with id {id}\n\
         hint: `kill {id}` ends {name}\n      other ports: `ports.auth` and `ports.kyc` in profiles/default.json\n",
        port + 1
    );
    assert_eq!(ended.stderr, expected);
    project.nothing_half_made();
    // Nobody's process is gw's to end.
    project.expect(5, &["up", "--take-over"]);
    let view = project.view(0, &["doctor"]);
    let checks = view["checks"].as_array().expect("rows");
    let ports = checks.iter().find(|row| row["check"] == "ports").expect("a row");
    assert_eq!((&ports["verdict"], &ports["found"]), (&json!("warn"), &json!("2 of profile default taken")));
    drop(holders);
    project.expect(0, &["up"]);
    let view = project.view(0, &["doctor"]);
    assert!(
        view["checks"]
            .as_array()
            .expect("rows")
            .iter()
            .all(|row| row["check"] != "ports" || row["verdict"] == "ok")
    );
}

/// A port that is taken between the look and the start ends `up` with 5, and the one who took it is named.
#[test]
fn a_port_that_is_taken_while_up_runs() {
    let project = Project::of(|port| {
        let slow = json!({ "env": { "SAMPLE_NOT_READY_FIRST": "3" } });
        json!({ "base": sample(port + 1, slow), "auth": sample(port, json!({ "dependsOn": ["base"] })) })
    });
    let mut run = Running::start(&project, &["up"]);
    run.until_started("start container base-1");
    let holder = listen("127.0.0.1", project.port);
    let (ended, _) = run.end();
    assert_eq!(ended.code, 5, "{}", ended.stdout);
    let last: Value = serde_json::from_str(ended.stdout.lines().last().expect("an error")).expect("JSON");
    let message = last["problems"][0]["message"].as_str().expect("a message");
    let (name, id) = this_process();
    let expected =
        format!("port {}/tcp on 127.0.0.1 for auth is taken by process {name} with id {id}\n", project.port);
    assert!(message.starts_with(&expected) && message.contains("address already in use"), "{message}");
    assert_eq!(project.containers(), [format!("{}-base-1 running", project.name)]);
    drop(holder);
    project.expect(0, &["up"]);
}

/// Another checkout's container is named with its folder and is not taken over.
#[test]
fn a_port_that_another_checkout_holds() {
    let (project, other) = (two_services(), Project::new(json!({})));
    let port = project.port;
    other.services(&json!({ "web": sample(port, json!({})) }));
    other.expect(0, &["up"]);
    let folder = other.root.canonicalize().expect("the folder is there");
    let expected = format!(
        "error: port {port}/tcp on 127.0.0.1 for auth is taken by container {0}-web-1 (project {0}, profile default) of the checkout in {1}\n\
         hint: `gw -C {1} down -p default`\n      another port: `ports.auth` in profiles/default.json\n",
        other.name,
        folder.display()
    );
    for arguments in [&["up"][..], &["up", "--take-over"], &["fresh", "--take-over"]] {
        assert_eq!(project.expect(5, arguments).stderr, expected);
    }
    project.nothing_half_made();
    assert_eq!(other.containers(), [format!("{}-web-1 running", other.name)]);
}

/// A container that is not gw's is named with what stops it.
#[test]
fn a_port_that_a_strangers_container_holds() {
    let (project, stranger) = (two_services(), Project::new(json!({})));
    container(&stranger, "run", "shop", &format!("{}:8080", project.port));
    let expected = format!(
        "error: port {0}/tcp on 127.0.0.1 for auth is taken on 0.0.0.0 by container {1}-shop (project {1}), which is not gw's\n\
         hint: `docker stop {1}-shop`\n      another port: `ports.auth` in profiles/default.json\n",
        project.port, stranger.name
    );
    assert_eq!(project.expect(5, &["up", "--take-over"]).stderr, expected);
    project.docker(&["stop", "-t", "1", &format!("{}-shop", stranger.name)]);
    project.expect(0, &["up"]);
}

/// A container that ended, or was never started, holds no port.
#[test]
fn the_port_of_a_dead_container_is_free() {
    let (project, dead) = (two_services(), Project::new(json!({})));
    let publish = |offset: u16| format!("127.0.0.1:{}:8080", project.port + offset);
    container(&dead, "create", "created", &publish(0));
    container(&dead, "run", "exited", &publish(1));
    let exited = format!("{}-exited", dead.name);
    dead.docker(&["kill", &exited]);
    // The engine answers before it has seen the end.
    dead.docker(&["wait", &exited]);
    let states = ["created created", "exited exited"].map(|state| format!("{}-{state}", dead.name));
    assert_eq!(dead.containers(), states);
    project.expect(0, &["up"]);
}

/// What is bound on another address only, by a process or by a container, does not hinder.
#[test]
fn a_port_that_is_bound_on_another_address_is_free() {
    let (project, other) = (two_services(), Project::new(json!({})));
    let _process = listen("127.0.0.2", project.port);
    container(&other, "run", "web", &format!("127.0.0.2:{}:8080", project.port + 1));
    container(&other, "run", "six", &format!("[::]:{}:8080", project.port + 1));
    project.expect(0, &["up"]);
    project.expect(0, &["fresh"]);
}

/// A port of UDP is held by what holds it on UDP, and by nothing on TCP.
#[test]
fn a_port_of_udp() {
    let project = Project::of(|port| {
        let udp = json!({ "ports": [{ "container": 9053, "host": port + 3, "protocol": "udp" }] });
        json!({ "auth": sample(port, udp) })
    });
    let port = project.port + 3;
    let _tcp = listen("127.0.0.1", port);
    let holder = UdpSocket::bind(("127.0.0.1", port)).expect("the port is free");
    let (name, id) = this_process();
    let expected = format!(
        "error: port {port}/udp on 127.0.0.1 for auth is taken by process {name} with id {id}\n\
         hint: `kill {id}` ends {name}\n      another port: `ports.offset` in profiles/default.json\n"
    );
    assert_eq!(project.expect(5, &["up"]).stderr, expected);
    drop(holder);
    project.expect(0, &["up"]);
    let (rival, held) = (Project::new(json!({})), format!("container {}-auth-1", project.name));
    let udp = json!({ "ports": [{ "container": 9053, "host": port, "protocol": "udp" }] });
    rival.services(&json!({ "dns": sample(rival.port, udp) }));
    let ended = rival.expect(5, &["up"]);
    assert!(
        ended.stderr.contains(&format!("port {port}/udp on 127.0.0.1 for dns is taken by {held}")),
        "{}",
        ended.stderr
    );
}

/// A container on the host's network holds the ports that its process listens on.
#[test]
fn a_port_of_a_container_on_the_hosts_network() {
    let (test, default) = (Project::new(json!({})), Project::new(json!({})));
    let port = default.port;
    default.services(&json!({ "auth": sample(port, json!({ "hostNetwork": true })) }));
    default.write("other.json", &json!({ "services": { "kyc": sample(port, json!({})) } }).to_string());
    let profile = json!({ "project": test.name, "services": "../other.json" });
    default.write("profiles/test.json", &profile.to_string());
    default.expect(0, &["up"]);
    let ended = default.expect(5, &["-p", "test", "up"]);
    let expected = format!("for kyc is taken on 0.0.0.0 by container {}-auth-1 (project", default.name);
    assert!(ended.stderr.contains(&expected), "{}", ended.stderr);
    default.expect(0, &["-p", "test", "up", "--take-over"]);
    assert_eq!(default.containers(), [format!("{}-auth-1 exited", default.name)]);
}

/// Two services that change ports with each other, and a new one on the port of a removed one, do not meet.
#[test]
fn ports_that_a_run_frees_itself() {
    let project = two_services();
    project.expect(0, &["up"]);
    let port = project.port;
    project.services(&json!({ "auth": sample(port + 1, json!({})), "kyc": sample(port, json!({})) }));
    let only = project.expect(5, &["up", "auth"]);
    let way = format!("`gw up` without names brings {}-kyc-1 up to date", project.name);
    assert!(only.stderr.contains(&way), "{}", only.stderr);
    project.expect(0, &["up"]);
    project.services(&json!({ "auth": sample(port + 1, json!({})), "account": sample(port, json!({})) }));
    let kept = project.expect(5, &["up"]);
    let way = format!("`gw up --remove-orphans` removes {}-kyc-1", project.name);
    assert!(kept.stderr.contains(&way), "{}", kept.stderr);
    project.expect(0, &["fresh"]);
    project.expect(0, &["health"]);
}

/// Where another engine on this host has published the port, its forwarder is named as what it is.
#[test]
fn a_port_of_another_engine() {
    let (project, engine) = (two_services(), SecondEngine::start());
    let publish = format!("127.0.0.1:{}:8080", project.port);
    let made = std::process::Command::new("docker")
        .args(["-H", &engine.host(), "run", "-d", "-p", &publish, SAMPLE])
        .output()
        .expect("docker runs");
    assert!(made.status.success(), "{made:?}");
    let ended = project.expect(5, &["up"]);
    let (before, after) =
        ("by process docker-proxy with id ", ", for a container that this engine does not list");
    assert!(ended.stderr.contains(before) && ended.stderr.contains(after), "{}", ended.stderr);
}
