//! What does exist: one snapshot of an engine as plain data.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::labels;

/// One snapshot of everything on the engine that concerns a project.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Observed {
    /// Networks by full name.
    pub networks: BTreeMap<String, Network>,
    /// Volumes by full name.
    pub volumes: BTreeMap<String, Volume>,
    /// Containers of the project, of any state.
    pub containers: Vec<Container>,
    /// Everybody else's containers on the same engine, of any state: they hold ports, and may use the project's networks.
    pub others: Vec<Container>,
    /// Everybody else's networks, by full name.
    pub other_networks: BTreeMap<String, Network>,
    /// Everybody else's volumes, by full name.
    pub other_volumes: BTreeMap<String, Volume>,
    /// Ids of the images that are present, by reference.
    pub images: BTreeMap<String, String>,
    /// The labels of the images that were built for a project, any project, by the image's id.
    pub built: BTreeMap<String, BTreeMap<String, String>>,
}

/// A network that exists.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Network {
    /// The engine's id.
    pub id: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}

/// A volume that exists.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Volume {
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}

/// A container that exists.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Container {
    /// The engine's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it does now.
    pub state: State,
    /// The exit code, where it ended.
    pub exit_code: Option<i64>,
    /// What the engine's own health check says, where there is one.
    pub health: Option<String>,
    /// Id of its image.
    pub image_id: String,
    /// The image reference it was made from.
    pub image: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// The full names of the networks that it is attached to, also while it does not run.
    pub networks: BTreeSet<String>,
    /// The ids of those networks, by full name: of those that were there when it was attached.
    pub network_ids: BTreeMap<String, String>,
    /// The full names of the volumes that it mounts.
    pub volumes: BTreeSet<String>,
    /// Its address on each network, by the network's full name.
    pub addresses: BTreeMap<String, String>,
    /// Published ports; empty while it does not run.
    pub ports: Vec<Port>,
    /// Seconds since the epoch when it was made.
    pub created: i64,
    /// The engine's words, `Up 3 minutes`.
    pub status: String,
}

/// A published port of a container.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
pub struct Port {
    /// Port inside.
    pub target: u16,
    /// Port on the host.
    pub published: u16,
    /// Address on the host.
    pub address: String,
    /// `tcp` or `udp`.
    pub protocol: String,
}

/// What a container does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Made, never started.
    #[default]
    Created,
    /// Runs.
    Running,
    /// Stopped in the middle.
    Paused,
    /// Ended and about to start again.
    Restarting,
    /// Ended.
    Exited,
    /// Being removed.
    Removing,
    /// Cannot be removed.
    Dead,
}

impl State {
    /// Whether it is there for others: its ports are bound, or are about to be.
    pub fn is_up(self) -> bool {
        matches!(self, Self::Running | Self::Paused | Self::Restarting)
    }
}

impl Container {
    /// The project it belongs to; empty where nothing says so.
    pub fn project(&self) -> &str {
        self.labels.get(labels::COMPOSE_PROJECT).map_or("", String::as_str)
    }

    /// The profile it was made from; empty where gw's file did not make it.
    pub fn profile(&self) -> &str {
        self.labels.get(labels::PROFILE).map_or("", String::as_str)
    }

    /// The component's key, from Compose's label.
    pub fn component(&self) -> &str {
        self.labels.get(labels::COMPOSE_SERVICE).map_or("", String::as_str)
    }

    /// Which of the component's containers, from 1.
    pub fn number(&self) -> u32 {
        self.labels.get(labels::COMPOSE_NUMBER).and_then(|number| number.parse().ok()).unwrap_or(1)
    }

    /// The content hash it was made from, where gw's file made it.
    pub fn hash(&self) -> Option<&str> {
        self.labels.get(labels::HASH).map(String::as_str)
    }

    /// Made by `compose run` or `gw exec --new`.
    pub fn is_one_off(&self) -> bool {
        self.labels.get(labels::COMPOSE_ONEOFF).is_some_and(|value| value == "True")
    }
}
