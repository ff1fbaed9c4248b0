//! Whose a project is: this checkout's, or somebody else's who is then left alone and named; pure.

use std::collections::BTreeMap;

use super::labels;
use super::observed::Observed;
use super::place::{Place, Presence, Resident};

mod foreign;

pub use foreign::{Foreign, Stranger};

/// This checkout.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checkout {
    /// The random id kept in `.gw/`.
    pub id: String,
    /// The folder.
    pub path: String,
    /// The host's name.
    pub host: String,
    /// The rendered file that this command runs, links in the folder's path followed.
    pub file: String,
    /// Places whose things it took over, and where nobody is who could claim them.
    pub adopted: Vec<Place>,
}

/// What has to be asked of this host.
#[derive(Clone, Copy)]
pub struct Host<'a> {
    /// Follows the links of a path: Compose notes the way by which somebody came to a file.
    pub resolve: &'a dyn Fn(&str) -> String,
    /// Who is in a folder.
    pub resident: &'a dyn Fn(&str) -> Resident,
}

impl Checkout {
    /// Where it is now.
    pub fn place(&self) -> Place {
        Place { id: self.id.clone(), path: self.path.clone(), host: self.host.clone() }
    }

    /// Whether gw made the thing with these labels in this checkout's name.
    pub fn made(&self, labels: &BTreeMap<String, String>) -> bool {
        Place::of(labels).is_some_and(|place| place == self.place() || self.adopted.contains(&place))
    }

    /// Whether gw built the image with these labels for this project in this checkout's name.
    ///
    /// Podman's images have no label but the project's; what Compose built for it names its service too.
    pub fn built(&self, labels: &BTreeMap<String, String>, project: &str) -> bool {
        let of_project = labels.get(labels::COMPOSE_PROJECT).is_some_and(|value| value == project);
        match Place::of_image(labels) {
            Some(place) => place == self.place() || self.adopted.contains(&place),
            None => of_project && !labels.contains_key(labels::COMPOSE_SERVICE),
        }
    }

    /// Whether Compose made a container with these labels from one of the files that this checkout renders.
    pub fn rendered(&self, labels: &BTreeMap<String, String>, resolve: &dyn Fn(&str) -> String) -> bool {
        let folders =
            ["generated", ".gw/generated", ".gw/runs"].map(|folder| format!("{}/{folder}/", self.path));
        !labels.contains_key(labels::OWNER)
            && labels.contains_key(labels::PROFILE)
            && files(labels).any(|file| {
                let file = resolve(file);
                folders.iter().any(|folder| file.starts_with(folder))
            })
    }

    /// Whether Compose made a container with these labels from the file that this command runs, where it is or was.
    fn runs(&self, labels: &BTreeMap<String, String>, resolve: &dyn Fn(&str) -> String) -> bool {
        let below = self.file.strip_prefix(&self.path).unwrap_or_default();
        let former = |file: &str| {
            let was = |place: &Place| file.strip_prefix(&place.path) == Some(below);
            !below.is_empty() && self.adopted.iter().any(was)
        };
        files(labels).any(|file| file == self.file || resolve(file) == self.file || former(file))
    }
}

fn files(labels: &BTreeMap<String, String>) -> impl Iterator<Item = &str> {
    labels.get(labels::COMPOSE_FILES).map_or("", String::as_str).split(',').filter(|file| !file.is_empty())
}

/// The first thing of a project that another checkout, host or tool made: a container, or a volume or network that may
/// outlive its containers.
///
/// # Errors
/// [`Foreign`], with the owner in words.
pub fn check(project: &str, observed: &Observed, checkout: &Checkout, host: Host<'_>) -> Result<(), Foreign> {
    let containers = observed.containers.iter().map(|container| {
        (format!("container {}", container.name), stranger(&container.labels, checkout, host))
    });
    // Only gw's own labels tell whose a volume or network is: Compose notes no file on them.
    let volumes = observed.volumes.iter().map(|(name, volume)| (format!("volume {name}"), &volume.labels));
    let networks =
        observed.networks.iter().map(|(name, network)| (format!("network {name}"), &network.labels));
    let kept = volumes
        .chain(networks)
        .filter(|(_, labels)| {
            labels.get(labels::COMPOSE_PROJECT).is_some_and(|value| value == project)
                && labels.contains_key(labels::OWNER)
        })
        .map(|(thing, labels)| (thing, stranger(labels, checkout, host)));
    match containers.chain(kept).find_map(|(thing, stranger)| Some((thing, stranger?))) {
        None => Ok(()),
        Some((thing, stranger)) => Err(Foreign { project: project.to_owned(), thing, stranger }),
    }
}

/// Whether this checkout, where it is now, made a thing with these labels.
pub fn made_here(labels: &BTreeMap<String, String>, checkout: &Checkout) -> bool {
    Place::of(labels) == Some(checkout.place())
}

/// Who began a project at the same moment as somebody here, and made the network with these labels first; `None` where that
/// was the one here, or not gw.
pub fn rival(labels: &BTreeMap<String, String>, here: &Place) -> Option<Stranger> {
    let Place { id, path, host } = Place::of(labels).filter(|place| place != here)?;
    Some(if host == here.host {
        Stranger::Checkout { path, same_id: id == here.id, presence: Presence::There }
    } else {
        Stranger::Host { path, host, same: false }
    })
}

/// Who a thing with these labels belongs to, where it is not this checkout.
fn stranger(labels: &BTreeMap<String, String>, checkout: &Checkout, host: Host<'_>) -> Option<Stranger> {
    let Some(place) = Place::of(labels) else {
        let ours = checkout.runs(labels, host.resolve) || checkout.rendered(labels, host.resolve);
        let files = labels.get(labels::COMPOSE_FILES).cloned().unwrap_or_default();
        return (!ours).then_some(Stranger::Compose { files });
    };
    if checkout.made(labels) {
        return None;
    }
    Some(if place.host != checkout.host {
        let same = place.id == checkout.id && place.path == checkout.path;
        Stranger::Host { path: place.path, host: place.host, same }
    } else if place.path == checkout.path {
        Stranger::Earlier { path: place.path }
    } else {
        let same_id = place.id == checkout.id;
        let presence = (host.resident)(&place.path).presence(&place.id);
        Stranger::Checkout { path: place.path, same_id, presence }
    })
}

#[cfg(test)]
mod tests;
