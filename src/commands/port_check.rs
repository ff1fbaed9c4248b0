//! Ports of the host before `up` and `fresh` create anything: who holds what they need, and what `--take-over` stops.

use std::path::Path;

use super::drive::Site;
use super::gone;
use super::owner::THIS_HOST;
use super::prepare::Prepared;
use crate::engine::backend::Trouble;
use crate::engine::docker::DockerEngine;
use crate::engine::docker::connect::Connection;
use crate::engine::probe::reach::Reach;
use crate::error::Error;
use crate::host;
use crate::plan::desired::Role;
use crate::plan::graph::Plan;
use crate::plan::observed::Observed;
use crate::plan::ports::{self, Conflict, Known, TakeOver, Taken, Want};
use crate::plan::reconcile::{self, Options};
use crate::profile::model::{Port, Profile};
use crate::report::Problem;

/// The plan of a run whose ports are free, or become so by the plan itself.
///
/// # Errors
/// Exit code 5, with every port that somebody else holds and keeps.
pub(super) fn plan(
    prepared: &Prepared,
    site: &Site,
    options: &Options,
    command: &str,
    take_over: bool,
) -> Result<Plan, Error> {
    let plan = reconcile::up(&prepared.desired, &site.observed, options);
    let mut conflicts = conflicts(prepared, &site.connection, &site.observed, &plan);
    let mut taken = TakeOver::default();
    if take_over {
        (taken, conflicts) = ports::take_over(conflicts);
    }
    if !conflicts.is_empty() {
        let (command, profile) = (command.to_owned(), prepared.profile.name.clone());
        return Err(Taken { conflicts, command, profile, take_over }.into());
    }
    if taken.stops.is_empty() {
        return Ok(plan);
    }
    let options = Options { take_over: taken.stops, ..options.clone() };
    let mut plan = reconcile::up(&prepared.desired, &site.observed, &options);
    plan.notes.extend(taken.notes);
    Ok(plan)
}

/// What would stand in the way if the whole profile came up now.
pub(super) fn taken(prepared: &Prepared, site: &Site) -> Option<Taken> {
    let selected = prepared.desired.components.keys().cloned().collect();
    let plan = reconcile::up(&prepared.desired, &site.observed, &Options { selected, ..Options::default() });
    let conflicts = conflicts(prepared, &site.connection, &site.observed, &plan);
    let (command, profile) = ("up".to_owned(), prepared.profile.name.clone());
    (!conflicts.is_empty()).then_some(Taken { conflicts, command, profile, take_over: false })
}

/// Everything that holds a port which this plan binds; nothing is looked at where it binds none.
fn conflicts(
    prepared: &Prepared,
    connection: &Connection,
    observed: &Observed,
    plan: &Plan,
) -> Vec<Conflict> {
    let desired = &prepared.desired;
    let wants = ports::wants(desired, observed, plan);
    if wants.is_empty() {
        return Vec::new();
    }
    let listeners = if binds_here(connection) {
        let wanted = wants.iter().flat_map(Want::sockets).collect();
        host::listeners(&wanted, &ports::published(observed))
    } else {
        Vec::new()
    };
    let named = gone::named(Path::new(&prepared.checkout.path));
    let known = Known { checkout: &prepared.checkout, host: THIS_HOST, named: &named };
    let mut conflicts = ports::conflicts(&wants, desired, observed, plan, &listeners, known);
    for conflict in &mut conflicts {
        conflict.key = key(prepared, conflict);
    }
    conflicts
}

/// Says of each port that the engine found taken who holds it: somebody who came after the first look.
///
/// # Errors
/// The `result`'s own.
pub(super) async fn explained(
    prepared: &Prepared,
    site: &Site,
    engine: &DockerEngine,
    options: &Options,
    result: Result<(), Error>,
) -> Result<(), Error> {
    let is_conflict = |trouble: &Trouble| matches!(trouble, Trouble::Conflict(_));
    let troubles = match result {
        Err(Error::Troubles(troubles)) if troubles.iter().any(is_conflict) => troubles,
        other => return other,
    };
    let Ok(now) = engine.observe(&prepared.names()).await else { return Err(Error::Troubles(troubles)) };
    let plan = reconcile::up(&prepared.desired, &now, options);
    let conflicts = conflicts(prepared, &site.connection, &now, &plan);
    let explain = |trouble| match trouble {
        Trouble::Conflict(message) => match conflicts.iter().find(|one| names(&message, one.port)) {
            Some(conflict) => Trouble::Conflict(format!("{conflict}\n{message}")),
            None => Trouble::Conflict(message),
        },
        other => other,
    };
    Err(Error::Troubles(troubles.into_iter().map(explain).collect()))
}

/// Whether the engine's words name a port: `listen tcp4 127.0.0.1:9001: bind: address already in use`.
fn names(message: &str, port: u16) -> bool {
    let is_number = |next: char| next.is_ascii_digit();
    let port = format!(":{port}");
    message.match_indices(&port).any(|(at, _)| !message[at + port.len()..].starts_with(is_number))
}

/// Whether the engine binds ports on this host, and not inside another one.
fn binds_here(connection: &Connection) -> bool {
    matches!(connection.reach, Reach::Containers | Reach::Ports)
}

/// The key of the profile file that gives the conflict's component another port.
fn key(prepared: &Prepared, conflict: &Conflict) -> Option<String> {
    let component = prepared.desired.components.get(&conflict.component)?;
    match component.role {
        Role::Gateway => Some("gateway.port".to_owned()),
        Role::Mongodb => Some("ports.mongodb".to_owned()),
        Role::Redis | Role::Sentinel => Some("ports.redis".to_owned()),
        Role::Service | Role::Job => key_of_service(&prepared.profile, &component.name, conflict),
    }
}

/// Only a service's first port has a key of its own; the offset moves the others.
fn key_of_service(profile: &Profile, name: &str, conflict: &Conflict) -> Option<String> {
    let service = profile.services.iter().find(|service| service.name == name)?;
    let is_it = |port: &Port| (port.host, &port.protocol) == (Some(conflict.port), &conflict.protocol);
    let place = service.ports.iter().position(is_it)?;
    Some(if place == 0 { format!("ports.{name}") } else { "ports.offset".to_owned() })
}

/// A conflict as it is shown.
pub(crate) fn problem(conflict: &Conflict) -> Problem {
    Problem { message: conflict.to_string(), conflict: Some(conflict.clone()), ..Problem::default() }
}
