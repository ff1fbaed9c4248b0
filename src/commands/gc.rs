//! `gc`: what checkouts of this host left on the engine that are gone, and killed `gw run` of this one, is listed, and removed when
//! the user says so.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::drive::connect;
use super::killed::Killed;
use super::owner::{self, resident};
use super::session::Session;
use super::sweep::sweep;
use crate::engine::docker::DockerEngine;
use crate::engine::docker::connect::Connection;
use crate::engine::docker::disk_usage::usage;
use crate::engine::docker::labels::Stamp;
use crate::engine::docker::observe::observe;
use crate::error::Error;
use crate::event::Outcome;
use crate::plan::collect::{self, Collection, Here, Thing, Usage};
use crate::plan::desired::Desired;
use crate::plan::graph::Plan;
use crate::plan::observed::Observed;
use crate::plan::ownership::Checkout;
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
    let root = session.settings.root.clone();
    let killed = Killed::find(&root, &checkout, &observe(&connection.docker, "", &[]).await?)?;
    let mut look = Look::take(&connection, &checkout, &killed.projects).await?;
    let mut plan = look.plan();
    if wish.dry_run {
        session.show_plan(&plan);
        return Ok(());
    }
    let asks = !wish.yes && session.can_ask();
    let view = view(&look.collection, &plan, !wish.yes && !asks);
    session.show(&view);
    let said = std::mem::take(&mut plan.notes);
    if !session.is_json() {
        tell(session, &said);
    }
    let agreed = wish.yes || (asks && !plan.nodes.is_empty() && session.ask("remove them?").await?);
    if plan.nodes.is_empty() {
        return killed.forget(&root);
    }
    if !agreed {
        return Ok(());
    }
    if asks {
        // A question may stand for hours.
        let now = Look::take(&connection, &checkout, &killed.projects).await?;
        look = Look { collection: collect::agreed(&look.collection, now.collection), ..now };
        plan = look.plan();
        plan.notes.retain(|note| !said.contains(note));
        if plan.nodes.is_empty() {
            tell(session, &plan.notes);
            return killed.forget(&root);
        }
    }
    let engine = DockerEngine::new(&connection, Arc::new(Desired::default()), Stamp::default());
    let mut result = sweep(session, &engine, &plan).await;
    if result.is_ok() {
        result = killed.forget(&root);
    }
    let projects: BTreeSet<&str> =
        look.collection.things.iter().map(|thing| thing.project.as_str()).collect();
    let projects = projects.into_iter().collect::<Vec<_>>().join(", ");
    match &result {
        Ok(()) => session.conclude("gc", &projects, Outcome::Done),
        failed => session.finish("gc", &projects, failed),
    }
    result
}

fn tell(session: &mut Session, notes: &[String]) {
    for note in notes {
        session.note(note.clone());
    }
}

/// What is on the engine, and what of it is nobody's.
struct Look {
    observed: Observed,
    usage: Usage,
    collection: Collection,
}

impl Look {
    async fn take(
        connection: &Connection,
        checkout: &Checkout,
        killed: &BTreeSet<String>,
    ) -> Result<Self, Error> {
        let (observed, usage) = tokio::try_join!(observe(&connection.docker, "", &[]), usage(connection))?;
        let mut folders = collect::folders(&observed, &usage, &checkout.host);
        // This checkout may have adopted something that is nobody's otherwise.
        folders.insert(checkout.path.clone());
        let residents = folders.into_iter().map(|folder| (folder.clone(), resident(&folder))).collect();
        let here = Here { host: &checkout.host, id: &checkout.id, path: &checkout.path, killed };
        let collection = collect::collect(&observed, &usage, here, &residents);
        Ok(Self { observed, usage, collection })
    }

    fn plan(&self) -> Plan {
        collect::plan(&self.collection, &self.observed, &self.usage)
    }
}

fn view(collection: &Collection, plan: &Plan, only_listed: bool) -> Garbage {
    let row = |thing: &Thing| GarbageRow {
        checkout: thing.path.clone(),
        project: thing.project.clone(),
        kind: thing.kind.to_string(),
        name: thing.name.clone(),
        running: thing.runs,
        bytes: thing.bytes,
        killed: thing.killed,
    };
    let things = collection.things.iter().map(row).collect();
    Garbage { things, notes: plan.notes.clone(), only_listed }
}
