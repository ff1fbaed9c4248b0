//! `up` and `fresh`: from the profile to a project whose every component is ready.

use std::collections::BTreeMap;

use super::drive::{self, drive, visit};
use super::lock;
use super::prepare::{Prepared, Secrets, prepare};
use super::session::Session;
use crate::engine::backend::Trouble;
use crate::error::Error;
use crate::plan::observed::Observed;
use crate::plan::reconcile::{self, Options};
use crate::plan::resolved::resolved;
use crate::plan::selection::select;
use crate::settings::command::{Fresh, Orphans, Up};

/// What both have in common.
struct Wish {
    command: &'static str,
    services: Vec<String>,
    no_deps: bool,
    dry_run: bool,
    build: bool,
    options: Options,
}

/// Brings up what is not as it should be.
///
/// # Errors
/// See [`Error`].
pub(super) async fn up(session: &mut Session, up: Up) -> Result<(), Error> {
    let options = Options {
        recreate: up.force_recreate,
        keep_orphans: up.orphans != Orphans::Remove,
        ..Options::default()
    };
    let Up { services, no_deps, dry_run, build, .. } = up;
    bring_up(session, Wish { command: "up", services, no_deps, dry_run, build, options }).await
}

/// Brings everything up from nothing: clean, build, start, health check, cleanup.
///
/// # Errors
/// See [`Error`].
pub(super) async fn fresh(session: &mut Session, fresh: Fresh) -> Result<(), Error> {
    let options = Options {
        fresh: true,
        volumes: fresh.volumes,
        keep_orphans: fresh.orphans == Orphans::Keep,
        ..Options::default()
    };
    let Fresh { services, no_deps, dry_run, .. } = fresh;
    bring_up(session, Wish { command: "fresh", services, no_deps, dry_run, build: false, options }).await
}

async fn bring_up(session: &mut Session, wish: Wish) -> Result<(), Error> {
    let settings = &session.settings;
    let secrets = if wish.dry_run { Secrets::Read } else { Secrets::Used };
    let prepared = prepare(&settings.root, &settings.profile, settings.image_map.as_deref(), secrets)?;
    if wish.dry_run {
        return dry_run(session, &prepared, &wish).await;
    }
    let result = under_lock(session, &prepared, &wish).await;
    session.finish(wish.command, &prepared.desired.project, &result);
    result
}

/// Prints the plan and changes nothing, on the engine and on the disk.
async fn dry_run(session: &mut Session, prepared: &Prepared, wish: &Wish) -> Result<(), Error> {
    let options = options(prepared, wish)?;
    let site = visit(prepared).await?;
    borrowed_networks(prepared, &site.observed)?;
    if wish.build {
        session.show_plan(&super::build::plan(&prepared.desired, &options.selected));
        session.note("then, with containers replaced whose image that changed:".into());
    }
    session.show_plan(&reconcile::up(&prepared.desired, &site.observed, &options));
    Ok(())
}

fn options(prepared: &Prepared, wish: &Wish) -> Result<Options, Error> {
    let components = prepared.desired.components.iter();
    let hash = |(key, component): (&String, &_)| (key.clone(), resolved(component, &prepared.checkout.id));
    let hashes: BTreeMap<String, String> = components.map(hash).collect();
    Ok(Options {
        selected: select(&prepared.desired, &wish.services, !wish.no_deps)?,
        whole_project: wish.services.is_empty(),
        resolved: hashes,
        ..wish.options.clone()
    })
}

async fn under_lock(session: &mut Session, prepared: &Prepared, wish: &Wish) -> Result<(), Error> {
    let options = options(prepared, wish)?;
    let root = session.settings.root.clone();
    let project = prepared.desired.project.clone();
    let waiting = format!("another gw works on project {project}: waiting for it");
    let _lock = lock::take(&root, &project, || session.note(waiting)).await?;
    let mut site = visit(prepared).await?;
    borrowed_networks(prepared, &site.observed)?;
    let desired = &prepared.desired;
    prepared.write(&root)?;
    let engine = drive::engine(prepared, &site.connection);
    if wish.build {
        drive(session, prepared, &engine, &super::build::plan(desired, &options.selected)).await?;
        site.observed = engine.observe(&prepared.names()).await?;
    }
    let plan = reconcile::up(desired, &site.observed, &options);
    drive(session, prepared, &engine, &plan).await
}

/// A network of another project must be there: its owner has to run first.
fn borrowed_networks(prepared: &Prepared, observed: &Observed) -> Result<(), Error> {
    let desired = &prepared.desired;
    let missing = desired
        .networks
        .values()
        .find(|network| network.external && !observed.networks.contains_key(&network.name));
    let Some(network) = missing else { return Ok(()) };
    let owner = prepared.profile.borrowed.as_ref().map_or("", |borrowed| borrowed.profile.as_str());
    let start = format!("start it first: gw up --profile {owner}");
    Err(Trouble::Conflict(format!("network {} of profile {owner} is not there; {start}", network.name))
        .into())
}
