//! Services that do not become ready: what gw says, how it ends, what stays.

use serde_json::{Value, json};

use crate::harness::{Ended, Project, sample};
use crate::redact::redact;

/// A service `auth` with these variables and further fields.
fn auth(env: &Value, more: &Value) -> Project {
    Project::of(|port| {
        let mut service = sample(port, json!({ "env": env }));
        for (key, value) in more.as_object().expect("fields are an object") {
            service[key] = value.clone();
        }
        json!({ "auth": service })
    })
}

/// The failure screens, without what differs from run to run.
fn screens(project: &Project, ended: &Ended) -> String {
    let text = redact(project, &ended.stderr);
    text.split_once("\n\n").map(|(_, screens)| screens.to_owned()).unwrap_or_default()
}

/// The one failure that programs are told, after a look at the error of code 8 at the end.
fn told(ended: &Ended) -> Value {
    let events: Vec<Value> =
        ended.stdout.lines().map(|line| serde_json::from_str(line).expect("a line is an object")).collect();
    let one = |name: &str| {
        let found: Vec<&Value> = events.iter().filter(|event| event["event"] == name).collect();
        assert_eq!(found.len(), 1, "{name}: {}", ended.stdout);
        found[0].clone()
    };
    let error = one("error");
    assert_eq!(
        (&error["code"], &error["problems"][0]["message"]),
        (&json!(8), &json!("auth: not ready after 2 s"))
    );
    one("failed")
}

fn has(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|one| one == *line), "no line {line:?} in\n{text}");
    }
}

/// A service that ends at once and is not started again ends `up` with 7, its code and its last words; nothing stays.
#[test]
fn a_service_that_exits_at_once() {
    let project = auth(&json!({ "SAMPLE_EXIT_CODE": "3" }), &json!({ "restart": "no" }));
    let ended = project.expect(7, &["up"]);
    let screen = screens(&project, &ended);
    assert!(screen.starts_with("auth failed: ended with exit code 3\n"), "{screen}");
    has(
        &screen,
        &[
            "  container  PROJECT-auth-1, exited after T",
            "  exit code  3",
            "  memory     did not run out",
            "  log        its last 1 line",
            "    | exiting by itself with code 3",
            "  evidence   REPORT",
            "  next       read REPORT/auth.log",
        ],
    );
    // The screen said it: no further line says it again.
    assert!(!ended.stderr.contains("error:"), "{}", ended.stderr);
    project.nothing_half_made();
}

/// A service that the engine starts again and again ends `up` with 7 after five ends, not at its deadline.
#[test]
fn a_service_that_crashes_in_a_loop() {
    let project = auth(&json!({ "SAMPLE_EXIT_CODE": "3" }), &json!({}));
    let screen = screens(&project, &project.expect(7, &["up"]));
    assert!(
        screen.starts_with("auth failed: crashes in a loop: ended 5 times, last with exit code 3\n"),
        "{screen}"
    );
    has(&screen, &["  exit code  3", "  log        its last 5 lines", "    | exiting by itself with code 3"]);
    project.nothing_half_made();
}

/// A service that needs more memory than it may have is told apart from one that crashes, and the way out is named.
#[test]
fn a_service_that_runs_out_of_memory() {
    for (restart, reason) in [
        ("no", "ended with exit code 137, out of memory"),
        ("unless-stopped", "crashes in a loop: ended 5 times, last with exit code 137, out of memory"),
    ] {
        let limits = json!({ "restart": restart, "resources": { "memory": "64Mi" } });
        let project = auth(&json!({ "SAMPLE_ALLOCATE_MB": "256" }), &limits);
        let screen = screens(&project, &project.expect(7, &["up"]));
        assert!(screen.starts_with(&format!("auth failed: {reason}\n")), "{screen}");
        has(
            &screen,
            &[
                "  exit code  137: ended by the kernel's SIGKILL",
                "  memory     ran out: the kernel ended it",
                "  next       give auth more memory: `resources.memory` in its services file",
                "             read REPORT/auth.log",
            ],
        );
        project.nothing_half_made();
    }
}

/// At the deadline `up` ends with 8 and one screen; what became ready stays, what waited goes; the next `up` goes on from there.
#[test]
fn a_service_that_never_becomes_ready() {
    let project = Project::new(json!({}));
    let services = |unhealthy: &str| {
        let port = project.port;
        let env = json!({ "SAMPLE_UNHEALTHY": unhealthy, "SAMPLE_LOG_LINES": "30" });
        json!({
            "base": sample(port, json!({})),
            "auth": sample(port + 1, json!({ "env": env, "dependsOn": ["base"], "ready": { "deadline": "2s" } })),
            "kyc": sample(port + 2, json!({ "dependsOn": ["auth"] })),
            "pay": sample(port + 3, json!({ "dependsOn": ["kyc"] })),
        })
    };
    project.services(&services("1"));
    let ended = project.expect(8, &["up"]);
    let screen = screens(&project, &ended);
    let lines: Vec<&str> = screen.lines().filter(|line| !line.contains("onnection refused")).collect();
    let mut expected = vec![
        "auth failed: not ready after 2 s".to_owned(),
        "  container  PROJECT-auth-1, running after T".to_owned(),
        "  probe      GET /health on port PORT+1".to_owned(),
        r#"{"status":"unhealthy","service":"auth","reason":"told to be unhealthy (SAMPLE_UNHEALTHY)"} (N times)"#.to_owned(),
        "  log        its last 20 lines".to_owned(),
    ];
    expected.extend((12..=30).map(|line| format!("    | line {line} of 30")));
    expected.extend(
        [
            "    | listening on 0.0.0.0:PORT+1 as auth, MongoDB none, Redis none",
            "  waiting    kyc, pay",
            "  evidence   REPORT",
            "  next       read REPORT/auth.log",
            "             where it only needs longer: `ready.deadline` of the service",
        ]
        .map(str::to_owned),
    );
    assert_eq!(lines.len(), expected.len(), "{screen}");
    for (line, expected) in lines.iter().zip(&expected) {
        let same =
            line == expected || expected.starts_with('{') && line.ends_with(&format!("HTTP 503: {expected}"));
        assert!(same, "{line:?} is not {expected:?}");
    }
    assert_eq!(project.containers(), [format!("{}-base-1 running", project.name)]);
    let base = project.id("base");
    // Programs get the same.
    let failed = told(&project.expect(8, &["--output", "json", "up"]));
    assert_eq!(project.id("base"), base);
    let failed = failed.as_object().expect("an object");
    for (field, value) in [
        ("component", json!("auth")),
        ("container", json!(format!("{}-auth-1", project.name))),
        ("reason", json!("not-ready")),
        ("deadline", json!(2.0)),
        ("probe", json!(format!("GET /health on port {}", project.port + 1))),
        ("exit_code", Value::Null),
        ("out_of_memory", json!(false)),
        ("waiting", json!(["kyc", "pay"])),
    ] {
        assert_eq!(failed.get(field), Some(&value), "{field}: {failed:?}");
    }
    assert!(failed["state"].as_str().is_some_and(|state| state.starts_with("running after ")), "{failed:?}");
    let answer = failed["answers"].as_array().and_then(|answers| answers.last()).expect("there are answers");
    assert!(answer["text"].as_str().is_some_and(|text| text.starts_with("HTTP 503: {")), "{answer}");
    assert!(answer["times"].as_u64().is_some_and(|times| times > 1), "{answer}");
    let logs = failed["logs"].as_array().expect("logs are a list");
    assert_eq!((logs.len(), &logs[18]), (20, &json!("line 30 of 30")), "{logs:?}");
    project.services(&services("0"));
    project.expect(0, &["up"]);
    assert_eq!(project.id("base"), base);
}

/// A service whose first try fails and whose second one does not is ready, after one restart.
#[test]
fn a_service_that_starts_at_its_second_try() {
    let script = "test -e /tmp/tried && exec redis-server; touch /tmp/tried; echo not yet; exit 3";
    let project = Project::of(|port| {
        json!({ "store": {
            "image": "redis:8", "port": { "container": 6379, "host": port },
            "command": ["sh", "-c", script], "ready": { "exec": ["redis-cli", "ping"], "deadline": "30s" },
        } })
    });
    let ended = project.expect(0, &["up"]);
    // What the engine said of the first try is news, and may have any word.
    let failure = ended.stderr.lines().find(|line| line.starts_with("store failed"));
    assert_eq!(failure, None, "{}", ended.stderr);
    let restarts = project.docker(&["inspect", "--format", "{{.RestartCount}}", &project.id("store")]);
    assert_eq!(restarts.stdout.trim(), "1");
}

/// A command that never answers is given up at the deadline, and is not asked many times at once.
#[test]
fn a_probe_inside_that_hangs() {
    let project = Project::of(|port| {
        json!({ "store": {
            "image": "redis:8", "port": { "container": 6379, "host": port },
            "ready": { "exec": ["sleep", "600"], "deadline": "2s" },
        } })
    });
    let screen = screens(&project, &project.expect(8, &["up"]));
    has(&screen, &["  probe      exec sleep 600", "  answers    no answer by the deadline"]);
    project.nothing_half_made();
}

/// A service that is not ready when it is first asked is asked until it is; its first answers are news, not the end.
#[test]
fn a_service_that_is_ready_at_a_later_question() {
    let project = auth(&json!({ "SAMPLE_NOT_READY_FIRST": "3" }), &json!({}));
    let ended = project.expect(0, &["up"]);
    has(&redact(&project, &ended.stderr), &["auth ready after T (GET /health on port PORT+0, asked N)"]);
    assert!(ended.stderr.contains("auth: HTTP 503: "), "{}", ended.stderr);
}

/// Two services that fail for different reasons have a screen each, in one run; the lower code wins.
#[test]
fn two_services_that_fail() {
    let project = Project::of(|port| {
        json!({
            "auth": sample(port, json!({ "restart": "no", "env": { "SAMPLE_EXIT_CODE": "3" } })),
            "kyc": sample(port + 1, json!({ "ready": { "deadline": "1s" }, "env": { "SAMPLE_HANG": "1" } })),
        })
    });
    let screen = screens(&project, &project.expect(7, &["up"]));
    has(&screen, &["auth failed: ended with exit code 3", "kyc failed: not ready after 1 s"]);
    project.nothing_half_made();
}
