//! Whose the container is that holds a port, by gw's own labels; what Compose notes does not count.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::plan::labels;
use crate::plan::ownership::Checkout;

/// Whose a thing is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "owner", rename_all = "kebab-case")]
pub enum Maker {
    /// This checkout, where it is or was.
    ThisCheckout,
    /// A checkout of this host.
    OtherCheckout {
        /// Its folder.
        path: String,
    },
    /// A checkout of another host.
    OtherHost {
        /// Its folder there.
        path: String,
        /// That host.
        host: String,
    },
    /// Something else than gw.
    NotGw,
}

/// Whose a thing with these labels is.
pub(super) fn maker(labels: &BTreeMap<String, String>, checkout: &Checkout) -> Maker {
    let label = |name: &str| labels.get(name).cloned().unwrap_or_default();
    let (path, host) = (label(labels::OWNER_PATH), label(labels::OWNER_HOST));
    if checkout.made(labels) {
        Maker::ThisCheckout
    } else if label(labels::OWNER).is_empty() {
        Maker::NotGw
    } else if host == checkout.host {
        Maker::OtherCheckout { path }
    } else {
        Maker::OtherHost { path, host }
    }
}
