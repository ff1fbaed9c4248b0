//! The failure screen, word for word.

use super::*;
use crate::report::failure::text;

#[test]
fn a_service_that_ran_out_of_memory() {
    let mut expected = "\
auth failed: ended with exit code 137, out of memory
  container  ms-auth-1, exited
  exit code  137: ended by the kernel's SIGKILL
  memory     ran out: the kernel ended it
  log        its last 20 lines
"
    .to_owned();
    for line in 6..=25 {
        expected = format!("{expected}    | line {line}\n");
    }
    expected.push_str(
        "  evidence   .gw/reports/20260131-080000-up
  next       give auth more memory: `resources.memory` in its services file
             read .gw/reports/20260131-080000-up/auth.log
",
    );
    assert_eq!(text(&out_of_memory(), "test", Some(".gw/reports/20260131-080000-up")), expected);
}

#[test]
fn a_service_that_crashes_without_a_word() {
    let diagnosis = Diagnosis {
        reason: Reason::CrashLoop { times: 5, exit_code: Some(127), out_of_memory: false },
        exit_code: Some(127),
        out_of_memory: false,
        state: "restarting".to_owned(),
        logs: Vec::new(),
        ..out_of_memory()
    };
    let expected = "\
auth failed: crashes in a loop: ended 5 times, last with exit code 127
  container  ms-auth-1, restarting
  exit code  127: its command was not found
  memory     did not run out
  log        it printed nothing
  next       gw logs auth
";
    assert_eq!(text(&diagnosis, "default", None), expected);
}

#[test]
fn a_container_that_the_engine_refuses_to_make() {
    let diagnosis = Diagnosis {
        reason: Reason::Refused { message: "no such device: /dev/none".to_owned() },
        container: String::new(),
        state: String::new(),
        exit_code: None,
        out_of_memory: false,
        logs: Vec::new(),
        waiting: vec!["gateway".to_owned()],
        ..out_of_memory()
    };
    let expected = "\
auth failed: no such device: /dev/none
  waiting    gateway
  next       gw doctor
";
    assert_eq!(text(&diagnosis, "default", None), expected);
}

#[test]
fn a_job_that_failed_and_a_container_that_was_removed() {
    let job = Diagnosis {
        reason: Reason::JobFailed { exit_code: Some(1), out_of_memory: false },
        exit_code: Some(1),
        out_of_memory: false,
        logs: vec!["no such table".to_owned(), String::new()],
        ..out_of_memory()
    };
    let expected = "\
auth failed: the job failed with exit code 1
  container  ms-auth-1, exited
  exit code  1
  memory     did not run out
  log        its last 2 lines
    | no such table
    |
  next       gw logs auth
";
    assert_eq!(text(&job, "default", None), expected);
    let removed = text(&Diagnosis { reason: Reason::Removed, ..job }, "default", None);
    assert!(removed.starts_with("auth failed: its container was removed while gw waited\n"), "{removed}");
    assert!(removed.ends_with("  next       gw up auth\n"), "{removed}");
}
