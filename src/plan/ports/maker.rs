//! Whose the container is that holds a port, and which command can take it down.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::plan::labels;
use crate::plan::ownership::{Checkout, Host};
use crate::plan::place::Presence;
use crate::plan::stacks::Named;

/// What tells whose a container is.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// This checkout.
    pub checkout: &'a Checkout,
    /// What has to be asked of this host.
    pub host: Host<'a>,
    /// The profiles of this checkout as their files are now.
    pub named: &'a [Named],
}

/// Whose a thing is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "owner", rename_all = "kebab-case")]
pub enum Maker {
    /// This checkout, where it is or was; gw, or Compose with a file that gw rendered.
    ThisCheckout {
        /// The profile that names the thing's project now; `None` where none does.
        #[serde(rename = "namedBy", skip_serializing_if = "Option::is_none")]
        named_by: Option<String>,
    },
    /// A checkout of this host.
    OtherCheckout {
        /// Its folder.
        path: String,
        /// Whether it is still there.
        presence: Presence,
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
pub(super) fn maker(labels: &BTreeMap<String, String>, known: Known<'_>) -> Maker {
    let Known { checkout, host: this, named } = known;
    let label = |name: &str| labels.get(name).cloned().unwrap_or_default();
    let (id, path, host) = (label(labels::OWNER), label(labels::OWNER_PATH), label(labels::OWNER_HOST));
    if checkout.made(labels) || checkout.rendered(labels, this.resolve) {
        let named_by = named_by(&label(labels::COMPOSE_PROJECT), &label(labels::PROFILE), named);
        Maker::ThisCheckout { named_by }
    } else if id.is_empty() {
        Maker::NotGw
    } else if host == checkout.host {
        let presence = (this.resident)(&path).presence(&id);
        Maker::OtherCheckout { path, presence }
    } else {
        Maker::OtherHost { path, host }
    }
}

/// The profile that names a project now; first `made_from`, from which it was made. One that cannot be read may name it.
fn named_by(project: &str, made_from: &str, named: &[Named]) -> Option<String> {
    let mut naming: Vec<&str> = named
        .iter()
        .filter(|one| one.project.as_deref() == Some(project))
        .map(|one| profile(&one.file))
        .collect();
    let unreadable = |one: &Named| one.project.is_none() && profile(&one.file) == made_from;
    if named.iter().any(unreadable) {
        naming.push(made_from);
    }
    let same = naming.iter().find(|name| **name == made_from);
    same.or(naming.first()).map(|name| (*name).to_owned())
}

/// The profile of a file: `test` of `profiles/test.json`.
fn profile(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".json").unwrap_or(name)
}
