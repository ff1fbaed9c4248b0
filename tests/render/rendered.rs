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

/// What only Compose can say of a volume or a network is merged over the rendered section.
#[test]
fn compose_of_a_profile_is_merged_over_the_file() {
    let patch = serde_json::json!({
        "networks": { "default": { "internal": true } },
        "volumes": { "data": { "external": true, "name": "elsewhere" } }
    });
    let patched = tree(&Profile { compose: Some(patch), ..super::profiles::small() });
    let plain = tree(&super::profiles::small());
    assert_eq!(patched["volumes"]["data"], serde_json::json!({ "external": true, "name": "elsewhere" }));
    let name = &plain["networks"]["default"]["name"];
    assert_eq!(patched["networks"]["default"], serde_json::json!({ "name": name, "internal": true }));
    assert_eq!(patched["services"], plain["services"]);
}
