//! Renders a profile and looks into the result.

use std::collections::BTreeMap;

use gw::profile::model::Profile;
use gw::render::{Templates, compose};
use gw::stack::model::Stack;
use gw::stack::{Inputs, build};
use serde_json::Value;

/// A profile's stack, images as they are.
pub(crate) fn stack(profile: &Profile) -> Stack {
    build(profile, &Inputs { images: &str::to_owned, env_files: &BTreeMap::new() })
}

/// The text of a profile's Compose file.
pub(crate) fn text(profile: &Profile, folder: &str) -> String {
    let templates = Templates::embedded().unwrap();
    let rendered = compose(&stack(profile), &templates, folder).unwrap();
    rendered.files.into_iter().next().unwrap().text
}

/// The Compose file as a tree.
pub(crate) fn tree(profile: &Profile) -> Value {
    serde_saphyr::from_str(&text(profile, "generated/x")).unwrap()
}
