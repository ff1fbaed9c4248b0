//! Published and exposed ports.

use std::net::IpAddr;

use serde_json::{Map, Value, json};

use super::at::At;
use super::service::Draft;
use super::variables;
use crate::manifest::compose::lexical;

/// A port in Compose's long form, in Compose's language.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Port {
    target: String,
    published: Option<String>,
    address: Option<String>,
    protocol: String,
}

/// What follows for other keys of the service.
pub(super) struct Ports {
    /// One has a host port.
    pub(super) is_published: bool,
    /// One is published on every address of the host.
    pub(super) is_open: bool,
    /// One is TCP.
    pub(super) has_tcp: bool,
}

/// Reads `ports` and `expose`.
pub(super) fn read(service: &At<'_>, on_host: bool, draft: &mut Draft) -> Ports {
    let at = service.get("ports");
    let written: Vec<Port> = at.iter().flat_map(At::items).flat_map(|at| port(&at)).collect();
    let exposed: Vec<String> =
        service.get("expose").iter().flat_map(At::items).filter_map(|at| at.patch()).collect();
    if let Some(at) = at.as_ref().filter(|_| on_host && !written.is_empty()) {
        at.remark("on the host's network nothing is published: the service listens on the host itself");
    }
    let plain = on_host || written.iter().all(Port::is_plain);
    let mut own: Vec<Value> = Vec::new();
    let (tcp, udp): (Vec<&Port>, Vec<&Port>) = written.iter().partition(|port| port.protocol == "tcp");
    for port in tcp.iter().chain(&udp) {
        own.extend(port.own(plain && !on_host).filter(|one| !own.contains(one)));
    }
    let mut left = Vec::new();
    for text in &exposed {
        let (number, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
        let is_written = written.iter().any(|port| port.target == number && port.protocol == protocol);
        let port =
            Port { target: number.to_owned(), published: None, address: None, protocol: protocol.to_owned() };
        match port.own(true) {
            Some(_) if is_written => {}
            Some(one) => own.extend(Some(one).filter(|one| !own.contains(one))),
            None => left.push(text),
        }
    }
    if !plain {
        draft.patch("ports", Value::Array(written.iter().map(Port::long).collect()));
        draft.patch("expose", if exposed.is_empty() { Value::Null } else { json!(exposed) });
    } else if !left.is_empty() {
        draft.patch("expose", json!(exposed));
    }
    let has_tcp = own.first().is_some_and(|port| port.get("protocol").is_none());
    let mut own = own.into_iter();
    if let Some(first) = own.next() {
        draft.set("port", short(first));
    }
    let others: Vec<Value> = own.collect();
    if !others.is_empty() {
        draft.set("ports", Value::Array(others));
    }
    let is_open = |port: &Port| port.address.is_none() && port.published.is_some();
    Ports {
        is_published: !on_host && !written.is_empty(),
        is_open: !on_host && written.iter().any(is_open),
        has_tcp,
    }
}

/// `9001` for a port that is the same on both sides of the loopback address.
fn short(port: Value) -> Value {
    let same = port.get("host").is_some() && port.get("host") == port.get("container");
    let only = port.as_object().is_some_and(|fields| fields.len() == 2);
    if same && only { port["container"].clone() } else { port }
}

impl Port {
    fn is_plain(&self) -> bool {
        let number = |text: &str| text.parse::<u16>().is_ok_and(|port| port > 0);
        number(&self.target)
            && self.published.as_deref().is_some_and(number)
            && ["tcp", "udp"].contains(&self.protocol.as_str())
            && self.address.as_ref().is_none_or(|address| address.parse::<IpAddr>().is_ok())
    }

    /// As a profile writes it; without the host's side where `published` is false.
    fn own(&self, published: bool) -> Option<Value> {
        let container = self.target.parse::<u16>().ok().filter(|port| *port > 0)?;
        let mut own = Map::new();
        own.insert("container".to_owned(), json!(container));
        if let Some(host) = self.published.as_ref().filter(|_| published) {
            own.insert("host".to_owned(), json!(host.parse::<u16>().ok()?));
            let address = self.address.as_deref().unwrap_or("0.0.0.0");
            if address != "127.0.0.1" {
                own.insert("address".to_owned(), json!(address));
            }
        }
        match self.protocol.as_str() {
            "tcp" => {}
            "udp" => {
                own.insert("protocol".to_owned(), json!("udp"));
            }
            _ => return None,
        }
        Some(Value::Object(own))
    }

    fn long(&self) -> Value {
        let mut long = Map::new();
        long.insert("mode".to_owned(), json!("ingress"));
        if let Some(address) = &self.address {
            long.insert("host_ip".to_owned(), json!(address));
        }
        long.insert(
            "target".to_owned(),
            self.target.parse::<u16>().map_or_else(|_| json!(self.target), Value::from),
        );
        if let Some(published) = &self.published {
            long.insert("published".to_owned(), json!(published));
        }
        long.insert("protocol".to_owned(), json!(self.protocol));
        Value::Object(long)
    }
}

fn port(at: &At<'_>) -> Vec<Port> {
    if !at.is_mapping() {
        return at.raw().map(|text| short_form(at, &text)).unwrap_or_default();
    }
    let text = |key: &str| at.get(key).and_then(|at| at.patch());
    for (key, at) in at.entries() {
        match key {
            "target" | "published" | "host_ip" | "protocol" | "mode" => {}
            "name" | "app_protocol" => at.lost("nothing on one engine uses it"),
            _ => at.mistake(format!("unknown key `{key}`")),
        }
    }
    let Some(target) = text("target") else {
        at.mistake("`target` is missing: the port inside the container");
        return Vec::new();
    };
    let published = published(at, text("published"));
    vec![Port {
        target,
        published,
        address: text("host_ip"),
        protocol: text("protocol").unwrap_or_else(|| "tcp".to_owned()),
    }]
}

/// A range on the host for one port is the engine's choice among them.
fn published(at: &At<'_>, text: Option<String>) -> Option<String> {
    let text = text.filter(|text| !text.is_empty() && text != "0")?;
    if range(&text).is_some() {
        at.lost(format!("the range {text} for one port: the engine chooses among all free ports"));
        return None;
    }
    Some(text)
}

/// `[ADDRESS:][PUBLISHED:]TARGET[/PROTOCOL]`, each of the last two a range or a variable too.
fn short_form(at: &At<'_>, text: &str) -> Vec<Port> {
    let text = variables::patch(&at.pieces(text));
    let mut parts = lexical::parts(&text);
    let last = parts.pop().unwrap_or_default();
    let (target, protocol) = match last.rsplit_once('/') {
        Some((target, protocol)) if !protocol.contains('}') => (target, protocol.to_ascii_lowercase()),
        _ => (last, "tcp".to_owned()),
    };
    let host = parts.pop().filter(|text| !text.is_empty());
    let address = parts.join(":");
    let address = Some(address.trim_matches(['[', ']']).to_owned()).filter(|address| !address.is_empty());
    let one = |target: String, published: Option<String>| Port {
        target,
        published,
        address: address.clone(),
        protocol: protocol.clone(),
    };
    let Some((first, last)) = range(target) else {
        if !target.contains('$') && target.parse::<u16>().is_err() {
            at.mistake(format!("`{target}` is not a port"));
            return Vec::new();
        }
        return vec![one(target.to_owned(), published(at, host.map(str::to_owned)))];
    };
    let begin = match host.map(range) {
        None => None,
        Some(Some((begin, end))) if end - begin == last - first => Some(begin),
        Some(_) => {
            at.mistake("the two ranges have different lengths");
            return Vec::new();
        }
    };
    let published = |port: u16| begin.map(|begin| (begin + (port - first)).to_string());
    (first..=last).map(|port| one(port.to_string(), published(port))).collect()
}

fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-')?;
    let (first, last) = (first.parse::<u16>().ok()?, last.parse::<u16>().ok()?);
    (first <= last).then_some((first, last))
}
