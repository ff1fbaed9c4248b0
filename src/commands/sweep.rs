//! Carries out plans that rest on nothing but labels: nothing is half-made, and no profile is needed.

use super::session::Session;
use crate::engine::backend::Trouble;
use crate::engine::docker::DockerEngine;
use crate::engine::executor::execute;
use crate::error::Error;
use crate::plan::graph::Plan;

/// Carries out a plan to its end.
///
/// # Errors
/// What failed, each with its own exit code; [`Error::Interrupted`].
pub(super) async fn sweep(session: &mut Session, engine: &DockerEngine, plan: &Plan) -> Result<(), Error> {
    for note in &plan.notes {
        session.note(note.clone());
    }
    let interrupt = session.interrupt();
    // What is quick ends, as in every run.
    let _tidy = interrupt.tidy();
    let begin = session.begin();
    let ending = execute(plan, engine, begin, interrupt.clone().cut(), |event| session.report(event)).await;
    let troubles: Vec<Trouble> = ending.troubles.into_iter().map(|(_, trouble)| trouble).collect();
    match ending.cut {
        Some(by) => Err(session.cut_short(by, troubles)),
        None if troubles.is_empty() => Ok(()),
        None => Err(Error::Troubles(troubles)),
    }
}
