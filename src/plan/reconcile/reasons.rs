//! Why a container is replaced or started.

use super::Options;
use crate::plan::desired::{Component, Desired, Role};
use crate::plan::labels;
use crate::plan::observed::{Container, Observed, State};

/// Why a container that stays is started; `None` where it runs or is done.
pub(super) fn why_start(component: &Component, container: &Container) -> Option<&'static str> {
    match container.state {
        State::Exited if component.role == Role::Job && container.exit_code == Some(0) => None,
        State::Exited | State::Dead => Some("not running"),
        _ => None,
    }
}

/// Why a container cannot stay; `None` where it can.
pub(super) fn why_replace(
    key: &str,
    component: &Component,
    container: &Container,
    (desired, observed): (&Desired, &Observed),
    options: &Options,
) -> Option<String> {
    if container.number() > component.replicas {
        return Some(format!("replicas is now {}", component.replicas));
    }
    if options.recreate {
        return Some("--force-recreate".to_owned());
    }
    match container.hash() {
        None => return Some("made by something else".to_owned()),
        Some(hash) if hash != component.hash => return Some("its configuration changed".to_owned()),
        Some(_) => {}
    }
    // What plain `docker compose up` made has no such label: its variables came from the same files.
    let resolved = container.labels.get(labels::RESOLVED);
    if resolved.is_some_and(|made| options.resolved.get(key).is_some_and(|now| now != made)) {
        return Some("a secret or variable changed".to_owned());
    }
    if observed.images.get(&component.container.image).is_some_and(|id| *id != container.image_id) {
        return Some("its image changed".to_owned());
    }
    match container.state {
        State::Dead | State::Removing => Some("it is dead".to_owned()),
        // Whoever made it may have ended before its files were in.
        State::Created => Some("it was never started".to_owned()),
        State::Paused => Some("it is paused".to_owned()),
        State::Exited if component.role == Role::Job && container.exit_code != Some(0) => {
            Some("the job failed".to_owned())
        }
        State::Exited if component.role == Role::Job => None,
        State::Exited => replaced_network(component, desired, container, observed),
        _ => None,
    }
}

/// A stopped container asks for the network that it was attached to by its id: it never starts where that is gone, also
/// where there is a new one of the same name.
fn replaced_network(
    component: &Component,
    desired: &Desired,
    container: &Container,
    observed: &Observed,
) -> Option<String> {
    let mut names =
        component.container.networks.keys().filter_map(|key| Some(&desired.networks.get(key)?.name));
    let gone = |name: &&String| {
        let known = container.network_ids.get(*name);
        known.is_some_and(|known| observed.networks.get(*name).is_none_or(|network| network.id != *known))
    };
    names.find(gone).map(|name| format!("its network {name} is gone"))
}
