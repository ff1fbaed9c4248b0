//! `fresh`: from nothing to a healthy stack.

use std::time::Duration;

use serde_json::{Value, json};

use crate::builds::{built, image};
use crate::harness::{Project, eventually, get, get_json, sample};
use crate::repository::{EIGHT, copied, five_work_behind, moved};
use crate::selection::trio;

/// The profiles default and test of this repository come up from nothing with one command, healthy, with five services that work
/// behind the gateway; `down -v` leaves nothing.
#[test]
fn the_profiles_default_and_test_come_up() {
    for profile in ["default", "test"] {
        let project = copied();
        let gateway = moved(&project, profile);
        project.expect(0, &["fresh", "-p", profile]);
        let name = &project.name;
        assert_eq!(project.containers(), EIGHT.map(|component| format!("{name}-{component}-1 running")));
        project.expect(0, &["health", "-p", profile]);
        five_work_behind(gateway);
        project.expect(0, &["down", "-v", "-p", profile]);
        project.nothing_half_made();
        let filter = format!("label=com.docker.compose.project={name}");
        assert_eq!(project.docker(&["volume", "ls", "-q", "--filter", &filter]).stdout, "");
    }
}

/// `fresh` replaces every container, shows each phase with its time, and removes the image that its build replaced.
#[test]
fn fresh_replaces_everything_and_cleans_up_after_its_build() {
    let project = Project::new(json!({}));
    project.services(&built(&project));
    project.expect(0, &["up"]);
    let (before, old) = (project.ids(["auth", "kyc"]), [image(&project, "auth"), image(&project, "kyc")]);
    project.dockerfile("kyc", "two");
    let ended = project.expect(0, &["fresh"]);
    let phases = ["clean ", "build ", "start ", "health ", "cleanup "];
    for phase in phases {
        let line = ended.stderr.lines().find(|line| line.starts_with(phase) && line.ends_with(" s"));
        assert!(line.is_some(), "no time of {phase}: {}", ended.stderr);
    }
    let now = project.ids(["auth", "kyc"]);
    assert!(now[0] != before[0] && now[1] != before[1]);
    assert_eq!(image(&project, "auth"), old[0]);
    assert_ne!(image(&project, "kyc"), old[1]);
    assert_ne!(project.docker(&["image", "inspect", &old[1]]).code, 0, "the replaced image is still there");
    assert_eq!((get(project.port, "/health", &[]).0, get(project.port + 1, "/health", &[]).0), (200, 200));
}

/// `fresh SERVICE` replaces the service and what it depends on; `--no-deps` the service alone.
#[test]
fn fresh_of_one_service_leaves_the_others() {
    let project = Project::new(json!({}));
    project.services(&trio(project.port));
    project.expect(0, &["up"]);
    let first = project.ids(["auth", "kyc", "account"]);
    project.expect(0, &["fresh", "kyc"]);
    let second = project.ids(["auth", "kyc", "account"]);
    assert!(second[0] != first[0] && second[1] != first[1] && second[2] == first[2]);
    project.expect(0, &["fresh", "--no-deps", "kyc"]);
    let third = project.ids(["auth", "kyc", "account"]);
    assert!(third[0] == second[0] && third[1] != second[1] && third[2] == second[2]);
}

fn with_redis(project: &Project) -> Value {
    let env = json!({ "env": { "REDIS_URL": "${redis.url}" }, "dependsOn": ["redis"] });
    json!({ "infrastructure": { "redis": { "port": project.port + 50 } }, "services": { "auth": sample(project.port, env) } })
}

/// `fresh` keeps data, `fresh -v` removes it: the counter in Redis goes on, or begins anew.
#[test]
fn fresh_keeps_data_and_fresh_with_volumes_does_not() {
    let project = Project::new(json!({}));
    project.write("services.json", &with_redis(&project).to_string());
    project.expect(0, &["fresh"]);
    let count = || get_json(project.port, "/work")["counter"]["value"].clone();
    assert_eq!(count(), 1);
    let before = project.id("redis");
    project.expect(0, &["fresh"]);
    assert_ne!(project.id("redis"), before);
    assert_eq!(count(), 2);
    project.expect(0, &["fresh", "-v"]);
    assert_eq!(count(), 1);
}

/// A gw that SIGKILL ended in the middle of `fresh` leaves nothing that the next `fresh` cannot bring to a healthy end.
#[test]
fn fresh_goes_on_after_a_killed_fresh() {
    let project = Project::new(json!({}));
    let port = project.port;
    let slow = json!({ "env": { "SAMPLE_START_DELAY_MS": "1500" } });
    project.services(
        &json!({ "auth": sample(port, slow), "kyc": sample(port + 1, json!({ "dependsOn": ["auth"] })) }),
    );
    for moment in ["created", "running"] {
        let mut killed = project.command(&["fresh"]).spawn().expect("gw runs");
        eventually("kyc waits for auth", Duration::from_secs(3), || {
            let containers = project.containers();
            let auth = format!("{}-auth-1 {moment}", project.name);
            containers.iter().any(|line| *line == auth || line.ends_with("-auth-1 running"))
        });
        killed.kill().expect("it can be killed");
        killed.wait().expect("it ended");
        project.expect(0, &["fresh"]);
        assert_eq!((get(port, "/health", &[]).0, get(port + 1, "/health", &[]).0), (200, 200));
        assert_eq!(project.containers().len(), 2);
    }
}
