//! A conflict in one line: the port, who wants it, who holds it.

use std::fmt;

use super::{Conflict, Held, Holder, Maker, Process};
use crate::plan::place::Presence;

/// Programs that listen for containers of an engine.
const FORWARDERS: &[&str] = &["docker-proxy", "rootlesskit", "rootlessport"];

impl fmt::Display for Conflict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { port, protocol, component, .. } = self;
        let wanted = place(&self.address);
        write!(formatter, "port {port}/{protocol} on {wanted} for {component} is taken ")?;
        let held_on = place(&self.held_on);
        if held_on != wanted {
            write!(formatter, "on {held_on} ")?;
        }
        write!(formatter, "by {}", self.holder)
    }
}

fn place(address: &str) -> &str {
    if address.is_empty() { "every address" } else { address }
}

impl fmt::Display for Holder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Container(held) => held.fmt(formatter),
            Self::Process(process) => process.fmt(formatter),
            Self::Unknown { user: Some(user) } => {
                write!(formatter, "a process of user {user} that this user may not look at")
            }
            Self::Unknown { user: None } => write!(formatter, "an unknown process"),
        }
    }
}

impl fmt::Display for Held {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "container {}", self.name)?;
        match (self.project.as_str(), self.profile.as_str()) {
            ("", _) => {}
            (project, "") => write!(formatter, " (project {project})")?,
            (project, profile) => write!(formatter, " (project {project}, profile {profile})")?,
        }
        match &self.maker {
            Maker::ThisCheckout { .. } => write!(formatter, " of this checkout"),
            Maker::OtherCheckout { path, presence: Presence::There } => {
                write!(formatter, " of the checkout in {path}")
            }
            Maker::OtherCheckout { path, .. } => {
                write!(formatter, " of a checkout that was in {path}")
            }
            Maker::OtherHost { path, host } => write!(formatter, " of {path} on host {host}"),
            Maker::NotGw => write!(formatter, ", which is not gw's"),
        }
    }
}

impl fmt::Display for Process {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "process {} with id {}", self.name, self.id)?;
        if self.is_forwarder() {
            write!(formatter, ", for a container that this engine does not list")?;
        }
        Ok(())
    }
}

impl Process {
    /// It listens for a container of some engine.
    pub(super) fn is_forwarder(&self) -> bool {
        FORWARDERS.contains(&self.name.as_str())
    }
}
