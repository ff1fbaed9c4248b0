//! gw killed by SIGKILL in the middle of `fresh`: the next run finds what was left and comes to the same end. (In the middle of a pull:
//! `tests/images/pull_by_gw.rs`, where there is a registry.)

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::harness::{Project, sample};
use crate::running::Running;

const FRESH: [&str; 1] = ["fresh"];
/// The data goes too.
const EMPTY: [&str; 2] = ["fresh", "--volumes"];

/// Every kind of component that `fresh` has operations for: a store with a volume, a built service, a job, a gateway.
fn project() -> Project {
    let project = Project::new(json!({}));
    let port = project.port;
    project.dockerfile("auth", "one");
    let built = json!({
        "image": null, "build": { "context": "auth" }, "dependsOn": ["redis", "prepare"],
        "env": { "REDIS_URL": "${redis.url}" },
    });
    let mut auth = sample(port, built);
    auth.as_object_mut().expect("a service is an object").remove("image");
    let job = json!({ "image": "redis:8", "kind": "job", "args": ["redis-cli", "-u", "${redis.url}", "ping"], "dependsOn": ["redis"] });
    let services = json!({
        "infrastructure": { "redis": { "port": port + 1 } },
        "services": { "auth": auth, "prepare": job },
    });
    project.write("services.json", &services.to_string());
    project.profile(&json!({ "gateway": { "port": port + 2, "default": "auth" } }));
    project
}

/// What distinguishes an event: the event, its phase, and the kind of operation.
fn kind(event: &Value) -> String {
    let operation = event["operation"].as_str().unwrap_or_default();
    let words: Vec<&str> = operation.split_whitespace().take(2).collect();
    // The second word of `await auth` is a name.
    let operation = if words.first() == Some(&"await") { "await".to_owned() } else { words.join(" ") };
    format!(
        "{} {} {operation}",
        event["event"].as_str().unwrap_or_default(),
        event["phase"].as_str().unwrap_or_default()
    )
}

/// The events of this `fresh` that runs to its end.
fn events(project: &Project, fresh: &[&str]) -> Vec<Value> {
    let ended = project.expect(0, &[&["--output", "json"], fresh].concat());
    ended.stdout.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

/// The number of the first event of each kind, but for the kinds in `known`, which gains them.
fn firsts(events: &[Value], known: &mut BTreeSet<String>) -> Vec<(usize, String)> {
    let numbered = events.iter().enumerate().map(|(index, event)| (index + 1, kind(event)));
    numbered.filter(|(_, kind)| known.insert(kind.clone())).collect()
}

/// Kills this `fresh` right after its event with this number; where it is quicker than that, it has simply ended.
fn killed_after(project: &Project, fresh: &[&str], number: usize) {
    let mut gw = Running::start(project, fresh);
    let mut count = 0;
    gw.until(&format!("event {number}"), |event| {
        count += 1;
        count == number || event["event"] == "finished"
    });
    gw.signal(Signal::KILL);
    gw.end();
}

/// `fresh` again ends healthy, and afterwards nothing of it is left.
fn comes_right(project: &Project, what: &str) {
    let again = project.gw(&["fresh"]);
    assert_eq!(again.code, 0, "killed after {what}\n{}{}", again.stdout, again.stderr);
    let health = project.gw(&["health"]);
    assert_eq!(health.code, 0, "killed after {what}\n{}", health.stdout);
}

fn leaves_nothing(project: &Project, what: &str) {
    let down = project.gw(&["down", "--volumes"]);
    assert_eq!(down.code, 0, "killed after {what}\n{}", down.stderr);
    project.nothing_half_made();
    assert_eq!(project.volumes(), Vec::<String>::new(), "killed after {what}");
}

/// Killed after the first event of each kind, over nothing, over a stack that runs, and over one whose data goes too: the next `fresh` ends
/// healthy, `down` leaves nothing.
#[test]
fn fresh_is_killed_after_each_kind_of_event() {
    let project = project();
    let mut known = BTreeSet::new();
    let from_nothing = firsts(&events(&project, &FRESH), &mut known);
    let over_running = firsts(&events(&project, &FRESH), &mut known);
    let with_data = firsts(&events(&project, &EMPTY), &mut known);
    leaves_nothing(&project, "nothing");
    for (number, what) in from_nothing {
        killed_after(&project, &FRESH, number);
        comes_right(&project, &what);
        leaves_nothing(&project, &what);
    }
    for (fresh, events) in [(&FRESH[..], over_running), (&EMPTY, with_data)] {
        for (number, what) in events {
            project.expect(0, &["fresh"]);
            killed_after(&project, fresh, number);
            comes_right(&project, &what);
            leaves_nothing(&project, &what);
        }
    }
    let operations = [
        "create network",
        "create volume",
        "build image",
        "create container",
        "start container",
        "await",
        "stop container",
        "remove container",
        "remove image",
        "remove volume",
    ];
    for operation in operations {
        for event in ["operation-started", "operation-finished"] {
            let seen = known.iter().any(|kind| kind.starts_with(event) && kind.ends_with(operation));
            assert!(seen, "{event} of {operation} was never reached: {known:?}");
        }
    }
}

/// Killed after any event, as often as `GW_KILLS` says (`scripts/soak`), once without it.
#[test]
fn fresh_is_killed_anywhere() {
    let rounds: usize =
        std::env::var("GW_KILLS").map_or(1, |text| text.parse().expect("GW_KILLS is a number"));
    let project = project();
    let all = events(&project, &FRESH).len();
    for round in 0..rounds {
        let random = RandomState::new().hash_one(round);
        let number = 1 + usize::try_from(random % all as u64).expect("it is small");
        let what = format!("event {number} in round {round}");
        killed_after(&project, &FRESH, number);
        comes_right(&project, &what);
        if random & (1 << 40) == 0 {
            leaves_nothing(&project, &what);
        }
    }
    leaves_nothing(&project, "the last round");
}
