//! The commands of the README, run as they stand there.

use serde_json::{Value, json};

use crate::harness::{Project, ended};
use crate::repository::{copied, here, moved};
use crate::running::Running;
use crate::sharing::who;
use crate::wire::ask;

/// The lines of the README's shell blocks that begin with `gw`, without their comments.
fn commands() -> Vec<Vec<String>> {
    let readme = std::fs::read_to_string(here().join("README.md")).expect("there is a README");
    let blocks = readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines =
        blocks.flat_map(str::lines).filter_map(|line| line.split(" #").next()?.trim().strip_prefix("gw "));
    lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

/// Gives a profile of one project the name and the ports of another.
fn move_to(project: &Project, profile: &str, other: &Project) {
    let path = format!("profiles/{profile}.json");
    let text = std::fs::read_to_string(project.root.join(&path)).expect("the profile can be read");
    let mut content: Value = serde_json::from_str(&text).expect("the profile is JSON");
    let port = other.port;
    content["project"] = json!(other.name);
    content["ports"]["offset"] = json!(port - 9001);
    for (store, distance) in [("mongodb", 10), ("redis", 11)] {
        if !content["ports"][store].is_null() {
            content["ports"][store] = json!(port + distance);
        }
    }
    content["gateway"]["port"] = json!(port + 12);
    project.write(&path, &content.to_string());
}

/// Every command of the README does in a copy of this repository what it says, one after the other.
#[test]
fn the_readme_can_be_followed() {
    // Whoever borrows goes before its owner.
    let project = copied();
    let (test, combo) = (Project::new(json!({})), Project::new(json!({})));
    moved(&project, "default");
    move_to(&project, "test", &test);
    move_to(&project, "combo", &combo);
    let commands = commands();
    assert!(commands.len() > 8, "{commands:?}");
    for words in commands {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if words.contains(&"-f") {
            // It goes on for ever: its first line is what is asked for.
            let mut follows = Running::start(&project, &words);
            follows.until("line of a log", |line| line["component"].is_string());
            continue;
        }
        let run = ended(project.command(&words).output().expect("gw runs"));
        assert_eq!(run.code, 0, "gw {}\n{}\n{}", words.join(" "), run.stdout, run.stderr);
    }
    let status = project.expect(0, &["-p", "test", "status"]);
    assert!(status.stdout.contains("gateway"), "{}", status.stdout);
    // The committed combo: its own kyc, and the rest of the owner's.
    project.expect(0, &["-p", "combo", "up", "--with-shared"]);
    for (lines, owner, service) in [
        (&["X-Target-Service: kyc"][..], &combo.name, "kyc"),
        (&["X-Target-Service: payment"], &project.name, "payment"),
        (&[], &project.name, "auth"),
    ] {
        let answer = ask(combo.port + 12, "/", lines);
        let (of, name) = (format!("label=com.docker.compose.project={owner}"), format!("name={service}-1"));
        let id = project.docker(&["ps", "-q", "--filter", &of, "--filter", &name]).stdout;
        assert_eq!(
            (who(&answer).as_str(), &answer.json()["host"]),
            (service, &json!(id.trim())),
            "{lines:?}"
        );
    }
    for profile in ["combo", "test", "default"] {
        project.expect(0, &["-p", profile, "down", "--volumes"]);
    }
}
