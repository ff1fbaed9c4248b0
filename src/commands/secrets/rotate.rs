//! `secrets rotate`: new values, told to the stores; what runs with the former ones is replaced, borrowers' containers too.

use std::collections::BTreeMap;
use std::path::Path;

use crate::commands::drive::{Site, visit};
use crate::commands::prepare::{Prepared, Secrets, prepare};
use crate::commands::session::Session;
use crate::commands::settle::settle;
use crate::commands::{lock, owner, up};
use crate::error::Error;
use crate::plan::borrowers::{Borrower, borrowers};
use crate::plan::observed::{Container, Observed, State};
use crate::profile::store_secrets;
use crate::render::secrets::{self, rotation};
use crate::report::view::Rotation;
use crate::settings::command::Rotate;
use crate::stack::model::{SecretNeed, SecretSource};
use crate::stack::rotation::{steps, store_user};

/// Gives secrets new values.
///
/// # Errors
/// A secret whose value is not gw's to make; a store that does not run; see [`Error`].
pub(in crate::commands) async fn rotate(session: &mut Session, wish: Rotate) -> Result<(), Error> {
    let need = if wish.dry_run { Secrets::Asked } else { Secrets::Fetched };
    let prepared = load(session, &session.settings.profile, need)?;
    let chosen = chosen(&prepared, &wish.secrets)?;
    if wish.dry_run {
        let users = users(&prepared, &chosen);
        let steps = steps(&prepared.profile, &chosen, &users).iter().map(ToString::to_string).collect();
        session.show(&Rotation { profile: prepared.profile.name, steps });
        return Ok(());
    }
    let mut project = prepared.desired.project.clone();
    let own = (session.settings.profile.clone(), project.clone());
    let mut result = Box::pin(own_project(session, prepared, &chosen)).await;
    if let Ok(others) = &result {
        let others = others.clone();
        result = borrowing(session, &own.0, others, &mut project).await;
    }
    let result = result.map(|_| ());
    session.settings.profile = own.0;
    session.finish("secrets rotate", &project, &result);
    result
}

fn load(session: &Session, profile: &str, need: Secrets) -> Result<Prepared, Error> {
    prepare(&session.settings, profile, need)
}

/// The secrets that are meant: those that are named, else the passwords of the profile's own stores.
fn chosen(prepared: &Prepared, names: &[String]) -> Result<Vec<String>, Error> {
    let profile = &prepared.profile;
    let own = store_secrets::of(profile.mongodb.as_ref(), profile.redis.as_ref());
    // All members must be stopped at once for a new key: only who names it wants that.
    let passwords = || own.iter().filter(|name| **name != store_secrets::MONGODB_KEYFILE);
    let names: Vec<String> =
        if names.is_empty() { passwords().map(|name| (*name).to_owned()).collect() } else { names.to_vec() };
    if names.is_empty() {
        return Err(refused(
            format!("profile {} runs no store that has a password", profile.name),
            "`gw secrets list` shows what can be named; borrowed passwords are rotated in their owner's profile".into(),
        ));
    }
    for name in &names {
        let need = prepared.needs.iter().find(|need| need.variable == *name);
        rotates(prepared, name, need)?;
    }
    Ok(names)
}

/// Whether a secret's value is one that gw can change.
fn rotates(prepared: &Prepared, name: &str, need: Option<&SecretNeed>) -> Result<(), Error> {
    let Some(need) = need else {
        let known: Vec<&str> = prepared.needs.iter().map(|need| need.variable.as_str()).collect();
        let profile = &prepared.profile.name;
        return Err(Error::Usage(format!(
            "no secret {name:?} in profile {profile}; it has {}",
            known.join(", ")
        )));
    };
    let told = store_user(&prepared.profile, name).is_some();
    match &need.source {
        SecretSource::Generated { .. } => Ok(()),
        SecretSource::Profile { name: owner, .. } => Err(refused(
            format!("{name} is of profile {owner}"),
            format!("`gw secrets rotate -p {owner} {name}` changes it there, and replaces what runs here"),
        )),
        SecretSource::Given => Err(refused(
            format!("the value of {name} is yours"),
            format!("write the new one into .gw/secrets/{}/env, then `gw up`", prepared.profile.name),
        )),
        _ if told && prepared.unproven.contains_key(name) => Ok(()),
        source if told => Err(refused(
            format!("{source} still has the former value of {name}"),
            "change it there first; then `gw secrets rotate` tells the store".into(),
        )),
        source => Err(refused(format!("{name} comes from {source}"), "change it there, then `gw up`".into())),
    }
}

fn refused(message: String, hint: String) -> Error {
    Error::NotRotated { message, hint }
}

fn users(prepared: &Prepared, chosen: &[String]) -> Vec<String> {
    let needs = prepared.needs.iter().filter(|need| chosen.contains(&need.variable));
    let mut users: Vec<String> = needs.flat_map(|need| need.users.iter().cloned()).collect();
    users.sort();
    users.dedup();
    users
}

/// Rotates in the profile's own project; returns who borrows from it.
async fn own_project(
    session: &mut Session,
    prepared: Prepared,
    chosen: &[String],
) -> Result<Vec<Borrower>, Error> {
    let (root, project) = (session.settings.root.clone(), prepared.desired.project.clone());
    let profile = prepared.profile.name.clone();
    let waiting = format!("another gw works on project {project}: waiting for it");
    let _lock = lock::take(&root, &project, || session.note(waiting)).await?;
    let mut site = visit(&prepared).await?;
    settle(session, &prepared, &mut site).await?;
    is_up(&prepared, &site, chosen)?;
    write(&root, &prepared, chosen)?;
    session.note(format!("new values of {} are in .gw/secrets/{profile}/env", chosen.join(", ")));
    let prepared = load(session, &profile, Secrets::Used)?;
    settle(session, &prepared, &mut site).await?;
    let others = borrowers(&project, &site.observed);
    up::replace(session, &prepared, running(&prepared, &site.observed)).await?;
    Ok(others)
}

/// A store's user can only be changed by the store.
fn is_up(prepared: &Prepared, site: &Site, chosen: &[String]) -> Result<(), Error> {
    for user in chosen.iter().filter_map(|name| store_user(&prepared.profile, name)) {
        let volume = prepared.desired.volumes.get(user.volume);
        let has_data = volume.is_some_and(|volume| site.observed.volumes.contains_key(&volume.name));
        let runs = |one: &Container| {
            user.servers.iter().any(|key| one.component() == key) && one.state == State::Running
        };
        if has_data && !site.observed.containers.iter().any(runs) {
            let message = format!("{} can only be changed while mongodb runs", user.secret);
            return Err(refused(message, format!("`gw up -p {} mongodb` first", prepared.profile.name)));
        }
    }
    Ok(())
}

/// Writes the new values, and before them what is needed to go on from here.
fn write(root: &Path, prepared: &Prepared, chosen: &[String]) -> Result<(), Error> {
    let _turn = lock::turn(root)?;
    let profile = &prepared.profile.name;
    let before = secrets::load(root, profile)?;
    let mut new = BTreeMap::new();
    for need in prepared.needs.iter().filter(|need| chosen.contains(&need.variable)) {
        let value = match &need.source {
            SecretSource::Generated { length } => {
                secrets::generate(*length, &mut |bytes| owner::fill_random(bytes))
            }
            _ => prepared.secrets.get(&need.variable).cloned().unwrap_or_default(),
        };
        new.insert(need.variable.clone(), value);
    }
    let told = |name: &String| store_user(&prepared.profile, name).is_some();
    let former: BTreeMap<String, String> =
        before.into_iter().filter(|(name, _)| new.contains_key(name) && told(name)).collect();
    if !former.is_empty() {
        rotation::begin(root, profile, &former)?;
    }
    Ok(secrets::set(root, profile, &new)?)
}

/// The components that run, and the jobs that have run: what has values in it.
pub(in crate::commands) fn running(prepared: &Prepared, observed: &Observed) -> Vec<String> {
    let there = |one: &&Container| {
        !one.is_one_off()
            && prepared.desired.components.contains_key(one.component())
            && (one.state.is_up() || one.exit_code == Some(0) && is_job(prepared, one.component()))
    };
    let mut keys: Vec<String> =
        observed.containers.iter().filter(there).map(|one| one.component().to_owned()).collect();
    keys.sort();
    keys.dedup();
    keys
}

fn is_job(prepared: &Prepared, key: &str) -> bool {
    let component = prepared.desired.components.get(key);
    component.is_some_and(|component| component.role == crate::plan::desired::Role::Job)
}

/// Replaces what runs in projects that borrow from this one: it has the former values.
async fn borrowing(
    session: &mut Session,
    owner: &str,
    others: Vec<Borrower>,
    project: &mut String,
) -> Result<Vec<Borrower>, Error> {
    for borrower in others {
        let loaded = load(session, &borrower.profile, Secrets::Used);
        let is_it = |prepared: &Prepared| {
            let from = prepared.profile.borrowed.as_ref().is_some_and(|taken| taken.profile == owner);
            prepared.desired.project == borrower.project && from
        };
        let Some(prepared) = loaded.ok().filter(is_it) else {
            let who = borrower.containers.join(", ");
            session.note(format!(
                "project {} borrows from this one and is no profile here: replace {who} with the new values",
                borrower.project
            ));
            continue;
        };
        session.note(format!("then profile {}, which borrows from this one", borrower.profile));
        session.settings.profile.clone_from(&borrower.profile);
        project.clone_from(&borrower.project);
        let waiting = format!("another gw works on project {project}: waiting for it");
        let root = session.settings.root.clone();
        let _lock = lock::take(&root, project, || session.note(waiting)).await?;
        let site = visit(&prepared).await?;
        up::replace(session, &prepared, running(&prepared, &site.observed)).await?;
    }
    Ok(Vec::new())
}
