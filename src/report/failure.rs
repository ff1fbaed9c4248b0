//! The failure screen: everything that is known about why a component failed, and what to do next.

use std::fmt::Write as _;

use super::paint::{Paint, Tone};
use super::words::{count, one_line};
use crate::plan::diagnosis::{Diagnosis, Reason};

/// Log lines on the screen.
const LOG_LINES: usize = 20;

/// The screen without colours, as it also lies in `.gw/reports/`.
pub fn text(diagnosis: &Diagnosis, profile: &str, evidence: Option<&str>) -> String {
    screen(diagnosis, profile, evidence, Paint(false))
}

/// The screen.
pub(super) fn screen(diagnosis: &Diagnosis, profile: &str, evidence: Option<&str>, paint: Paint) -> String {
    let mut text = String::new();
    let title = paint.tone(Tone::Bad, &format!("{} failed", diagnosis.component));
    line(&mut text, &format!("{title}: {}", one_line(&diagnosis.reason.to_string())));
    for (name, values) in facts(diagnosis, profile, evidence) {
        for (index, value) in values.iter().enumerate() {
            let name = if index == 0 { name } else { "" };
            line(&mut text, &format!("  {} {value}", paint.tone(Tone::Dim, &format!("{name:<10}"))));
        }
        if name == "log" {
            for entry in last(&diagnosis.logs) {
                line(&mut text, format!("    {} {}", paint.tone(Tone::Dim, "|"), one_line(entry)).trim_end());
            }
        }
    }
    text
}

/// What is known, each with its name; a fact without values is not shown.
fn facts(diagnosis: &Diagnosis, profile: &str, evidence: Option<&str>) -> Vec<(&'static str, Vec<String>)> {
    let answers = diagnosis.answers.iter().map(|answer| match answer.times {
        1 => one_line(&answer.text),
        times => format!("{} ({times} times)", one_line(&answer.text)),
    });
    let mut state = vec![diagnosis.container.clone(), diagnosis.state.clone()];
    state.retain(|part| !part.is_empty());
    let exit = diagnosis.exit_code.map(|code| match meaning(code, diagnosis.out_of_memory) {
        Some(meaning) => format!("{code}: {meaning}"),
        None => code.to_string(),
    });
    let memory = if diagnosis.out_of_memory { "ran out: the kernel ended it" } else { "did not run out" };
    let ended = diagnosis.exit_code.is_some() || diagnosis.out_of_memory;
    let log = match last(&diagnosis.logs).len() {
        0 if diagnosis.container.is_empty() => None,
        0 => Some("it printed nothing".to_owned()),
        lines => Some(format!("its last {}", count(lines, "line", "lines"))),
    };
    vec![
        ("container", if state.is_empty() { Vec::new() } else { vec![one_line(&state.join(", "))] }),
        ("exit code", exit.into_iter().collect()),
        ("memory", if ended { vec![memory.to_owned()] } else { Vec::new() }),
        ("probe", diagnosis.probe.iter().map(|probe| one_line(probe)).collect()),
        ("answers", answers.collect()),
        ("log", log.into_iter().collect()),
        (
            "waiting",
            if diagnosis.waiting.is_empty() { Vec::new() } else { vec![diagnosis.waiting.join(", ")] },
        ),
        ("evidence", evidence.map(ToOwned::to_owned).into_iter().collect()),
        ("next", next(diagnosis, profile, evidence)),
    ]
}

fn last(logs: &[String]) -> &[String] {
    &logs[logs.len().saturating_sub(LOG_LINES)..]
}

/// What an exit code says, where it says something.
fn meaning(code: i64, out_of_memory: bool) -> Option<&'static str> {
    match code {
        125 => Some("the engine could not run it"),
        126 => Some("its command cannot be executed"),
        127 => Some("its command was not found"),
        132 => Some("ended by SIGILL"),
        134 => Some("ended by SIGABRT"),
        137 if out_of_memory => Some("ended by the kernel's SIGKILL"),
        137 => Some("ended by SIGKILL"),
        139 => Some("ended by SIGSEGV"),
        143 => Some("ended by SIGTERM"),
        _ => None,
    }
}

/// What to do next, the most useful first.
fn next(diagnosis: &Diagnosis, profile: &str, evidence: Option<&str>) -> Vec<String> {
    let component = &diagnosis.component;
    let gw = if profile == "default" { "gw".to_owned() } else { format!("gw -p {profile}") };
    let mut steps = Vec::new();
    if diagnosis.out_of_memory {
        steps.push(format!("give {component} more memory: `resources.memory` in its services file"));
    }
    // The container itself may be gone with what else was half-made.
    let log = evidence
        .map_or_else(|| format!("{gw} logs {component}"), |folder| format!("read {folder}/{component}.log"));
    match diagnosis.reason {
        Reason::NotReady { .. } => {
            steps.push(log);
            steps.push("where it only needs longer: `ready.deadline` of the service".to_owned());
        }
        Reason::Exited { .. } | Reason::CrashLoop { .. } | Reason::JobFailed { .. } => steps.push(log),
        Reason::Removed => steps.push(format!("{gw} up {component}")),
        Reason::Refused { .. } => steps.push("gw doctor".to_owned()),
    }
    steps
}

fn line(text: &mut String, line: &str) {
    // Writing into a `String` cannot fail.
    let _ = writeln!(text, "{line}");
}
