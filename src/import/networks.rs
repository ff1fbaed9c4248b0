//! Which networks a service joins, and under which names.

use serde_json::{Map, Value, json};

use super::at::At;
use super::long_form;
use super::service::Draft;

/// Every service joins it, to gw; to Compose, one that names no other.
const DEFAULT: &str = "default";

/// Reads `networks` and `network_mode`; `name` is the service's in the profile, `further` are names that others know it by.
/// Returns the networks.
pub(super) fn read(
    service: &At<'_>,
    name: &str,
    project: &str,
    further: &[String],
    draft: &mut Draft,
) -> Vec<String> {
    if let Some(at) = service.get("network_mode") {
        match at.raw().as_deref() {
            Some("host") => {
                draft.set("hostNetwork", json!(true));
                return Vec::new();
            }
            Some("none") => {
                draft.patch("network_mode", json!("none"));
                draft.patch("networks", Value::Null);
                return Vec::new();
            }
            _ => at.lost("gw has `host` and `none` only; the service joins the network `default`"),
        }
    }
    let joined = joined(service);
    let names: Vec<String> = joined.iter().map(|(name, _)| name.clone()).collect();
    let others: Vec<&String> = names.iter().filter(|network| *network != DEFAULT).collect();
    if !others.is_empty() {
        draft.set("networks", json!(others));
    }
    if !names.iter().any(|network| network == DEFAULT) {
        draft.patch_in(&["networks", DEFAULT], Value::Null);
    }
    for (network, mut options) in joined {
        let mut aliases: Vec<Value> = further.iter().map(|alias| json!(alias)).collect();
        if let Some(Value::Array(own)) = options.remove("aliases") {
            aliases.extend(own);
        }
        if !aliases.is_empty() {
            // A list replaces the rendered one, which has this name.
            if network == DEFAULT {
                aliases.insert(0, json!(format!("{name}.{project}")));
            }
            options.insert("aliases".to_owned(), Value::Array(aliases));
        }
        if !options.is_empty() {
            draft.patch_in(&["networks", &network], Value::Object(options));
        }
    }
    names
}

/// The networks in the file's order with their options in the long form.
fn joined(service: &At<'_>) -> Vec<(String, Map<String, Value>)> {
    let Some(at) = service.get("networks") else { return vec![(DEFAULT.to_owned(), Map::new())] };
    let mut joined = Vec::new();
    if at.is_mapping() {
        for (network, at) in at.entries() {
            let options =
                if at.is_null() { Map::new() } else { long_form::options(&at, long_form::ENDPOINT) };
            joined.push((network.to_owned(), options));
        }
    } else {
        joined.extend(at.items().iter().filter_map(At::literal).map(|network| (network, Map::new())));
    }
    if joined.is_empty() { vec![(DEFAULT.to_owned(), Map::new())] } else { joined }
}
