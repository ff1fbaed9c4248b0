//! Carries out a plan for a user: events to the reporter, Ctrl-C, evidence, and what goes after a failure.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use super::prepare::Prepared;
use super::redact::Redact;
use super::session::Session;
use super::{evidence, owner};
use crate::engine::backend::Trouble;
use crate::engine::docker::connect::Connection;
use crate::engine::docker::labels::Stamp;
use crate::engine::docker::observe::observe;
use crate::engine::docker::{DockerEngine, connect};
use crate::engine::executor::{Cut, Ending, execute};
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::plan::aftermath::aftermath;
use crate::plan::graph::{NodeId, Plan};
use crate::plan::observed::Observed;
use crate::plan::ownership::{self, Checkout};

/// A connected engine with a snapshot of the project on it, known to be this checkout's.
pub(super) struct Site {
    pub(super) connection: Connection,
    pub(super) observed: Observed,
}

/// Connects to the engine.
///
/// # Errors
/// There is none.
pub(super) async fn connect() -> Result<Connection, Error> {
    Ok(connect::connect(connect::find(|name| std::env::var(name).ok())?).await?)
}

/// Connects and looks; somebody else's project is an error.
///
/// # Errors
/// No engine, or the project is not this checkout's.
pub(super) async fn visit(prepared: &Prepared) -> Result<Site, Error> {
    let connection = connect().await?;
    let project = &prepared.desired.project;
    let observed = observe(&connection.docker, project, &prepared.names()).await?;
    ownership::check(project, &observed, &prepared.checkout, owner::THIS_HOST)?;
    Ok(Site { connection, observed })
}

/// The engine that makes things in this checkout's name.
pub(super) fn engine(prepared: &Prepared, connection: &Connection) -> DockerEngine {
    let stamp = Stamp { run: prepared.run.clone(), ..stamp(&prepared.checkout) };
    DockerEngine::new(connection, Arc::clone(&prepared.desired), stamp)
}

/// What things carry that are made in a checkout's name.
pub(super) fn stamp(checkout: &Checkout) -> Stamp {
    let file = std::path::Path::new(&checkout.file);
    Stamp {
        owner: checkout.id.clone(),
        path: checkout.path.clone(),
        host: checkout.host.clone(),
        file: checkout.file.clone(),
        folder: file.parent().unwrap_or(file).display().to_string(),
        run: None,
    }
}

/// Carries out a plan; after a failure or an interrupt takes away what is half-made.
///
/// # Errors
/// What failed, each with its own exit code; [`Error::Interrupted`]; [`Error::OverBudget`].
pub(super) async fn drive(
    session: &mut Session,
    prepared: &Prepared,
    engine: &DockerEngine,
    plan: &Plan,
) -> Result<(), Error> {
    for note in &plan.notes {
        session.note(note.clone());
    }
    let interrupt = session.interrupt();
    // From here on Ctrl-C has something to take away; only a second one ends gw at once.
    let _tidy = interrupt.tidy();
    let redact = Redact::new(&prepared.hidden);
    let mut events = Vec::new();
    let ending = run(session, engine, plan, interrupt.clone().cut(), &redact, &mut events).await;
    if ending.troubles.is_empty() && ending.cut.is_none() {
        return Ok(());
    }
    if !matches!(ending.cut, Some(Cut::Interrupt | Cut::InterruptedRun)) {
        evidence::keep(session, prepared, engine, (plan, &ending), &events).await;
    }
    let lost = ending.troubles.iter().any(|(_, trouble)| matches!(trouble, Trouble::EngineLost(_)));
    let mut troubles: Vec<Trouble> =
        ending.troubles.iter().map(|(_, trouble)| redact.trouble(trouble)).collect();
    if !lost && !session.keeps_half {
        troubles.extend(tidy(session, prepared, engine, plan, &ending).await);
    }
    // Everything that ran when the engine went away says the same.
    let mut said = BTreeSet::new();
    troubles.retain(|trouble| said.insert(trouble.to_string()));
    Err(match ending.cut {
        Some(by) => session.cut_short(by, troubles),
        None => Error::Troubles(troubles),
    })
}

async fn run(
    session: &mut Session,
    engine: &DockerEngine,
    plan: &Plan,
    cut: impl Future<Output = Cut>,
    redact: &Redact,
    events: &mut Vec<Event>,
) -> Ending {
    let begin = session.begin();
    if let Some(record) = &mut session.record {
        record.begin(plan);
    }
    execute(plan, engine, begin, cut, |event| {
        let event = redact.event(event);
        session.report(&event);
        events.push(event);
    })
    .await
}

/// Takes away what a run made half; what could not be taken away.
async fn tidy(
    session: &mut Session,
    prepared: &Prepared,
    engine: &DockerEngine,
    plan: &Plan,
    ending: &Ending,
) -> Vec<Trouble> {
    let observed = match engine.observe(&prepared.names()).await {
        Ok(observed) => observed,
        Err(trouble) => return vec![trouble],
    };
    let begun: BTreeSet<NodeId> = ending.begun();
    let ours = |labels: &BTreeMap<String, String>| ownership::made_here(labels, &prepared.checkout);
    let cleanup = aftermath(plan, &begun, &ending.done, &prepared.desired, &observed, &ours);
    if cleanup.nodes.is_empty() {
        return Vec::new();
    }
    let redact = Redact::new(&prepared.hidden);
    let ending = run(session, engine, &cleanup, std::future::pending(), &redact, &mut Vec::new()).await;
    ending.troubles.into_iter().map(|(_, trouble)| trouble).collect()
}

/// An event outside a plan.
pub(super) fn event(begin: Instant, kind: EventKind) -> Event {
    Event { at: begin.elapsed(), kind }
}
