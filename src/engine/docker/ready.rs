//! Waits until a container is ready: on the engine's events and on the answers of its own probe, never by asking the engine
//! again and again.

use std::time::Duration;

use bollard::models::ContainerInspectResponse;
use bollard::query_parameters::InspectContainerOptions;
use tokio::time::Instant;

use super::error::{is_missing, trouble};
use super::operate::DockerEngine;
use super::watch::Seen;
use crate::engine::backend::{Done, Sink, Trouble};
use crate::engine::probe::{self, Reply, Target};
use crate::event::EventKind;
use crate::plan::desired::{Component, Probe};
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
    target: Option<(u32, Target)>,
    first: Option<ContainerInspectResponse>,
}

/// Answers kept for the evidence.
const ANSWERS: usize = 5;

impl<'a> Wait<'a> {
    pub(super) fn new(key: &'a str, component: &'a Component, container: &'a str) -> Self {
        let since = Instant::now();
        Self { key, component, container, since, asked: 0, answers: Vec::new(), target: None, first: None }
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
        let first = match self.docker.inspect_container(wait.container, None::<InspectContainerOptions>).await
        {
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
                    let pause = readiness::pause(&wait.component.probe, wait.asked - 1).min(left);
                    let _ = tokio::time::timeout(pause, changed).await;
                }
            }
        }
    }

    async fn ask(&self, wait: &mut Wait<'_>, seen: &Seen) -> Result<Reply, Trouble> {
        if let Probe::Exec { command } = &wait.component.probe {
            return self.ask_inside(wait.container, command).await;
        }
        let known = wait.target.as_ref().filter(|(starts, _)| *starts == seen.starts);
        let target = if let Some((_, target)) = known {
            target.clone()
        } else {
            let inspected = match wait.first.take() {
                Some(first) => first,
                None => self
                    .docker
                    .inspect_container(wait.container, None::<InspectContainerOptions>)
                    .await
                    .map_err(trouble)?,
            };
            let port = probe::port(&wait.component.probe).unwrap_or_default();
            let Some(target) = self.reach(&inspected, port) else {
                return Ok(Reply::not_ready(format!("port {port} cannot be reached: it has no address yet")));
            };
            wait.target = Some((seen.starts, target.clone()));
            target
        };
        Ok(probe::ask(&wait.component.probe, &target).await)
    }

    /// Where a port inside a container is reached from here.
    pub(super) fn reach(&self, container: &ContainerInspectResponse, port: u16) -> Option<Target> {
        let host_config = container.host_config.as_ref();
        if host_config.and_then(|config| config.network_mode.as_deref()) == Some("host") {
            return Some(Target { host: self.published_host.clone(), port });
        }
        let settings = container.network_settings.as_ref()?;
        if self.direct {
            let networks = settings.networks.iter().flatten();
            let address =
                networks.filter_map(|(_, endpoint)| endpoint.ip_address.clone()).find(|one| !one.is_empty());
            return address.map(|host| Target { host, port });
        }
        let bindings = settings.ports.as_ref()?.get(&format!("{port}/tcp"))?.as_ref()?;
        let published = bindings.iter().find_map(|binding| binding.host_port.as_ref()?.parse().ok())?;
        Some(Target { host: self.published_host.clone(), port: published })
    }
}

fn tell_ready(wait: &Wait<'_>, sink: &Sink) {
    sink(EventKind::Ready {
        component: wait.key.to_owned(),
        probe: probe::in_words(&wait.component.probe),
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
        starts: 0,
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
