//! One operation of a plan: one thing to do, with everything needed to do it.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// The parts of a run that users see, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// What is in the way goes.
    Clean,
    /// Images are built and pulled.
    Build,
    /// Networks, volumes and containers are made and started.
    Start,
    /// Everything is asked whether it is ready.
    Health,
    /// Leftovers go.
    Cleanup,
}

impl fmt::Display for Phase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Clean => "clean",
            Self::Build => "build",
            Self::Start => "start",
            Self::Health => "health",
            Self::Cleanup => "cleanup",
        })
    }
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "operation", rename_all = "kebab-case")]
pub enum Operation {
    /// Gets an image from a registry.
    PullImage {
        /// The reference.
        image: String,
        /// `linux/amd64` and the like, where the file asks for one.
        platform: Option<String>,
    },
    /// Builds an image.
    BuildImage {
        /// The tag it gets.
        image: String,
        /// A component whose build it is; others may share it.
        component: String,
    },
    /// Makes a network.
    CreateNetwork {
        /// Its key in the file.
        network: String,
    },
    /// Makes a volume.
    CreateVolume {
        /// Its key in the file.
        volume: String,
    },
    /// Makes a container.
    CreateContainer {
        /// The component's key.
        component: String,
        /// Which of its containers, from 1.
        number: u32,
    },
    /// Starts a container that this plan made or that exists.
    StartContainer {
        /// The component's key.
        component: String,
        /// Which of its containers, from 1.
        number: u32,
        /// The id where it exists already.
        id: Option<String>,
    },
    /// Waits until a component is ready; a job: until it ended with code 0.
    AwaitReady {
        /// The component's key.
        component: String,
        /// `name` or id of each of its containers that exist already, by number.
        existing: Vec<(u32, String)>,
    },
    /// Stops a container.
    StopContainer {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
        /// Time between the stop signal and SIGKILL; `None` uses the container's own.
        grace: Option<Duration>,
    },
    /// Removes a container, with its anonymous volumes.
    RemoveContainer {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
    },
    /// Removes a network.
    RemoveNetwork {
        /// Its full name.
        name: String,
    },
    /// Removes a volume and its data.
    RemoveVolume {
        /// Its full name.
        name: String,
    },
    /// Removes an image that a build of this run replaced.
    RemoveImage {
        /// Its id.
        id: String,
    },
    /// Removes an image that a checkout built that is gone.
    RemoveBuiltImage {
        /// Its only name, or its id.
        image: String,
    },
}

impl Operation {
    /// The component that the operation is about, where there is one.
    pub fn component(&self) -> Option<&str> {
        match self {
            Self::CreateContainer { component, .. }
            | Self::StartContainer { component, .. }
            | Self::AwaitReady { component, .. }
            | Self::BuildImage { component, .. } => Some(component),
            _ => None,
        }
    }
}

impl Operation {
    /// Whether it may take so long that an interrupt does not wait for it.
    ///
    /// A stop is waited for: the engine goes on with it, and would end the container under the next `up`'s hands.
    pub fn takes_long(&self) -> bool {
        matches!(self, Self::PullImage { .. } | Self::BuildImage { .. } | Self::AwaitReady { .. })
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PullImage { image, .. } => write!(formatter, "pull image {image}"),
            Self::BuildImage { image, .. } => write!(formatter, "build image {image}"),
            Self::CreateNetwork { network } => write!(formatter, "create network {network}"),
            Self::CreateVolume { volume } => write!(formatter, "create volume {volume}"),
            Self::CreateContainer { component, number } => {
                write!(formatter, "create container {component}-{number}")
            }
            Self::StartContainer { component, number, .. } => {
                write!(formatter, "start container {component}-{number}")
            }
            Self::AwaitReady { component, .. } => write!(formatter, "await {component}"),
            Self::StopContainer { name, .. } => write!(formatter, "stop container {name}"),
            Self::RemoveContainer { name, .. } => write!(formatter, "remove container {name}"),
            Self::RemoveNetwork { name } => write!(formatter, "remove network {name}"),
            Self::RemoveVolume { name } => write!(formatter, "remove volume {name}"),
            Self::RemoveImage { id } => write!(formatter, "remove image {id}"),
            Self::RemoveBuiltImage { image } => write!(formatter, "remove image {image}"),
        }
    }
}
