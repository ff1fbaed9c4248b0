//! The labels that gw adds at run time: Compose's, so that its commands work, and the owner's.

use std::collections::HashMap;

use bollard::models::{Ipam, IpamConfig};

use super::random;
use crate::plan::desired::{Component, Condition, Desired, Network, Volume};
use crate::plan::initialised::initialises;
use crate::plan::place::Place;
use crate::plan::resolved::resolved;
use crate::plan::store_mode::Store;
use crate::plan::{fingerprint, labels};

/// Who makes things, and from which file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stamp {
    /// The checkout's random id.
    pub owner: String,
    /// The checkout's folder.
    pub path: String,
    /// The host's name.
    pub host: String,
    /// The rendered file.
    pub file: String,
    /// The folder of the rendered file.
    pub folder: String,
    /// The id of the isolated run, where it is one.
    pub run: Option<String>,
}

impl Stamp {
    /// Where who makes them is.
    pub(super) fn place(&self) -> Place {
        Place { id: self.owner.clone(), path: self.path.clone(), host: self.host.clone() }
    }
}

type Labels = HashMap<String, String>;

fn add(labels: &mut Labels, entries: &[(&str, &str)]) {
    labels.extend(entries.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
}

fn owned(project: &str, stamp: &Stamp, from_file: impl IntoIterator<Item = (String, String)>) -> Labels {
    let mut all: Labels = from_file.into_iter().collect();
    add(
        &mut all,
        &[
            (labels::COMPOSE_PROJECT, project),
            (labels::COMPOSE_VERSION, concat!("gw-", env!("CARGO_PKG_VERSION"))),
            (labels::OWNER, &stamp.owner),
            (labels::OWNER_PATH, &stamp.path),
            (labels::OWNER_HOST, &stamp.host),
        ],
    );
    all.extend(stamp.run.iter().map(|run| (labels::RUN.to_owned(), run.clone())));
    all
}

pub(super) fn network(desired: &Desired, key: &str, network: &Network, stamp: &Stamp) -> Labels {
    let mut all = owned(&desired.project, stamp, network.labels.clone());
    add(&mut all, &[(labels::COMPOSE_NETWORK, key), (labels::PROFILE, &desired.profile)]);
    all
}

pub(super) fn volume(desired: &Desired, key: &str, volume: &Volume, stamp: &Stamp) -> Labels {
    let mut all = owned(&desired.project, stamp, volume.labels.clone());
    add(&mut all, &[(labels::COMPOSE_VOLUME, key), (labels::PROFILE, &desired.profile)]);
    // Whose data it is must be known when its component is in no file any more.
    let users = desired.components.values().filter(|component| component.mounts_volume(key));
    if let Some(component) = users.max_by_key(|component| Store::of(component.role.name()).is_some()) {
        add(&mut all, &[(labels::ROLE, component.role.name())]);
    }
    let fingerprint = initialises(desired, key).zip(random::salt());
    if let Some(fingerprint) = fingerprint.and_then(|(found, salt)| fingerprint::of(found.password, salt)) {
        add(&mut all, &[(labels::FINGERPRINT, &fingerprint)]);
    }
    all
}

pub(super) fn container(
    desired: &Desired,
    key: &str,
    component: &Component,
    number: u32,
    stamp: &Stamp,
) -> Labels {
    let mut all = owned(&desired.project, stamp, component.container.labels.clone());
    let number = number.to_string();
    add(
        &mut all,
        &[
            (labels::COMPOSE_SERVICE, key),
            (labels::COMPOSE_NUMBER, &number),
            (labels::COMPOSE_ONEOFF, "False"),
            (labels::COMPOSE_HASH, &component.hash),
            (labels::COMPOSE_WORKING_DIR, &stamp.folder),
            (labels::COMPOSE_FILES, &stamp.file),
            (labels::COMPOSE_DEPENDS_ON, &depends_on(component)),
            (labels::RESOLVED, &resolved(component, &stamp.owner)),
        ],
    );
    all
}

fn depends_on(component: &Component) -> String {
    let edge = |(key, condition): (&String, &Condition)| {
        let condition = match condition {
            Condition::Started => "service_started",
            Condition::Ready => "service_healthy",
            Condition::Completed => "service_completed_successfully",
        };
        format!("{key}:{condition}:{}", component.restarts_with.contains(key))
    };
    component.depends_on.iter().map(edge).collect::<Vec<_>>().join(",")
}

pub(super) fn ipam(network: &Network) -> Option<Ipam> {
    let subnet = |subnet: &crate::plan::desired::Subnet| IpamConfig {
        subnet: subnet.subnet.clone(),
        ip_range: subnet.ip_range.clone(),
        gateway: subnet.gateway.clone(),
        auxiliary_addresses: (!subnet.auxiliary.is_empty())
            .then(|| subnet.auxiliary.clone().into_iter().collect()),
    };
    let plain = network.ipam_driver.is_none() && network.subnets.is_empty();
    (!plain).then(|| Ipam {
        driver: network.ipam_driver.clone(),
        config: Some(network.subnets.iter().map(subnet).collect()),
        ..Default::default()
    })
}
