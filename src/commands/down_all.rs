//! `down --all`: every stack of this checkout, found by labels, so that it works whatever profiles say.

use std::path::Path;
use std::sync::Arc;

use super::drive::connect;
use super::lock;
use super::owner::{self, THIS_HOST};
use super::session::Session;
use super::sweep::sweep;
use crate::engine::backend::Trouble;
use crate::engine::docker::DockerEngine;
use crate::engine::docker::connect::Connection;
use crate::engine::docker::labels::Stamp;
use crate::engine::docker::observe::observe;
use crate::error::Error;
use crate::event::Outcome;
use crate::plan::desired::Desired;
use crate::plan::graph::Plan;
use crate::plan::ownership::{self, Checkout};
use crate::plan::stacks;
use crate::plan::teardown;
use crate::settings::command::Down;

/// Takes every stack down, those that borrow before those that lend.
///
/// # Errors
/// See [`Error`]; what cannot be taken down keeps nothing else from going.
pub(super) async fn down_all(session: &mut Session, wish: &Down) -> Result<(), Error> {
    // It is about no profile.
    session.settings.profile = String::new();
    let checkout = owner::checkout(&session.settings.root, Path::new(""), false)?;
    let connection = connect().await?;
    let everything = observe(&connection.docker, "", &[]).await?;
    let stacks = stacks::of(&everything, &checkout, THIS_HOST.resolve);
    let projects: Vec<String> = stacks::users_first(&stacks).into_iter().map(str::to_owned).collect();
    if projects.is_empty() {
        session.note("nothing of this checkout is on this engine".into());
    }
    let mut run = Run { session, wish, checkout, connection, done: Vec::new(), changed: false };
    let mut failed = Vec::new();
    for project in &projects {
        match run.take_down(project).await {
            Ok(()) => {}
            Err(error @ (Error::Interrupted | Error::Trouble(Trouble::EngineLost(_)))) => {
                failed.insert(0, error);
                break;
            }
            Err(error) => failed.push(error),
        }
        run.done.push(project.clone());
    }
    let changed = run.changed;
    let mut failed = failed.into_iter();
    let first = failed.next();
    for error in failed {
        session.note(error.to_string());
    }
    let name = if projects.is_empty() { "--all".to_owned() } else { projects.join(", ") };
    let result = first.map_or(Ok(()), Err);
    match &result {
        _ if wish.dry_run => {}
        Ok(()) if !changed => session.conclude("down", &name, Outcome::Unchanged),
        result => session.finish("down", &name, result),
    }
    result
}

struct Run<'a> {
    session: &'a mut Session,
    wish: &'a Down,
    checkout: Checkout,
    connection: Connection,
    /// The projects that are down, or would be in a dry run.
    done: Vec<String>,
    changed: bool,
}

impl Run<'_> {
    async fn take_down(&mut self, project: &str) -> Result<(), Error> {
        if self.wish.dry_run {
            let plan = self.plan(project).await?;
            self.session.show_plan(&plan);
            return Ok(());
        }
        let root = self.session.settings.root.clone();
        let waiting = format!("another gw works on project {project}: waiting for it");
        let _lock = lock::take(&root, project, || self.session.note(waiting)).await?;
        let plan = self.plan(project).await?;
        self.changed |= !plan.nodes.is_empty();
        let desired = Arc::new(Desired { project: project.to_owned(), ..Desired::default() });
        let engine = DockerEngine::new(&self.connection, desired, Stamp::default());
        sweep(self.session, &engine, &plan).await
    }

    async fn plan(&self, project: &str) -> Result<Plan, Error> {
        let mut observed = observe(&self.connection.docker, project, &[]).await?;
        observed.others.retain(|container| !self.done.iter().any(|done| done == container.project()));
        ownership::check(project, &observed, &self.checkout, THIS_HOST)?;
        let options = teardown::Down { volumes: self.wish.volumes, ..teardown::Down::default() };
        Ok(teardown::down(project, None, &observed, &options))
    }
}
