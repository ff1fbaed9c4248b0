//! When a component counts as ready, as failed, or as worth asking again; pure.

use std::time::Duration;

use super::desired::{Component, Probe, Role};
use super::diagnosis::Reason;
use super::observed::State;

/// Ends of a restarted container until gw calls it a crash loop. A second or third try is often just a slow dependency.
pub const CRASHES: u32 = 5;

/// What is known about one container of a component at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    /// What it does.
    pub state: State,
    /// Its last exit code, where it ended.
    pub exit_code: Option<i64>,
    /// How often it ended since gw watches.
    pub ends: u32,
    /// The kernel ended it because memory was short.
    pub out_of_memory: bool,
    /// The engine starts it again when it ends with this exit code.
    pub restarts: bool,
    /// Time since it was started, or since gw began to wait.
    pub elapsed: Duration,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing yet: wait for the next event.
    Wait,
    /// Ask its probe.
    Ask,
    /// It is ready; a job: done.
    Ready,
    /// It will not become ready.
    Failed(Reason),
}

/// Judges one container of a component.
pub fn judge(component: &Component, seen: &Sighting) -> Verdict {
    let job = component.role == Role::Job;
    match seen.state {
        State::Exited | State::Dead if job && seen.exit_code == Some(0) => return Verdict::Ready,
        State::Exited | State::Dead if job && !seen.restarts => {
            return Verdict::Failed(Reason::JobFailed {
                exit_code: seen.exit_code,
                out_of_memory: seen.out_of_memory,
            });
        }
        State::Exited | State::Dead if !seen.restarts => {
            return Verdict::Failed(Reason::Exited {
                exit_code: seen.exit_code,
                out_of_memory: seen.out_of_memory,
            });
        }
        State::Removing => return Verdict::Failed(Reason::Removed),
        _ if seen.ends >= CRASHES => {
            return Verdict::Failed(Reason::CrashLoop {
                times: seen.ends,
                exit_code: seen.exit_code,
                out_of_memory: seen.out_of_memory,
            });
        }
        _ => {}
    }
    if seen.elapsed >= component.deadline {
        return Verdict::Failed(Reason::NotReady { deadline: component.deadline });
    }
    match seen.state {
        State::Running if job => Verdict::Wait,
        State::Running if component.probe == Probe::None => Verdict::Ready,
        State::Running => Verdict::Ask,
        _ => Verdict::Wait,
    }
}

/// How long to wait before the next question, after `asked` unanswered ones.
///
/// One over the network starts at 25 ms; one by `exec` at 250 ms, because each costs about 77 ms of CPU.
pub fn pause(exec: bool, asked: u32) -> Duration {
    let first = if exec { 250 } else { 25 };
    Duration::from_millis((first << asked.min(5)).min(500))
}

/// Whether the engine starts a container again that ended with this code, from its restart policy.
pub fn restarts(policy: Option<&str>, exit_code: Option<i64>) -> bool {
    match policy {
        Some("always" | "unless-stopped") => true,
        Some(policy) if policy.starts_with("on-failure") => exit_code != Some(0),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
