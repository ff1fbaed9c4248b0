//! Where the parts of a stack are reached, from inside the project and from the host; pure.

use std::collections::BTreeSet;

use super::engine_host::EngineHost;
use crate::plan::desired::{Component, Desired, Probe, Role};
use crate::plan::leader::{Store, part};
use crate::plan::observed::Observed;

/// One port of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// The component's name.
    pub(super) component: String,
    /// The project that it is borrowed from.
    pub(super) owner: Option<String>,
    /// What it is for.
    pub(super) role: Role,
    /// User and password as in a URI, with their `@`; empty where it wants none.
    pub(super) credentials: String,
    /// `HOST:PORT` inside the project.
    pub(super) inside: String,
    /// The same by the name that is unique among projects.
    pub(super) everywhere: String,
    /// `HOST:PORT` on the engine's host, where it is published.
    pub(super) host: Option<String>,
    /// It is published on the loopback of another machine.
    pub(super) hidden: bool,
    /// It was read from a running container.
    pub(super) running: bool,
    /// The store that it belongs to, and whether it has a say in who leads that.
    pub(super) part: Option<(Store, bool)>,
    /// What it says it is, where it was asked: `primary`, `replica`.
    pub(super) says: Option<String>,
    /// It leads its store.
    pub(super) leads: bool,
}

/// Every port of every component; what runs is read from the engine, the rest from the model.
pub(super) fn addresses(
    desired: &Desired,
    observed: Option<&Observed>,
    host: EngineHost<'_>,
) -> Vec<Address> {
    let mut found = Vec::new();
    for (key, component) in &desired.components {
        for (target, protocol) in ports(component) {
            let live = observed.and_then(|observed| live(observed, key, target, &protocol));
            let planned = component
                .container
                .ports
                .iter()
                .find(|port| port.target == target && port.protocol == protocol);
            // An isolated run's port is known when the engine has chosen it.
            let planned = planned.filter(|port| port.published > 0);
            let planned = planned.map(|port| (port.address.clone(), port.published));
            let running = live.is_some();
            let at = live.or(planned);
            found.push(Address {
                component: component.name.clone(),
                owner: None,
                role: component.role,
                credentials: credentials(&component.probe),
                inside: format!("{}:{target}", component.name),
                everywhere: format!("{}.{}:{target}", component.name, desired.project),
                running,
                hidden: at.as_ref().is_some_and(|(address, _)| host.hides(address)),
                host: at.map(|(address, port)| host.at(&address, port)),
                part: part(component),
                says: None,
                leads: false,
            });
        }
    }
    found
}

/// The ports of the components with these keys, which are another project's: only their long names are known here.
pub(super) fn borrowed(
    owner: &Desired,
    observed: &Observed,
    keys: &BTreeSet<String>,
    host: EngineHost<'_>,
) -> Vec<Address> {
    let mut lent = owner.clone();
    lent.components.retain(|key, _| keys.contains(key));
    let addresses = addresses(&lent, Some(observed), host).into_iter();
    let theirs = |address: Address| Address {
        owner: Some(owner.project.clone()),
        inside: address.everywhere.clone(),
        ..address
    };
    addresses.map(theirs).collect()
}

fn credentials(probe: &Probe) -> String {
    match probe {
        Probe::Redis { password, .. } | Probe::Sentinel { password, .. } if !password.is_empty() => {
            format!(":{password}@")
        }
        Probe::Mongodb { credentials, .. } | Probe::MongodbMember { credentials, .. }
            if !credentials.is_empty() =>
        {
            format!("{credentials}@")
        }
        _ => String::new(),
    }
}

fn ports(component: &Component) -> Vec<(u16, String)> {
    let mut ports: Vec<(u16, String)> =
        component.container.ports.iter().map(|port| (port.target, port.protocol.clone())).collect();
    if ports.is_empty() {
        ports.extend(crate::engine::probe::port(&component.probe).map(|port| (port, "tcp".to_owned())));
    }
    ports.dedup();
    ports
}

fn live(observed: &Observed, key: &str, target: u16, protocol: &str) -> Option<(String, u16)> {
    let containers = observed.containers.iter().filter(|container| container.component() == key);
    let mut ports = containers.flat_map(|container| &container.ports);
    let port = ports.find(|port| port.target == target && port.protocol == protocol)?;
    Some((port.address.clone(), port.published))
}

/// The URL scheme of a component's addresses.
pub(super) fn scheme(role: Role) -> &'static str {
    match role {
        Role::Mongodb => "mongodb",
        Role::Redis => "redis",
        Role::Sentinel => "redis+sentinel",
        Role::Service | Role::Gateway | Role::Job => "http",
    }
}
