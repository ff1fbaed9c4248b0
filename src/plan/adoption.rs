//! What a checkout may take over: what it made itself before it was moved, and what another one left that is gone; pure.

use std::collections::{BTreeMap, BTreeSet};

use super::desired::{Desired, Volume};
use super::graph::Plan;
use super::labels;
use super::observed::Observed;
use super::operation::{Operation, Phase};
use super::ownership::Checkout;
use super::place::{Place, Resident};
use super::strangers::is_ours;

/// The key of the volume that says where the checkout is now that took a project over.
const MARK: &str = "gw-adopted";

/// Why something cannot be adopted, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why not.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// The places that made something on the engine.
pub fn places(observed: &Observed) -> BTreeSet<Place> {
    let containers = observed.containers.iter().chain(&observed.others).map(|one| &one.labels);
    let networks = observed.networks.values().chain(observed.other_networks.values()).map(|one| &one.labels);
    let volumes = observed.volumes.values().chain(observed.other_volumes.values()).map(|one| &one.labels);
    containers.chain(networks).chain(volumes).filter_map(Place::of).collect()
}

/// The places of this host where this checkout was before, by its id; `recorded` is where it was when it was made.
///
/// # Errors
/// Somebody with the same id is still at all of them: this folder is a copy.
pub fn former(
    places: &BTreeSet<Place>,
    recorded: Option<Place>,
    checkout: &Checkout,
    resident: &dyn Fn(&str) -> Resident,
) -> Result<Vec<Place>, Refusal> {
    let is_former = |place: &Place| {
        place.id == checkout.id
            && place.host == checkout.host
            && place.path != checkout.path
            && !checkout.adopted.contains(place)
    };
    let known: BTreeSet<Place> = places.iter().cloned().chain(recorded).filter(is_former).collect();
    let (mut adopted, mut refusal) = (Vec::new(), None);
    for place in known {
        match resident(&place.path) {
            there @ (Resident::Checkout { .. } | Resident::Unknown(_)) if !is_other(&there, &place.id) => {
                refusal.get_or_insert_with(|| refused(&place.path, &there));
            }
            _ => adopted.push(place),
        }
    }
    match refusal.filter(|_| adopted.is_empty()) {
        None => Ok(adopted),
        Some(refusal) => Err(refusal),
    }
}

/// What this checkout made in this folder when its host had another name.
pub fn renamed(places: &BTreeSet<Place>, host: &str, checkout: &Checkout) -> Vec<Place> {
    let before = Place { host: host.to_owned(), ..checkout.place() };
    let is_it = |place: &&Place| **place == before && !checkout.adopted.contains(place);
    places.iter().filter(is_it).cloned().collect()
}

/// The places in a folder of this host that somebody else left.
///
/// # Errors
/// A checkout is there, or whether one is cannot be found out.
pub fn left_in(
    folder: &str,
    places: &BTreeSet<Place>,
    checkout: &Checkout,
    resident: &dyn Fn(&str) -> Resident,
) -> Result<Vec<Place>, Refusal> {
    let there = resident(folder);
    // Whoever was in this very folder before is gone: there is only one of them in a folder.
    if folder != checkout.path && matches!(there, Resident::Checkout { .. } | Resident::Unknown(_)) {
        return Err(refused(folder, &there));
    }
    let of_folder = |place: &&Place| {
        place.path == folder && place.host == checkout.host && !checkout.adopted.contains(place)
    };
    Ok(places.iter().filter(of_folder).filter(|place| **place != checkout.place()).cloned().collect())
}

fn is_other(there: &Resident, id: &str) -> bool {
    matches!(there, Resident::Checkout { .. }) && !there.is(id)
}

fn refused(folder: &str, there: &Resident) -> Refusal {
    match there {
        Resident::Unknown(reason) => Refusal {
            message: format!("whether a checkout is in {folder} cannot be found out: {reason}"),
            hint: format!("make {folder} readable, or remove it"),
        },
        _ => Refusal {
            message: format!("the checkout in {folder} is still there, and what it made is its own"),
            hint: format!(
                "take it down there (gw -C {folder} down); where this folder is a copy of it, make this one a checkout of\n\
                 its own: remove .gw/owner.json, and give its profiles other projects"
            ),
        },
    }
}

/// What marks a project as taken over: a volume that carries the checkout's place of now, so that `gw gc` elsewhere finds the
/// way to whoever adopted the rest. It goes with the project's other volumes.
pub fn mark(project: &str, profile: &str, checkout: &Checkout, observed: &Observed) -> (Desired, Plan) {
    let name = format!("{project}_{MARK}");
    let volumes = observed.volumes.get(&name).or_else(|| observed.other_volumes.get(&name));
    let volume = Volume {
        name: name.clone(),
        external: false,
        labels: BTreeMap::new(),
        driver: None,
        driver_options: BTreeMap::new(),
    };
    let desired = Desired {
        project: project.to_owned(),
        profile: profile.to_owned(),
        volumes: BTreeMap::from([(MARK.to_owned(), volume)]),
        ..Desired::default()
    };
    let mut plan = Plan::default();
    let mut before = Vec::new();
    if let Some(found) = volumes {
        if Place::of(&found.labels).as_ref() == Some(&checkout.place()) {
            return (desired, plan);
        }
        if !is_ours(&found.labels, project) || !found.labels.contains_key(labels::OWNER) {
            plan.notes.push(format!(
                "volume {name} is not gw's and stays: `gw gc` in other folders cannot see this adoption"
            ));
            return (desired, plan);
        }
        before.push(plan.add(Phase::Start, Operation::RemoveVolume { name }, "it names a former place", &[]));
    }
    plan.add(Phase::Start, Operation::CreateVolume { volume: MARK.to_owned() }, "adopted", &before);
    (desired, plan)
}

#[cfg(test)]
mod tests;
