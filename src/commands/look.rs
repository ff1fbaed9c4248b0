//! Asks the containers of some components how they are, all at once: for `status`, `health`, and before something is borrowed.

use std::collections::BTreeSet;

use futures_util::future::try_join_all;

use crate::engine::docker::DockerEngine;
use crate::engine::docker::examine::Examination;
use crate::error::Error;
use crate::plan::desired::{Component, Desired, Role};
use crate::plan::observed::{Container, Observed, State};
use crate::plan::standing::Standing;
use crate::report::view::Readiness;

/// A component with one of its containers, where it has one.
pub(super) struct Look<'a> {
    /// Its name; with its number where it has several containers.
    pub(super) name: String,
    /// What it should be.
    pub(super) component: &'a Component,
    /// What is there.
    pub(super) container: Option<&'a Container>,
    /// What it says.
    pub(super) examination: Option<Examination>,
}

/// Looks at every container of the selected components; one row for a component that has none.
///
/// # Errors
/// The engine does not answer.
pub(super) async fn look<'a>(
    desired: &'a Desired,
    observed: &'a Observed,
    engine: &DockerEngine,
    selected: &BTreeSet<String>,
) -> Result<Vec<Look<'a>>, Error> {
    let mut looks = Vec::new();
    for (key, component) in desired.components.iter().filter(|(key, _)| selected.contains(*key)) {
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

impl Look<'_> {
    /// What it says of its place among the servers of its store.
    pub(super) fn standing(&self) -> Option<&Standing> {
        Some(&self.examination.as_ref()?.reply.as_ref()?.standing)
    }

    /// The verdict.
    pub(super) fn readiness(&self) -> Readiness {
        let Some(examination) = &self.examination else { return Readiness::Absent };
        match (&examination.reply, self.component.role) {
            (_, Role::Job) if examination.running => Readiness::NotReady,
            (_, Role::Job) if examination.exit_code == Some(0) => Readiness::Ready,
            (Some(reply), _) if reply.ready => Readiness::Ready,
            (Some(_), _) => Readiness::NotReady,
            (None, _) => Readiness::Failed,
        }
    }

    /// The answer in one line, or why there is none.
    pub(super) fn answer(&self) -> String {
        let reply = self.examination.as_ref().and_then(|examination| examination.reply.as_ref());
        match (reply, self.container) {
            (Some(reply), _) => reply.text.clone(),
            (None, Some(container)) => state(container),
            (None, None) => "no container".to_owned(),
        }
    }
}

/// What a container does, in words: `running`, `exited (1)`.
pub(super) fn state(container: &Container) -> String {
    match (container.state, container.exit_code) {
        (State::Exited, Some(code)) => format!("exited ({code})"),
        (State::Restarting, Some(code)) => format!("restarting ({code})"),
        (other, _) => format!("{other:?}").to_lowercase(),
    }
}
