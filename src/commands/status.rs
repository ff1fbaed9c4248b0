//! `status` and `health`: every container is asked itself, all at once.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::future::try_join_all;

use super::drive::{self, visit};
use super::prepare::{Prepared, Secrets, prepare};
use super::session::Session;
use crate::engine::docker::DockerEngine;
use crate::engine::docker::examine::Examination;
use crate::engine::probe;
use crate::error::Error;
use crate::plan::desired::{Component, Role};
use crate::plan::observed::{Container, Observed, State};
use crate::plan::selection::select;
use crate::report::view::{ComponentHealth, ComponentStatus, Health, Leader, Readiness, Status};

/// A component with one of its containers, where it has one.
struct Look<'a> {
    name: String,
    component: &'a Component,
    container: Option<&'a Container>,
    examination: Option<Examination>,
}

/// Shows what runs. Exit code 0 also where something does not.
///
/// # Errors
/// See [`Error`].
pub(super) async fn status(session: &mut Session, names: &[String]) -> Result<(), Error> {
    let (prepared, observed, engine) = arrive(session).await?;
    let looks = look(&prepared, &observed, &engine, names).await?;
    let runs = looks.iter().any(|look| look.container.is_some());
    let rows = looks.iter().map(status_row).collect();
    let (profile, project) = (prepared.profile.name.clone(), prepared.desired.project.clone());
    let status = Status { profile, project, components: if runs { rows } else { Vec::new() } };
    session.show(&status);
    Ok(())
}

/// Asks everything whether it is ready.
///
/// # Errors
/// Exit code 8 where something is not ready; see [`Error`].
pub(super) async fn health(session: &mut Session, names: &[String]) -> Result<(), Error> {
    let (prepared, observed, engine) = arrive(session).await?;
    let looks = look(&prepared, &observed, &engine, names).await?;
    let components: Vec<ComponentHealth> = looks.iter().map(health_row).collect();
    let leaders = leaders(&prepared.desired.project, &looks);
    let well = components.iter().all(|row| row.ready == Readiness::Ready);
    let (profile, project) = (prepared.profile.name.clone(), prepared.desired.project.clone());
    session.show(&Health { profile, project, components, leaders });
    if well { Ok(()) } else { Err(Error::Exit(8)) }
}

async fn arrive(session: &Session) -> Result<(Prepared, Observed, DockerEngine), Error> {
    let settings = &session.settings;
    let prepared = prepare(&settings.root, &settings.profile, settings.image_map.as_deref(), Secrets::Read)?;
    let site = visit(&prepared).await?;
    let engine = drive::engine(&prepared, &site.connection);
    Ok((prepared, site.observed, engine))
}

async fn look<'a>(
    prepared: &'a Prepared,
    observed: &'a Observed,
    engine: &DockerEngine,
    names: &[String],
) -> Result<Vec<Look<'a>>, Error> {
    let selected: BTreeSet<String> = select(&prepared.desired, names, false)?;
    let mut looks = Vec::new();
    for (key, component) in prepared.desired.components.iter().filter(|(key, _)| selected.contains(*key)) {
        let mut containers: Vec<&Container> =
            observed.containers.iter().filter(|one| one.component() == key && !one.is_one_off()).collect();
        containers.sort_by_key(|container| container.number());
        if containers.is_empty() {
            looks.push(Look { name: component.name.clone(), component, container: None, examination: None });
        }
        for container in &containers {
            let several = containers.len() > 1;
            let name = if several {
                format!("{}-{}", component.name, container.number())
            } else {
                component.name.clone()
            };
            looks.push(Look { name, component, container: Some(container), examination: None });
        }
    }
    let asked = looks.iter().map(|look| async {
        match look.container {
            Some(container) => engine.examine(look.component, &container.id).await,
            None => Ok(None),
        }
    });
    let answers = try_join_all(asked).await?;
    for (look, answer) in looks.iter_mut().zip(answers) {
        look.examination = answer;
    }
    Ok(looks)
}

fn readiness(look: &Look<'_>) -> Readiness {
    let Some(examination) = &look.examination else { return Readiness::Absent };
    match (&examination.reply, look.component.role) {
        (_, Role::Job) if examination.running => Readiness::NotReady,
        (_, Role::Job) if examination.exit_code == Some(0) => Readiness::Ready,
        (Some(reply), _) if reply.ready => Readiness::Ready,
        (Some(_), _) => Readiness::NotReady,
        (None, _) => Readiness::Failed,
    }
}

fn status_row(look: &Look<'_>) -> ComponentStatus {
    let state = look.container.map_or_else(|| "absent".to_owned(), state);
    ComponentStatus {
        component: look.name.clone(),
        owner: None,
        role: role(look.component.role),
        state,
        ready: readiness(look),
        ports: look.container.map(ports).unwrap_or_default(),
        image: look.component.container.image.clone(),
        since_seconds: since(look),
    }
}

fn health_row(look: &Look<'_>) -> ComponentHealth {
    let reply = look.examination.as_ref().and_then(|examination| examination.reply.as_ref());
    let answer = match (reply, look.container) {
        (Some(reply), _) => reply.text.clone(),
        (None, Some(container)) => state(container),
        (None, None) => "no container".to_owned(),
    };
    let latency = look.examination.as_ref().and_then(|examination| examination.latency);
    ComponentHealth {
        component: look.name.clone(),
        owner: None,
        ready: readiness(look),
        probe: probe::in_words(&look.component.probe),
        answer,
        latency_ms: latency.map(|latency| (latency.as_secs_f64() * 10_000.0).round() / 10.0),
        since_seconds: since(look),
        role: reply.and_then(|reply| reply.role.clone()),
    }
}

/// The primary and the master, by the names of their containers without their number: `shared-mongo-primary`.
fn leaders(project: &str, looks: &[Look<'_>]) -> Vec<Leader> {
    let leads = |look: &Look<'_>| {
        let role = look.examination.as_ref()?.reply.as_ref()?.role.clone()?;
        let alone = look.component.role == Role::Redis
            && looks.iter().filter(|one| one.component.role == Role::Redis).count() == 1;
        let member = format!("{project}-{}", look.container?.component());
        (["primary", "master"].contains(&role.as_str()) && !alone).then_some(Leader { role, member })
    };
    looks.iter().filter_map(leads).collect()
}

fn role(role: Role) -> String {
    serde_json::to_value(role).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn state(container: &Container) -> String {
    match (container.state, container.exit_code) {
        (State::Exited, Some(code)) => format!("exited ({code})"),
        (State::Restarting, Some(code)) => format!("restarting ({code})"),
        (other, _) => format!("{other:?}").to_lowercase(),
    }
}

fn ports(container: &Container) -> Vec<String> {
    let show = |port: &crate::plan::observed::Port| {
        format!("{}:{}->{}/{}", port.address, port.published, port.target, port.protocol)
    };
    container.ports.iter().map(show).collect()
}

fn since(look: &Look<'_>) -> Option<u64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    look.examination.as_ref()?.since.map(|since| now.saturating_sub(since))
}
