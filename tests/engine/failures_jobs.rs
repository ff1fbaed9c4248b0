//! Jobs: one that fails, one that succeeds, and when each runs again.

use serde_json::{Value, json};

use crate::harness::{Project, sample};
use crate::redact::redact;

/// A job and a service that waits for it.
fn services(port: u16, code: &str, note: &str) -> Value {
    json!({
        "migrate": { "kind": "job", "image": crate::harness::SAMPLE, "env": {
            "SAMPLE_JOB": "1", "SAMPLE_EXIT_CODE": code, "SAMPLE_LOG_LINES": "1", "NOTE": note,
        } },
        "auth": sample(port, json!({ "dependsOn": ["migrate"] })),
    })
}

/// A job that fails ends `up` with 7 and the job's own code; what waited for it never starts.
#[test]
fn a_job_that_fails() {
    let project = Project::of(|port| services(port, "4", ""));
    let ended = project.expect(7, &["up"]);
    let text = redact(&project, &ended.stderr);
    let expected = "
migrate failed: the job failed with exit code 4
  container  PROJECT-migrate-1, exited after T
  exit code  4
  memory     did not run out
  log        its last 2 lines
    | line 1 of 1
    | exiting by itself with code 4
  waiting    auth
  evidence   REPORT
  next       read REPORT/migrate.log
";
    assert!(text.ends_with(expected), "{text}");
    project.nothing_half_made();
}

/// A job that ended well stays as it is; it runs again when it changed, and when it failed.
#[test]
fn a_job_runs_again_when_it_changed_or_failed() {
    let project = Project::of(|port| services(port, "", "one"));
    project.expect(0, &["up"]);
    let first = project.id("migrate");
    project.expect(0, &["up"]);
    assert_eq!(project.id("migrate"), first);
    project.services(&services(project.port, "", "two"));
    project.expect(0, &["up"]);
    let second = project.id("migrate");
    assert_ne!(second, first);
    project.services(&services(project.port, "4", "two"));
    project.expect(7, &["up"]);
    project.expect(7, &["up"]);
    project.services(&services(project.port, "", "two"));
    project.expect(0, &["up"]);
    assert_ne!(project.id("migrate"), second);
}
