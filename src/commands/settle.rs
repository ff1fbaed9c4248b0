//! Makes the stores have the passwords of the env file: after `secrets rotate` wrote new ones, and after one that was cut off.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::drive::{self, Site, drive};
use super::owner;
use super::prepare::Prepared;
use super::session::Session;
use super::sweep::sweep;
use crate::engine::docker::DockerEngine;
use crate::engine::docker::rotate::Unchanged;
use crate::engine::mongodb_user::{Change, Found};
use crate::error::Error;
use crate::plan::desired::{Desired, Probe};
use crate::plan::observed::State;
use crate::plan::reconcile::{self, Options};
use crate::plan::{fingerprint, initialised};
use crate::render::secrets::{self, rotation};
use crate::stack::rotation::{StoreUser, store_user};

/// Finishes what a rotation began, where one did; `site` is looked at again afterwards.
///
/// # Errors
/// A store does not take the new password; see [`Error`].
pub(super) async fn settle(session: &mut Session, prepared: &Prepared, site: &mut Site) -> Result<(), Error> {
    let (root, profile) = (session.settings.root.clone(), prepared.profile.name.clone());
    let former = rotation::former(&root, &profile)?;
    if former.is_empty() {
        return Ok(());
    }
    for (secret, former) in &former {
        // A store that this profile has no more keeps what it has: its data may come back.
        let Some(user) = store_user(&prepared.profile, secret) else { return Ok(()) };
        tell(session, prepared, site, &user, former).await?;
    }
    rotation::end(&root, &profile)?;
    site.observed = drive::engine(prepared, &site.connection).observe(&prepared.names()).await?;
    Ok(())
}

/// Tells a store's user its new password.
async fn tell(
    session: &mut Session,
    prepared: &Prepared,
    site: &mut Site,
    user: &StoreUser,
    former: &str,
) -> Result<(), Error> {
    let volume = prepared.desired.volumes.get(user.volume);
    if !volume.is_some_and(|volume| site.observed.volumes.contains_key(&volume.name)) {
        // No data, no user: the first start makes it with the new password.
        return Ok(());
    }
    start(session, prepared, site, user).await?;
    // The env file's: what a source says by now may be another one again.
    let values = secrets::load(&session.settings.root, &prepared.profile.name)?;
    let new = values.get(user.secret).map_or("", String::as_str);
    let engine = drive::engine(prepared, &site.connection);
    let change = Change { user: user.user, former, new };
    let found = engine
        .change_mongodb_user(&user.servers, change)
        .await
        .map_err(|why| unchanged(prepared, user, &why))?;
    session.note(match found {
        Found::Former => format!("MongoDB's user {} has its new password", user.user),
        Found::New => format!("MongoDB's user {} had its new password already", user.user),
    });
    let mut salt = [0; fingerprint::SALT];
    owner::fill_random(&mut salt);
    let Some(fingerprint) = fingerprint::of(new, salt) else { return Ok(()) };
    let (marker, plan) = initialised::succeed(&prepared.desired, &site.observed, user.volume, &fingerprint);
    let engine = DockerEngine::new(&site.connection, Arc::new(marker), drive::stamp(&prepared.checkout));
    sweep(session, &engine, &plan).await
}

/// Starts servers that do not run; they listen, and that is all that can be asked of them now.
async fn start(
    session: &mut Session,
    prepared: &Prepared,
    site: &mut Site,
    user: &StoreUser,
) -> Result<(), Error> {
    let runs = |key: &String| {
        let mut containers = site.observed.containers.iter();
        containers.any(|one| one.component() == key && !one.is_one_off() && one.state == State::Running)
    };
    if user.servers.iter().all(runs) {
        return Ok(());
    }
    session.note("a rotation was not finished: first the servers that it is about".to_owned());
    let mut desired = Desired::clone(&prepared.desired);
    for key in &user.servers {
        let component = desired.components.get_mut(key);
        let listens = |probe: &Probe| crate::engine::probe::port(probe).map(|port| Probe::Tcp { port });
        if let Some(component) = component
            && let Some(probe) = listens(&component.probe)
        {
            component.probe = probe;
        }
    }
    let selected: BTreeSet<String> = user.servers.iter().cloned().collect();
    let options = Options { selected, resolved: hashes(prepared), keep_orphans: true, ..Options::default() };
    let plan = reconcile::up(&desired, &site.observed, &options);
    let stamp = drive::stamp(&prepared.checkout);
    let engine = DockerEngine::new(&site.connection, Arc::new(desired), stamp);
    drive(session, prepared, &engine, &plan).await?;
    site.observed = engine.observe(&prepared.names()).await?;
    Ok(())
}

fn hashes(prepared: &Prepared) -> BTreeMap<String, String> {
    let components = prepared.desired.components.iter();
    let hash = |component| crate::plan::resolved::resolved(component, &prepared.checkout.id);
    components.map(|(key, component)| (key.clone(), hash(component))).collect()
}

fn unchanged(prepared: &Prepared, user: &StoreUser, why: &Unchanged) -> Error {
    let file = format!(".gw/secrets/{}", prepared.profile.name);
    let hint = match why {
        Unchanged::Engine(trouble) => return trouble.clone().into(),
        Unchanged::Refused(crate::engine::mongodb_user::Refusal::Neither { .. }) => format!(
            "write the password that it has into {file}/env as {}, and remove {file}/rotation",
            user.secret
        ),
        _ => "once it answers, `gw up` goes on from here: nothing is lost".to_owned(),
    };
    Error::NotRotated { message: format!("{} is not changed yet: {why}", user.secret), hint }
}
