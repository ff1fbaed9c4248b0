//! Networks and volumes at the top, and how a service joins networks.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::cursor::Cursor;
use super::document::Shared;
use super::{keys, long_form};
use crate::plan::desired::{Container, Endpoint, Network, Subnet, Volume};

/// The top level's networks; the default one is always there to join.
pub(super) fn networks(top: &Cursor<'_>, project: &str) -> BTreeMap<String, Network> {
    let mut networks = BTreeMap::from([("default".to_owned(), plain_network(project))]);
    let entries = top.get("networks").map(|networks| networks.entries(long_form::none)).unwrap_or_default();
    for (key, cursor) in entries {
        networks.insert(key.to_owned(), network(key, &cursor, project));
    }
    networks
}

fn plain_network(project: &str) -> Network {
    Network {
        name: format!("{project}_default"),
        external: false,
        labels: BTreeMap::new(),
        driver: None,
        internal: false,
        driver_options: BTreeMap::new(),
        attachable: false,
        ipv6: false,
        ipam_driver: None,
        subnets: Vec::new(),
    }
}

fn network(key: &str, cursor: &Cursor<'_>, project: &str) -> Network {
    let (name, external) = identity(key, cursor, project);
    let ipam = cursor.get("ipam").filter(|ipam| ipam.is_mapping(long_form::none));
    let ranges = ipam.as_ref().and_then(|ipam| ipam.get("config"));
    let ranges = ranges.map(|ranges| ranges.items(long_form::none)).unwrap_or_default();
    Network {
        name,
        external,
        labels: cursor.text_map_at("labels"),
        driver: cursor.text_at("driver"),
        internal: cursor.boolean_at("internal").unwrap_or_default(),
        driver_options: cursor.text_map_at("driver_opts"),
        attachable: cursor.boolean_at("attachable").unwrap_or_default(),
        ipv6: cursor.boolean_at("enable_ipv6").unwrap_or_default(),
        ipam_driver: ipam.and_then(|ipam| ipam.text_at("driver")),
        subnets: ranges.iter().filter(|range| range.is_mapping(long_form::none)).map(subnet).collect(),
    }
}

fn subnet(range: &Cursor<'_>) -> Subnet {
    Subnet {
        subnet: range.text_at("subnet"),
        ip_range: range.text_at("ip_range"),
        gateway: range.text_at("gateway"),
        auxiliary: range.text_map_at("aux_addresses"),
    }
}

/// The top level's volumes.
pub(super) fn volumes(top: &Cursor<'_>, project: &str) -> BTreeMap<String, Volume> {
    let entries = top.get("volumes").map(|volumes| volumes.entries(long_form::none)).unwrap_or_default();
    entries.into_iter().map(|(key, cursor)| (key.to_owned(), volume(key, &cursor, project))).collect()
}

fn volume(key: &str, cursor: &Cursor<'_>, project: &str) -> Volume {
    let (name, external) = identity(key, cursor, project);
    Volume {
        name,
        external,
        labels: cursor.text_map_at("labels"),
        driver: cursor.text_at("driver"),
        driver_options: cursor.text_map_at("driver_opts"),
    }
}

/// The full name, and whether it is somebody else's.
fn identity(key: &str, cursor: &Cursor<'_>, project: &str) -> (String, bool) {
    if cursor.is_null() || !cursor.is_mapping(long_form::none) {
        return (format!("{project}_{key}"), false);
    }
    let external = cursor.boolean_at("external").unwrap_or_default();
    if external {
        let set = ["driver", "driver_opts", "labels", "internal", "attachable", "enable_ipv6"];
        for other in set.iter().filter_map(|other| cursor.get(other)) {
            other.report("it belongs to somebody else (`external: true`), so gw cannot set this; remove it");
        }
    }
    let default = || if external { key.to_owned() } else { format!("{project}_{key}") };
    (cursor.text_at("name").unwrap_or_else(default), external)
}

/// How a service takes part in networks.
pub(super) fn join(service: &Cursor<'_>, container: &mut Container, shared: &Shared<'_>) {
    if let Some(mode) = service.get("network_mode") {
        container.network_mode = network_mode(&mode);
        if service.get("networks").is_some() {
            mode.report("a service has `network_mode` or `networks`, not both; remove one");
        }
        return;
    }
    let entries =
        service.get("networks").map(|networks| networks.entries(|list| long_form::names(list, &Json::Null)));
    for (key, endpoint) in entries.unwrap_or_default() {
        if !shared.networks.contains_key(key) {
            endpoint.report(unknown("network", key, shared.networks.keys().map(String::as_str)));
        }
        container.networks.insert(key.to_owned(), read_endpoint(&endpoint));
    }
    if container.networks.is_empty() {
        container.networks.insert("default".to_owned(), Endpoint::default());
    }
}

fn network_mode(mode: &Cursor<'_>) -> Option<String> {
    let text = mode.text()?;
    if text.starts_with("service:") || text.starts_with("container:") {
        mode.report(
            "gw does not share a container's network; write `networks`, and reach the other by its name",
        );
        return None;
    }
    mode.choice(&["host", "none"])
}

fn read_endpoint(endpoint: &Cursor<'_>) -> Endpoint {
    if endpoint.is_null() || !endpoint.is_mapping(long_form::none) {
        return Endpoint::default();
    }
    Endpoint {
        aliases: endpoint.texts_at("aliases"),
        ipv4_address: endpoint.text_at("ipv4_address"),
        ipv6_address: endpoint.text_at("ipv6_address"),
        priority: endpoint.number_at("priority").unwrap_or_default(),
        mac_address: endpoint.text_at("mac_address"),
        link_local_ips: endpoint.texts_at("link_local_ips"),
    }
}

/// What to say of a name that the top level does not have.
pub(super) fn unknown<'a>(kind: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    match keys::nearest(name, known) {
        Some(near) => format!("there is no {kind} `{name}` in this file; did you mean `{near}`?"),
        None => format!("there is no {kind} `{name}` in this file; add it under `{kind}s`"),
    }
}
