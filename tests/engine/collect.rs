//! `gw gc`, on an engine of its own: it looks at everything that is there.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::harness::{Project, SAMPLE, sample};
use crate::owners::{deleted, moved, ports_are_free};
use crate::second::SecondEngine;

/// A service with a volume that has something in it, and an image that is built here.
fn project(engine: &SecondEngine) -> Project {
    let project = Project::new(json!({})).on(&engine.host());
    project.dockerfile("app", "one");
    let volume = json!({ "volumes": [{ "volume": "data", "target": "/data" }] });
    let mut built = sample(project.port + 1, json!({ "build": { "context": "app" } }));
    built.as_object_mut().expect("a service").remove("image");
    project.services(&json!({ "auth": sample(project.port, volume), "kyc": built }));
    project.expect(0, &["up"]);
    project
}

/// Kind and name of each thing that would go, sorted.
fn listed(project: &Project) -> Vec<(String, String)> {
    let view = project.view(0, &["gc"]);
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = view["things"].as_array().expect("rows");
    let mut things: Vec<_> = rows.iter().map(|row| (text(row, "kind"), text(row, "name"))).collect();
    things.sort();
    things
}

/// `gc` lists what a deleted checkout left, with sizes, removes it when it is told to, and leaves what is anybody's:
/// of a checkout that lives, of one that was moved and adopted its things, of another host, and what is not gw's.
#[test]
fn what_a_deleted_checkout_left_is_listed_and_removed_and_nothing_else() {
    let engine = SecondEngine::start();
    let (alive, mut gone, mut adopted) = (project(&engine), project(&engine), project(&engine));
    let before = moved(&mut adopted);
    let said = adopted.expect(0, &["gc"]).stderr;
    let note = format!(
        "note: left alone: what this checkout made in {}: `gw adopt` takes it over\n",
        before.display()
    );
    assert!(said.contains(&note), "{said}");
    adopted.expect(0, &["adopt"]);
    let strange = [
        "--label",
        "gw.owner=0123456789abcdef",
        "--label",
        "gw.owner.path=/nowhere",
        "--label",
        "gw.owner.host=another-host",
    ];
    assert_eq!(alive.docker(&[&["volume", "create"], &strange[..], &["elsewhere"]].concat()).code, 0);
    assert_eq!(alive.docker(&["volume", "create", "nobodys"]).code, 0);
    assert_eq!(alive.docker(&["run", "-d", "--name", "nobody", SAMPLE]).code, 0);
    assert_eq!(listed(&alive), [], "everybody is there");
    let nothing = alive.expect(0, &["gc"]).stderr;
    let words = "nothing to collect: no checkout of this host that is gone left anything on this engine\n";
    assert_eq!(nothing, words);

    let name = gone.name.clone();
    let data = format!("{name}_data");
    gone.write("filler", &"x".repeat(3 << 20));
    assert_eq!(gone.docker(&["cp", "filler", &format!("{name}-auth-1:/data/filler")]).code, 0);
    let folder = deleted(&mut gone);
    let things = [
        ("container", format!("{name}-auth-1")),
        ("container", format!("{name}-kyc-1")),
        ("image", format!("{name}-kyc:latest")),
        ("network", format!("{name}_default")),
        ("volume", data.clone()),
    ];
    let things = things.map(|(kind, name)| (kind.to_owned(), name));
    assert_eq!(listed(&alive), things);
    assert_eq!(listed(&adopted), things);
    let table = alive.expect(0, &["gc"]).stdout;
    assert!(table.starts_with("CHECKOUT "), "{table}");
    let row = |what: &str| table.lines().find(|line| line.contains(what)).expect("a row").to_owned();
    let volume = row(&data);
    assert!(volume.starts_with(&folder.display().to_string()) && volume.ends_with(" 3.1 MB"), "{volume}");
    assert!(row(&format!("{name}-auth-1")).contains("container, runs"), "{table}");
    let image = row("-kyc:latest");
    assert!(image.ends_with("MB") || image.ends_with("kB"), "{image}");
    assert!(table.trim_end().ends_with("; `gw gc --yes` removes them"), "{table}");
    let planned = alive.expect(0, &["gc", "--dry-run"]).stdout;
    assert!(planned.contains(&format!("remove volume {data} (its checkout is gone)")), "{planned}");
    assert_eq!(gone.containers().len(), 2, "nothing has gone yet");

    // Somebody at a terminal is asked; only a yes is one.
    for answer in ["n", "", "yes please"] {
        let asked = at_a_terminal(&alive, answer);
        assert!(asked.contains("remove them? [y/N]"), "{asked}");
        assert_eq!(gone.containers().len(), 2, "{asked}");
    }

    let removed = adopted.expect(0, &["gc", "--yes"]);
    assert!(removed.stdout.contains(&data), "it is listed first: {removed:?}");
    assert!(removed.stderr.contains(&format!("gc {name}: done in ")), "{removed:?}");
    gone.nothing_half_made();
    ports_are_free(&gone);
    assert_eq!(alive.docker(&["volume", "inspect", &data]).code, 1);
    assert_eq!(alive.docker(&["image", "inspect", &format!("{name}-kyc")]).code, 1);
    assert_eq!(listed(&alive), []);
    for project in [&alive, &adopted] {
        assert_eq!(project.containers().len(), 2);
        project.expect(0, &["health"]);
    }
    for volume in ["elsewhere", "nobodys"] {
        assert_eq!(alive.docker(&["volume", "inspect", volume]).code, 0);
    }
    let running = ["inspect", "--format", "{{.State.Running}}", "nobody"];
    assert_eq!(alive.docker(&running).stdout, "true\n");
}

/// What `gw gc` says at a terminal where somebody answers so.
fn at_a_terminal(project: &Project, answer: &str) -> String {
    at_a_terminal_after(project, answer, || {})
}

/// The same where something happens between the question and the answer.
fn at_a_terminal_after(project: &Project, answer: &str, meanwhile: impl FnOnce()) -> String {
    let mut command = Command::new("script");
    let gw = format!("{} gc", env!("CARGO_BIN_EXE_gw"));
    command
        .args(["-qec", &gw, "/dev/null"])
        .envs(project.command(&[]).get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.current_dir(&project.root).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("script runs");
    let (mut stdin, mut stdout) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
    let (mut said, mut some) = (Vec::new(), [0; 1024]);
    while !String::from_utf8_lossy(&said).contains("[y/N]") {
        let length = stdout.read(&mut some).expect("the pipe is open");
        assert!(length > 0, "no question: {}", String::from_utf8_lossy(&said));
        said.extend_from_slice(&some[..length]);
    }
    meanwhile();
    writeln!(stdin, "{answer}").expect("it is read");
    drop(stdin);
    stdout.read_to_end(&mut said).expect("the pipe is open");
    assert!(child.wait().expect("script ends").success());
    String::from_utf8_lossy(&said).into_owned()
}

/// What somebody adopts while `gc` asks is theirs: a yes removes nothing but what was listed and is still nobody's.
#[test]
fn what_is_adopted_while_the_question_stands_stays() {
    let engine = SecondEngine::start();
    let (user, heir) =
        (Project::new(json!({})).on(&engine.host()), Project::new(json!({})).on(&engine.host()));
    let (mut gone, mut taken) = (project(&engine), project(&engine));
    let ids = taken.ids(["auth", "kyc"]);
    deleted(&mut gone);
    let folder = deleted(&mut taken).display().to_string();
    let said = at_a_terminal_after(&user, "y", || {
        heir.expect(0, &["adopt", "--from", &folder]);
    });
    let left = format!("note: not as listed any more, and left alone: container {}-auth-1, ", taken.name);
    assert!(said.contains(&left), "{said}");
    assert_eq!(taken.ids(["auth", "kyc"]), ids);
    assert_eq!(taken.docker(&["volume", "inspect", &format!("{}_data", taken.name)]).code, 0);
    assert_eq!(taken.docker(&["image", "inspect", &format!("{}-kyc", taken.name)]).code, 0);
    gone.nothing_half_made();
    assert_eq!(gone.volumes(), Vec::<String>::new());
    assert_eq!(listed(&user), []);
}

/// What a folder made stays while it has profiles, also where its `.gw/` went (`git clean -fdx`), and is named with the way to get it
/// back; without profiles the folder is no checkout any more.
#[test]
fn a_folder_that_lost_its_id_is_not_dead_while_it_has_profiles() {
    let engine = SecondEngine::start();
    let (user, lost) = (Project::new(json!({})).on(&engine.host()), project(&engine));
    let folder = lost.root.canonicalize().expect("it is there").display().to_string();
    let owner = lost.root.join(".gw/owner.json");
    let text = std::fs::read_to_string(&owner).expect("gw knows who it is");
    std::fs::remove_dir_all(lost.root.join(".gw")).expect("it is there");
    let note = format!(
        "note: left alone: what an earlier checkout in {folder} made, because that folder is a checkout still: \
         `gw -C {folder} adopt --from {folder}` takes it over\n"
    );
    for _ in 0..2 {
        let said = user.expect(0, &["gc", "--yes"]).stderr;
        assert!(said.contains(&note), "{said}");
        assert_eq!(lost.containers().len(), 2);
        // A command gives the folder another id.
        lost.expect(5, &["up"]);
        assert_ne!(std::fs::read_to_string(&owner).expect("it has one"), text);
    }
    std::fs::remove_dir_all(lost.root.join(".gw")).expect("it is there");
    std::fs::remove_dir_all(lost.root.join("profiles")).expect("it is there");
    assert_eq!(listed(&user).len(), 5);
    user.expect(0, &["gc", "--yes"]);
    lost.nothing_half_made();
    assert_eq!(lost.volumes(), Vec::<String>::new());
}

/// What somebody alive uses of a deleted checkout's stays and is named.
#[test]
fn what_somebody_alive_uses_stays() {
    let engine = SecondEngine::start();
    let (user, mut gone) = (Project::new(json!({})).on(&engine.host()), project(&engine));
    let (data, network) = (format!("{}_data", gone.name), format!("{}_default", gone.name));
    let by_hand =
        ["run", "-d", "--name", "user", "--network", &network, "-v", &format!("{data}:/data"), SAMPLE];
    assert_eq!(user.docker(&by_hand).code, 0);
    deleted(&mut gone);
    let said = user.expect(0, &["gc", "--yes"]).stderr;
    assert!(
        said.contains(&format!("note: network {network} stays: container user is attached to it\n")),
        "{said}"
    );
    assert!(said.contains(&format!("note: volume {data} stays: container user uses it\n")), "{said}");
    assert_eq!(gone.containers(), Vec::<String>::new());
    ports_are_free(&gone);
    user.docker(&["rm", "-f", "user"]);
    let asked = at_a_terminal(&user, "y");
    assert!(asked.contains("remove them? [y/N]") && asked.contains("gc "), "{asked}");
    gone.nothing_half_made();
    assert_eq!(user.docker(&["volume", "inspect", &data]).code, 1);
}
