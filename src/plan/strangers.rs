//! What is not gw's and touches what is: it is left alone and named; pure.

use std::collections::BTreeMap;

use super::desired::Desired;
use super::labels;
use super::observed::{Container, Observed};
use super::place::Place;
use super::store_mode::is_of_a_store;

/// Whether a network or volume with these labels is the project's.
pub(super) fn is_ours(labels: &BTreeMap<String, String>, project: &str) -> bool {
    labels.get(labels::COMPOSE_PROJECT).is_some_and(|value| value == project)
}

/// Why a network stays; `None` where none of these containers is attached to it.
///
/// A container of gw's that has ended does not count: its next `up` replaces it. Anybody else's could not start any more.
pub(super) fn network_stays<'a>(
    name: &str,
    others: impl IntoIterator<Item = &'a Container>,
) -> Option<String> {
    let counts = |container: &&Container| container.state.is_up() || container.profile().is_empty();
    let attached = others.into_iter().filter(|container| container.networks.contains(name)).filter(counts);
    Some(format!("network {name} stays: {} attached to it", named(attached, ["is", "are"])?))
}

/// Why a volume stays; `None` where none of these containers mounts it.
pub(super) fn volume_stays<'a>(
    name: &str,
    others: impl IntoIterator<Item = &'a Container>,
) -> Option<String> {
    let users = others.into_iter().filter(|container| container.volumes.contains(name));
    Some(format!("volume {name} stays: {} it", named(users, ["uses", "use"])?))
}

/// Why `--volumes` leaves a volume with the project's label; `None` where something says that this checkout made it.
///
/// gw's own volumes say who made them. Compose notes no folder on a volume. There a container that mounts it says so, because
/// everybody's in the project were looked at before; or the file does, which has it now or had it in a store's other mode.
pub(super) fn unproven_volume_stays(
    name: &str,
    labels: &BTreeMap<String, String>,
    desired: Option<&Desired>,
    observed: &Observed,
) -> Option<String> {
    let mounted = observed.containers.iter().any(|container| container.volumes.contains(name));
    let in_file = desired.is_some_and(|desired| {
        desired.volumes.values().any(|volume| volume.name == name) || is_of_a_store(labels, desired)
    });
    let proven = Place::of(labels).is_some() || mounted || in_file;
    (!proven).then(|| {
        format!(
            "volume {name} stays: nothing says that this checkout made it; `docker volume rm {name}` removes it"
        )
    })
}

/// `container a is`, `containers a, b are`.
pub(super) fn named<'a>(
    containers: impl Iterator<Item = &'a Container>,
    [one_does, more_do]: [&str; 2],
) -> Option<String> {
    let names: Vec<&str> = containers.map(|container| container.name.as_str()).collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("container {one} {one_does}")),
        _ => Some(format!("containers {} {more_do}", names.join(", "))),
    }
}

/// Networks that have the names of a stack's own and were not made for it.
pub(super) fn networks<'a>(desired: &'a Desired, observed: &Observed) -> Vec<&'a str> {
    let named = desired.networks.values().filter(|network| !network.external).map(|network| &network.name);
    let strange = |name: &&String| {
        observed.networks.get(*name).is_some_and(|found| !is_ours(&found.labels, &desired.project))
    };
    named.filter(strange).map(String::as_str).collect()
}

/// Volumes that have the names of a stack's own and were not made for it.
pub(super) fn volumes<'a>(desired: &'a Desired, observed: &Observed) -> Vec<&'a str> {
    let named = desired.volumes.values().filter(|volume| !volume.external).map(|volume| &volume.name);
    let strange = |name: &&String| {
        observed.volumes.get(*name).is_some_and(|found| !is_ours(&found.labels, &desired.project))
    };
    named.filter(strange).map(String::as_str).collect()
}

/// What a run uses though it was not made for the project, each with what happens to it.
pub fn used(desired: &Desired, observed: &Observed) -> Vec<String> {
    let networks = networks(desired, observed).into_iter().map(|name| format!("network {name}"));
    let volumes = volumes(desired, observed).into_iter().map(|name| format!("volume {name}"));
    let note =
        |what| format!("{what} was not made for this project: it is used as it is, and gw never removes it");
    networks.chain(volumes).map(note).collect()
}
