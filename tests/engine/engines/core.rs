//! The suite's core: what gw does on every engine, the same functions on each.

use std::time::Duration;

use serde_json::{Value, json};

use super::under_test::Engine;
use crate::harness::{Project, SAMPLE, eventually, sample};

/// Two services with a gateway that goes to the first of them.
fn two_behind_a_gateway(engine: &Engine, env: &Value) -> Project {
    let service = |port: u16| sample(port, json!({ "env": env }));
    let project = engine.project(|port| json!({ "auth": service(port), "kyc": service(port + 1) }));
    project.profile(&json!({ "gateway": { "port": project.port + 9, "default": "auth" } }));
    project
}

/// Who answers through the gateway when a service is asked for by name, and with which status.
fn who(engine: &Engine, project: &Project, name: &str) -> (u16, Value) {
    let (status, body) = engine.get(project.port + 9, "/", &[("X-Target-Service", name)]);
    let answer: Value = serde_json::from_str(&body).unwrap_or_default();
    (status, answer["service"].clone())
}

/// A stack comes up and answers, stays as it is on a second `up`, is replaced by `fresh`, and leaves nothing behind after `down`.
pub(super) fn a_stack_comes_up_stays_is_made_anew_and_goes(engine: &Engine) {
    let project = two_behind_a_gateway(engine, &json!({}));
    let port = project.port + 9;
    project.expect(0, &["up"]);
    assert_eq!(engine.get(port, "/health", &[]).0, 200);
    let ids = || project.ids(["auth", "kyc", "gateway"]);
    let first = ids();
    let again = project.expect(0, &["up"]);
    assert_eq!(ids(), first, "{}", again.stderr);
    let fresh = project.expect(0, &["fresh"]);
    assert!(ids().iter().all(|id| !first.contains(id)), "{}", fresh.stderr);
    eventually("the gateway answers", Duration::from_secs(1), || engine.get(port, "/health", &[]).0 == 200);
    project.expect(0, &["down"]);
    project.nothing_half_made();
    project.expect(0, &["down"]);
}

/// `status` and `health` tell ready, stopped and absent apart, `ports` and `env` name the engine's host.
pub(super) fn views_tell_what_runs_and_what_does_not(engine: &Engine) {
    let project = two_behind_a_gateway(engine, &json!({}));
    let rows = |code: i32, view: &str| {
        let view = project.view(code, &[view]);
        let rows = view["components"].as_array().expect("rows").clone();
        rows.iter().map(|row| format!("{} {}", row["component"], row["ready"])).collect::<Vec<_>>().join(", ")
    };
    let all = |auth: &str, gateway: &str, kyc: &str| {
        format!(r#""auth" "{auth}", "gateway" "{gateway}", "kyc" "{kyc}""#)
    };
    assert_eq!(rows(8, "health"), all("absent", "absent", "absent"));
    project.expect(0, &["up"]);
    assert_eq!(rows(0, "health"), all("ready", "ready", "ready"));
    assert_eq!(rows(0, "status"), all("ready", "ready", "ready"));
    let at = |port: u16| format!("{}:{port}", engine.shown);
    let ports = project.view(0, &["ports"]);
    assert_eq!(ports["ports"][0]["host"], at(project.port), "{ports}");
    let status = project.view(0, &["status"]);
    let shown = format!("{}->{}/tcp", at(project.port), project.port);
    assert_eq!(status["components"][0]["ports"], json!([shown]), "{status}");
    let env = project.expect(0, &["env"]).stdout;
    assert!(env.contains(&format!("export GATEWAY_URL='http://{}'\n", at(project.port + 9))), "{env}");
    project.expect(0, &["stop", "kyc"]);
    project.expect(0, &["down", "gateway"]);
    assert_eq!(rows(8, "health"), all("ready", "absent", "failed"));
    assert_eq!(rows(0, "status"), all("ready", "absent", "failed"));
}

/// A service that ends at once and one that is never ready each have a screen with the reason, and nothing of them stays.
pub(super) fn a_failure_says_why(engine: &Engine) {
    let project = engine.project(|port| {
        json!({
            "auth": sample(port, json!({ "restart": "no", "env": { "SAMPLE_EXIT_CODE": "3" } })),
            "kyc": sample(port + 1, json!({ "ready": { "deadline": "2s" }, "env": { "SAMPLE_UNHEALTHY": "1" } })),
        })
    });
    let said = project.expect(7, &["up"]).stderr;
    for line in [
        "auth failed: ended with exit code 3",
        "  exit code  3",
        "    | exiting by itself with code 3",
        "kyc failed: not ready after 2 s",
    ] {
        assert!(said.lines().any(|one| one == line), "no line {line:?} in\n{said}");
    }
    assert!(said.contains("told to be unhealthy"), "{said}");
    project.nothing_half_made();
}

/// A service that ends again and again is given up long before its deadline; one that listens late is waited for.
pub(super) fn a_crash_loop_is_told_from_a_slow_start(engine: &Engine) {
    let project = engine.project(|port| {
        let crash = json!({ "env": { "SAMPLE_EXIT_CODE": "3" }, "ready": { "deadline": "100s" } });
        let late = json!({ "env": { "SAMPLE_START_DELAY_MS": "1000" } });
        json!({ "auth": sample(port, crash), "kyc": sample(port + 1, late) })
    });
    let said = project.expect(7, &["up"]).stderr;
    let ends = said.lines().find_map(|line| {
        let rest = line.strip_prefix("auth failed: crashes in a loop: ended ")?;
        rest.strip_suffix(" times, last with exit code 3")?.parse::<u32>().ok()
    });
    // Without a pause between restarts some more happen until the container is stopped.
    let expected = if engine.restarts_at_once { 5..=u32::MAX } else { 5..=5 };
    assert!(ends.is_some_and(|ends| expected.contains(&ends)), "{said}");
    assert_eq!(project.containers(), [format!("{}-kyc-1 running", project.name)], "{said}");
}

/// A changed variable replaces its service's container and leaves the other one as it is.
pub(super) fn a_changed_variable_replaces_just_its_container(engine: &Engine) {
    let project = two_behind_a_gateway(engine, &json!({}));
    project.expect(0, &["up"]);
    let before = project.ids(["auth", "kyc", "gateway"]);
    let port = project.port;
    project.services(&json!({
        "auth": sample(port, json!({ "env": { "SERVICE_NAME": "renamed" } })),
        "kyc": sample(port + 1, json!({})),
    }));
    let said = project.expect(0, &["up"]).stderr;
    let after = project.ids(["auth", "kyc", "gateway"]);
    assert_eq!(
        [after[0] == before[0], after[1] == before[1], after[2] == before[2]],
        [false, true, true],
        "{said}"
    );
    let found = || who(engine, &project, "auth") == (200, json!("renamed"));
    eventually("the gateway finds the new container", Duration::from_secs(2), found);
}

/// `logs` shows what a container said, `exec` runs a command inside with its input, output and exit code.
pub(super) fn logs_and_exec_reach_into_a_container(engine: &Engine) {
    let project = engine.project(|port| {
        let store = json!({ "image": "redis:8", "port": { "container": 6379, "host": port + 1 },
            "ready": { "exec": ["redis-cli", "ping"], "deadline": "30s" } });
        json!({ "auth": sample(port, json!({})), "store": store })
    });
    project.expect(0, &["up"]);
    let logs = project.expect(0, &["logs", "auth"]).stdout;
    assert!(logs.starts_with("auth-1 | listening on"), "{logs}");
    let version = project.expect(0, &["exec", "auth", "--", "/sample-service", "--version"]).stdout;
    assert!(version.starts_with("sample-service "), "{version}");
    project.expect(7, &["exec", "store", "--", "sh", "-c", "exit 7"]);
    let absent = project.gw(&["exec", "store", "--", "no-such-command"]);
    assert!([126, 127].contains(&absent.code), "{absent:?}");
    let mut with_input = project.command(&["exec", "store", "--", "cat"]);
    let mut child = with_input
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("gw runs");
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), b"typed\n").expect("gw reads");
    let output = child.wait_with_output().expect("gw ends");
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), &b"typed\n"[..]));
}

/// Services work through MongoDB and Redis with passwords, the gateway reaches each by name and names the one that is not there.
pub(super) fn the_gateway_routes_to_services_that_work_with_their_stores(engine: &Engine) {
    engine.load("mongo:8.0");
    let env = json!({ "MONGODB_URI": "${mongodb.uri}", "REDIS_URL": "${redis.url}" });
    let project = two_behind_a_gateway(engine, &env);
    let port = project.port;
    let needs = json!({ "env": env, "dependsOn": ["mongodb", "redis"] });
    let services = json!({
        "infrastructure": { "mongodb": { "auth": true, "port": port + 20 }, "redis": { "auth": true, "port": port + 21 } },
        "services": { "auth": sample(port, needs), "kyc": sample(port + 1, json!({})) },
    });
    project.write("services.json", &services.to_string());
    project.expect(0, &["up"]);
    let (status, work) = engine.get(port + 9, "/work", &[("X-Target-Service", "auth")]);
    let work: Value = serde_json::from_str(&work).unwrap_or_default();
    assert_eq!(
        (status, &work["counter"]["value"], &work["document"]["database"]),
        (200, &json!(1), &json!("app"))
    );
    assert_eq!(who(engine, &project, "kyc"), (200, json!("kyc")));
    assert_eq!(who(engine, &project, "nobody").0, 404);
    project.expect(0, &["health"]);
    project.expect(0, &["stop", "kyc"]);
    let absent = || who(engine, &project, "kyc") == (503, json!("kyc"));
    eventually("the gateway says that it is not there", Duration::from_secs(2), absent);
    // Often: where the gateway asked a name server that does not know the project, each second answer would be wrong.
    for _ in 0..20 {
        assert_eq!(who(engine, &project, "auth"), (200, json!("auth")));
    }
    project.expect(0, &["down", "--volumes"]);
    project.nothing_half_made();
}

/// What depends on a job starts after it ended well, it does not run again, and one that fails ends `up` with 7.
pub(super) fn a_job_ends_before_what_waits_for_it_starts(engine: &Engine) {
    let services = |port: u16, code: &str| {
        let env = json!({ "PORT": "8080", "SAMPLE_EXIT_AFTER_MS": "500", "SAMPLE_EXIT_CODE": code });
        let job = json!({ "kind": "job", "image": SAMPLE, "env": env });
        json!({ "seed": job, "auth": sample(port, json!({ "dependsOn": ["seed"] })) })
    };
    let project = engine.project(|port| services(port, "0"));
    project.expect(0, &["up"]);
    let (ended, started) =
        (project.inspect("seed", "{{.State.FinishedAt}}"), project.inspect("auth", "{{.State.StartedAt}}"));
    assert!(ended < started, "{ended} {started}");
    let seed = project.id("seed");
    project.expect(0, &["up"]);
    assert_eq!(project.id("seed"), seed);
    project.services(&services(project.port, "4"));
    let said = project.expect(7, &["up"]).stderr;
    assert!(said.lines().any(|line| line == "seed failed: the job failed with exit code 4"), "{said}");
}

/// An image is built from its context, wherever the engine is; built again, it replaces just the container that is made of it.
pub(super) fn an_image_is_built_from_its_context(engine: &Engine) {
    let built = |port: u16, folder: &str| {
        let mut service = sample(port, json!({ "build": { "context": folder } }));
        service.as_object_mut().expect("an object").remove("image");
        service
    };
    let project =
        engine.project(|port| json!({ "auth": built(port, "auth"), "kyc": built(port + 1, "kyc") }));
    project.dockerfile("auth", "one");
    project.dockerfile("kyc", "one");
    project.expect(0, &["up"]);
    let label = |key: &str| project.inspect(key, "{{.Config.Labels.of}}");
    assert_eq!([label("auth"), label("kyc")], ["auth-one", "kyc-one"]);
    let before = project.ids(["auth", "kyc"]);
    project.dockerfile("kyc", "two");
    let said = project.expect(0, &["up", "--build"]).stderr;
    let after = project.ids(["auth", "kyc"]);
    assert_eq!([label("auth"), label("kyc")], ["auth-one", "kyc-two"], "{said}");
    assert_eq!([after[0] == before[0], after[1] == before[1]], [true, false], "{said}");
}
