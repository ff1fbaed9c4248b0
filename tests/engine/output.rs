//! Options of every command: `--output json`, colours, `--quiet`, `-C`; and the commands that need no engine.

use std::process::Command;

use serde_json::{Value, json};

use crate::harness::{Project, sample};

fn project() -> Project {
    let project = Project::new(json!({}));
    project.services(&json!({ "auth": sample(project.port, json!({})) }));
    project
}

/// Each line of `up`, `stop`, `restart`, `fresh`, `down` and `build` with `--output json` is an object of version 1; the last says how it ended.
#[test]
fn every_event_is_a_json_object_with_a_version() {
    let project = project();
    for command in ["build", "up", "stop", "restart", "fresh", "down"] {
        let ended = project.expect(0, &["--output", "json", command]);
        let events: Vec<Value> =
            ended.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert!(events.iter().all(|event| event["version"] == 1), "{}", ended.stdout);
        let last = events.last().expect("an event");
        assert_eq!(
            (&last["event"], &last["command"], &last["project"]),
            (&json!("finished"), &json!(command), &json!(project.name))
        );
        assert_eq!(ended.stderr, "");
    }
    let failed = project.expect(2, &["--output", "json", "up", "nobody"]);
    let last: Value =
        serde_json::from_str(failed.stdout.lines().last().unwrap_or(&failed.stderr)).expect("JSON");
    assert_eq!(last["version"], 1);
}

/// Colours come with `--color always` and not with `NO_COLOR`, a pipe or `--color never`.
#[test]
fn colours_come_only_where_they_are_wanted() {
    let project = project();
    project.expect(0, &["up"]);
    let coloured = |arguments: &[&str], no_color: bool| {
        let mut command: Command = project.command(arguments);
        if !no_color {
            command.env_remove("NO_COLOR");
        }
        String::from_utf8_lossy(&command.output().expect("gw runs").stdout).contains('\u{1b}')
    };
    assert!(!coloured(&["status"], false));
    assert!(!coloured(&["status"], true));
    assert!(coloured(&["--color", "always", "status"], true));
    assert!(!coloured(&["--color", "never", "status"], false));
}

/// `--quiet` says nothing where all goes well, and results and failures all the same.
#[test]
fn quiet_says_only_what_matters() {
    let project = project();
    let up = project.expect(0, &["--quiet", "up"]);
    assert_eq!((up.stdout.as_str(), up.stderr.as_str()), ("", ""));
    assert!(project.expect(0, &["-q", "status"]).stdout.contains("auth"));
    assert!(project.expect(2, &["-q", "up", "nobody"]).stderr.contains("nobody"));
    let down = project.expect(0, &["-q", "down"]);
    assert_eq!((down.stdout.as_str(), down.stderr.as_str()), ("", ""));
}

/// `-C` works from anywhere; below the root the root is found upwards.
#[test]
fn the_root_is_named_or_found_upwards() {
    let project = project();
    let root = project.root.display().to_string();
    let run = |folder: &std::path::Path, arguments: &[&str]| {
        let output = project.command(arguments).current_dir(folder).output().expect("gw runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(&std::env::temp_dir(), &["-C", &root, "up"]);
    assert_eq!(project.containers(), [format!("{}-auth-1 running", project.name)]);
    let before = project.id("auth");
    project.write("deep/down/file", "");
    run(&project.root.join("deep/down"), &["up"]);
    assert_eq!(project.id("auth"), before);
}

/// `schema` prints JSON Schemas and `completions` scripts, without an engine and without a project.
#[test]
fn schemas_and_completions_need_nothing() {
    let project = project().on("unix:///nowhere.sock");
    for kind in ["profile", "services", "infra", "images"] {
        let schema: Value = serde_json::from_str(&project.expect(0, &["schema", kind]).stdout).expect("JSON");
        assert!(schema["$schema"].is_string() && schema["properties"].is_object(), "{kind}");
    }
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert!(project.expect(0, &["completions", shell]).stdout.contains("gw"), "{shell}");
    }
    let script = project.root.join("gw.bash");
    std::fs::write(&script, project.expect(0, &["completions", "bash"]).stdout).expect("the script");
    let read = Command::new("bash").arg("-n").arg(&script).output().expect("bash runs");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
}
