//! Several runs and several projects at once.

use std::process::{Child, Stdio};

use serde_json::json;

use crate::harness::{Ended, Project, ended, get, sample};
use crate::selection::trio;

fn begin(project: &Project, arguments: &[&str]) -> Child {
    project.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("gw runs")
}

fn end(child: Child) -> Ended {
    ended(child.wait_with_output().expect("gw ended"))
}

/// Two first `up` at once on one project take turns: both end well, and the second finds nothing to replace.
#[test]
fn two_runs_on_one_project_take_turns() {
    let project = Project::new(json!({}));
    let port = project.port;
    let env = json!({ "env": { "REDIS_URL": "${redis.url}" }, "dependsOn": ["redis"] });
    let services = json!({
        "infrastructure": { "redis": { "auth": true } },
        "services": { "auth": sample(port, env), "kyc": sample(port + 1, json!({})) },
    });
    project.write("services.json", &services.to_string());
    let both = [begin(&project, &["up"]), begin(&project, &["up"])].map(end);
    for run in &both {
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    let waited = format!("note: another gw works on project {}: waiting for it", project.name);
    assert!(both.iter().any(|run| run.stderr.contains(&waited)), "{both:?}");
    let replaced = both.iter().filter(|run| run.stderr.contains("remove container")).count();
    assert_eq!((project.containers().len(), replaced), (3, 0), "{both:?}");
    project.expect(0, &["health"]);
}

/// Two checkouts begin the same project at once: one has it and is healthy, the other ends with 5 and has made nothing.
#[test]
fn two_checkouts_that_begin_at_once() {
    for _ in 0..3 {
        let checkouts = [Project::new(json!({})), Project::new(json!({}))];
        let project = checkouts[0].name.clone();
        for checkout in &checkouts {
            checkout.profile(&json!({ "project": project }));
            let services = json!({
                "infrastructure": { "redis": { "port": checkout.port } },
                "services": { "auth": sample(checkout.port + 1, json!({})) },
            });
            checkout.write("services.json", &services.to_string());
        }
        let runs = [begin(&checkouts[0], &["up"]), begin(&checkouts[1], &["up"])].map(end);
        let (winner, loser) = if runs[0].code == 0 { (0, 1) } else { (1, 0) };
        assert_eq!((runs[winner].code, runs[loser].code), (0, 5), "{runs:?}");
        let theirs = format!("belongs to the checkout in {}", checkouts[winner].root.display());
        assert!(runs[loser].stderr.contains(&theirs), "{}", runs[loser].stderr);
        checkouts[winner].expect(0, &["health"]);
        checkouts[winner].expect(0, &["down", "--volumes"]);
        checkouts[0].nothing_half_made();
        assert_eq!(checkouts[0].volumes(), Vec::<String>::new());
    }
}

/// First runs at once agree on one password and one owner: what each of them answers is what is kept.
#[test]
fn first_runs_at_once_agree_on_the_passwords() {
    for _ in 0..5 {
        let project = Project::new(json!({}));
        let services =
            json!({ "infrastructure": { "redis": { "auth": true, "port": project.port } }, "services": {} });
        project.write("services.json", &services.to_string());
        let runs: Vec<Child> = (0..8).map(|_| begin(&project, &["env"])).collect();
        let answers: Vec<Ended> = runs.into_iter().map(end).collect();
        let kept = project.expect(0, &["env"]).stdout;
        assert!(kept.starts_with("export REDIS_URL='redis://:"), "{kept}");
        for answer in answers {
            assert_eq!((answer.code, answer.stdout), (0, kept.clone()), "{}", answer.stderr);
        }
    }
}

/// Two projects side by side do not see each other, also while both change at once.
#[test]
fn two_projects_live_side_by_side() {
    let (one, other) = (Project::new(json!({})), Project::new(json!({})));
    for project in [&one, &other] {
        project.services(&trio(project.port));
    }
    for run in [begin(&one, &["up"]), begin(&other, &["up"])].map(end) {
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    let before = other.ids(["auth", "kyc", "account"]);
    one.expect(0, &["fresh"]);
    one.expect(0, &["down", "-v"]);
    assert_eq!((one.containers().len(), other.ids(["auth", "kyc", "account"])), (0, before));
    assert_eq!(get(other.port, "/health", &[]).0, 200);
}
