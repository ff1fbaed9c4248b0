//! What all components share: an empty one to fill in, and the names it answers to.

use std::collections::BTreeMap;
use std::time::Duration;

use super::address::qualified;
use super::model::{Attachment, Component, ComponentMount, Image, MountSource, Role, Text};
use crate::profile::model::{Port, Probe, Profile, Readiness, Resources, Restart};

/// The key of the project's own network.
pub(super) const OWN_NETWORK: &str = "default";
/// The address that ports are bound to where nobody says otherwise.
const LOOPBACK: &str = "127.0.0.1";
/// The deadline of gw's own components.
const DEADLINE: Duration = Duration::from_secs(60);
/// Stores write their data out before they end.
const STORE_GRACE: Duration = Duration::from_secs(20);

/// Returns a component of gw's own that runs on, with nothing special about it.
pub(super) fn component(profile: &Profile, key: &str, name: &str, role: Role, image: String) -> Component {
    Component {
        key: key.to_owned(),
        name: name.to_owned(),
        role,
        image: Image { reference: image, build: None },
        entrypoint: Vec::new(),
        command: Vec::new(),
        user: None,
        environment: BTreeMap::new(),
        ports: Vec::new(),
        files: Vec::new(),
        mounts: Vec::new(),
        secrets: Vec::new(),
        attachments: vec![own_network(profile, key, name)],
        depends_on: Vec::new(),
        ready: ready(Probe::None),
        credentials: Text::default(),
        engine_check: None,
        replicas: 1,
        resources: Resources::default(),
        restart: Restart::UnlessStopped,
        stop_signal: None,
        stop_grace: STORE_GRACE,
        dns: Vec::new(),
        extra_hosts: Vec::new(),
        host_network: false,
        compose_patch: None,
        kube_patch: None,
    }
}

/// The project's own network: the plain name, and the one that is unique among projects.
pub(super) fn own_network(profile: &Profile, key: &str, name: &str) -> Attachment {
    let mut attachment = further_network(OWN_NETWORK, key, name);
    attachment.aliases.push(qualified(name, &profile.project));
    attachment
}

/// A further network of the project: the plain name only.
pub(super) fn further_network(network: &str, key: &str, name: &str) -> Attachment {
    let aliases = if key == name { Vec::new() } else { vec![name.to_owned()] };
    Attachment { network: network.to_owned(), aliases }
}

/// Another project's network: never the plain name, which is the owner's there.
pub(super) fn owner_network(profile: &Profile, owner: &str, name: &str) -> Attachment {
    Attachment { network: owner_network_key(owner), aliases: vec![qualified(name, &profile.project)] }
}

/// The key, and the name, of another project's own network.
pub fn owner_network_key(owner: &str) -> String {
    format!("{owner}_default")
}

/// Ready within gw's own deadline.
pub(super) fn ready(probe: Probe) -> Readiness {
    Readiness { probe, deadline: DEADLINE }
}

/// A port, published on the loopback address where it has a host port.
pub(super) fn port(container: u16, host: Option<u16>) -> Vec<Port> {
    vec![Port { container, host, address: LOOPBACK.to_owned(), protocol: "tcp".to_owned() }]
}

/// The engine's own name server only, which knows the names here and sends nothing out. For what has to go on when one that it
/// talks to is gone: its name is gone too, and would be asked for outside, where perhaps nobody answers.
pub(super) fn names_of_the_engine_only() -> Vec<String> {
    vec![LOOPBACK.to_owned()]
}

/// A named volume.
pub(super) fn volume(name: &str, target: &str) -> ComponentMount {
    ComponentMount {
        source: MountSource::Volume(name.to_owned()),
        target: target.to_owned(),
        read_only: false,
    }
}

/// Memory.
pub(super) fn memory(target: &str) -> ComponentMount {
    ComponentMount { source: MountSource::Memory, target: target.to_owned(), read_only: false }
}

/// Words of a command.
pub(super) fn words(words: &[&str]) -> Vec<Text> {
    words.iter().map(|word| Text::from(*word)).collect()
}

/// Words of a health check.
pub(super) fn check(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
