//! Stacks that no profile names any more: renamed, deleted, on another git branch.

use serde_json::json;

use crate::harness::{Project, finished, get, sample};
use crate::owners::ports_are_free;

/// Profile `default`, and profile `other` with a project and a service of its own; both run.
fn two() -> (Project, Project) {
    let volume = json!({ "volumes": [{ "volume": "data", "target": "/data" }] });
    let project = Project::of(|port| json!({ "auth": sample(port, json!({})) }));
    // Its name and ports are those of profile `other`; what it leaves goes with it.
    let other = Project::of(|port| json!({ "kyc": sample(port, volume) }));
    let services = std::fs::read_to_string(other.root.join("services.json")).expect("it is there");
    project.write("other.services.json", &services);
    let profile = json!({ "project": other.name, "services": "../other.services.json" });
    project.write("profiles/other.json", &profile.to_string());
    project.expect(0, &["up"]);
    project.expect(0, &["-p", "other", "up"]);
    (project, other)
}

fn forget(project: &Project) {
    std::fs::remove_file(project.root.join("profiles/other.json")).expect("it is there");
}

fn volumes(project: &Project) -> String {
    let label = format!("label=com.docker.compose.project={}", project.name);
    project.docker(&["volume", "ls", "--filter", &label, "--format", "{{.Name}}"]).stdout
}

/// A stack whose profile was deleted is named by each command and left; `down --all` takes it, and everything else, down.
#[test]
fn a_stack_of_a_deleted_profile_is_named_and_goes_with_down_all() {
    let (project, other) = two();
    for arguments in [&["up"][..], &["status"], &["down"], &["fresh"]] {
        let said = project.expect(0, arguments).stderr;
        assert!(!said.contains("left alone"), "{said}");
    }
    forget(&project);
    let note = format!(
        "note: left alone, because no profile names it now: project {} of profile other (1 container, 1 network, \
         1 volume); `gw down --all` takes down every stack of this checkout\n",
        other.name
    );
    for arguments in [&["up"][..], &["fresh"], &["status"], &["down"]] {
        let said = project.expect(0, arguments).stderr;
        assert!(said.contains(&note), "{arguments:?} {said}");
    }
    for arguments in [&["up", "--dry-run"], &["down", "--dry-run"]] {
        let said = project.expect(0, arguments).stdout;
        assert!(said.contains("left alone, because no profile names it now"), "{said}");
    }
    let status = project.view(0, &["status"]);
    assert_eq!(status["notes"].as_array().map(Vec::len), Some(1), "{status}");
    assert!(!project.expect(0, &["up", "auth"]).stderr.contains("left alone"));
    assert_eq!(get(other.port, "/health", &[]).0, 200);
    let unknown = project.expect(3, &["-p", "other", "down"]).stderr;
    let hint = "hint: `gw down --all` takes down every stack of this checkout without reading profiles\n";
    assert!(unknown.ends_with(hint), "{unknown}");
    let planned = project.expect(0, &["down", "--all", "--dry-run"]).stdout;
    let container = format!("remove container {}-kyc-1 (down)", other.name);
    assert!(planned.contains(&container), "{planned}");
    assert_eq!((project.containers().len(), other.containers().len()), (1, 1));
    let said = project.expect(0, &["down", "--all"]).stderr;
    let done = format!("down {}, {}: done in ", project.name, other.name);
    assert!(said.contains(&done), "{said}");
    for project in [&project, &other] {
        project.nothing_half_made();
        ports_are_free(project);
    }
    assert_eq!(volumes(&other), format!("{}_data\n", other.name));
    // What is left are data: named where one looks, and gone with `--volumes`.
    let data = project.expect(0, &["status"]).stderr;
    let way = "(1 volume); `gw down --all --volumes` removes every stack of this checkout with its data\n";
    assert!(data.contains(way), "{data}");
    assert!(!project.expect(0, &["down"]).stderr.contains("left alone"));
    project.expect(0, &["down", "--all", "--volumes"]);
    assert_eq!(volumes(&other), "");
    let nothing = project.expect(0, &["down", "--all"]).stderr;
    assert!(
        nothing.starts_with("note: nothing of this checkout is on this engine\ndown --all: nothing to do ("),
        "{nothing}"
    );
}

/// A profile that names another project now leaves the stack of the old one to `down --all`.
#[test]
fn a_stack_of_a_renamed_project_is_named_and_goes_with_down_all() {
    let (project, other) = two();
    let renamed = format!("{}-2", other.name);
    let profile = json!({ "project": renamed, "services": "../other.services.json" });
    project.write("profiles/other.json", &profile.to_string());
    let said = project.expect(0, &["up"]).stderr;
    let note = format!("project {} of profile other (1 container, 1 network, 1 volume)", other.name);
    assert!(said.contains(&note), "{said}");
    assert!(project.expect(0, &["-p", "other", "status"]).stderr.contains(&note));
    assert_eq!(other.containers(), [format!("{}-kyc-1 running", other.name)]);
    project.expect(0, &["down", "--all", "-v"]);
    for project in [&project, &other] {
        project.nothing_half_made();
        ports_are_free(project);
    }
    assert_eq!(volumes(&other), "");
}

/// A stack of another git branch is named and left; back on its branch `up` finds it unchanged, and `down --all` takes it down
/// from any branch.
#[test]
fn a_stack_of_another_git_branch_is_named_and_found_again() {
    let (project, other) = two();
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.args(["-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false"]);
        finished(command.args(arguments).current_dir(&project.root), 0);
    };
    project.write(".gitignore", ".gw/\n");
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "profiles/default.json", "services.json", ".gitignore"]);
    git(&["commit", "-q", "-m", "without the profile"]);
    git(&["switch", "-q", "-c", "with"]);
    git(&["add", "--all"]);
    git(&["commit", "-q", "-m", "with the profile"]);
    let id = other.id("kyc");
    let note = format!(
        "note: left alone, because no profile names it now: project {} of profile other (1 container, 1 network, \
         1 volume); `gw down --all` takes down every stack of this checkout\n",
        other.name
    );
    git(&["switch", "-q", "main"]);
    for arguments in [&["up"][..], &["fresh"], &["status"], &["down"]] {
        let said = project.expect(0, arguments).stderr;
        assert!(said.contains(&note), "{arguments:?} {said}");
    }
    git(&["switch", "-q", "-f", "with"]);
    assert!(!project.expect(0, &["up"]).stderr.contains("left alone"));
    project.expect(0, &["-p", "other", "up"]);
    assert_eq!(other.id("kyc"), id);
    git(&["switch", "-q", "-f", "main"]);
    project.expect(0, &["down", "--all"]);
    for project in [&project, &other] {
        project.nothing_half_made();
        ports_are_free(project);
    }
}

/// A profile that cannot be read makes nothing an orphan: its file is named; `down` ends 3 and says that `down --all` works.
#[test]
fn a_profile_that_cannot_be_read_makes_no_orphan() {
    let (project, other) = two();
    project.write("profiles/other.json", "{ \"project\": ");
    let note = format!(
        "note: left alone, because the project of profiles/other.json cannot be read and may be one of these: \
         project {} of profile other (1 container, 1 network, 1 volume)\n",
        other.name
    );
    for arguments in [&["up"][..], &["fresh"], &["status"]] {
        let said = project.expect(0, arguments).stderr;
        assert!(said.contains(&note), "{arguments:?} {said}");
    }
    let down = project.expect(3, &["-p", "other", "down"]).stderr;
    assert!(down.starts_with("error: profiles/other.json:1:"), "{down}");
    let hint = "hint: `gw down --all` takes down every stack of this checkout without reading profiles\n";
    assert!(down.ends_with(hint), "{down}");
    project.write("profiles/default.json", "{}");
    project.expect(3, &["down"]);
    project.expect(0, &["down", "--all"]);
    for project in [&project, &other] {
        project.nothing_half_made();
        ports_are_free(project);
    }
}

/// `down --all` takes down who borrows before who lends, so that the lender's network can go.
#[test]
fn down_all_takes_borrowers_first() {
    let project = Project::of(|port| json!({ "auth": sample(port, json!({})) }));
    // Its name comes after the lender's.
    let borrower = Project::of(|port| json!({ "kyc": sample(port, json!({})) }));
    project.profile(&json!({ "gateway": { "port": project.port + 40, "default": "auth" } }));
    let services = std::fs::read_to_string(borrower.root.join("services.json")).expect("it is there");
    project.write("borrower.services.json", &services);
    let profile = json!({
        "project": borrower.name,
        "services": "../borrower.services.json",
        "gateway": { "port": borrower.port + 40, "default": { "profile": "default" } },
    });
    project.write("profiles/borrower.json", &profile.to_string());
    project.expect(0, &["up"]);
    project.expect(0, &["-p", "borrower", "up"]);
    let said = project.expect(0, &["down", "--all"]).stderr;
    let at = |what: String| said.find(&what).unwrap_or_else(|| panic!("{what}: {said}"));
    let (first, then) = (
        at(format!("remove container {0}-{0}-gateway-1", borrower.name)),
        at(format!("remove container {}-gateway-1", project.name)),
    );
    assert!(first < then, "{said}");
    assert!(!said.contains(" stays: "), "{said}");
    for project in [&project, &borrower] {
        project.nothing_half_made();
        ports_are_free(project);
    }
}
