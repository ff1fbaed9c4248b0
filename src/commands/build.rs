//! `build`: builds the images of the selected services, several at once.

use std::collections::BTreeSet;

use super::drive::{self, drive, visit};
use super::prepare::{Secrets, prepare};
use super::session::Session;
use crate::error::Error;
use crate::plan::desired::Desired;
use crate::plan::graph::Plan;
use crate::plan::operation::{Operation, Phase};
use crate::plan::selection::select;
use crate::settings::command::Build;

/// Builds images, where the project is not somebody else's.
///
/// # Errors
/// See [`Error`].
pub(super) async fn build(session: &mut Session, wish: Build) -> Result<(), Error> {
    let settings = &session.settings;
    let need = if wish.dry_run { Secrets::Read } else { Secrets::Used };
    let prepared = prepare(settings, &settings.profile, need)?;
    let selected = select(&prepared.desired, &wish.services, false)?;
    let plan = plan(&prepared.desired, &selected);
    // The images carry the project's name: whoever has the project would run them.
    let site = visit(&prepared).await?;
    if wish.dry_run {
        session.show_plan(&plan);
        return Ok(());
    }
    let mut engine = drive::engine(&prepared, &site.connection);
    engine.build_options(wish.no_cache, wish.pull);
    if plan.nodes.is_empty() {
        session.note("no service of the profile is built here".into());
    }
    let result = drive(session, &prepared, &engine, &plan).await;
    session.finish("build", &prepared.desired.project, &result);
    result
}

/// One build for each image that the selected components build.
pub(super) fn plan(desired: &Desired, selected: &BTreeSet<String>) -> Plan {
    let mut plan = Plan::default();
    let mut images = BTreeSet::new();
    for key in selected {
        let Some(component) = desired.components.get(key).filter(|component| component.build.is_some())
        else {
            continue;
        };
        let image = component.container.image.clone();
        if images.insert(image.clone()) {
            let operation = Operation::BuildImage { image, component: key.clone() };
            plan.add(Phase::Build, operation, "build", &[]);
        }
    }
    plan
}
