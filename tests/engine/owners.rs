//! Whose a project is: a copied folder, another host, a folder that moved, a checkout that is gone.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::harness::{Project, SAMPLE, get, sample};

const KEYS: [&str; 2] = ["auth", "kyc"];

/// Two services, one with a volume, that run.
pub(crate) fn running() -> Project {
    let volume = json!({ "volumes": [{ "volume": "data", "target": "/data" }] });
    let project =
        Project::of(|port| json!({ "auth": sample(port, volume), "kyc": sample(port + 1, json!({})) }));
    project.expect(0, &["up"]);
    project
}

/// Every command that would change a project, with what it must not do to somebody else's.
const CHANGES: [&[&str]; 9] = [
    &["up"],
    &["fresh"],
    &["fresh", "--volumes"],
    &["build"],
    &["build", "--dry-run"],
    &["stop"],
    &["restart"],
    &["down"],
    &["down", "-v"],
];

#[track_caller]
fn refused(project: &Project, message: &str, hint: &str) {
    for arguments in CHANGES {
        let said = project.expect(5, arguments).stderr;
        assert!(said.starts_with(&format!("error: project {} belongs to {message}", project.name)), "{said}");
        assert!(said.contains(hint), "{said}");
    }
}

/// The folder without links, as gw names it.
fn real(folder: &Path) -> PathBuf {
    folder.canonicalize().expect("the folder is there")
}

/// Moves the project's folder.
pub(crate) fn moved(project: &mut Project) -> PathBuf {
    let (before, now) = (real(&project.root), project.root.with_extension("moved"));
    std::fs::rename(&project.root, &now).expect("the folder can be moved");
    project.root = now;
    before
}

/// Deletes the project's folder; what it runs stays.
pub(crate) fn deleted(project: &mut Project) -> PathBuf {
    let before = moved(project);
    std::fs::remove_dir_all(&project.root).expect("the folder goes");
    std::fs::create_dir(&project.root).expect("docker starts in some folder");
    before
}

/// Copies a folder as it is, modes and times too.
pub(crate) fn copied(from: &Path, to: &Path) {
    let status = std::process::Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(status.expect("cp runs").success());
}

/// Nothing listens on the ports of the project's services any more.
#[track_caller]
pub(crate) fn ports_are_free(project: &Project) {
    for port in project.port..project.port + 8 {
        let bound = std::net::TcpListener::bind(("127.0.0.1", port));
        assert!(bound.is_ok(), "port {port}: {bound:?}");
    }
}

/// A copied folder never touches what the original runs, says that it is a copy, and is a checkout of its own without its id.
#[test]
fn a_copied_folder_is_told_that_it_is_one() {
    let project = running();
    let before = project.ids(KEYS);
    let mut copy = Project::new(json!({}));
    std::fs::remove_dir_all(&copy.root).expect("the folder goes");
    copied(&project.root, &copy.root);
    let own_name = std::mem::replace(&mut copy.name, project.name.clone());
    let original = real(&project.root);
    let hint = format!("is a copy of the other: take it down there (gw -C {} down)", original.display());
    refused(&copy, &format!("the checkout in {} (container", original.display()), &hint);
    let adopt = copy.expect(5, &["adopt"]).stderr;
    let still = format!(
        "error: the checkout in {} is still there, and what it made is its own\n",
        original.display()
    );
    assert!(adopt.starts_with(&still), "{adopt}");
    let owner = "make this one a checkout of\n      its own: remove .gw/owner.json, and give its profiles other projects\n";
    assert!(adopt.ends_with(owner), "{adopt}");
    assert_eq!(project.ids(KEYS), before);
    // What the hint says works: a project, and ports, of its own.
    std::fs::remove_file(copy.root.join(".gw/owner.json")).expect("it is there");
    copy.name = own_name;
    copy.profile(&json!({}));
    copy.services(&json!({ "auth": sample(copy.port, json!({})) }));
    copy.expect(0, &["up"]);
    copy.expect(0, &["down"]);
    assert_eq!(project.ids(KEYS), before);
    project.expect(0, &["down"]);
    ports_are_free(&project);
}

/// What another host made on a shared engine is never touched, is named, and nothing adopts or collects it.
#[test]
fn another_hosts_project_is_left_alone_and_named() {
    let project = Project::of(|port| json!({ "auth": sample(port, json!({})) }));
    let labels = [
        format!("com.docker.compose.project={}", project.name),
        "com.docker.compose.service=auth".to_owned(),
        "gw.profile=default".to_owned(),
        "gw.owner=0123456789abcdef".to_owned(),
        "gw.owner.path=/home/you/ms".to_owned(),
        "gw.owner.host=another-host".to_owned(),
    ];
    let labels: Vec<&str> = labels.iter().flat_map(|label| ["--label", label.as_str()]).collect();
    let name = format!("{}-auth-1", project.name);
    let made = |words: &[&str], last: &str| {
        let arguments = [words, &labels, &[last]].concat();
        assert_eq!(project.docker(&arguments).code, 0);
    };
    made(&["run", "-d", "--name", &name], SAMPLE);
    let volume = format!("{}_data", project.name);
    made(&["volume", "create"], &volume);
    let id = project.id("auth");
    let message = format!("/home/you/ms on host another-host (container {name})\n");
    refused(
        &project,
        &message,
        "hint: take it down on another-host, or give this profile a project of its own",
    );
    let all = project.expect(0, &["down", "--all", "--volumes"]).stderr;
    assert!(all.contains("note: nothing of this checkout is on this engine\n"), "{all}");
    project.expect(0, &["adopt"]);
    let from = project.expect(2, &["adopt", "--from", "/home/you/ms"]).stderr;
    assert!(
        from.starts_with("error: nothing on this engine was made by a checkout in /home/you/ms\n"),
        "{from}"
    );
    let garbage = project.expect(0, &["gc", "--dry-run"]);
    assert!(!format!("{garbage:?}").contains(&project.name), "{garbage:?}");
    assert_eq!(project.id("auth"), id);
    // A volume alone is somebody's too.
    project.docker(&["rm", "-f", &name]);
    refused(&project, &format!("/home/you/ms on host another-host (volume {volume})\n"), "another-host");
    assert_eq!(project.docker(&["volume", "inspect", &volume]).code, 0);
}

/// A folder that moved adopts what it left: the containers stay the same ones, and all of it can be taken down.
#[test]
fn a_moved_folder_adopts_what_it_left() {
    let mut project = running();
    let ids = project.ids(KEYS);
    let before = moved(&mut project);
    let hint = format!(
        "hint: it is not in {} any more: if this folder was moved from there, run `gw adopt`; or",
        before.display()
    );
    refused(&project, &format!("the checkout in {} (container", before.display()), &hint);
    let adopted = project.expect(0, &["adopt"]).stderr;
    let note = format!(
        "note: adopted project {} of profile default (2 containers, 1 network, 1 volume)\n",
        project.name
    );
    assert!(adopted.starts_with(&note), "{adopted}");
    let up = project.expect(0, &["up"]).stderr;
    assert!(!up.contains("container"), "{up}");
    assert_eq!(project.ids(KEYS), ids);
    let again = project.expect(0, &["adopt"]).stderr;
    assert!(again.starts_with("note: nothing to adopt: "), "{again}");
    // A copy that comes to the former place is not the one that made them.
    copied(&project.root, &before);
    refused(&project, &format!("the checkout in {} (container", before.display()), "is a copy of the other");
    std::fs::remove_dir_all(&before).expect("the copy goes");
    let mark = ["volume", "inspect", &format!("{}_gw-adopted", project.name)].map(str::to_owned);
    let mark = mark.each_ref().map(String::as_str);
    assert_eq!(project.docker(&mark).code, 0, "others see by it that this is somebody's");
    project.expect(0, &["fresh", "--volumes"]);
    assert_eq!(project.docker(&mark).code, 1, "everything is made anew in the new folder");
    project.expect(0, &["down", "--volumes"]);
    project.nothing_half_made();
    let label = format!("label=com.docker.compose.project={}", project.name);
    assert_eq!(project.docker(&["volume", "ls", "-q", "--filter", &label]).stdout, "");
    ports_are_free(&project);
}

/// What plain `docker compose up` started moves with its folder too.
#[test]
fn a_moved_folder_adopts_what_compose_started() {
    let mut project = Project::of(|port| json!({ "auth": sample(port, json!({})) }));
    project.expect(0, &["env"]);
    project.expect(0, &["up", "--dry-run"]);
    project.expect(0, &["generate"]);
    let file = project.compose_file();
    let file = file.strip_prefix(&project.root).expect("below").display().to_string();
    let up = ["compose", "-f", &file, "up", "-d"];
    assert_eq!(project.docker(&up).code, 0);
    let id = project.id("auth");
    moved(&mut project);
    project.expect(5, &["up"]);
    project.expect(0, &["adopt"]);
    project.expect(0, &["up"]);
    assert_eq!(project.id("auth"), id);
    project.expect(0, &["down"]);
    ports_are_free(&project);
}

/// What a deleted checkout left is another one's only when that says so by name; one that is there keeps its own.
#[test]
fn a_deleted_checkouts_things_are_adopted_by_name() {
    let mut project = running();
    let heir = Project::new(json!({}));
    for file in ["profiles/default.json", "services.json"] {
        let text = std::fs::read_to_string(project.root.join(file)).expect("it is there");
        heir.write(file, &text);
    }
    let heir = Heir { project: heir, name: project.name.clone() };
    let before = real(&project.root);
    let folder = before.display().to_string();
    let there = heir.gw(5, &["adopt", "--from", &folder]);
    assert!(there.starts_with(&format!("error: the checkout in {folder} is still there,")), "{there}");
    assert_eq!(deleted(&mut project), before);
    let said = heir.gw(5, &["up"]);
    assert!(
        said.contains(&format!("`gw adopt --from {folder}` takes it over here and `gw gc` removes it")),
        "{said}"
    );
    let nothing = heir.gw(0, &["adopt"]);
    assert!(nothing.starts_with("note: nothing to adopt: "), "{nothing}");
    heir.gw(5, &["up"]);
    let adopted = heir.gw(0, &["adopt", "--from", &folder]);
    assert!(
        adopted.starts_with(&format!("note: adopted project {} of profile default (", heir.name)),
        "{adopted}"
    );
    heir.gw(0, &["up"]);
    assert_eq!(get(project.port, "/health", &[]).0, 200);
    heir.gw(0, &["down", "--volumes"]);
    assert_eq!(project.containers(), Vec::<String>::new());
    ports_are_free(&project);
}

/// A checkout whose project is another test project's: only its own folder goes with it.
struct Heir {
    project: Project,
    name: String,
}

impl Heir {
    #[track_caller]
    fn gw(&self, code: i32, arguments: &[&str]) -> String {
        self.project.expect(code, arguments).stderr
    }
}

/// Where `.gw/` was deleted, what the folder made before is an earlier checkout's, and is adopted by name.
#[test]
fn a_folder_that_lost_its_id_adopts_what_it_made() {
    let project = running();
    std::fs::remove_dir_all(project.root.join(".gw")).expect("it is there");
    let folder = real(&project.root).display().to_string();
    let hint = format!("`gw adopt --from {folder}` takes over what it left; or");
    refused(&project, "an earlier checkout in this folder (container", &hint);
    project.expect(0, &["adopt", "--from", "."]);
    project.expect(0, &["up"]);
    project.expect(0, &["down", "--volumes"]);
    project.nothing_half_made();
    ports_are_free(&project);
}

/// What the same folder made under another name of its host is adopted by that name.
#[test]
fn a_renamed_host_adopts_by_its_former_name() {
    let project = Project::of(|port| json!({ "auth": sample(port, json!({})) }));
    project.expect(0, &["env"]);
    let text = std::fs::read_to_string(project.root.join(".gw/owner.json")).expect("gw knows who it is");
    let owner: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let volume = format!("{}_data", project.name);
    let labels = [
        format!("com.docker.compose.project={}", project.name),
        format!("gw.owner={}", owner["id"].as_str().expect("an id")),
        format!("gw.owner.path={}", real(&project.root).display()),
        "gw.owner.host=old-name".to_owned(),
    ];
    let labels = labels.iter().flat_map(|label| ["--label", label.as_str()]);
    let create: Vec<&str> = ["volume", "create"].into_iter().chain(labels).chain([volume.as_str()]).collect();
    assert_eq!(project.docker(&create).code, 0);
    let hint = "hint: where this host was called old-name before, run `gw adopt --host old-name`; else take it down there";
    assert!(project.expect(5, &["up"]).stderr.contains(hint));
    project.expect(2, &["adopt", "--host", "another"]);
    project.expect(0, &["adopt", "--host", "old-name"]);
    project.expect(0, &["up"]);
    project.expect(0, &["down", "--volumes"]);
    assert_eq!(project.docker(&["volume", "inspect", &volume]).code, 1);
}

/// `down --all` leaves a project in which another host has something, ends 5, and takes down the others.
#[test]
fn down_all_takes_what_it_may() {
    let project = running();
    let other = Project::of(|port| json!({ "kyc": sample(port, json!({})) }));
    let services = std::fs::read_to_string(other.root.join("services.json")).expect("it is there");
    project.write("other.services.json", &services);
    let profile = json!({ "project": other.name, "services": "../other.services.json" });
    project.write("profiles/other.json", &profile.to_string());
    project.expect(0, &["-p", "other", "up"]);
    let volume = format!("{}_theirs", project.name);
    let label = format!("com.docker.compose.project={}", project.name);
    let theirs = ["gw.owner=0123456789abcdef", "gw.owner.path=/home/you/ms", "gw.owner.host=another-host"];
    let labels = [label.as_str()].into_iter().chain(theirs).flat_map(|label| ["--label", label]);
    let create: Vec<&str> = ["volume", "create"].into_iter().chain(labels).chain([volume.as_str()]).collect();
    assert_eq!(project.docker(&create).code, 0);
    let said = project.expect(5, &["down", "--all"]).stderr;
    let error = format!(
        "error: project {} belongs to /home/you/ms on host another-host (volume {volume})\n",
        project.name
    );
    assert!(said.contains(&error), "{said}");
    assert_eq!((project.containers().len(), other.containers().len()), (2, 0));
    ports_are_free(&other);
}
