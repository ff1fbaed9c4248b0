//! `gw run`: the command has the addresses, its output and code pass on, and everything goes whatever happens.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::harness::{Ended, Project, ended, eventually, processes, sample};

/// Ten times what an interrupt usually takes.
const SOON: Duration = Duration::from_secs(30);

pub(crate) fn project() -> Project {
    let project = Project::new(json!({}));
    let port = project.port;
    let env = json!({ "env": { "REDIS_URL": "${redis.url}" }, "dependsOn": ["redis"] });
    let services = json!({
        "infrastructure": { "redis": { "auth": true, "port": port + 1 } },
        "services": { "auth": sample(port, env) },
    });
    project.write("services.json", &services.to_string());
    project
}

/// Starts `gw run ... -- sh -c SCRIPT`.
pub(crate) fn begin(project: &Project, options: &[&str], script: &str) -> Child {
    let arguments = [&["run"], options, &["--", "sh", "-c", script]].concat();
    let mut command = project.command(&arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("gw runs")
}

pub(crate) fn end(child: Child) -> Ended {
    ended(child.wait_with_output().expect("gw ended"))
}

fn signal(child: &Child, signal: Signal) {
    let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw).expect("a process id");
    kill_process(id, signal).expect("gw still runs");
}

/// Standard output is the command's alone, its code is gw's, and it has what `gw env` prints.
#[test]
fn a_command_has_the_addresses_and_its_code_is_passed_on() {
    let project = project();
    let port = project.port;
    let script = "echo $AUTH_URL; echo $REDIS_URL; echo $GW_PROFILE; echo to-stderr >&2; exit 7";
    let run = end(begin(&project, &[], script));
    let env = project.expect(0, &["env", "--format", "json"]).stdout;
    let env: serde_json::Value = serde_json::from_str(&env).expect("it is JSON");
    let redis = env["REDIS_URL"].as_str().expect("redis is published");
    let expected = format!("http://127.0.0.1:{port}\n{redis}\ndefault\n");
    assert_eq!((run.code, run.stdout.as_str()), (7, expected.as_str()), "{}", run.stderr);
    assert!(run.stderr.contains("to-stderr\n"), "{}", run.stderr);
    assert!(run.stderr.contains("note: sh ended with 7\n"), "{}", run.stderr);
    project.nothing_half_made();
    assert_eq!(project.volumes(), [format!("{}_redis", project.name)], "data stays, as with gw down");
}

/// With `--output json` the events are on standard error, because standard output is the command's.
#[test]
fn events_are_on_standard_error() {
    let project = project();
    let run = end(begin(&project, &["--output", "json"], "echo only this"));
    assert_eq!((run.code, run.stdout.as_str()), (0, "only this\n"), "{}", run.stderr);
    let last = run.stderr.lines().last().expect("there are events");
    let last: serde_json::Value = serde_json::from_str(last).expect("a line is JSON");
    assert_eq!(
        (&last["event"], &last["command"], &last["outcome"]),
        (&json!("finished"), &json!("run"), &json!("done"))
    );
}

/// A program that is not there is 127, as in a shell; what gw itself cannot do is 125.
#[test]
fn codes_that_are_not_the_commands() {
    let project = project();
    let missing = project.expect(127, &["run", "--", "no-such-program"]);
    assert!(missing.stderr.contains("note: no-such-program cannot be run: "), "{}", missing.stderr);
    project.nothing_half_made();

    let unhealthy = json!({ "env": { "SAMPLE_UNHEALTHY": "1" }, "ready": { "deadline": "1s" } });
    project.services(&json!({ "auth": sample(project.port, unhealthy) }));
    let failed = project.expect(125, &["run", "--", "echo", "never"]);
    assert_eq!(failed.stdout, "");
    assert!(failed.stderr.contains("auth failed: not ready after 1 s"), "{}", failed.stderr);
    project.nothing_half_made();

    project.write("services.json", "{");
    project.expect(125, &["run", "--", "echo", "never"]);
    project.expect(2, &["run"]);
}

/// Each signal reaches the command; it ends, everything goes, and the code is 130.
#[test]
fn a_signal_ends_the_command_and_takes_everything_down() {
    for (one, name) in [(Signal::INT, "INT"), (Signal::TERM, "TERM"), (Signal::HUP, "HUP")] {
        let project = project();
        let step = format!("sleep 7{}", project.port);
        let script = format!("trap 'echo got {name}; exit 0' {name}; {step} & wait");
        let run = begin(&project, &[], &script);
        eventually("the command runs", Duration::from_secs(10), || !processes(&step).is_empty());
        signal(&run, one);
        let run = end(run);
        assert_eq!((run.code, run.stdout), (130, format!("got {name}\n")), "{}", run.stderr);
        assert_eq!(processes(&step), [], "what it left in its group goes too");
        project.nothing_half_made();
    }
}

/// A command that ignores signals is killed by the second one, and so is a container that takes its time.
#[test]
fn a_second_signal_lets_nothing_be_waited_for() {
    let project = project();
    let slow = json!({ "env": { "SAMPLE_IGNORE_SIGTERM": "1" }, "stopGrace": "15m" });
    project.services(&json!({ "auth": sample(project.port, slow) }));
    let step = format!("sleep 8{}", project.port);
    let run = begin(&project, &[], &format!("trap '' INT TERM; {step}; {step}; {step}"));
    eventually("the command runs", Duration::from_secs(10), || !processes(&step).is_empty());
    signal(&run, Signal::INT);
    signal(&run, Signal::TERM);
    let since = Instant::now();
    let run = end(run);
    assert_eq!(run.code, 130, "{}", run.stderr);
    assert!(since.elapsed() < SOON, "{}", run.stderr);
    assert_eq!(processes(&step), []);
    project.nothing_half_made();
}

/// Interrupted while it comes up: the command never begins, and nothing is left.
#[test]
fn a_signal_while_it_comes_up() {
    let project = project();
    let unhealthy = json!({ "env": { "SAMPLE_UNHEALTHY": "1" } });
    project.services(&json!({ "auth": sample(project.port, unhealthy) }));
    let run = begin(&project, &[], "echo never");
    let running = [format!("{}-auth-1 running", project.name)];
    eventually("auth runs", Duration::from_secs(10), || project.containers() == running);
    signal(&run, Signal::INT);
    let run = end(run);
    assert_eq!((run.code, run.stdout.as_str()), (130, ""), "{}", run.stderr);
    project.nothing_half_made();
}

/// What failed can be looked at where that is wished: a command's failure, and a container that never was ready.
#[test]
fn a_failure_can_be_kept() {
    let project = project();
    let kept = end(begin(&project, &["--keep-on-failure"], "exit 3"));
    assert_eq!(kept.code, 3, "{}", kept.stderr);
    let way = format!("project {} stays as it is: `gw down -p default` takes it down", project.name);
    assert!(kept.stderr.contains(&way), "{}", kept.stderr);
    project.expect(0, &["health"]);
    let done = end(begin(&project, &["--keep-on-failure"], "exit 0"));
    assert_eq!(done.code, 0, "{}", done.stderr);
    let before = format!("project {} is up already", project.name);
    assert!(done.stderr.contains(&before), "{}", done.stderr);
    project.nothing_half_made();

    let broken = json!({ "env": { "SAMPLE_UNHEALTHY": "1" }, "ready": { "deadline": "1s" } });
    project.services(&json!({ "auth": sample(project.port, broken) }));
    let failed = end(begin(&project, &["--keep-on-failure"], "echo never"));
    assert_eq!((failed.code, failed.stdout.as_str()), (125, ""), "{}", failed.stderr);
    assert_eq!(project.containers(), [format!("{}-auth-1 running", project.name)]);
    project.expect(0, &["down"]);
}

/// A second `gw run` on the same project would be taken down under its command: it is refused, and changes nothing.
#[test]
fn two_on_one_project_are_refused() {
    let project = project();
    let step = format!("sleep 9{}", project.port);
    let first = begin(&project, &[], &format!("exec {step}"));
    eventually("the command runs", Duration::from_secs(10), || !processes(&step).is_empty());
    let second = end(begin(&project, &[], "echo never"));
    assert_eq!((second.code, second.stdout.as_str()), (125, ""), "{}", second.stderr);
    let said = format!(
        "error: another gw run has project {} (process {})\nhint: `gw run --isolated` has a project of its own\n",
        project.name,
        first.id()
    );
    assert!(second.stderr.ends_with(&said), "{}", second.stderr);
    project.expect(0, &["health"]);
    signal(&first, Signal::INT);
    assert_eq!(end(first).code, 130);
    project.nothing_half_made();
}
