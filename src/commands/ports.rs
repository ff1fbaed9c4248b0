//! `ports` and `env`: where things are reached, and what a program on the host needs to reach them.

use std::collections::BTreeSet;

use super::addresses::{Address, addresses, borrowed, scheme};
use super::drive::visit;
use super::engine_host::EngineHost;
use super::prepare::{Prepared, Secrets, prepare};
use super::session::Session;
use super::shared::owner;
use crate::error::Error;
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
                (true, false) => None,
                (false, _) => Some("not running".to_owned()),
            },
        })
    };
    let ports = addresses.into_iter().filter(wanted).filter_map(row).collect();
    let (profile, project) = (prepared.profile.name.clone(), prepared.desired.project.clone());
    session.show(&Ports { profile, project, ports });
    Ok(())
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
    let variables = match &wish.service {
        None => host_variables(&addresses),
        Some(name) => own_variables(&prepared, name, &addresses)?,
    };
    let text = match wish.format {
        Format::Shell => environment::shell(&variables),
        Format::Dotenv => environment::dotenv(&variables),
        Format::Json => environment::json(&variables),
    };
    session.print(&text);
    Ok(())
}

async fn find(session: &Session) -> Result<(Prepared, Vec<Address>), Error> {
    let settings = &session.settings;
    let prepared = prepare(&settings.root, &settings.profile, settings.image_map.as_deref(), Secrets::Used)?;
    let site = visit(&prepared).await?;
    let host = EngineHost::of(&site.connection);
    let mut addresses = addresses(&prepared.desired, Some(&site.observed), host);
    if let Some(owner) = owner(settings, &prepared, Secrets::Named)? {
        let observed = visit(&owner.prepared).await?.observed;
        addresses.extend(borrowed(&owner.prepared.desired, &observed, &owner.keys(), host));
    }
    Ok((prepared, addresses))
}

/// `GATEWAY_URL`, `AUTH_URL`, `MONGODB_URL` and the like, as seen from the host; what is the profile's own wins.
fn host_variables(addresses: &[Address]) -> Vec<(String, String)> {
    let mut variables = Vec::new();
    for address in addresses {
        let Some(host) = &address.host else { continue };
        let name = address.component.to_uppercase().replace('-', "_");
        let url = format!("{}://{}{host}", scheme(address.role), address.credentials);
        if !variables.iter().any(|(known, _)| *known == format!("{name}_URL")) {
            variables.push((format!("{name}_URL"), url));
        }
    }
    variables
}

/// A service's own variables, with the addresses at which this machine reaches what they name.
fn own_variables(
    prepared: &Prepared,
    name: &str,
    addresses: &[Address],
) -> Result<Vec<(String, String)>, Error> {
    let key = find_component(&prepared.desired, name)?;
    let component = prepared.desired.components.get(&key);
    let pairs = component.into_iter().flat_map(|component| &component.container.environment);
    let reached = |value: &String| {
        addresses.iter().fold(value.clone(), |value, address| {
            let Some(host) = &address.host else { return value };
            let value = seen_from_host(&value, &address.inside, host);
            seen_from_host(&value, &address.everywhere, host)
        })
    };
    Ok(pairs.filter_map(|(name, value)| Some((name.clone(), reached(value.as_ref()?)))).collect())
}

/// A text with an address inside the project replaced by the one on the host; a longer name or number is another address.
fn seen_from_host(text: &str, inside: &str, host: &str) -> String {
    let part = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let (mut seen, mut rest) = (String::new(), text);
    while let Some(place) = rest.find(inside) {
        let (before, after) = (&rest[..place], &rest[place + inside.len()..]);
        let longer = before.ends_with(part)
            || (before.is_empty() && seen.ends_with(part))
            || after.starts_with(|letter: char| letter.is_ascii_digit());
        seen.push_str(before);
        seen.push_str(if longer { inside } else { host });
        rest = after;
    }
    seen + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_address_is_replaced() {
        let seen = |text| seen_from_host(text, "redis:6379", "127.0.0.1:16379");
        assert_eq!(seen("redis://:secret@redis:6379/0"), "redis://:secret@127.0.0.1:16379/0");
        assert_eq!(seen("redis:6379,redis:6379"), "127.0.0.1:16379,127.0.0.1:16379");
        assert_eq!(seen("my-redis:6379 redis:63790 redis"), "my-redis:6379 redis:63790 redis");
    }
}
