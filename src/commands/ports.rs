//! `ports` and `env`: where things are reached, and what a program on the host needs to reach them.

use super::addresses::{Address, addresses, scheme};
use super::drive::visit;
use super::prepare::{Prepared, Secrets, prepare};
use super::session::Session;
use crate::error::Error;
use crate::plan::selection::select;
use crate::report::environment;
use crate::report::view::{PortRow, Ports};
use crate::settings::command::{Env, Format};

/// Shows every port, inside and on the host.
///
/// # Errors
/// See [`Error`].
pub(super) async fn ports(session: &mut Session, names: &[String]) -> Result<(), Error> {
    let (prepared, addresses) = find(session).await?;
    let selected = select(&prepared.desired, names, false)?;
    let wanted = |address: &Address| {
        selected
            .iter()
            .any(|key| prepared.desired.components.get(key).is_some_and(|one| one.name == address.component))
    };
    let row = |address: Address| {
        Some(PortRow {
            component: address.component,
            owner: None,
            inside: address.inside,
            host: address.host?,
            note: (!address.running).then(|| "not running".to_owned()),
        })
    };
    let ports = addresses.into_iter().filter(wanted).filter_map(row).collect();
    let (profile, project) = (prepared.profile.name.clone(), prepared.desired.project.clone());
    session.show(&Ports { profile, project, ports });
    Ok(())
}

/// Prints variables: the addresses of everything on the host, or a service's own variables.
///
/// # Errors
/// See [`Error`].
pub(super) async fn env(session: &mut Session, wish: Env) -> Result<(), Error> {
    let (prepared, addresses) = find(session).await?;
    let variables = match &wish.service {
        None => host_variables(&prepared, &addresses),
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
    let host = site.connection.published_host();
    let addresses = addresses(&prepared.desired, Some(&site.observed), host);
    Ok((prepared, addresses))
}

/// `GATEWAY_URL`, `AUTH_URL`, `MONGODB_URL` and the like, as seen from the host.
fn host_variables(prepared: &Prepared, addresses: &[Address]) -> Vec<(String, String)> {
    let mut variables = Vec::new();
    for address in addresses {
        let Some(host) = &address.host else { continue };
        let component = prepared.desired.components.values().find(|one| one.name == address.component);
        let Some(component) = component else { continue };
        let name = address.component.to_uppercase().replace('-', "_");
        let url = format!("{}://{}{host}", scheme(component.role), credentials(component));
        if !variables.iter().any(|(known, _)| *known == format!("{name}_URL")) {
            variables.push((format!("{name}_URL"), url));
        }
    }
    variables
}

fn credentials(component: &crate::plan::desired::Component) -> String {
    use crate::plan::desired::Probe;
    match &component.probe {
        Probe::Redis { password, .. } if !password.is_empty() => format!(":{password}@"),
        Probe::Mongodb { credentials, .. } if !credentials.is_empty() => format!("{credentials}@"),
        _ => String::new(),
    }
}

/// A service's own variables, with the addresses at which this machine reaches what they name.
fn own_variables(
    prepared: &Prepared,
    name: &str,
    addresses: &[Address],
) -> Result<Vec<(String, String)>, Error> {
    let key = crate::plan::selection::find(&prepared.desired, name)?;
    let component = prepared.desired.components.get(&key);
    let pairs = component.into_iter().flat_map(|component| &component.container.environment);
    let reached = |value: &String| {
        addresses.iter().fold(value.clone(), |value, address| seen_from_host(&value, address))
    };
    Ok(pairs.filter_map(|(name, value)| Some((name.clone(), reached(value.as_ref()?)))).collect())
}

/// A text with an address inside the project replaced by the one on the host; a longer name or number is another address.
fn seen_from_host(text: &str, address: &Address) -> String {
    let Some(host) = &address.host else { return text.to_owned() };
    let part = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let (mut seen, mut rest) = (String::new(), text);
    while let Some(place) = rest.find(&address.inside) {
        let (before, after) = (&rest[..place], &rest[place + address.inside.len()..]);
        let longer = before.ends_with(part)
            || (before.is_empty() && seen.ends_with(part))
            || after.starts_with(|letter: char| letter.is_ascii_digit());
        seen.push_str(before);
        seen.push_str(if longer { &address.inside } else { host });
        rest = after;
    }
    seen + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_address_is_replaced() {
        let address = Address {
            component: "redis".into(),
            inside: "redis:6379".into(),
            host: Some("127.0.0.1:16379".into()),
            running: true,
        };
        let seen = |text| seen_from_host(text, &address);
        assert_eq!(seen("redis://:secret@redis:6379/0"), "redis://:secret@127.0.0.1:16379/0");
        assert_eq!(seen("redis:6379,redis:6379"), "127.0.0.1:16379,127.0.0.1:16379");
        assert_eq!(seen("my-redis:6379 redis:63790 redis"), "my-redis:6379 redis:63790 redis");
    }
}
