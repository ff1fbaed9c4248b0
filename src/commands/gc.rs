//! `gc`: what checkouts of this host left on the engine that are gone is listed, and removed when the user says so.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::drive::connect;
use super::owner::{self, resident};
use super::session::Session;
use super::sweep::sweep;
use crate::engine::docker::DockerEngine;
use crate::engine::docker::disk_usage::usage;
use crate::engine::docker::labels::Stamp;
use crate::engine::docker::observe::observe;
use crate::error::Error;
use crate::event::Outcome;
use crate::plan::collect::{self, Collection, Here, Kind, Thing};
use crate::plan::desired::Desired;
use crate::plan::graph::Plan;
use crate::report::view::{Garbage, GarbageRow};
use crate::settings::command::Gc;

/// Lists, asks, removes.
///
/// # Errors
/// See [`Error`].
pub(super) async fn gc(session: &mut Session, wish: Gc) -> Result<(), Error> {
    // It is about no profile.
    session.settings.profile = String::new();
    let checkout = owner::checkout(&session.settings.root, Path::new(""), false)?;
    let connection = connect().await?;
    let (observed, usage) = tokio::try_join!(observe(&connection.docker, "", &[]), usage(&connection))?;
    let mut folders = collect::folders(&observed, &usage, &checkout.host);
    // This checkout may have adopted something that is nobody's otherwise.
    folders.insert(checkout.path.clone());
    let residents = folders.into_iter().map(|folder| (folder.clone(), resident(&folder))).collect();
    let here = Here { host: &checkout.host, id: &checkout.id };
    let collection = collect::collect(&observed, &usage, here, &residents);
    let plan = collect::plan(&collection, &observed, &usage);
    if wish.dry_run {
        session.show_plan(&plan);
        return Ok(());
    }
    let asks = !wish.yes && session.can_ask();
    let view = view(&collection, &plan, !wish.yes && !asks);
    session.show(&view);
    if !wish.yes && !session.is_json() {
        plan.notes.iter().for_each(|note| session.note(note.clone()));
    }
    let agreed = wish.yes || (asks && !plan.nodes.is_empty() && session.ask("remove them?").await?);
    if plan.nodes.is_empty() || !agreed {
        return Ok(());
    }
    let engine = DockerEngine::new(&connection, Arc::new(Desired::default()), Stamp::default());
    let result = sweep(session, &engine, &plan).await;
    let projects: BTreeSet<&str> = collection.things.iter().map(|thing| thing.project.as_str()).collect();
    let projects = projects.into_iter().collect::<Vec<_>>().join(", ");
    match &result {
        Ok(()) => session.conclude("gc", &projects, Outcome::Done),
        failed => session.finish("gc", &projects, failed),
    }
    result
}

fn view(collection: &Collection, plan: &Plan, only_listed: bool) -> Garbage {
    let row = |thing: &Thing| GarbageRow {
        checkout: thing.path.clone(),
        project: thing.project.clone(),
        kind: match thing.kind {
            Kind::Container => "container",
            Kind::Network => "network",
            Kind::Volume => "volume",
            Kind::Image => "image",
        }
        .to_owned(),
        name: thing.name.clone(),
        running: thing.runs,
        bytes: thing.bytes,
    };
    let things = collection.things.iter().map(row).collect();
    Garbage { things, notes: plan.notes.clone(), only_listed }
}
