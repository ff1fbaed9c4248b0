//! `up` and `fresh`: from the profile to a project whose every component is ready.

use std::collections::BTreeMap;
use std::path::Path;

use super::borrowers;
use super::drive::{self, Site, drive, visit};
use super::port_check;
use super::preflight::{passwords, preflight};
use super::prepare::{Prepared, Secrets, prepare};
use super::session::Session;
use super::settle::settle;
use super::{gone, lock, runs, shared, timeline};
use crate::error::Error;
use crate::plan::graph::Plan;
use crate::plan::reconcile::Options;
use crate::plan::resolved::resolved;
use crate::plan::selection::select;
use crate::plan::strangers;
use crate::render::secrets::rotation;
use crate::settings::command::{Fresh, Orphans, Run, Up};

/// What both have in common.
#[expect(clippy::struct_excessive_bools, reason = "each is one flag of the command line")]
struct Wish {
    command: &'static str,
    services: Vec<String>,
    no_deps: bool,
    dry_run: bool,
    build: bool,
    take_over: bool,
    with_shared: bool,
    options: Options,
}

impl Wish {
    /// What `--with-shared` does in the owner's project: what is missing comes up, nothing begins from nothing.
    fn of_owner(services: Vec<String>, take_over: bool) -> Self {
        let options = Options { keep_orphans: true, ..Options::default() };
        let (no_deps, dry_run, build, with_shared) = (false, false, false, false);
        Self { command: "up", services, no_deps, dry_run, build, take_over, with_shared, options }
    }
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
    let Up { services, no_deps, dry_run, build, take_over, with_shared, .. } = up;
    let with_shared = with_shared || session.settings.run().is_some();
    let wish = Wish { command: "up", services, no_deps, dry_run, build, take_over, with_shared, options };
    bring_up(session, wish).await
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
    let Fresh { services, no_deps, dry_run, take_over, with_shared, .. } = fresh;
    let with_shared = with_shared || session.settings.run().is_some();
    let wish =
        Wish { command: "fresh", services, no_deps, dry_run, build: false, take_over, with_shared, options };
    bring_up(session, wish).await
}

/// Replaces what runs of a project and was made with other values, with the project's lock held.
///
/// # Errors
/// See [`Error`].
pub(super) async fn replace(
    session: &mut Session,
    prepared: &Prepared,
    components: Vec<String>,
) -> Result<(), Error> {
    if components.is_empty() {
        return Ok(());
    }
    let mut wish = Wish::of_owner(components, false);
    wish.no_deps = true;
    let options = options(prepared, &wish)?;
    deploy(session, prepared, &wish, options).await
}

/// Brings up what a `gw run` needs; what an isolated one borrows comes up in the same run.
///
/// # Errors
/// See [`Error`].
pub(super) async fn for_run(session: &mut Session, prepared: &Prepared, run: &Run) -> Result<(), Error> {
    let options = Options { keep_orphans: true, ..Options::default() };
    let with_shared = prepared.run.is_some();
    let (services, build) = (run.services.clone(), run.build);
    let (no_deps, dry_run, take_over) = (false, false, false);
    let wish = Wish { command: "run", services, no_deps, dry_run, build, take_over, with_shared, options };
    let profile = session.settings.profile.clone();
    let mut project = prepared.desired.project.clone();
    let result = with_owners(session, prepared, &wish, &mut project).await;
    session.settings.profile = profile;
    result
}

async fn bring_up(session: &mut Session, wish: Wish) -> Result<(), Error> {
    let settings = &session.settings;
    let secrets = Secrets::for_up(settings, wish.dry_run);
    let prepared = prepare(settings, &settings.profile, secrets)?;
    if wish.dry_run {
        return dry_run(session, &prepared, &wish).await;
    }
    let mut project = prepared.desired.project.clone();
    timeline::begin(session, wish.command, &project);
    if let Some(run) = &prepared.run {
        runs::begin(session, run, &project)?;
    }
    let result = with_owners(session, &prepared, &wish, &mut project).await;
    let result = timeline::keep(session, result);
    session.finish(wish.command, &project, &result);
    result
}

/// First, where that is wished, what is borrowed; each project in its turn and under its own lock, so that no two runs can
/// wait for each other. `project` is the one that is worked on when it ends.
async fn with_owners(
    session: &mut Session,
    prepared: &Prepared,
    wish: &Wish,
    project: &mut String,
) -> Result<(), Error> {
    let selected = options(prepared, wish)?.selected;
    let owners = if wish.with_shared {
        shared::chain(&session.settings, prepared, &selected, Secrets::Fetched)?
    } else {
        Vec::new()
    };
    let own = (session.settings.profile.clone(), project.clone());
    for owner in owners {
        session.note(format!("first what is shared: {}", owner.in_words()));
        let desired = &owner.prepared.desired;
        // Screens of failures name the profile whose component failed.
        (session.settings.profile, *project) = (desired.profile.clone(), desired.project.clone());
        under_lock(session, &owner.prepared, &Wish::of_owner(owner.services(), wish.take_over)).await?;
    }
    (session.settings.profile, *project) = own;
    under_lock(session, prepared, wish).await
}

/// Prints the plan and changes nothing, on the engine and on the disk.
async fn dry_run(session: &mut Session, prepared: &Prepared, wish: &Wish) -> Result<(), Error> {
    let options = options(prepared, wish)?;
    if wish.with_shared {
        for owner in shared::chain(&session.settings, prepared, &options.selected, Secrets::Asked)? {
            session.note(format!("first what is shared: {}", owner.in_words()));
            let wish = Wish::of_owner(owner.services(), wish.take_over);
            let plan = checked_plan(session, &owner.prepared, &wish).await?;
            session.show_plan(&plan);
        }
        session.note(format!("then profile {}", prepared.desired.profile));
    } else {
        shared::check(session, wish.command, prepared, &options.selected).await?;
    }
    let plan = checked_plan(session, prepared, wish).await?;
    if wish.build {
        session.show_plan(&super::build::plan(&prepared.desired, &options.selected));
        session.note("then, with containers replaced whose image that changed:".into());
    }
    session.show_plan(&plan);
    Ok(())
}

/// What a run would do, after everything that it would refuse.
async fn checked_plan(session: &Session, prepared: &Prepared, wish: &Wish) -> Result<Plan, Error> {
    let options = options(prepared, wish)?;
    let site = visit(prepared).await?;
    preflight(prepared, &site, &options)?;
    // A rotation that was cut off is finished first, and the password is the right one then.
    if !prepared.unfinished {
        passwords(prepared, &site.observed, &options)?;
    }
    plan(&session.settings.root, prepared, &site, &options, wish)
}

fn options(prepared: &Prepared, wish: &Wish) -> Result<Options, Error> {
    let components = prepared.desired.components.iter();
    let hash = |(key, component): (&String, &_)| (key.clone(), resolved(component, &prepared.checkout.id));
    let hashes: BTreeMap<String, String> = components.map(hash).collect();
    Ok(Options {
        selected: select(&prepared.desired, &wish.services, !wish.no_deps)?,
        whole_project: wish.services.is_empty(),
        resolved: hashes,
        checkout: prepared.checkout.clone(),
        ..wish.options.clone()
    })
}

/// What is to be done, with what is left alone.
fn plan(
    root: &Path,
    prepared: &Prepared,
    site: &Site,
    options: &Options,
    wish: &Wish,
) -> Result<Plan, Error> {
    let mut plan = port_check::plan(prepared, site, options, wish.command, wish.take_over)?;
    plan.notes.extend(strangers::used(&prepared.desired, &site.observed));
    if options.whole_project {
        plan.notes.extend(gone::note(root, prepared, &site.observed, false));
    }
    Ok(plan)
}

async fn under_lock(session: &mut Session, prepared: &Prepared, wish: &Wish) -> Result<(), Error> {
    let options = options(prepared, wish)?;
    let root = session.settings.root.clone();
    let project = prepared.desired.project.clone();
    let waiting = format!("another gw works on project {project}: waiting for it");
    let _lock = lock::take(&root, &project, || session.note(waiting)).await?;
    shared::check(session, wish.command, prepared, &options.selected).await?;
    deploy(session, prepared, wish, options).await
}

/// Does it, with the project's lock held.
async fn deploy(
    session: &mut Session,
    prepared: &Prepared,
    wish: &Wish,
    options: Options,
) -> Result<(), Error> {
    let root = session.settings.root.clone();
    let mut site = visit(prepared).await?;
    // An isolated run's stores begin with the password that there is: no rotation is theirs.
    if !(options.volumes && options.whole_project) && prepared.run.is_none() {
        settle(session, prepared, &mut site).await?;
    }
    preflight(prepared, &site, &options)?;
    passwords(prepared, &site.observed, &options)?;
    prepared.keep_secrets(&root)?;
    if options.volumes {
        borrowers::tell_of_data(session, prepared, &site.observed);
    }
    let desired = &prepared.desired;
    let mut plan = plan(&root, prepared, &site, &options, wish)?;
    prepared.write(&root)?;
    let engine = drive::engine(prepared, &site.connection);
    if wish.build {
        drive(session, prepared, &engine, &super::build::plan(desired, &options.selected)).await?;
        site.observed = engine.observe(&prepared.names()).await?;
        plan = self::plan(&root, prepared, &site, &options, wish)?;
    }
    let result = drive(session, prepared, &engine, &plan).await;
    if options.volumes && options.whole_project && result.is_ok() && prepared.run.is_none() {
        rotation::end(&root, &prepared.profile.name)?;
    }
    port_check::explained(prepared, &site, &engine, &options, result).await
}
