//! Carries out a plan for a user: events to the reporter, Ctrl-C, evidence, and what goes after a failure.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use super::evidence;
use super::prepare::Prepared;
use super::redact::Redact;
use super::session::Session;
use crate::engine::backend::Trouble;
use crate::engine::docker::connect::Connection;
use crate::engine::docker::labels::Stamp;
use crate::engine::docker::observe::observe;
use crate::engine::docker::{DockerEngine, connect};
use crate::engine::executor::{Ending, execute};
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::plan::aftermath::aftermath;
use crate::plan::graph::{NodeId, Plan};
use crate::plan::observed::Observed;
use crate::plan::ownership;

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
    let resolve = |file: &str| {
        std::fs::canonicalize(file).map_or_else(|_| file.to_owned(), |path| path.display().to_string())
    };
    ownership::check(project, &observed, &prepared.checkout, &resolve)?;
    Ok(Site { connection, observed })
}

/// The engine that makes things in this checkout's name.
pub(super) fn engine(prepared: &Prepared, connection: &Connection) -> DockerEngine {
    let file = std::path::Path::new(&prepared.checkout.file);
    let stamp = Stamp {
        owner: prepared.checkout.id.clone(),
        path: prepared.checkout.path.clone(),
        host: prepared.checkout.host.clone(),
        file: prepared.checkout.file.clone(),
        folder: file.parent().unwrap_or(file).display().to_string(),
    };
    DockerEngine::new(connection, Arc::clone(&prepared.desired), stamp)
}

/// Carries out a plan; after a failure or an interrupt takes away what is half-made.
///
/// # Errors
/// What failed, each with its own exit code; [`Error::Interrupted`].
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
    let redact = Redact::new(&prepared.secrets);
    let mut events = Vec::new();
    let ending = run(session, engine, plan, interrupt.clone().wait(), &redact, &mut events).await;
    if ending.troubles.is_empty() && !ending.interrupted {
        return Ok(());
    }
    if !ending.interrupted {
        evidence::keep(session, prepared, engine, &ending, &events).await;
    }
    let lost = ending.troubles.iter().any(|(_, trouble)| matches!(trouble, Trouble::EngineLost(_)));
    let mut troubles: Vec<Trouble> =
        ending.troubles.iter().map(|(_, trouble)| redact.trouble(trouble)).collect();
    if !lost {
        troubles.extend(tidy(session, prepared, engine, plan, &ending).await);
    }
    // Everything that ran when the engine went away says the same.
    let mut said = BTreeSet::new();
    troubles.retain(|trouble| said.insert(trouble.to_string()));
    if ending.interrupted { Err(Error::Interrupted) } else { Err(Error::Troubles(troubles)) }
}

async fn run(
    session: &mut Session,
    engine: &DockerEngine,
    plan: &Plan,
    interrupt: impl Future<Output = ()>,
    redact: &Redact,
    events: &mut Vec<Event>,
) -> Ending {
    let begin = session.begin();
    execute(plan, engine, begin, interrupt, |event| {
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
    let cleanup = aftermath(plan, &begun, &ending.done, &prepared.desired, &observed);
    if cleanup.nodes.is_empty() {
        return Vec::new();
    }
    let redact = Redact::new(&prepared.secrets);
    let ending = run(session, engine, &cleanup, std::future::pending(), &redact, &mut Vec::new()).await;
    ending.troubles.into_iter().map(|(_, trouble)| trouble).collect()
}

/// An event outside a plan.
pub(super) fn event(begin: Instant, kind: EventKind) -> Event {
    Event { at: begin.elapsed(), kind }
}
