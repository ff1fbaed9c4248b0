//! `down`, `stop` and `restart`.

use super::borrowers;
use super::drive::{self, Site, drive, visit};
use super::prepare::{Prepared, Secrets, prepare};
use super::secrets::running;
use super::session::Session;
use super::settle::settle;
use super::{gone, lock, up};
use crate::error::Error;
use crate::event::Outcome;
use crate::plan::desired::Role;
use crate::plan::graph::Plan;
use crate::plan::observed::{Container, State};
use crate::plan::selection::select;
use crate::plan::teardown;
use crate::settings::command::{Down, Orphans, Restart, Stop};

/// Takes the project down, or the named services of it.
///
/// # Errors
/// See [`Error`].
pub(super) async fn down(session: &mut Session, wish: Down) -> Result<(), Error> {
    if wish.all || (session.settings.run().is_some() && wish.services.is_empty()) {
        return super::down_all::down_all(session, &wish).await;
    }
    let prepared = load(session).map_err(advised)?;
    let root = session.settings.root.clone();
    let selected = match wish.services.as_slice() {
        [] => None,
        names => Some(select(&prepared.desired, names, false)?),
    };
    let options = teardown::Down {
        selected,
        volumes: wish.volumes,
        keep_orphans: wish.orphans == Orphans::Keep,
        ..teardown::Down::default()
    };
    let decide = |site: &Site| {
        if !wish.force {
            borrowers::check(&root, &prepared, &site.observed, options.selected.as_ref())?;
        }
        let desired = &prepared.desired;
        let mut plan = teardown::down(&desired.project, Some(desired), &site.observed, &options);
        if options.selected.is_none() {
            plan.notes.extend(gone::note(&root, &prepared, &site.observed, false));
        }
        Ok(plan)
    };
    act(session, "down", &prepared, wish.dry_run, decide).await
}

/// Stops containers and keeps them.
///
/// # Errors
/// See [`Error`].
pub(super) async fn stop(session: &mut Session, wish: Stop) -> Result<(), Error> {
    let prepared = load(session)?;
    let root = session.settings.root.clone();
    let selected = select(&prepared.desired, &wish.services, false)?;
    let named = (!wish.services.is_empty()).then_some(&selected);
    let decide = |site: &Site| {
        if !wish.force {
            borrowers::check(&root, &prepared, &site.observed, named)?;
        }
        Ok(teardown::stop(&site.observed, &selected))
    };
    act(session, "stop", &prepared, wish.dry_run, decide).await
}

/// Stops and starts containers, and waits until they are ready.
///
/// # Errors
/// See [`Error`].
pub(super) async fn restart(session: &mut Session, wish: Restart) -> Result<(), Error> {
    let prepared = load(session)?;
    let selected = select(&prepared.desired, &wish.services, false)?;
    let decide = |site: &Site| {
        let mut selected = selected.clone();
        if wish.services.is_empty() {
            // A job that is done runs again only when it is named.
            let done = |one: &&Container| one.state == State::Exited && one.exit_code == Some(0);
            for container in site.observed.containers.iter().filter(done) {
                let component = prepared.desired.components.get(container.component());
                if component.is_some_and(|component| component.role == Role::Job) {
                    selected.remove(container.component());
                }
            }
        }
        Ok(teardown::restart(&prepared.desired, &site.observed, &selected))
    };
    act(session, "restart", &prepared, wish.dry_run, decide).await
}

/// What cannot be read can still be taken down.
fn advised(error: Error) -> Error {
    match error {
        Error::Input(_) | Error::Render(_) | Error::Manifest(_) => Error::Advised {
            error: Box::new(error),
            hint: "`gw down --all` takes down every stack of this checkout without reading profiles".into(),
        },
        other => other,
    }
}

fn load(session: &Session) -> Result<Prepared, Error> {
    let settings = &session.settings;
    prepare(settings, &settings.profile, Secrets::Read)
}

async fn act(
    session: &mut Session,
    command: &str,
    prepared: &Prepared,
    dry_run: bool,
    decide: impl Fn(&Site) -> Result<Plan, Error>,
) -> Result<(), Error> {
    if dry_run {
        let plan = decide(&visit(prepared).await?)?;
        session.show_plan(&plan);
        return Ok(());
    }
    let project = &prepared.desired.project;
    // What is awaited needs the passwords of the env file, in stores and in who asks them.
    let awaits = command == "restart";
    match under_lock(session, prepared, awaits, decide).await {
        Ok(outcome) => {
            session.conclude(command, project, outcome);
            Ok(())
        }
        Err(error) => {
            let failed = Err(error);
            session.finish(command, project, &failed);
            failed
        }
    }
}

async fn under_lock(
    session: &mut Session,
    prepared: &Prepared,
    awaits: bool,
    decide: impl Fn(&Site) -> Result<Plan, Error>,
) -> Result<Outcome, Error> {
    let root = session.settings.root.clone();
    let project = prepared.desired.project.clone();
    let waiting = format!("another gw works on project {project}: waiting for it");
    let _lock = lock::take(&root, &project, || session.note(waiting)).await?;
    let mut site = visit(prepared).await?;
    if awaits && prepared.unfinished {
        settle(session, prepared, &mut site).await?;
        let running = running(prepared, &site.observed);
        up::replace(session, prepared, running).await?;
        site = visit(prepared).await?;
    }
    let plan = decide(&site)?;
    let engine = drive::engine(prepared, &site.connection);
    drive(session, prepared, &engine, &plan).await?;
    Ok(if plan.nodes.is_empty() { Outcome::Unchanged } else { Outcome::Done })
}
