//! Somebody else's project: who that is, and what to do about it, in words.

use std::fmt;

use crate::plan::place::Presence;

/// A project that belongs to somebody else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("project {project} belongs to {stranger} ({thing})")]
pub struct Foreign {
    /// The project.
    pub project: String,
    /// What says so, `container ms-auth-1` or `volume ms_redis`.
    pub thing: String,
    /// Who it belongs to.
    pub stranger: Stranger,
}

/// Somebody who is not this checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stranger {
    /// Plain Docker Compose.
    Compose {
        /// Its files, comma separated; empty where it does not say.
        files: String,
    },
    /// A checkout on another host that uses the same engine.
    Host {
        /// The folder there.
        path: String,
        /// The host.
        host: String,
        /// It has this checkout's id and folder: the same one, if this host had that name before.
        same: bool,
    },
    /// A checkout that was in this folder before: `.gw/` was deleted.
    Earlier {
        /// This folder.
        path: String,
    },
    /// A checkout in another folder of this host.
    Checkout {
        /// The folder.
        path: String,
        /// It has this checkout's id: one is a copy of the other, or this one was moved.
        same_id: bool,
        /// Whether it is still there.
        presence: Presence,
    },
}

impl fmt::Display for Stranger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compose { files } => {
                write!(
                    formatter,
                    "docker compose with {}",
                    if files.is_empty() { "other files" } else { files }
                )
            }
            Self::Host { path, host, .. } => write!(formatter, "{path} on host {host}"),
            Self::Earlier { .. } => formatter.write_str("an earlier checkout in this folder"),
            Self::Checkout { path, .. } => write!(formatter, "the checkout in {path}"),
        }
    }
}

impl Foreign {
    /// What to do next.
    pub fn hint(&self) -> String {
        let project = &self.project;
        let rename = format!("give this profile a project of its own: \"project\": \"{project}-2\"");
        match &self.stranger {
            Stranger::Compose { .. } => {
                format!("`docker compose -p {project} down` takes it down and keeps its volumes; or {rename}")
            }
            Stranger::Host { host, same: true, .. } => format!(
                "where this host was called {host} before, run `gw adopt --host {host}`; else take it down there, or {rename}"
            ),
            Stranger::Host { host, .. } => format!("take it down on {host}, or {rename}"),
            Stranger::Earlier { path } => {
                format!("its .gw/ is gone: `gw adopt --from {path}` takes over what it left; or {rename}")
            }
            Stranger::Checkout { path, same_id: true, presence: Presence::There } => format!(
                "this folder has the same id, so one is a copy of the other: take it down there (gw -C {path} down), or\n\
                 make this folder a checkout of its own: remove .gw/owner.json, and {rename}"
            ),
            Stranger::Checkout { path, same_id: false, presence: Presence::There } => {
                format!("take it down there (gw -C {path} down), or {rename}")
            }
            Stranger::Checkout { path, same_id: true, presence: Presence::Replaced | Presence::Gone } => {
                format!(
                    "it is not in {path} any more: if this folder was moved from there, run `gw adopt`; or {rename}"
                )
            }
            Stranger::Checkout { path, same_id: false, presence: Presence::Replaced } => format!(
                "its .gw/ is not in {path} any more: where it was moved to, `gw adopt` takes this over; else, in that folder,\n\
                 `gw -C {path} adopt --from {path}` does; or {rename}"
            ),
            Stranger::Checkout { path, same_id: false, presence: Presence::Gone } => format!(
                "it is not in {path} any more: where it was moved to, `gw adopt` takes this over; if it is deleted,\n\
                 `gw adopt --from {path}` takes it over here and `gw gc` removes it; or {rename}"
            ),
        }
    }
}
