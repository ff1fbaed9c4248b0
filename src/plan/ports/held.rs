//! A container that holds a port: whose it is, and who uses what it belongs to.

use serde::Serialize;

use super::maker::{Known, Maker, maker};
use crate::plan::borrowers::attached;
use crate::plan::desired::Desired;
use crate::plan::observed::{Container, Observed};

/// A container that holds a port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Held {
    /// The engine's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its project; empty where it has none.
    pub project: String,
    /// Its profile; empty where gw's file did not make it.
    pub profile: String,
    /// Its component's key; empty where it has none.
    pub component: String,
    /// Whose it is.
    #[serde(flatten)]
    pub maker: Maker,
    /// How it stands to the project that wants the port.
    pub place: Place,
    /// Containers of other projects that are attached to its project's networks, `combo-kyc-1`.
    pub users: Vec<String>,
}

/// How a holder stands to the project that wants its port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// It is of another project, or of none.
    OtherProject,
    /// It is of the same project, and of a component that this run leaves alone.
    SameProject,
    /// It is of the same project, and in no model.
    Orphan,
}

/// What is said of a container that holds a port.
pub(super) fn held(container: &Container, desired: &Desired, observed: &Observed, known: Known<'_>) -> Held {
    let project = container.project();
    let own = project == desired.project;
    let place = match desired.components.contains_key(container.component()) {
        _ if !own => Place::OtherProject,
        true => Place::SameProject,
        false => Place::Orphan,
    };
    let users = attached(project, observed);
    Held {
        id: container.id.clone(),
        name: container.name.clone(),
        project: project.to_owned(),
        profile: container.profile().to_owned(),
        component: container.component().to_owned(),
        // Everything of the own project was found to be this checkout's.
        maker: if own { Maker::ThisCheckout { named_by: None } } else { maker(&container.labels, known) },
        place,
        users: users.map(|user| user.name.clone()).collect(),
    }
}
