//! `run`: brings up, runs a command with the addresses, keeps a report, and takes everything down whatever happens.

use super::drive::visit;
use super::lock::{self, Lock};
use super::prepare::{Prepared, Secrets, prepare};
use super::session::Session;
use super::take_down::TakeDown;
use super::{borrowers, run_command, run_report, runs, session, up};
use crate::error::Error;
use crate::plan::observed::State;
use crate::settings::command::Run;

/// Runs a command on a stack that is there for it.
///
/// # Errors
/// [`Error::Exit`] with the command's code; [`Error::InRun`] with what gw itself could not do; [`Error::Interrupted`].
pub(super) async fn run(session: &mut Session, wish: Run) -> Result<(), Error> {
    match carry_out(session, &wish).await {
        Ok(0) => Ok(()),
        Ok(code) => Err(Error::Exit(code)),
        Err(Error::Interrupted) => Err(Error::Interrupted),
        Err(error) => Err(Error::InRun(Box::new(error))),
    }
}

/// The command's exit code.
async fn carry_out(session: &mut Session, wish: &Run) -> Result<u8, Error> {
    let need = Secrets::for_up(&session.settings, false);
    let prepared = prepare(&session.settings, &session.settings.profile, need)?;
    look_before(session, &prepared).await?;
    let claim = claim(session, &prepared)?;
    // From here on there is something to take down.
    let interrupt = session.interrupt();
    let _tidy = interrupt.of_a_run();
    session.keeps_half = true;
    session.events = wish.report.is_some().then(Vec::new);
    let mut result = match up::for_run(session, &prepared, wish).await {
        Ok(()) => run_command::run(session, &wish.command).await,
        Err(error) => Err(error),
    };
    if let Some(folder) = &wish.report {
        let kept = run_report::of_components(session, &prepared, wish, folder).await;
        result = and(session, result, kept);
    }
    let failed = !matches!(result, Ok(0) | Err(Error::Interrupted));
    let down = if failed && wish.keep_on_failure {
        stays(session, &prepared)
    } else {
        take_down(session, &prepared).await
    };
    result = and(session, result, down);
    claim.discard();
    if let Some(folder) = &wish.report {
        let kept = run_report::of_events(session, &prepared, folder);
        result = and(session, result, kept);
    }
    if result.is_ok() && interrupt.times() > 0 {
        result = Err(Error::Interrupted);
    }
    let shown = match &result {
        Ok(code) => run_command::outcome(*code),
        Err(error) => session::outcome_of(error),
    };
    session.conclude("run", &prepared.desired.project, shown);
    result
}

/// What must hold before anything is touched.
async fn look_before(session: &mut Session, prepared: &Prepared) -> Result<(), Error> {
    let site = visit(prepared).await?;
    borrowers::check(&session.settings.root, prepared, &site.observed, None)?;
    if site.observed.containers.iter().any(|container| container.state == State::Running) {
        let project = &prepared.desired.project;
        session.note(format!(
            "project {project} is up already, and goes down with the others: `--isolated` leaves it alone"
        ));
    }
    Ok(())
}

/// Two `gw run` on one project would take it down under each other.
fn claim(session: &mut Session, prepared: &Prepared) -> Result<Lock, Error> {
    let root = session.settings.root.clone();
    let project = prepared.desired.project.clone();
    let Some(run) = &prepared.run else {
        let claim = lock::claim(&root, &format!("{project}.run"))?;
        return claim.map_err(|process| Error::RunTaken { project, process });
    };
    let claim = runs::claim(&root, run, &project)?;
    let profile = session.settings.profile.clone();
    runs::keep(&root, run, &runs::Run { profile, project, passing: true })?;
    session.note(format!("isolated run {run}"));
    Ok(claim)
}

/// After a failure that somebody wants to look at.
fn stays(session: &mut Session, prepared: &Prepared) -> Result<(), Error> {
    let project = prepared.desired.project.clone();
    let Some(run) = &prepared.run else {
        let profile = &session.settings.profile;
        session.note(format!("project {project} stays as it is: `gw down -p {profile}` takes it down"));
        return Ok(());
    };
    let profile = session.settings.profile.clone();
    runs::keep(&session.settings.root, run, &runs::Run { profile, project, passing: false })?;
    session.note(format!(
        "isolated run {run} stays as it is: `gw status --isolated={run}` shows it, `gw down --isolated={run}` takes it down"
    ));
    Ok(())
}

/// Takes down what is the run's. An interrupt does not end this: it lets nothing be waited for.
async fn take_down(session: &mut Session, prepared: &Prepared) -> Result<(), Error> {
    let interrupt = session.interrupt();
    session.interrupt = interrupt.deaf();
    let mut ended = None;
    if interrupt.times() < 2 {
        tokio::select! {
            result = all_of_it(session, prepared, false) => ended = Some(result),
            () = interrupt.afresh().wait() => {}
        }
    }
    let result = match ended {
        Some(result) => result,
        None => all_of_it(session, prepared, true).await,
    };
    session.interrupt = interrupt;
    result
}

async fn all_of_it(session: &mut Session, prepared: &Prepared, at_once: bool) -> Result<(), Error> {
    let root = session.settings.root.clone();
    let mut down = TakeDown::begin(&root, false, at_once).await?;
    let Some(run) = &prepared.run else {
        return down.project(session, &prepared.desired.project, false).await;
    };
    let mut result = Ok(());
    for stack in down.stacks().await?.iter().filter(|stack| stack.run.as_ref() == Some(run)) {
        let one = down.project(session, &stack.project, true).await;
        result = and(session, result, one);
    }
    result?;
    runs::forget(&root, run)
}

/// What came first counts; what goes wrong after a failure is only said.
fn and<T: Default + PartialEq>(
    session: &mut Session,
    result: Result<T, Error>,
    later: Result<(), Error>,
) -> Result<T, Error> {
    match (result, later) {
        (Ok(value), Err(error)) if value == T::default() => Err(error),
        (result, Err(error)) => {
            session.note(error.to_string());
            result
        }
        (result, Ok(())) => result,
    }
}
