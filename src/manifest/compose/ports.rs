//! Published and exposed ports.

use super::cursor::Cursor;
use super::long_form;
use crate::plan::desired::PublishedPort;

/// Ports of the host.
pub(super) fn published(service: &Cursor<'_>) -> Vec<PublishedPort> {
    let Some(ports) = service.get("ports") else { return Vec::new() };
    ports
        .items(|ports| long_form::in_list(ports, long_form::port))
        .iter()
        .filter(|port| port.is_mapping(long_form::port))
        .filter_map(port)
        .collect()
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
        Some(protocol) => protocol.choice(&["tcp", "udp"]),
        None => Some("tcp".to_owned()),
    };
    // `0` is what Docker takes for "any", and what an absent key means.
    let any = |published: Cursor<'_>| {
        published.parse("one port from 0 to 65535 (each port of a range is an entry of its own)", |text| {
            text.parse().ok()
        })
    };
    let published = port.get("published").and_then(any).unwrap_or_default();
    let address = port.text_at("host_ip").unwrap_or_default();
    let target = port.get("target").and_then(number);
    Some(PublishedPort { target: target?, published, address, protocol: protocol? })
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
