//! Plain `docker compose` on what gw started, and gw on what plain `docker compose` started.

use std::process::Command;

use serde_json::json;

use crate::harness::{Ended, Project, finished, get, sample};
use crate::repository::{compose, rendered};

/// Auth, kyc that depends on it, Redis and a gateway.
fn project() -> Project {
    let project = Project::new(json!({}));
    describe(&project, "1");
    project
}

fn describe(project: &Project, version: &str) {
    let port = project.port;
    let redis = json!({ "mode": "single", "port": port + 3, "auth": true });
    let profile = json!({
        "project": project.name, "services": "../services.json", "gateway": { "port": port + 2, "default": "auth" },
        "infrastructure": { "redis": redis },
    });
    project.write("profiles/default.json", &profile.to_string());
    let kyc = json!({ "dependsOn": ["auth"], "env": { "VERSION": version } });
    let auth = json!({ "dependsOn": ["redis"], "env": { "REDIS_URL": "${redis.url}" } });
    let services = json!({ "services": { "auth": sample(port, auth), "kyc": sample(port + 1, kyc) } });
    project.write("services.json", &services.to_string());
}

const KEYS: [&str; 4] = ["auth", "gateway", "kyc", "redis"];

fn ids(project: &Project) -> [String; 4] {
    KEYS.map(|key| project.id(key))
}

/// `docker compose -p NAME ...`: it knows no file.
fn by_name(project: &Project, arguments: &[&str]) -> Ended {
    let mut command = Command::new("docker");
    finished(
        command.args(["compose", "-p", &project.name]).args(arguments).current_dir(std::env::temp_dir()),
        0,
    )
}

fn services(project: &Project, arguments: &[&str]) -> Vec<String> {
    let listed = by_name(project, arguments);
    let mut lines: Vec<String> = listed.stdout.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

fn networks(project: &Project) -> String {
    let filter = format!("label=com.docker.compose.project={}", project.name);
    project.docker(&["network", "ls", "--filter", &filter, "--format", "{{.Name}}"]).stdout
}

/// By its name alone Compose lists what gw started, shows its logs, stops it, and takes it down with its network.
#[test]
fn compose_works_by_name_on_what_gw_started() {
    let project = project();
    project.expect(0, &["up"]);
    let found = by_name(&project, &["ls", "--format", "json", "--filter", &format!("name={}", project.name)]);
    let found: serde_json::Value = serde_json::from_str(&found.stdout).expect("JSON");
    let file = project.compose_file().display().to_string();
    assert_eq!(found, json!([{ "Name": project.name, "Status": "running(4)", "ConfigFiles": file }]));
    assert_eq!(services(&project, &["ps", "--services"]), KEYS);
    assert_eq!(
        services(&project, &["ps", "--format", "{{.Name}} {{.State}}"]),
        KEYS.map(|key| format!("{}-{key}-1 running", project.name))
    );
    assert_eq!(services(&project, &["ps", "-q", "kyc"]), [project.id("kyc")]);
    let logs = by_name(&project, &["--ansi=never", "logs", "auth"]).stdout;
    assert!(logs.lines().count() > 0, "auth says something at its start");
    // Compose 2.26 wipes the line before the first one, colours or not.
    assert!(
        logs.lines().all(|line| line.trim_start_matches("\u{1b}[2K").starts_with("auth-1  | ")),
        "{logs}"
    );

    let before = ids(&project);
    by_name(&project, &["stop", "kyc"]);
    assert_eq!(project.containers()[2], format!("{}-kyc-1 exited", project.name));
    by_name(&project, &["stop"]);
    assert_eq!(project.containers(), KEYS.map(|key| format!("{}-{key}-1 exited", project.name)));
    project.expect(0, &["up"]);
    assert_eq!(ids(&project), before, "gw starts what Compose stopped");
    assert_eq!(get(project.port + 2, "/health", &[]).0, 200);

    by_name(&project, &["down"]);
    assert_eq!(project.containers(), Vec::<String>::new());
    assert_eq!(networks(&project), "");
    project.expect(0, &["up"]);
    by_name(&project, &["down", "--volumes"]);
    let filter = format!("label=com.docker.compose.project={}", project.name);
    assert_eq!(project.docker(&["volume", "ls", "-q", "--filter", &filter]).stdout, "");
}

/// What Compose started from the rendered file is gw's: `up` leaves the unchanged alone, replaces only what changed, and `down`
/// takes everything away.
#[test]
fn gw_takes_over_what_compose_started_from_the_same_file() {
    let project = project();
    project.expect(0, &["generate"]);
    compose(&project, "default", &rendered("default"), &["up", "-d"]);
    let before = ids(&project);
    project.expect(0, &["up"]);
    assert_eq!(ids(&project), before, "nothing changed");

    describe(&project, "2");
    let plan = project.expect(0, &["up", "--dry-run"]).stdout;
    assert!(plan.contains("its configuration changed"), "{plan}");
    project.expect(0, &["up"]);
    let after = ids(&project);
    let changed: Vec<&str> = (0..4).filter(|at| before[*at] != after[*at]).map(|at| KEYS[at]).collect();
    assert_eq!(changed, ["kyc"]);

    project.expect(0, &["down"]);
    assert_eq!(project.containers(), Vec::<String>::new());
    assert_eq!(networks(&project), "");
    compose(&project, "default", &rendered("default"), &["up", "-d"]);
    project.expect(0, &["down", "--volumes"]);
    assert_eq!(project.containers(), Vec::<String>::new());
    assert_eq!(networks(&project), "");
}

/// A folder is the same one by whatever way somebody comes to it, Compose or gw.
#[test]
fn a_link_to_the_folder_is_the_folder() {
    let project = project();
    project.expect(0, &["generate"]);
    let way = project.root.join("way");
    std::os::unix::fs::symlink(&project.root, &way).expect("a link can be made");
    let gw = |arguments: &[&str]| finished(project.command(arguments).arg("-C").arg(&way), 0);
    compose(&project, "default", &way.join(rendered("default")), &["up", "-d"]);
    let before = ids(&project);
    project.expect(0, &["up"]);
    gw(&["up"]);
    assert_eq!(ids(&project), before);
    gw(&["down"]);
    compose(&project, "default", &rendered("default"), &["up", "-d"]);
    gw(&["up"]);
    gw(&["down"]);
    gw(&["up"]);
    project.expect(0, &["down"]);
    assert_eq!(project.containers(), Vec::<String>::new());
}

/// Compose takes over what gw started: it recreates the containers, which the docs say, and gw finds them its own again.
#[test]
fn compose_takes_over_and_gives_back() {
    let project = project();
    project.expect(0, &["up"]);
    let before = ids(&project);
    compose(&project, "default", &rendered("default"), &["up", "-d", "--wait"]);
    let after = ids(&project);
    assert!((0..4).all(|at| before[at] != after[at]), "Compose counts other things");
    project.expect(0, &["up"]);
    assert_eq!(ids(&project), after);
    assert_eq!(get(project.port + 2, "/health", &[]).0, 200);
}

/// A project of the same name that Compose started from another file is somebody else's: named, code 5, and left alone.
#[test]
fn a_project_of_another_file_is_left_alone_and_named() {
    let project = project();
    let other = "services:\n  thing:\n    image: gw.test/sample-service:test\n    stop_grace_period: 1s\n";
    project.write("other/compose.yaml", other);
    let start = ["compose", "-p", &project.name, "-f", "other/compose.yaml", "up", "-d"];
    assert_eq!(project.docker(&start).code, 0);
    let expected = format!(
        "project {} belongs to docker compose with {} (container {0}-thing-1)",
        project.name,
        project.root.join("other/compose.yaml").display()
    );
    refused(&project, &expected);
    assert_eq!(project.containers(), [format!("{}-thing-1 running", project.name)]);
}

/// A project of the same name that another checkout started is somebody else's, also where the folder is a copy of it with its id.
#[test]
fn a_project_of_another_checkout_is_left_alone_and_named() {
    let project = project();
    project.expect(0, &["up"]);
    let before = ids(&project);
    let home = project.root.canonicalize().expect("it is there");
    let expected =
        format!("project {} belongs to the checkout in {} (container", project.name, home.display());
    let mut stranger = self::project();
    let id = std::fs::read_to_string(project.root.join(".gw/owner.json")).expect("gw knows who it is");
    for owner in [None, Some(id)] {
        for file in ["profiles/default.json", "services.json"] {
            let text = std::fs::read_to_string(project.root.join(file)).expect("it is there");
            stranger.write(file, &text);
        }
        if let Some(id) = owner {
            stranger.write(".gw/owner.json", &id);
        }
        refused(&stranger, &expected);
        assert_eq!(ids(&project), before);
        assert_eq!(project.containers(), KEYS.map(|key| format!("{}-{key}-1 running", project.name)));
    }
    // The folder is the stranger's, what runs is not: only the folder goes with it.
    stranger.name.push_str("-stranger");
}

/// Every command that would change something ends 5 and says whose it is.
fn refused(project: &Project, expected: &str) {
    for arguments in [
        &["up"][..],
        &["fresh"],
        &["build"],
        &["stop"],
        &["restart"],
        &["down"],
        &["down", "--volumes"],
        &["up", "--dry-run"],
    ] {
        let said = project.expect(5, arguments);
        assert!(said.stderr.contains(expected), "{arguments:?}: {}", said.stderr);
    }
}
