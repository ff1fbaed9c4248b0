//! `stop`, `restart` and `down`.

use serde_json::json;

use crate::harness::{Project, get, sample};
use crate::selection::trio;

fn running() -> Project {
    let project = Project::new(json!({}));
    project.services(&trio(project.port));
    project.expect(0, &["up"]);
    project
}

fn states(project: &Project) -> Vec<String> {
    let without_name = |line: String| line.replace(&format!("{}-", project.name), "");
    project.containers().into_iter().map(without_name).collect()
}

/// `stop SERVICE` keeps the container, and `up` starts the same one again.
#[test]
fn stopped_container_is_started_again_by_up() {
    let project = running();
    let before = project.ids(["auth", "kyc", "account"]);
    project.expect(0, &["stop", "kyc"]);
    assert_eq!(states(&project), ["account-1 running", "auth-1 running", "kyc-1 exited"]);
    assert_eq!(get(project.port + 1, "/health", &[]).0, 0);
    project.expect(0, &["stop"]);
    assert_eq!(states(&project), ["account-1 exited", "auth-1 exited", "kyc-1 exited"]);
    project.expect(0, &["stop"]);
    project.expect(0, &["up"]);
    assert_eq!(project.ids(["auth", "kyc", "account"]), before);
    assert_eq!(get(project.port + 1, "/health", &[]).0, 200);
}

/// `restart` keeps the containers, starts them anew, and returns when each is ready again.
#[test]
fn restart_returns_when_everything_is_ready_again() {
    let project = Project::new(json!({}));
    let port = project.port;
    let slow = json!({ "env": { "SAMPLE_START_DELAY_MS": "1000" } });
    project.services(
        &json!({ "auth": sample(port, slow), "kyc": sample(port + 1, json!({ "dependsOn": ["auth"] })) }),
    );
    project.expect(0, &["up"]);
    let (before, started) = (project.ids(["auth", "kyc"]), project.inspect("auth", "{{.State.StartedAt}}"));
    project.expect(0, &["restart"]);
    assert_eq!(get(port, "/health", &[]).0, 200);
    assert_eq!(project.ids(["auth", "kyc"]), before);
    assert_ne!(project.inspect("auth", "{{.State.StartedAt}}"), started);
    let (auth, kyc) =
        (project.inspect("auth", "{{.State.StartedAt}}"), project.inspect("kyc", "{{.State.StartedAt}}"));
    project.expect(0, &["restart", "kyc"]);
    assert_eq!(project.inspect("auth", "{{.State.StartedAt}}"), auth);
    assert_ne!(project.inspect("kyc", "{{.State.StartedAt}}"), kyc);
}

/// `restart` starts what was stopped, and names what has no container.
#[test]
fn restart_of_what_does_not_run() {
    let project = running();
    project.expect(0, &["stop", "auth"]);
    project.expect(0, &["restart", "auth"]);
    assert_eq!(get(project.port, "/health", &[]).0, 200);
    project.expect(0, &["down", "account"]);
    let ended = project.expect(0, &["restart", "account"]);
    assert!(
        ended.stderr.contains("note: account has no container: `gw up account` makes it"),
        "{}",
        ended.stderr
    );
}

/// `down SERVICE` removes one service's container and leaves the others and the network.
#[test]
fn down_of_one_service_leaves_the_others() {
    let project = running();
    let before = project.ids(["auth", "account"]);
    project.expect(0, &["down", "kyc"]);
    assert_eq!(states(&project), ["account-1 running", "auth-1 running"]);
    assert_eq!(project.ids(["auth", "account"]), before);
}

/// `down` takes containers and networks and keeps volumes, `down -v` takes these too; each may be repeated.
#[test]
fn down_keeps_volumes_unless_asked() {
    let project = Project::new(json!({}));
    let volume = json!({ "volumes": [{ "volume": "data", "target": "/data" }] });
    project.services(&json!({ "auth": sample(project.port, volume) }));
    project.expect(0, &["down"]);
    project.expect(0, &["up"]);
    let label = format!("label=com.docker.compose.project={}", project.name);
    let listed =
        |what: &str| project.docker(&[what, "ls", "--filter", &label, "--format", "{{.Name}}"]).stdout;
    assert_eq!(listed("network"), format!("{}_default\n", project.name));
    for _ in 0..2 {
        project.expect(0, &["down"]);
        assert_eq!(
            (states(&project).len(), listed("network"), listed("volume")),
            (0, String::new(), format!("{}_data\n", project.name))
        );
    }
    for _ in 0..2 {
        project.expect(0, &["down", "-v"]);
        assert_eq!(listed("volume"), "");
    }
}

/// Without an engine each command ends with code 4 and says where it looked.
#[test]
fn without_an_engine_the_code_is_4() {
    let project = Project::new(json!({}));
    project.services(&json!({ "auth": sample(project.port, json!({})) }));
    let nowhere = format!("unix://{}/none.sock", project.root.display());
    let project = project.on(&nowhere);
    for command in [
        "up", "fresh", "down", "stop", "restart", "status", "health", "ports", "env", "doctor", "adopt", "gc",
    ] {
        let ended = project.expect(4, &[command]);
        let said = ended.stdout + &ended.stderr;
        assert!(said.contains(&format!("(at {nowhere}, from DOCKER_HOST)")), "{command}: {said}");
    }
}
