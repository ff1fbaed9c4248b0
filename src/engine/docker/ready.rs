//! Waits until a container is ready: on the engine's events and on the answers of its own probe, never by asking the engine
//! again and again.

use std::time::Duration;

use bollard::models::ContainerInspectResponse;
use tokio::time::Instant;

use super::error::{is_missing, trouble};
use super::operate::DockerEngine;
use super::request::inspect;
use super::watch::Seen;
use crate::engine::backend::{Done, Sink, Trouble};
use crate::engine::probe::way::Way;
use crate::engine::probe::{self, Reply};
use crate::event::EventKind;
use crate::plan::desired::Component;
use crate::plan::diagnosis::{Answer, Reason};
use crate::plan::observed::State;
use crate::plan::readiness::{self, Sighting, Verdict};

/// What is remembered while one container is awaited.
pub(super) struct Wait<'a> {
    pub(super) key: &'a str,
    pub(super) component: &'a Component,
    pub(super) container: &'a str,
    pub(super) since: Instant,
    pub(super) asked: u32,
    pub(super) answers: Vec<Answer>,
    /// The way of its question, known until its next end: another start may change its address.
    way: Option<(u32, Way)>,
    first: Option<ContainerInspectResponse>,
}

/// Answers kept for the evidence.
const ANSWERS: usize = 5;

impl<'a> Wait<'a> {
    pub(super) fn new(key: &'a str, component: &'a Component, container: &'a str) -> Self {
        let since = Instant::now();
        Self { key, component, container, since, asked: 0, answers: Vec::new(), way: None, first: None }
    }

    /// Its question in words.
    pub(super) fn question(&self) -> String {
        let probe = &self.component.probe;
        self.way.as_ref().map_or_else(|| probe::in_words(probe), |(_, way)| way.in_words(probe))
    }

    /// Notes an answer; whether it is another than before.
    fn note(&mut self, text: &str) -> bool {
        if let Some(last) = self.answers.last_mut().filter(|last| last.text == text) {
            last.times += 1;
            return false;
        }
        self.answers.push(Answer { text: text.to_owned(), times: 1 });
        let surplus = self.answers.len().saturating_sub(ANSWERS);
        self.answers.drain(..surplus);
        true
    }
}

impl DockerEngine {
    /// Waits for one container of a component.
    pub(super) async fn await_one(
        &self,
        wait: &mut Wait<'_>,
        sink: &Sink,
    ) -> Result<Done, (Reason, Trouble)> {
        let lost = |error: Trouble| (Reason::Refused { message: error.to_string() }, error);
        let first = match inspect(&self.docker, wait.container).await {
            Ok(first) => first,
            Err(error) if is_missing(&error) => {
                return Err((Reason::Removed, Trouble::Refused("it is gone".into())));
            }
            Err(error) => return Err(lost(trouble(error))),
        };
        let id = first.id.clone().unwrap_or_default();
        let policy = policy(&first);
        let before = from_inspect(&first);
        wait.first = Some(first);
        loop {
            let told = self.watch.seen(&id).map_err(lost)?;
            let changed = self.watch.changed(&id, told.as_ref());
            let left = wait.component.deadline.saturating_sub(wait.since.elapsed());
            let seen = told.clone().unwrap_or_else(|| before.clone());
            let mut sighting = sighting(&seen, policy.as_deref(), wait.since.elapsed());
            if sighting.state == State::Restarting && !sighting.restarts {
                sighting.state = State::Exited;
            }
            match readiness::judge(wait.component, &sighting) {
                Verdict::Ready => {
                    tell_ready(wait, sink);
                    return Ok(Done::Changed);
                }
                Verdict::Failed(reason) => return Err((reason, Trouble::Refused(String::new()))),
                Verdict::Wait => {
                    let _ = tokio::time::timeout(left, changed).await;
                }
                Verdict::Ask => {
                    tokio::pin!(changed);
                    let reply = tokio::select! {
                        reply = self.ask(wait, &seen) => reply.map_err(lost)?,
                        () = &mut changed => continue,
                        // A question that hangs is not asked beyond the deadline.
                        () = tokio::time::sleep(left) => Reply::not_ready("no answer by the deadline"),
                    };
                    wait.asked += 1;
                    if reply.ready {
                        tell_ready(wait, sink);
                        return Ok(Done::Changed);
                    }
                    if wait.note(&reply.text) {
                        sink(EventKind::News { component: wait.key.to_owned(), text: reply.text });
                    }
                    let exec = wait.way.as_ref().is_some_and(|(_, way)| way.is_exec());
                    let pause = readiness::pause(exec, wait.asked - 1).min(left);
                    let _ = tokio::time::timeout(pause, changed).await;
                }
            }
        }
    }

    async fn ask(&self, wait: &mut Wait<'_>, seen: &Seen) -> Result<Reply, Trouble> {
        let probe = &wait.component.probe;
        let known = wait.way.as_ref().filter(|(ends, way)| *ends == seen.ends && *way != Way::NotYet);
        let way = if let Some((_, way)) = known {
            way.clone()
        } else {
            let inspected = match wait.first.take() {
                Some(first) => first,
                None => inspect(&self.docker, wait.container).await.map_err(trouble)?,
            };
            let way = self.way(probe, &inspected);
            wait.way = Some((seen.ends, way.clone()));
            way
        };
        self.put(probe, &way, wait.container).await
    }
}

fn tell_ready(wait: &Wait<'_>, sink: &Sink) {
    sink(EventKind::Ready {
        component: wait.key.to_owned(),
        probe: wait.question(),
        asked: wait.asked,
        took: wait.since.elapsed(),
    });
}

fn policy(container: &ContainerInspectResponse) -> Option<String> {
    let policy = container.host_config.as_ref()?.restart_policy.as_ref()?;
    policy.name.map(|name| name.to_string())
}

fn from_inspect(container: &ContainerInspectResponse) -> Seen {
    use bollard::models::ContainerStateStatusEnum as Status;
    let state = container.state.clone().unwrap_or_default();
    Seen {
        state: match state.status {
            Some(Status::RUNNING) => State::Running,
            Some(Status::PAUSED) => State::Paused,
            Some(Status::RESTARTING) => State::Restarting,
            Some(Status::EXITED) => State::Exited,
            Some(Status::REMOVING) => State::Removing,
            Some(Status::DEAD) => State::Dead,
            _ => State::Created,
        },
        exit_code: state.exit_code.filter(|_| state.running != Some(true)),
        ends: 0,
        out_of_memory: state.oom_killed.unwrap_or(false),
        stopped: state.status == Some(Status::EXITED),
    }
}

fn sighting(seen: &Seen, policy: Option<&str>, elapsed: Duration) -> Sighting {
    Sighting {
        state: seen.state,
        exit_code: seen.exit_code,
        ends: seen.ends,
        out_of_memory: seen.out_of_memory,
        restarts: !seen.stopped && readiness::restarts(policy, seen.exit_code),
        elapsed,
    }
}
