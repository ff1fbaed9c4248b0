//! Published and exposed ports.

use serde_json::Value as Json;

use super::cursor::Cursor;
use super::long_form;
use crate::plan::desired::PublishedPort;

/// Ports of the host.
pub(super) fn published(service: &Cursor<'_>) -> Vec<PublishedPort> {
    let Some(ports) = service.get("ports") else { return Vec::new() };
    ports.items(in_list).iter().filter(|port| port.is_mapping(long_form::port)).filter_map(port).collect()
}

/// One port where a list is expected.
fn in_list(ports: &Cursor<'_>) -> Option<Json> {
    let port = long_form::port(ports)?;
    Some(if port.is_array() { port } else { Json::Array(vec![port]) })
}

fn port(port: &Cursor<'_>) -> Option<PublishedPort> {
    if port.get("target").is_none() {
        port.missing("target", "8080");
    }
    if let Some(mode) = port.get("mode") {
        mode.choice(&["ingress", "host"]);
    }
    let number = |port: Cursor<'_>| {
        port.parse("one port from 1 to 65535", |text| text.parse::<u16>().ok().filter(|port| *port > 0))
    };
    let protocol = match port.get("protocol") {
        Some(protocol) => protocol.choice(&["tcp", "udp"])?,
        None => "tcp".to_owned(),
    };
    // `0` is what Docker takes for "any", and what an absent key means.
    let any = |published: Cursor<'_>| {
        published.parse("one port from 0 to 65535 (each port of a range is an entry of its own)", |text| {
            text.parse().ok()
        })
    };
    Some(PublishedPort {
        published: port.get("published").and_then(any).unwrap_or_default(),
        address: port.text_at("host_ip").unwrap_or_default(),
        target: port.get("target").and_then(number)?,
        protocol,
    })
}

/// Ports that are only announced, `8080/tcp`.
pub(super) fn exposed(service: &Cursor<'_>) -> Vec<String> {
    let Some(ports) = service.get("expose") else { return Vec::new() };
    let port = |port: &Cursor<'_>| {
        let text = port.text()?;
        let (number, protocol) = text.split_once('/').unwrap_or((&text, "tcp"));
        if number.parse::<u16>().is_err() || !["tcp", "udp", "sctp"].contains(&protocol) {
            port.report("expected one port, such as \"8080\" or \"53/udp\"");
            return None;
        }
        Some(format!("{number}/{protocol}"))
    };
    ports.items(long_form::one_item).iter().filter_map(port).collect()
}
