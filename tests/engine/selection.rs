//! Which components a command is about, and `--dry-run`.

use serde_json::{Value, json};

use crate::harness::{Project, sample};

/// `auth` before `kyc`, and `account` for itself; no gateway.
pub(crate) fn trio(port: u16) -> Value {
    json!({
        "auth": sample(port, json!({})),
        "kyc": sample(port + 1, json!({ "dependsOn": ["auth"] })),
        "account": sample(port + 2, json!({})),
    })
}

fn project() -> Project {
    let project = Project::new(json!({}));
    project.services(&trio(project.port));
    project
}

fn running(project: &Project, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| format!("{}-{key}-1 running", project.name)).collect()
}

/// `up SERVICE` brings up the service and what it depends on, and nothing else.
#[test]
fn up_takes_a_service_with_its_dependencies() {
    let project = project();
    project.expect(0, &["up", "kyc"]);
    assert_eq!(project.containers(), running(&project, &["auth", "kyc"]));
}

/// `--no-deps` brings up the service alone, and leaves a changed dependency as it is.
#[test]
fn up_without_dependencies_takes_the_service_alone() {
    let project = project();
    project.expect(0, &["up", "--no-deps", "kyc"]);
    assert_eq!(project.containers(), running(&project, &["kyc"]));
    project.expect(0, &["up"]);
    let before = project.id("auth");
    let mut changed = trio(project.port);
    changed["auth"]["env"]["SERVICE_NAME"] = json!("other");
    project.services(&changed);
    project.expect(0, &["up", "--no-deps", "kyc"]);
    assert_eq!(project.id("auth"), before);
    project.expect(0, &["up", "kyc"]);
    assert_ne!(project.id("auth"), before);
}

/// A service that is not there is a usage error that names those that are, for every command that takes names.
#[test]
fn unknown_service_is_named_with_the_known_ones() {
    let project = project();
    for command in ["up", "fresh", "down", "stop", "restart", "build", "status", "health", "ports"] {
        let ended = project.expect(2, &[command, "nobody"]);
        assert!(
            ended.stderr.contains("no service \"nobody\" in profile default; it has account, auth, kyc"),
            "{command}: {}",
            ended.stderr
        );
    }
    assert_eq!(project.containers(), Vec::<String>::new());
}

/// `--dry-run` prints the plan; nothing is on the engine afterwards and no file was written.
#[test]
fn dry_run_prints_the_plan_and_changes_nothing() {
    let project = project();
    let files = project.files();
    let planned = project.expect(0, &["up", "--dry-run", "kyc"]);
    let plan = "  1 start   create network default (no such network)
  2 start   create container auth-1 (no container yet) after 1
  3 start   start container auth-1 (created) after 2
  4 health  await auth (must be ready) after 3
  5 start   create container kyc-1 (no container yet) after 1
  6 start   start container kyc-1 (created) after 4, 5
  7 health  await kyc (must be ready) after 4, 6
";
    assert_eq!((planned.stdout.as_str(), planned.stderr.as_str()), (plan, ""));
    project.expect(0, &["fresh", "--dry-run"]);
    project.expect(0, &["down", "--dry-run"]);
    project.expect(0, &["status"]);
    assert_eq!(project.files(), files);
    assert_eq!(project.containers(), Vec::<String>::new());
    let network =
        project.docker(&["network", "ls", "-q", "--filter", &format!("name={}_default", project.name)]);
    assert_eq!(network.stdout, "");
}

/// On a running project, `--dry-run` of each command says what would happen to its containers, and nothing happens.
#[test]
fn dry_run_on_a_running_project_changes_nothing() {
    let project = project();
    project.expect(0, &["up", "--no-deps", "kyc"]);
    let (name, before, files) = (&project.name, project.id("kyc"), project.files());
    let plan = |arguments: &[&str]| project.expect(0, arguments).stdout;
    assert_eq!(
        plan(&["down", "--dry-run"]),
        format!(
            "  1 clean   stop container {name}-kyc-1 (down)
  2 clean   remove container {name}-kyc-1 (down) after 1
  3 clean   remove network {name}_default (down) after 2
"
        )
    );
    assert_eq!(plan(&["stop", "--dry-run"]), format!("  1 clean   stop container {name}-kyc-1 (stop)\n"));
    assert_eq!(
        plan(&["restart", "--dry-run", "kyc"]),
        format!(
            "  1 clean   stop container {name}-kyc-1 (restart)
  2 start   start container kyc-1 (restart) after 1
  3 health  await kyc (must be ready) after 2
"
        )
    );
    assert_eq!(plan(&["up", "--dry-run", "--no-deps", "kyc"]), "  1 health  await kyc (must be ready)\n");
    assert_eq!(
        plan(&["fresh", "--dry-run", "--no-deps", "kyc"]),
        format!(
            "  1 clean   stop container {name}-kyc-1 (fresh)
  2 clean   remove container {name}-kyc-1 (fresh) after 1
  3 start   create container kyc-1 (replaced) after 2
  4 start   start container kyc-1 (created) after 3
  5 health  await kyc (must be ready) after 4
"
        )
    );
    assert_eq!((project.id("kyc"), project.files()), (before, files));
    assert_eq!(project.containers(), running(&project, &["kyc"]));
}
