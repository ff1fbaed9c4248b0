//! Where a checkout was when it made something, and who is there now; pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::labels;

/// A checkout in its folder on its host: what the labels of a thing say about who made it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Place {
    /// The random id kept in `.gw/`.
    pub id: String,
    /// The folder.
    pub path: String,
    /// The host's name.
    pub host: String,
}

impl Place {
    /// Who made the thing with these labels; `None` where it was not gw.
    pub fn of(labels: &BTreeMap<String, String>) -> Option<Self> {
        Self::named(labels, [labels::OWNER, labels::OWNER_PATH, labels::OWNER_HOST])
    }

    /// Who built the image with these labels; `None` where it was not gw.
    pub fn of_image(labels: &BTreeMap<String, String>) -> Option<Self> {
        Self::named(labels, labels::IMAGE_OWNER)
    }

    fn named(labels: &BTreeMap<String, String>, names: [&str; 3]) -> Option<Self> {
        let [id, path, host] = names.map(|name| labels.get(name).cloned().unwrap_or_default());
        (!id.is_empty()).then_some(Self { id, path, host })
    }
}

/// Who is in a folder of this host now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resident {
    /// There is no such folder.
    Nobody,
    /// There is one, and nothing of gw's in it.
    NoCheckout,
    /// One with profiles and without an id: a checkout that lost its `.gw/`, or that no gw has run in yet.
    Nameless,
    /// A checkout.
    Checkout {
        /// Its id.
        id: String,
        /// The places whose things it took over.
        adopted: Vec<Place>,
    },
    /// That cannot be found out, for this reason.
    Unknown(String),
}

/// Whether a checkout is still where it was when it made something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// It is in that folder, as far as one can see.
    There,
    /// Its id is not, and the folder is a checkout still: what was made there is that one's to adopt, and `gw gc` leaves it.
    Replaced,
    /// Nothing of gw's is in that folder any more.
    Gone,
}

impl Resident {
    /// Where the checkout with this id is, that was in the folder before.
    pub fn presence(&self, id: &str) -> Presence {
        match self {
            Self::Unknown(_) => Presence::There,
            Self::Checkout { .. } if self.is(id) => Presence::There,
            Self::Checkout { .. } | Self::Nameless => Presence::Replaced,
            Self::Nobody | Self::NoCheckout => Presence::Gone,
        }
    }

    /// Whether it is the checkout with this id.
    pub fn is(&self, other: &str) -> bool {
        matches!(self, Self::Checkout { id, .. } if id == other)
    }
}
