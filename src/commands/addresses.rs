//! Where the parts of a stack are reached, from inside the project and from the host; pure.

use crate::plan::desired::{Component, Desired, Role};
use crate::plan::observed::Observed;

/// One port of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// The component's name.
    pub(super) component: String,
    /// `HOST:PORT` inside the project.
    pub(super) inside: String,
    /// `HOST:PORT` on this machine, where it is published.
    pub(super) host: Option<String>,
    /// It was read from a running container.
    pub(super) running: bool,
}

/// Every port of every component; what runs is read from the engine, the rest from the model.
pub(super) fn addresses(
    desired: &Desired,
    observed: Option<&Observed>,
    published_host: &str,
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
            let planned = planned.map(|port| (port.address.clone(), port.published));
            let reach = |(address, port): (String, u16)| {
                let anywhere = address.is_empty() || address == "0.0.0.0" || address == "127.0.0.1";
                format!("{}:{port}", if anywhere { published_host } else { &address })
            };
            found.push(Address {
                component: component.name.clone(),
                inside: format!("{}:{target}", component.name),
                running: live.is_some(),
                host: live.or(planned).map(reach),
            });
        }
    }
    found
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
