//! What programs and reports get of a failure, and what nobody gets: passwords.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Ended, Project};

/// A MongoDB with a password, and a service that prints its environment and ends.
fn leaky() -> Project {
    let project = Project::new(json!({}));
    let script = "env; echo line two; exit 4";
    let services = json!({
        "infrastructure": { "mongodb": { "mode": "single", "port": project.port, "auth": true } },
        "services": {
            "leaky": {
                "image": "redis:8", "command": ["sh", "-c", script], "restart": "no", "dependsOn": ["mongodb"],
                "env": { "MONGODB_URI": "${mongodb.uri}" }, "ready": { "tcp": 6379, "deadline": "30s" },
            },
            "after": { "image": "redis:8", "dependsOn": ["leaky"], "ready": "none" },
        },
    });
    project.write("services.json", &services.to_string());
    project
}

fn passwords(project: &Project) -> Vec<String> {
    let text =
        std::fs::read_to_string(project.root.join(".gw/secrets/default/env")).expect("there are secrets");
    let values = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
    let values: Vec<String> =
        values.map(|(_, value)| value.to_owned()).filter(|value| value.len() > 8).collect();
    assert!(!values.is_empty(), "{}", text.len());
    values
}

fn without_passwords(project: &Project, ended: &Ended) {
    for password in passwords(project) {
        assert!(!ended.stdout.contains(&password), "standard output has a password");
        assert!(!ended.stderr.contains(&password), "standard error has a password");
        for (name, bytes) in project.files() {
            let found = bytes.windows(password.len()).any(|part| part == password.as_bytes());
            assert!(!found || name.starts_with(".gw/secrets/"), "{name} has a password");
        }
    }
}

/// Each file of the report holds what its name says, for a failure that programs were told of as `failed`.
fn evidence(project: &Project, report: &str, failed: &Value) {
    let text = |name: &str| std::fs::read_to_string(project.root.join(report).join(name)).expect("a text");
    let object = |name: &str| -> Value { serde_json::from_str(&text(name)).expect("JSON") };
    let log = text("leaky.log");
    assert!(log.contains("MONGODB_URI=mongodb://root:***@") && log.ends_with("\nline two\n"), "{log}");
    let inspect = object("leaky.inspect.json");
    assert_eq!(inspect["Name"], format!("/{}-leaky-1", project.name));
    assert_eq!(inspect["State"]["ExitCode"], 4, "{inspect}");
    let diagnosis = object("leaky.diagnosis.json");
    for field in ["component", "reason", "exit_code", "state", "logs", "waiting"] {
        assert!(!diagnosis[field].is_null(), "{field}: {diagnosis}");
        assert_eq!(diagnosis[field], failed[field], "{field}");
    }
    let rendered = std::fs::read_to_string(project.compose_file()).expect("the rendered file");
    assert_eq!(text("compose.yaml"), rendered);
    assert_eq!(text("troubles.txt"), "leaky: ended with exit code 4\n");
    let events = text("events.jsonl");
    let mut events = events.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let event = events.find(|event| event["event"] == "failed").expect("the failure is an event");
    assert_eq!((&event["component"], &event["logs"]), (&failed["component"], &failed["logs"]));
    assert!(events.any(|event| event["event"] == "operation-finished"), "nothing follows the failure");
}

/// As JSON a failure is an event with the whole diagnosis, one object a line; the evidence lies in files; no password is anywhere.
#[test]
fn programs_and_reports_get_the_diagnosis() {
    let project = leaky();
    let ended = project.expect(7, &["--output", "json", "up"]);
    let events: Vec<Value> =
        ended.stdout.lines().map(|line| serde_json::from_str(line).expect("a line is an object")).collect();
    assert!(
        events.iter().all(|event| event["version"] == 1 && event["event"].is_string()),
        "{}",
        ended.stdout
    );
    let one = |name: &str| {
        let found: Vec<&Value> = events.iter().filter(|event| event["event"] == name).collect();
        assert_eq!(found.len(), 1, "{name}: {}", ended.stdout);
        found[0].clone()
    };
    let failed = one("failed");
    for (field, value) in [
        ("component", json!("leaky")),
        ("container", json!(format!("{}-leaky-1", project.name))),
        ("reason", json!("exited")),
        ("exit_code", json!(4)),
        ("out_of_memory", json!(false)),
        ("waiting", json!(["after"])),
    ] {
        assert_eq!(failed[field], value, "{field}: {failed}");
    }
    assert!(failed["state"].as_str().is_some_and(|state| state.starts_with("exited after ")), "{failed}");
    assert!(failed["answers"].is_array(), "{failed}");
    let logs = failed["logs"].as_array().expect("logs are a list");
    assert_eq!(logs.last(), Some(&json!("line two")));
    assert!(logs.iter().any(|line| line.as_str().is_some_and(|line| line.contains(":***@"))), "{failed}");
    let error = one("error");
    assert_eq!(error["code"], 7);
    assert_eq!(error["problems"][0]["message"], "leaky: ended with exit code 4");
    let finished = one("finished");
    let report = finished["evidence"].as_str().expect("the evidence is named").to_owned();
    assert_eq!(finished["outcome"], "failed");
    let files: BTreeSet<String> =
        project.files().into_keys().filter_map(|name| Some(name.strip_prefix(&report)?.to_owned())).collect();
    let expected = [
        "compose.yaml",
        "events.jsonl",
        "leaky.diagnosis.json",
        "leaky.inspect.json",
        "leaky.log",
        "troubles.txt",
    ];
    assert_eq!(files, expected.map(|name| format!("/{name}")).into());
    evidence(&project, &report, &failed);
    without_passwords(&project, &ended);
}

/// On the screen and with every detail asked for, a password that a service printed is not shown either.
#[test]
fn screens_show_no_password() {
    let project = leaky();
    for arguments in [&["up"][..], &["--verbose", "up"], &["--quiet", "up"]] {
        let ended = project.expect(7, arguments);
        assert!(ended.stderr.contains("MONGODB_URI=mongodb://root:***@mongodb:27017"), "{}", ended.stderr);
        without_passwords(&project, &ended);
    }
}
