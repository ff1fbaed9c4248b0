//! `up` of a profile whose owner is not up, in parts or at all, and `--with-shared`.

use std::process::{Child, Stdio};

use serde_json::json;

use crate::harness::{Project, ended, get, sample};
use crate::sharing::{GATEWAY, OFFSET, combo, owner, who};
use crate::wire::ask;

/// The states and names of an owner's containers that are up.
fn running(project: &Project, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| format!("{}-{key}-1 running", project.name)).collect()
}

const ALL: [&str; 5] = ["auth", "gateway", "kyc", "mongo", "redis"];

/// Without its owner a borrower is refused before anything is made, by one error that names every missing part and the commands.
#[test]
fn without_its_owner_a_borrower_is_one_error() {
    let project = owner();
    let combo = combo(&project);
    let name = &project.name;
    let error = |missing: &str, command: &str| {
        format!(
            "error: profile combo needs {missing} of profile default (project {name}), which {} not up\n\
             hint: start it first: gw up -p default\n      or both at once: gw {command} -p combo --with-shared\n",
            if missing == "redis" { "is" } else { "are" }
        )
    };
    let all = format!("network {name}_default, mongodb, redis and gateway");
    for arguments in [&["up"][..], &["fresh"], &["up", "--dry-run"]] {
        let refused = project.expect(5, &[&["-p", "combo"], arguments].concat());
        assert_eq!(
            (refused.stdout.as_str(), refused.stderr.as_str()),
            ("", error(&all, arguments[0]).as_str())
        );
    }
    // What does not send anything to the owner's gateway does not need it.
    let refused = project.expect(5, &["-p", "combo", "up", "kyc"]);
    assert_eq!(refused.stderr, error(&format!("network {name}_default, mongodb and redis"), "up"));
    assert_eq!((project.containers(), project.containers_of(&combo)), (vec![], vec![]));

    project.expect(0, &["up"]);
    project.docker(&["stop", &project.id("redis")]);
    let refused = project.expect(5, &["-p", "combo", "up"]);
    assert_eq!(refused.stderr, error("redis", "up"));
    assert_eq!(project.containers_of(&combo), Vec::<String>::new());
}

/// A borrowed part that runs and is not ready is a note, not the end.
#[test]
fn a_borrowed_part_that_is_not_ready_is_a_note() {
    let project = owner();
    let gateway = json!({ "port": project.port + OFFSET + GATEWAY, "default": "auth" });
    let fields = json!({ "sharedServices": ["auth"], "ports": { "offset": OFFSET }, "gateway": gateway });
    project.further("test", &fields);
    project.expect(0, &["up"]);
    project.docker(&["pause", &project.id("mongo")]);
    // Asked itself, auth says that its MongoDB does not answer.
    let up = project.expect(0, &["-p", "test", "up"]);
    let note = format!("note: auth of project {} is not ready: ", project.name);
    assert!(up.stderr.contains(&note), "{}", up.stderr);
    project.docker(&["unpause", &project.id("mongo")]);
    let again = project.expect(0, &["-p", "test", "up"]);
    assert!(!again.stderr.contains("is not ready"), "{}", again.stderr);
}

/// `--with-shared` brings up what is borrowed and nothing else of the owner, as `up` does: what runs stays as it is. A dry run
/// shows both plans and does nothing.
#[test]
fn with_shared_starts_what_is_missing() {
    let project = owner();
    let (combo, stores) =
        (combo(&project), json!({ "sharedInfra": "default", "ports": { "offset": 2 * OFFSET } }));
    let test = project.further("test", &stores);
    let name = &project.name;
    let dry = project.expect(0, &["-p", "test", "up", "--with-shared", "--dry-run"]);
    for line in [
        "create network default (no such network)",
        "create container mongo-1 (no container yet)",
        &format!("create container {test}-auth-1 (no container yet)"),
    ] {
        assert!(dry.stdout.contains(line), "{line}\n{}", dry.stdout);
    }
    assert!(!dry.stdout.contains("container auth-1") && !dry.stdout.contains("gateway"), "{}", dry.stdout);
    let notes = format!(
        "note: first what is shared: mongodb and redis of profile default (project {name})\nnote: then profile test\n"
    );
    assert_eq!(dry.stderr, notes);
    assert_eq!((project.containers(), project.networks().len()), (vec![], 0));
    assert!(!project.root.join(".gw/secrets").exists(), "a dry run makes no password");

    let up = project.expect(0, &["-p", "test", "up", "--with-shared"]);
    assert!(
        up.stderr.ends_with(" s\n") && up.stderr.contains(&format!("up {test}: done in ")),
        "{}",
        up.stderr
    );
    assert_eq!(project.containers(), running(&project, &["mongo", "redis"]));
    assert_eq!(project.containers_of(&test).len(), 2);
    let stores = project.ids(["mongo", "redis"]);

    // Through a gateway everything behind it is borrowed.
    project.expect(0, &["-p", "combo", "fresh", "--with-shared"]);
    assert_eq!(project.containers(), running(&project, &ALL));
    assert_eq!((project.ids(["mongo", "redis"]), project.containers_of(&combo).len()), (stores, 2));
    assert_eq!(who(&ask(project.port + GATEWAY + OFFSET, "/", &[])), format!("auth of {name}"));
    let before = project.ids(ALL);
    project.docker(&["stop", &project.id("redis")]);
    project.expect(0, &["-p", "combo", "up", "--with-shared"]);
    assert_eq!(project.ids(ALL), before);
}

/// What the owner's own `up` would refuse, a dry run of both refuses too.
#[test]
fn a_dry_run_with_shared_refuses_what_the_run_would() {
    let project = owner();
    project.further("test", &json!({ "sharedInfra": "default", "ports": { "offset": OFFSET } }));
    let left = project.volume_of_a_former_server("redis", "redis-replica-1");
    for arguments in [&["up", "--with-shared", "--dry-run"][..], &["up", "--with-shared"]] {
        let said = project.expect(5, &[&["-p", "test"], arguments].concat()).stderr;
        assert!(said.contains(&format!("newest data may be: {left}\n")), "{arguments:?}: {said}");
    }
    project.docker(&["volume", "rm", &left]);
}

/// An owner that borrows itself comes up after its own owner, each as far as it is used.
#[test]
fn with_shared_follows_the_chain() {
    let project = owner();
    let port = project.port;
    let middle = project.further(
        "middle",
        &json!({
            "only": ["auth"], "sharedInfra": "default", "ports": { "offset": OFFSET },
            "gateway": { "port": port + OFFSET + GATEWAY, "default": "auth" },
        }),
    );
    let asker = json!({ "ports": { "offset": 2 * OFFSET }, "services": "../services.last.json",
        "gateway": { "port": port + 2 * OFFSET + GATEWAY, "default": { "profile": "middle" } } });
    let last = project.further("last", &asker);
    let services = json!({ "services": { "asker": sample(port + 9, json!({})) } });
    project.write("services.last.json", &services.to_string());
    let refused = project.expect(5, &["-p", "last", "up"]);
    let expected = format!(
        "error: profile last needs network {middle}_default and gateway of profile middle (project {middle}), which are not up\n\
         hint: start it first: gw up -p middle --with-shared\n      or both at once: gw up -p last --with-shared\n"
    );
    assert_eq!(refused.stderr, expected);
    let up = project.expect(0, &["-p", "last", "up", "--with-shared"]);
    let notes: Vec<&str> = up.stderr.lines().filter(|line| line.starts_with("note: first")).collect();
    let expected = [
        format!(
            "note: first what is shared: mongodb and redis of profile default (project {})",
            project.name
        ),
        format!("note: first what is shared: gateway of profile middle (project {middle})"),
    ];
    assert_eq!(notes, expected);
    assert_eq!(project.containers(), running(&project, &["mongo", "redis"]));
    assert_eq!((project.containers_of(&middle).len(), project.containers_of(&last).len()), (2, 2));
    assert_eq!(who(&ask(port + 2 * OFFSET + GATEWAY, "/", &[])), format!("auth of {middle}"));
}

/// What fails in the owner's project is told as the owner's, and the borrower is not begun.
#[test]
fn a_failure_of_the_owner_is_told_as_the_owners() {
    let project = owner();
    let combo = combo(&project);
    let port = project.port;
    let unready =
        json!({ "env": { "SAMPLE_UNHEALTHY": "1" }, "ready": { "http": "/health", "deadline": "1s" } });
    let infrastructure = json!({ "mongodb": { "auth": true }, "redis": { "auth": true } });
    let services = json!({ "auth": sample(port, unready), "kyc": sample(port + 1, json!({
        "env": { "REDIS_URL": "${redis.url}" }, "dependsOn": ["redis"],
    })) });
    let file = json!({ "infrastructure": infrastructure, "services": services });
    project.write("services.json", &file.to_string());
    let failed = project.expect(8, &["-p", "combo", "up", "--with-shared"]);
    for text in [&format!("  container  {}-auth-1, ", project.name), "-default/auth.log\n"] {
        assert!(failed.stderr.contains(text), "{text}\n{}", failed.stderr);
    }
    assert!(!failed.stderr.contains("combo"), "{}", failed.stderr);
    assert_eq!(project.containers_of(&combo), Vec::<String>::new());
}

fn begin(project: &Project, profile: &str) -> Child {
    let mut command = project.command(&["-p", profile, "up", "--with-shared"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("gw runs")
}

/// Two borrowers and their owner at once end well: nobody waits for somebody who waits for him.
#[test]
fn borrowers_and_owner_at_once_end_well() {
    let project = owner();
    combo(&project);
    project.further("test", &json!({ "sharedInfra": "default", "ports": { "offset": 2 * OFFSET } }));
    let runs = ["combo", "test", "default"].map(|profile| begin(&project, profile));
    for run in runs.map(|run| ended(run.wait_with_output().expect("gw ended"))) {
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    assert_eq!(project.containers(), running(&project, &ALL));
    for port in [project.port, project.port + 1 + OFFSET, project.port + 2 * OFFSET] {
        assert_eq!(get(port, "/health", &[]).0, 200);
    }
}
