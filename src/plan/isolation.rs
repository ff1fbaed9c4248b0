//! What would keep an isolated run from being one: pure.

use std::collections::BTreeSet;

use super::desired::{Component, Desired};
use super::needed::in_words;

/// What a stack shares with others although it should be isolated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("profile {profile} cannot run isolated: {}", .shares.join("; "))]
pub struct NotIsolated {
    /// The profile.
    pub profile: String,
    /// Each thing that it shares, in words; at least one.
    pub shares: Vec<String>,
}

impl NotIsolated {
    /// What to do next.
    pub fn hint(&self) -> String {
        "give the service a `port` instead of the host's network, and take what is fixed out of its `compose` patch or the \
         project's template"
            .to_owned()
    }
}

/// Looks for everything that two runs at once would both want; `own` are other networks of the same run.
///
/// # Errors
/// [`NotIsolated`] with all of it.
pub fn check(desired: &Desired, own: &BTreeSet<String>) -> Result<(), NotIsolated> {
    let mut shares = Vec::new();
    for component in desired.components.values() {
        let fixed = fixed_ports(component);
        if !fixed.is_empty() {
            let ports = if fixed.len() == 1 { "port" } else { "ports" };
            shares.push(format!("{} publishes {ports} {}", component.name, in_words(&fixed)));
        }
        if component.container.network_mode.as_deref() == Some("host") {
            shares.push(format!("{} is on the host's network", component.name));
        }
    }
    let external = desired.networks.values().filter(|network| network.external);
    let others = external.filter(|network| !own.contains(&network.name));
    shares.extend(others.map(|network| format!("network {} is somebody else's", network.name)));
    if shares.is_empty() { Ok(()) } else { Err(NotIsolated { profile: desired.profile.clone(), shares }) }
}

fn fixed_ports(component: &Component) -> Vec<String> {
    let ports = component.container.ports.iter().filter(|port| port.published > 0);
    ports.map(|port| port.published.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::desired::{PublishedPort, Role};
    use crate::plan::fixture::{component, network};

    fn port(published: u16) -> PublishedPort {
        PublishedPort { target: 80, published, address: "127.0.0.1".to_owned(), protocol: "tcp".to_owned() }
    }

    #[test]
    fn everything_that_is_shared_is_said_at_once() {
        let mut desired = Desired { profile: "default".to_owned(), ..Desired::default() };
        let mut auth = component("auth", Role::Service, "auth", &[]);
        auth.container.ports = vec![port(0)];
        desired.components.insert("auth".to_owned(), auth.clone());
        let mut proxy = network("ms-a_default");
        proxy.external = true;
        desired.networks.insert("owner".to_owned(), proxy.clone());
        let own = BTreeSet::from(["ms-a_default".to_owned()]);
        assert_eq!(check(&desired, &own), Ok(()));

        auth.container.ports.extend([port(9001), port(9002)]);
        desired.components.insert("auth".to_owned(), auth);
        let mut agent = component("agent", Role::Service, "agent", &[]);
        agent.container.network_mode = Some("host".to_owned());
        desired.components.insert("agent".to_owned(), agent);
        proxy.name = "proxy".to_owned();
        desired.networks.insert("proxy".to_owned(), proxy);
        let error = check(&desired, &own).map_err(|error| error.to_string());
        let said = "profile default cannot run isolated: agent is on the host's network; auth publishes ports 9001 and 9002; \
                    network proxy is somebody else's";
        assert_eq!(error, Err(said.to_owned()));
    }
}
