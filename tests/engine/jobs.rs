//! `kind: job`: what runs once.

use serde_json::{Value, json};

use crate::harness::{Project, sample};

/// A job that ends by itself with this code, and a service that waits for it.
fn with_job(port: u16, env: &Value) -> Value {
    let mut job = json!({ "kind": "job", "image": crate::harness::SAMPLE, "env": { "PORT": "8080" } });
    for (name, value) in env.as_object().expect("an object") {
        job["env"][name] = value.clone();
    }
    json!({ "seed": job, "auth": sample(port, json!({ "dependsOn": ["seed"] })) })
}

fn job_ended(code: u8) -> Value {
    json!({ "SAMPLE_EXIT_AFTER_MS": "1000", "SAMPLE_EXIT_CODE": code.to_string() })
}

/// A job runs to its end before what depends on it starts.
#[test]
fn dependents_wait_for_the_end_of_a_job() {
    let project = Project::new(json!({}));
    project.services(&with_job(project.port, &job_ended(0)));
    project.expect(0, &["up"]);
    assert_eq!(project.inspect("seed", "{{.State.Status}} {{.State.ExitCode}}"), "exited 0");
    let (ended, started) =
        (project.inspect("seed", "{{.State.FinishedAt}}"), project.inspect("auth", "{{.State.StartedAt}}"));
    assert!(ended < started, "{ended} {started}");
    let status = project.view(0, &["status"]);
    let job = status["components"].as_array().expect("rows").iter().find(|row| row["component"] == "seed");
    let job = job.expect("the job has a row");
    assert_eq!(
        (&job["role"], &job["state"], &job["ready"]),
        (&json!("job"), &json!("exited (0)"), &json!("ready"))
    );
    project.expect(0, &["health"]);
}

/// A job that is done does not run again while it is unchanged, neither by `up` nor by `restart`; changed, it does.
#[test]
fn a_done_job_runs_again_only_when_it_changed() {
    let project = Project::new(json!({}));
    project.services(&with_job(project.port, &job_ended(0)));
    project.expect(0, &["up"]);
    let run = || (project.id("seed"), project.inspect("seed", "{{.State.StartedAt}}"));
    let first = run();
    project.expect(0, &["up"]);
    project.expect(0, &["restart"]);
    assert_eq!(run(), first);
    project.expect(0, &["restart", "seed"]);
    assert_eq!(run().0, first.0);
    assert_ne!(run().1, first.1);
    let auth = project.id("auth");
    let mut changed = job_ended(0);
    changed["SERVICE_NAME"] = json!("changed");
    project.services(&with_job(project.port, &changed));
    project.expect(0, &["up"]);
    assert_ne!(run().0, first.0);
    assert_eq!(project.id("auth"), auth);
}

/// A job that failed is code 7, its dependents never start, and the next `up` runs it again.
#[test]
fn a_failed_job_runs_again() {
    let project = Project::new(json!({}));
    project.services(&with_job(project.port, &job_ended(3)));
    let ended = project.expect(7, &["up"]);
    assert!(ended.stderr.contains("seed failed"), "{}", ended.stderr);
    assert!(!project.containers().iter().any(|line| line.ends_with("running")), "{:?}", project.containers());
    project.services(&with_job(project.port, &job_ended(0)));
    project.expect(0, &["up"]);
    assert_eq!(project.inspect("seed", "{{.State.ExitCode}}"), "0");
    // A job that fails by itself later, with nothing changed, runs again too.
    let planned = project.expect(0, &["up", "--dry-run"]).stdout;
    assert_eq!(
        planned,
        "  1 health  await seed (runs to its end)\n  2 health  await auth (must be ready) after 1\n"
    );
}
