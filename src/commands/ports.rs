//! `ports` and `env`: where things are reached, and what a program on the host needs to reach them.

use std::collections::BTreeSet;

use super::addresses::{Address, addresses, borrowed, scheme};
use super::drive::{self, Site, visit};
use super::engine_host::EngineHost;
use super::leaders::led;
use super::look::look;
use super::prepare::{Prepared, Secrets, prepare};
use super::reached::{Set, reached, sets};
use super::session::Session;
use super::shared::owner;
use crate::error::Error;
use crate::plan::desired::Component;
use crate::plan::leader::{Store, part};
use crate::plan::selection::find as find_component;
use crate::report::environment;
use crate::report::view::{PortRow, Ports};
use crate::settings::command::{Env, Format};

/// Shows every port, inside and on the host.
///
/// # Errors
/// See [`Error`].
pub(super) async fn ports(session: &mut Session, names: &[String]) -> Result<(), Error> {
    let (prepared, addresses) = find(session).await?;
    let wanted = wanted(&prepared, &addresses, names)?;
    let wanted = |address: &Address| wanted.contains(&(address.owner.clone(), address.component.clone()));
    let row = |address: Address| {
        Some(PortRow {
            component: address.component,
            owner: address.owner,
            inside: address.inside,
            host: address.host?,
            note: match (address.running, address.hidden) {
                (true, true) => Some("on the engine's loopback, out of reach from here".to_owned()),
                (true, false) => place(address.part, address.says, address.leads),
                (false, _) => Some("not running".to_owned()),
            },
        })
    };
    let ports = addresses.into_iter().filter(wanted).filter_map(row).collect();
    let (profile, project) = (prepared.profile.name.clone(), prepared.desired.project.clone());
    session.show(&Ports { profile, project, ports });
    Ok(())
}

/// What a server of a set is now: `primary`, `replica`.
fn place(part: Option<(Store, bool)>, says: Option<String>, leads: bool) -> Option<String> {
    let (store, _) = part?;
    let says = says?;
    // A master that was away still takes itself for one, until the sentinels have told it.
    Some(if says == store.leader() && !leads { format!("takes itself for the {says}") } else { says })
}

/// Owner and name of the named components, or of all; a name is looked for in the profile first.
fn wanted(
    prepared: &Prepared,
    addresses: &[Address],
    names: &[String],
) -> Result<BTreeSet<(Option<String>, String)>, Error> {
    if names.is_empty() {
        return Ok(addresses.iter().map(|one| (one.owner.clone(), one.component.clone())).collect());
    }
    let mut wanted = BTreeSet::new();
    for name in names {
        match find_component(&prepared.desired, name) {
            Ok(key) => {
                let component = prepared.desired.components.get(&key);
                wanted.extend(component.map(|component| (None, component.name.clone())));
            }
            Err(unknown) => {
                let theirs = addresses.iter().find(|one| one.owner.is_some() && one.component == *name);
                let theirs = theirs.ok_or(unknown)?;
                wanted.insert((theirs.owner.clone(), theirs.component.clone()));
            }
        }
    }
    Ok(wanted)
}

/// Prints variables: the addresses of everything on the host, or a service's own variables.
///
/// # Errors
/// See [`Error`].
pub(super) async fn env(session: &mut Session, wish: Env) -> Result<(), Error> {
    let (prepared, addresses) = find(session).await?;
    let sets = sets(&addresses);
    let variables = match &wish.service {
        None => host_variables(&addresses, &sets),
        Some(name) => own_variables(&prepared, name, &addresses, &sets)?,
    };
    sets.iter().filter_map(Set::note).for_each(|note| session.note(note));
    let text = match wish.format {
        Format::Shell => environment::shell(&variables),
        Format::Dotenv => environment::dotenv(&variables),
        Format::Json => environment::json(&variables),
    };
    session.print(&text);
    Ok(())
}

/// The addresses of everything on the host, as variables for a program that runs here.
///
/// # Errors
/// See [`Error`].
pub(super) async fn variables(session: &Session) -> Result<Vec<(String, String)>, Error> {
    let (_, addresses) = find(session).await?;
    Ok(host_variables(&addresses, &sets(&addresses)))
}

async fn find(session: &Session) -> Result<(Prepared, Vec<Address>), Error> {
    let settings = &session.settings;
    let prepared = prepare(settings, &settings.profile, Secrets::Used)?;
    let site = visit(&prepared).await?;
    let host = EngineHost::of(&site.connection);
    let mut addresses = addresses(&prepared.desired, Some(&site.observed), host);
    ask(&prepared, &site, &mut addresses).await?;
    if let Some(owner) = owner(settings, &prepared, Secrets::Named)? {
        let site = visit(&owner.prepared).await?;
        let mut lent = borrowed(&owner.prepared.desired, &site.observed, &owner.keys(), host);
        ask(&owner.prepared, &site, &mut lent).await?;
        addresses.extend(lent);
    }
    Ok((prepared, addresses))
}

/// Asks the servers of sets who leads, and notes it at their addresses. Nobody is asked where nobody leads.
async fn ask(prepared: &Prepared, site: &Site, addresses: &mut [Address]) -> Result<(), Error> {
    let of_sets: BTreeSet<Store> = addresses
        .iter()
        .filter_map(|one| one.part)
        .filter(|(_, votes)| *votes)
        .map(|(store, _)| store)
        .collect();
    let of_set = |component: &Component| part(component).is_some_and(|(store, _)| of_sets.contains(&store));
    let components = prepared.desired.components.iter().filter(|(_, component)| of_set(component));
    let keys = components.map(|(key, _)| key.clone()).collect();
    let engine = drive::engine(prepared, &site.connection);
    let looks = look(&prepared.desired, &site.observed, &engine, &keys).await?;
    let led = led(&prepared.desired, &looks);
    for look in &looks {
        for address in addresses.iter_mut().filter(|address| address.component == look.name) {
            address.says = look.standing().and_then(|standing| standing.role.clone());
            address.leads = led.iter().any(|store| store.is_led_by(look));
        }
    }
    Ok(())
}

/// `GATEWAY_URL`, `AUTH_URL`, `MONGODB_URL` and the like, as seen from the host; what is the profile's own wins.
fn host_variables(addresses: &[Address], sets: &[Set]) -> Vec<(String, String)> {
    let mut variables: Vec<(String, String)> = Vec::new();
    let single = addresses.iter().filter_map(|address| {
        let name = address.component.to_uppercase().replace('-', "_");
        let direct =
            if address.part == Some((Store::Mongodb, true)) { "/?directConnection=true" } else { "" };
        let url =
            format!("{}://{}{}{direct}", scheme(address.role), address.credentials, address.host.as_ref()?);
        Some((format!("{name}_URL"), url))
    });
    for (name, url) in single.chain(sets.iter().filter_map(Set::variable)) {
        if !variables.iter().any(|(known, _)| *known == name) {
            variables.push((name, url));
        }
    }
    variables
}

/// A service's own variables, with the addresses at which this machine reaches what they name.
fn own_variables(
    prepared: &Prepared,
    name: &str,
    addresses: &[Address],
    sets: &[Set],
) -> Result<Vec<(String, String)>, Error> {
    let key = find_component(&prepared.desired, name)?;
    let component = prepared.desired.components.get(&key);
    let pairs = component.into_iter().flat_map(|component| &component.container.environment);
    Ok(pairs
        .filter_map(|(name, value)| Some((name.clone(), reached(value.as_ref()?, sets, addresses))))
        .collect())
}
