//! What `--take-over` stops: containers of this checkout that hold a wanted port, and that nobody else uses.

use std::collections::BTreeMap;

use super::{Conflict, Held, Holder, Maker, Place, Socket};

/// Containers that are stopped for their ports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TakeOver {
    /// Each of them by its id.
    pub stops: BTreeMap<String, Stop>,
    /// Who loses what, and how it comes back; for the user.
    pub notes: Vec<String>,
}

/// A container that is stopped for its ports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stop {
    /// The ports, each once.
    pub ports: Vec<u16>,
    /// Where they are wanted: who binds one of these waits for the stop.
    pub sockets: Vec<Socket>,
}

impl Stop {
    /// Why it is stopped: `holds port 9001`.
    pub fn cause(&self) -> String {
        let ports: Vec<String> = self.ports.iter().map(u16::to_string).collect();
        format!("holds {} {}", if ports.len() == 1 { "port" } else { "ports" }, ports.join(", "))
    }
}

impl Held {
    /// The profile of this checkout that names its project now.
    pub(super) fn named_by(&self) -> Option<&str> {
        match &self.maker {
            Maker::ThisCheckout { named_by } => named_by.as_deref(),
            _ => None,
        }
    }

    /// Whether `--take-over` stops it.
    pub fn may_be_taken(&self) -> bool {
        matches!(self.maker, Maker::ThisCheckout { .. }) && self.users.is_empty()
    }
}

impl Conflict {
    /// The container that holds the port and may be stopped for it.
    pub(super) fn takeable(&self) -> Option<&Held> {
        match &self.holder {
            Holder::Container(held) => Some(held).filter(|held| held.may_be_taken()),
            _ => None,
        }
    }
}

/// Divides conflicts: what is stopped for them, and those that remain.
pub fn take_over(conflicts: Vec<Conflict>) -> (TakeOver, Vec<Conflict>) {
    let (taken, remaining): (Vec<Conflict>, Vec<Conflict>) =
        conflicts.into_iter().partition(|conflict| conflict.takeable().is_some());
    let mut stops: BTreeMap<String, Stop> = BTreeMap::new();
    let mut losses: BTreeMap<(Option<&str>, &str), Vec<&str>> = BTreeMap::new();
    let mut notes = Vec::new();
    for (conflict, held) in taken.iter().filter_map(|one| Some((one, one.takeable()?))) {
        let stop = stops.entry(held.id.clone()).or_default();
        let first = stop.ports.is_empty();
        stop.sockets.extend(Socket::of_engine(&conflict.address, conflict.port, &conflict.protocol));
        if !stop.ports.contains(&conflict.port) {
            stop.ports.push(conflict.port);
        }
        match held.place {
            _ if !first => {}
            Place::OtherProject => {
                losses.entry((held.named_by(), &held.project)).or_default().push(&held.component);
            }
            Place::SameProject | Place::Orphan => {
                notes.push(format!("{} of this project is stopped, and stays stopped", held.name));
            }
        }
    }
    for ((profile, project), components) in losses {
        let lost = list(&components);
        let them = if components.len() == 1 { "it" } else { "them" };
        notes.push(match profile {
            Some(profile) => {
                format!("profile {profile} loses {lost}: `gw up -p {profile}` brings {them} back")
            }
            None => format!("project {project} loses {lost}; no profile names it now"),
        });
    }
    (TakeOver { stops, notes }, remaining)
}

/// `auth`, `auth and kyc`, `auth, kyc and gateway`.
pub(super) fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
