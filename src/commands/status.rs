//! `status` and `health`: every container is asked itself, all at once; what is borrowed is asked in its owner's project.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use super::drive::{self, visit};
use super::engine_host::EngineHost;
use super::gone;
use super::leaders::{Led, led};
use super::look::{Look, look, state};
use super::owner::THIS_HOST;
use super::prepare::{Prepared, Secrets, prepare};
use super::session::Session;
use super::shared::{Owner, owner};
use crate::engine::probe;
use crate::error::Error;
use crate::plan::desired::Role;
use crate::plan::observed::{Container, Observed};
use crate::plan::selection::{UnknownComponent, find};
use crate::plan::stacks;
use crate::plan::standing::Lag;
use crate::report::view::{ComponentHealth, ComponentStatus, Health, Leader, Readiness, Status};

/// Shows what runs. Exit code 0 also where something does not.
///
/// # Errors
/// See [`Error`].
pub(super) async fn status(session: &mut Session, names: &[String]) -> Result<(), Error> {
    let place = arrive(session).await?;
    let (own, borrowed) = place.looks(names).await?;
    // What runs of the owner says nothing of this profile.
    let runs = own.is_empty() || own.iter().any(|look| look.container.is_some());
    let owner = place.owner_project();
    let host = EngineHost::of(&place.site.connection);
    let rows = own.iter().map(|look| status_row(look, None, host));
    let rows = rows.chain(borrowed.iter().map(|look| status_row(look, owner, host))).collect();
    let (profile, project) = place.names();
    let gone = gone::note(&session.settings.root, &place.prepared, &place.site.observed, true);
    let isolated = isolated(&place);
    let components = if runs { rows } else { Vec::new() };
    let status = Status { profile, project, components, notes: gone.into_iter().chain(isolated).collect() };
    session.show(&status);
    if !session.is_json() {
        status.notes.into_iter().for_each(|note| session.note(note));
    }
    Ok(())
}

/// The isolated runs beside the profile's own project.
fn isolated(place: &Place) -> Option<String> {
    if place.prepared.run.is_some() {
        return None;
    }
    stacks::isolated(&stacks::of(&place.site.observed, &place.prepared.checkout, THIS_HOST.resolve))
}

/// Asks everything whether it is ready.
///
/// # Errors
/// Exit code 8 where something is not ready; see [`Error`].
pub(super) async fn health(session: &mut Session, names: &[String]) -> Result<(), Error> {
    let place = arrive(session).await?;
    if place.prepared.unfinished {
        session.note("a rotation of passwords was cut off: `gw up` finishes it".to_owned());
    }
    let (own, borrowed) = place.looks(names).await?;
    let owner = place.owner_project();
    let (profile, project) = place.names();
    let own_led = led(&place.prepared.desired, &own);
    let mut leaders: Vec<Leader> = own_led.iter().map(|store| store.view(&project)).collect();
    let mut components: Vec<ComponentHealth> =
        own.iter().map(|look| health_row(look, None, lag(&own_led, look))).collect();
    if let Some((lender, _)) = &place.owner {
        let led = led(&lender.prepared.desired, &borrowed);
        leaders.extend(led.iter().map(|store| store.view(&lender.prepared.desired.project)));
        components.extend(borrowed.iter().map(|look| health_row(look, owner, lag(&led, look))));
    }
    let well = components.iter().all(|row| row.ready == Readiness::Ready);
    session.show(&Health { profile, project, components, leaders });
    if well { Ok(()) } else { Err(Error::Exit(8)) }
}

/// A profile with what is there of it and of what it borrows.
struct Place {
    prepared: Prepared,
    site: drive::Site,
    owner: Option<(Owner, Observed)>,
}

async fn arrive(session: &Session) -> Result<Place, Error> {
    let settings = &session.settings;
    let prepared = prepare(settings, &settings.profile, Secrets::Read)?;
    let site = visit(&prepared).await?;
    let owner = match owner(settings, &prepared, Secrets::Named)? {
        Some(owner) => {
            let observed = visit(&owner.prepared).await?.observed;
            Some((owner, observed))
        }
        None => None,
    };
    Ok(Place { prepared, site, owner })
}

impl Place {
    fn names(&self) -> (String, String) {
        (self.prepared.profile.name.clone(), self.prepared.desired.project.clone())
    }

    /// The project whose parts are borrowed.
    fn owner_project(&self) -> Option<&str> {
        self.owner.as_ref().map(|(owner, _)| owner.prepared.desired.project.as_str())
    }

    /// Looks at the named components, or at all: the profile's own, and those that it borrows.
    async fn looks(&self, names: &[String]) -> Result<(Vec<Look<'_>>, Vec<Look<'_>>), Error> {
        let (own, borrowed) = self.select(names)?;
        let Self { prepared, site, owner } = self;
        let engine = drive::engine(prepared, &site.connection);
        let own = look(&prepared.desired, &site.observed, &engine, &own).await?;
        let borrowed = match owner {
            Some((owner, observed)) => owner.look(observed, &site.connection, &borrowed).await?,
            None => Vec::new(),
        };
        Ok((own, borrowed))
    }

    /// The keys of the named components here and in the owner's project; a name is looked for here first.
    fn select(&self, names: &[String]) -> Result<(BTreeSet<String>, BTreeSet<String>), UnknownComponent> {
        let owner = self.owner.as_ref().map(|(owner, _)| owner);
        if names.is_empty() {
            let own = self.prepared.desired.components.keys().cloned().collect();
            return Ok((own, owner.map(Owner::keys).unwrap_or_default()));
        }
        let (mut own, mut borrowed) = (BTreeSet::new(), BTreeSet::new());
        for name in names {
            let there = owner.map(|owner| owner.find(name)).unwrap_or_default();
            match find(&self.prepared.desired, name) {
                Ok(key) => drop(own.insert(key)),
                Err(_) if !there.is_empty() => borrowed.extend(there),
                Err(mut unknown) => {
                    unknown.known.extend(owner.iter().flat_map(|owner| owner.names()));
                    return Err(unknown);
                }
            }
        }
        Ok((own, borrowed))
    }
}

fn status_row(look: &Look<'_>, owner: Option<&str>, host: EngineHost<'_>) -> ComponentStatus {
    let state = look.container.map_or_else(|| "absent".to_owned(), state);
    ComponentStatus {
        component: look.name.clone(),
        owner: owner.map(str::to_owned),
        role: role(look.component.role),
        state,
        ready: look.readiness(),
        ports: look.container.map(|container| ports(container, host)).unwrap_or_default(),
        image: look.component.container.image.clone(),
        since_seconds: since(look),
    }
}

fn lag(led: &[Led<'_>], look: &Look<'_>) -> Option<Lag> {
    led.iter().find_map(|store| store.lag(look))
}

fn health_row(look: &Look<'_>, owner: Option<&str>, lag: Option<Lag>) -> ComponentHealth {
    let latency = look.examination.as_ref().and_then(|examination| examination.latency);
    let question = look.examination.as_ref().and_then(|examination| examination.question.clone());
    ComponentHealth {
        component: look.name.clone(),
        owner: owner.map(str::to_owned),
        ready: look.readiness(),
        probe: question.unwrap_or_else(|| probe::in_words(&look.component.probe)),
        answer: look.answer(),
        latency_ms: latency.map(|latency| (latency.as_secs_f64() * 10_000.0).round() / 10.0),
        since_seconds: since(look),
        role: look.standing().and_then(|standing| standing.role.clone()),
        lag,
    }
}

fn role(role: Role) -> String {
    serde_json::to_value(role).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn ports(container: &Container, host: EngineHost<'_>) -> Vec<String> {
    let show = |port: &crate::plan::observed::Port| {
        format!("{}->{}/{}", host.bound(&port.address, port.published), port.target, port.protocol)
    };
    container.ports.iter().map(show).collect()
}

fn since(look: &Look<'_>) -> Option<u64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    look.examination.as_ref()?.since.map(|since| now.saturating_sub(since))
}
