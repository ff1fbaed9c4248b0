//! Decides what `gw gc` removes: what checkouts of this host left that are gone, and this one's `gw run` that were killed; pure.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::graph::{NodeId, Plan};
use super::labels;
use super::observed::{Container, Observed, State};
use super::operation::{Operation, Phase};
use super::place::{Place, Presence, Resident};
use super::reconcile::remove;
use super::strangers::{named, network_stays, volume_stays};

/// What things on the engine take of its disk, and the images that gw built.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage {
    /// Bytes that a container wrote, by its id.
    pub containers: BTreeMap<String, u64>,
    /// Bytes of a volume, by its name.
    pub volumes: BTreeMap<String, u64>,
    /// The images.
    pub images: Vec<Image>,
}

/// An image that gw built.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Image {
    /// Its id, `sha256:...`.
    pub id: String,
    /// Its names, `ms-auth:latest`.
    pub tags: Vec<String>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Bytes.
    pub size: u64,
}

/// This host, and this checkout where gw runs in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Here<'a> {
    /// The host's name.
    pub host: &'a str,
    /// The checkout's id.
    pub id: &'a str,
    /// Its folder.
    pub path: &'a str,
    /// The projects of its isolated runs whose gw was killed.
    pub killed: &'a BTreeSet<String>,
}

/// Kinds of things, in the order in which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A container.
    Container,
    /// A network.
    Network,
    /// A volume.
    Volume,
    /// An image.
    Image,
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Container => "container",
            Self::Network => "network",
            Self::Volume => "volume",
            Self::Image => "image",
        })
    }
}

/// Something that a checkout left that is gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Thing {
    /// The folder of the checkout.
    pub path: String,
    /// The project.
    pub project: String,
    /// What it is.
    pub kind: Kind,
    /// Its name; of an image without one, its id.
    pub name: String,
    /// The engine's id.
    pub id: String,
    /// It runs.
    pub runs: bool,
    /// Bytes on the engine's disk, where the engine says so.
    pub bytes: Option<u64>,
    /// It is of an isolated run of this checkout whose gw was killed.
    pub killed: bool,
}

/// What goes, and what is to be said about what stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Collection {
    /// What goes, by checkout, project and kind.
    pub things: Vec<Thing>,
    /// What might be somebody's, and stays.
    pub notes: Vec<String>,
}

/// The folders that have to be looked at.
pub fn folders(observed: &Observed, usage: &Usage, host: &str) -> BTreeSet<String> {
    let things = things(observed, usage).into_iter();
    things.filter(|(place, _)| place.host == host).map(|(place, _)| place.path).collect()
}

/// What nobody claims: made on this host from a folder in which nothing of gw's is any more, and that nobody adopted.
pub fn collect(
    observed: &Observed,
    usage: &Usage,
    here: Here<'_>,
    residents: &BTreeMap<String, Resident>,
) -> Collection {
    let mut collection = Collection::default();
    let mut notes = BTreeSet::new();
    for (place, mut thing) in things(observed, usage) {
        let ours = (place.host.as_str(), place.id.as_str(), place.path.as_str());
        if ours == (here.host, here.id, here.path) && here.killed.contains(&thing.project) {
            thing.killed = true;
            collection.things.push(thing);
            continue;
        }
        if place.host != here.host || is_claimed(&place, residents) {
            continue;
        }
        let path = &place.path;
        match residents.get(path) {
            Some(Resident::Unknown(reason)) => {
                notes.insert(format!("left alone: what the checkout in {path} made, because {reason}"));
            }
            None => {}
            Some(_) if place.id == here.id => {
                notes.insert(format!(
                    "left alone: what this checkout made in {path}: `gw adopt` takes it over"
                ));
            }
            Some(resident) if resident.presence(&place.id) == Presence::Gone => collection.things.push(thing),
            Some(_) => {
                notes.insert(format!(
                    "left alone: what an earlier checkout in {path} made, because that folder is a checkout still: \
                     `gw -C {path} adopt --from {path}` takes it over"
                ));
            }
        }
    }
    collection.things.sort();
    collection.notes = notes.into_iter().collect();
    collection
}

/// What goes after a question: what was listed and is still the same thing, and nobody's. The rest of the list is named.
pub fn agreed(listed: &Collection, now: Collection) -> Collection {
    let same = |one: &Thing, other: &Thing| {
        (one.kind, &one.id, &one.name, &one.path) == (other.kind, &other.id, &other.name, &other.path)
    };
    let is_in = |thing: &Thing, things: &[Thing]| things.iter().any(|other| same(thing, other));
    let changed = listed.things.iter().filter(|thing| !is_in(thing, &now.things));
    let changed: Vec<String> = changed.map(|thing| format!("{} {}", thing.kind, thing.name)).collect();
    let mut notes = now.notes;
    if !changed.is_empty() {
        notes.push(format!("not as listed any more, and left alone: {}", changed.join(", ")));
    }
    let things = now.things.into_iter().filter(|thing| is_in(thing, &listed.things)).collect();
    Collection { things, notes }
}

/// Whether the checkout is there still, or one that took its things over.
fn is_claimed(place: &Place, residents: &BTreeMap<String, Resident>) -> bool {
    let adopts = |resident: &Resident| match resident {
        Resident::Checkout { adopted, .. } => adopted.contains(place),
        _ => false,
    };
    residents.get(&place.path).is_some_and(|resident| resident.is(&place.id))
        || residents.values().any(adopts)
}

/// Everything that says who made it.
fn things(observed: &Observed, usage: &Usage) -> Vec<(Place, Thing)> {
    let mut things = Vec::new();
    let mut add = |place: Option<Place>, labels: &BTreeMap<String, String>, kind, name: &str, id: &str| {
        // Without folder and host there is no proof.
        let place = place.filter(|place| !place.path.is_empty() && !place.host.is_empty());
        if let Some(place) = place {
            let project = labels.get(labels::COMPOSE_PROJECT).cloned().unwrap_or_default();
            let (path, name, id) = (place.path.clone(), name.to_owned(), id.to_owned());
            things.push((
                place,
                Thing { path, project, kind, name, id, runs: false, bytes: None, killed: false },
            ));
        }
    };
    for one in containers(observed) {
        add(Place::of(&one.labels), &one.labels, Kind::Container, &one.name, &one.id);
    }
    for (name, one) in observed.networks.iter().chain(&observed.other_networks) {
        add(Place::of(&one.labels), &one.labels, Kind::Network, name, name);
    }
    for (name, one) in observed.volumes.iter().chain(&observed.other_volumes) {
        add(Place::of(&one.labels), &one.labels, Kind::Volume, name, name);
    }
    for one in &usage.images {
        let name = one.tags.first().unwrap_or(&one.id);
        add(Place::of_image(&one.labels), &one.labels, Kind::Image, name, &one.id);
    }
    for (_, thing) in &mut things {
        thing.bytes = match thing.kind {
            Kind::Container => usage.containers.get(&thing.id).copied(),
            Kind::Network => None,
            Kind::Volume => usage.volumes.get(&thing.id).copied(),
            Kind::Image => usage.images.iter().find(|image| image.id == thing.id).map(|image| image.size),
        };
        let of_it = |one: &&Container| one.id == thing.id;
        thing.runs = thing.kind == Kind::Container && containers(observed).find(of_it).is_some_and(runs);
    }
    things
}

fn containers(observed: &Observed) -> impl Iterator<Item = &Container> {
    observed.containers.iter().chain(&observed.others)
}

fn runs(container: &Container) -> bool {
    matches!(container.state, State::Running | State::Restarting | State::Paused)
}

/// Why a thing goes.
fn cause(thing: &Thing) -> &'static str {
    if thing.killed { "its gw run was killed" } else { "its checkout is gone" }
}

/// What contains nothing goes after the containers.
fn after(plan: &mut Plan, thing: &Thing, operation: Operation, gone: &[NodeId]) {
    plan.add(Phase::Clean, operation, cause(thing), gone);
}

/// The plan that removes what was collected; what somebody else still uses stays and is named.
pub fn plan(collection: &Collection, observed: &Observed, usage: &Usage) -> Plan {
    let mut plan = Plan { notes: collection.notes.clone(), ..Plan::default() };
    let meant = |kind: Kind| collection.things.iter().filter(move |thing| thing.kind == kind);
    let goes: BTreeMap<&str, &Thing> =
        meant(Kind::Container).map(|thing| (thing.id.as_str(), thing)).collect();
    let (going, staying): (Vec<&Container>, Vec<&Container>) =
        containers(observed).partition(|container| goes.contains_key(container.id.as_str()));
    let mut gone = BTreeMap::new();
    for container in going {
        let cause = goes.get(container.id.as_str()).map_or("", |thing| cause(thing));
        gone.insert(container.id.as_str(), remove(&mut plan, Phase::Clean, container, cause));
    }
    let gone: Vec<NodeId> = gone.into_values().collect();
    for thing in meant(Kind::Network) {
        match network_stays(&thing.name, staying.iter().copied()) {
            Some(note) => plan.notes.push(note),
            None => after(&mut plan, thing, Operation::RemoveNetwork { name: thing.name.clone() }, &gone),
        }
    }
    for thing in meant(Kind::Volume) {
        match volume_stays(&thing.name, staying.iter().copied()) {
            Some(note) => plan.notes.push(note),
            None => after(&mut plan, thing, Operation::RemoveVolume { name: thing.name.clone() }, &gone),
        }
    }
    for thing in meant(Kind::Image) {
        let users = staying.iter().copied().filter(|container| container.image_id == thing.id);
        let tags = usage.images.iter().find(|image| image.id == thing.id).map_or(0, |image| image.tags.len());
        if let Some(users) = named(users, ["uses", "use"]) {
            plan.notes.push(format!("image {} stays: {users} it", thing.name));
        } else if tags > 1 {
            plan.notes.push(format!("image {} stays: it has another name too", thing.name));
        } else {
            after(&mut plan, thing, Operation::RemoveBuiltImage { image: thing.name.clone() }, &gone);
        }
    }
    plan
}

#[cfg(test)]
mod tests;
