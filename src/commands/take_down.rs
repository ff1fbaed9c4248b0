//! Takes whole projects down by their labels, whatever profiles say: for `down --all`, isolated runs, and the end of `gw run`.

use std::path::Path;
use std::sync::Arc;

use super::drive::connect;
use super::lock;
use super::owner::{self, THIS_HOST};
use super::session::Session;
use super::sweep::sweep;
use crate::engine::docker::DockerEngine;
use crate::engine::docker::built::built_for;
use crate::engine::docker::connect::Connection;
use crate::engine::docker::labels::Stamp;
use crate::engine::docker::observe::observe;
use crate::error::Error;
use crate::plan::desired::Desired;
use crate::plan::graph::Plan;
use crate::plan::observed::Observed;
use crate::plan::ownership::{self, Checkout};
use crate::plan::stacks::{self, Stack};
use crate::plan::teardown;

/// Takes projects of this checkout down, one after the other.
pub(super) struct TakeDown {
    checkout: Checkout,
    connection: Connection,
    /// Volumes go too; those of isolated runs go always.
    volumes: bool,
    /// Nothing is given the time to end by itself.
    at_once: bool,
    /// The projects that are down, or would be in a dry run.
    done: Vec<String>,
    /// Something was there to be taken down.
    pub(super) changed: bool,
}

impl TakeDown {
    /// Connects.
    ///
    /// # Errors
    /// There is no engine, or it is not known who this checkout is.
    pub(super) async fn begin(root: &Path, volumes: bool, at_once: bool) -> Result<Self, Error> {
        let checkout = owner::checkout(root, Path::new(""), false)?;
        let connection = connect().await?;
        Ok(Self { checkout, connection, volumes, at_once, done: Vec::new(), changed: false })
    }

    /// Every stack of this checkout, those that borrow before those that lend.
    ///
    /// # Errors
    /// The engine does not answer.
    pub(super) async fn stacks(&self) -> Result<Vec<Stack>, Error> {
        let everything = observe(&self.connection.docker, "", &[]).await?;
        let stacks = stacks::of(&everything, &self.checkout, THIS_HOST.resolve);
        let order = stacks::users_first(&stacks).into_iter();
        let stack = |project: &str| stacks.iter().find(|stack| stack.project == project).cloned();
        Ok(order.filter_map(stack).collect())
    }

    /// Takes a project down under its lock; an isolated one with all that it left.
    ///
    /// # Errors
    /// It is somebody else's; what could not be removed.
    pub(super) async fn project(
        &mut self,
        session: &mut Session,
        project: &str,
        isolated: bool,
    ) -> Result<(), Error> {
        let root = session.settings.root.clone();
        let waiting = format!("another gw works on project {project}: waiting for it");
        let lock = lock::take(&root, project, || session.note(waiting)).await?;
        let plan = self.plan(project, isolated).await?;
        self.changed |= !plan.nodes.is_empty();
        let desired = Arc::new(Desired { project: project.to_owned(), ..Desired::default() });
        let engine = DockerEngine::new(&self.connection, desired, Stamp::default());
        sweep(session, &engine, &plan).await?;
        if isolated {
            lock::forget(&root, project);
            lock.discard();
        }
        self.done.push(project.to_owned());
        Ok(())
    }

    /// Counts a project as down, for those that it uses.
    pub(super) fn passes(&mut self, project: &str) {
        self.done.push(project.to_owned());
    }

    /// What would be done.
    ///
    /// # Errors
    /// The project is somebody else's, or the engine does not answer.
    pub(super) async fn plan(&self, project: &str, isolated: bool) -> Result<Plan, Error> {
        let mut observed: Observed = observe(&self.connection.docker, project, &[]).await?;
        observed.others.retain(|container| !self.done.iter().any(|done| done == container.project()));
        ownership::check(project, &observed, &self.checkout, THIS_HOST)?;
        let images =
            if isolated { built_for(&self.connection, project, &self.checkout).await? } else { Vec::new() };
        let options = teardown::Down {
            volumes: self.volumes || isolated,
            images,
            at_once: self.at_once,
            ..teardown::Down::default()
        };
        Ok(teardown::down(project, None, &observed, &options))
    }
}
