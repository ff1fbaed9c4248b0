//! Host ports: the offset, ports that the profile sets itself, and no port for two.

use std::collections::{BTreeMap, HashMap};

use super::super::finding::{Findings, Place};
use super::super::model::{MongoDb, MongoDbMode, Redis, RedisMode, Service};
use super::super::node::{Node, Step};
use super::service::Written;

/// A host port and who wants it.
#[derive(Debug, Clone)]
pub(in super::super) struct Claim {
    /// The port.
    pub(in super::super) port: u16,
    /// The host's address.
    pub(in super::super) address: String,
    /// `tcp` or `udp`.
    pub(in super::super) protocol: String,
    /// Who wants it, for messages.
    pub(in super::super) owner: String,
    /// Where that was written.
    pub(in super::super) place: Place,
}

/// The profile's `ports` and the tree they stand in.
pub(in super::super) struct Wishes<'a> {
    /// The profile with the infra files below it.
    pub(in super::super) settings: &'a Node,
    /// `ports`.
    pub(in super::super) ports: &'a BTreeMap<String, u16>,
}

impl Wishes<'_> {
    fn place(&self, key: &str) -> Place {
        self.settings.place_of(&["ports".into(), key.into()])
    }

    /// The host port of something whose file says `written`, and where that comes from.
    fn resolve(
        &self,
        key: &str,
        written: Option<u16>,
        place: Place,
        findings: &mut Findings,
    ) -> Option<(u16, Place)> {
        if let Some(port) = self.ports.get(key) {
            return Some((*port, self.place(key)));
        }
        let written = written?;
        let offset = self.ports.get("offset").copied().unwrap_or(0);
        let port = written.checked_add(offset);
        if port.is_none() {
            let sum = u32::from(written) + u32::from(offset);
            findings.add_with_hint(
                place,
                format!(
                    "host port {written} with the offset {offset} is {sum}, out of range: expected 1 to 65535"
                ),
                "lower `ports.offset`, or the port itself",
            );
        }
        port.map(|port| (port, place))
    }
}

/// Gives the ports of a service their final host ports.
pub(in super::super) fn place_service(
    service: &mut Service,
    written: &Written,
    wishes: &Wishes<'_>,
    findings: &mut Findings,
) -> Vec<Claim> {
    let mut claims = Vec::new();
    let first_is_alone = written.raw.port.is_some();
    if wishes.ports.contains_key(&service.name) {
        let fault = if service.ports.is_empty() {
            Some("the service has no port")
        } else if service.host_network {
            Some("the service shares the host's network, its port cannot be moved")
        } else if service.replicas > 1 {
            Some("the service runs in several copies, which cannot all have one host port")
        } else {
            None
        };
        if let Some(fault) = fault {
            findings.add(wishes.place(&service.name), fault);
            return claims;
        }
    }
    for (index, port) in service.ports.iter_mut().enumerate() {
        let mut steps: Vec<Step<'_>> = match (first_is_alone, index) {
            (true, 0) => vec!["port".into()],
            (true, _) => vec!["ports".into(), (index - 1).into()],
            (false, _) => vec!["ports".into(), index.into()],
        };
        steps.push(if port.host.is_some() { "host".into() } else { "container".into() });
        let place = written.node.place_of(&steps);
        let key = if index == 0 { service.name.as_str() } else { "" };
        let host = wishes.resolve(key, port.host, place, findings);
        port.host = host.map(|(host, _)| host);
        let taken = if service.host_network { Some((port.container, place)) } else { host };
        if let Some((number, place)) = taken {
            let address = if service.host_network { "0.0.0.0".to_owned() } else { port.address.clone() };
            let (protocol, owner) = (port.protocol.clone(), format!("service `{}`", service.name));
            claims.push(Claim { port: number, address, protocol, owner, place });
        }
    }
    claims
}

/// Gives a MongoDB its final host port.
pub(in super::super) fn place_mongodb(
    store: &mut MongoDb,
    wishes: &Wishes<'_>,
    findings: &mut Findings,
) -> Vec<Claim> {
    let place = wishes.settings.place_of(&["infrastructure".into(), "mongodb".into(), "port".into()]);
    let Some((first, place)) = wishes.resolve("mongodb", store.port, place, findings) else {
        return Vec::new();
    };
    store.port = Some(first);
    let members = match store.mode {
        MongoDbMode::Single => 1,
        MongoDbMode::ReplicaSet { members } => members,
    };
    row(u32::from(first), members, "mongodb", place, findings)
}

/// Gives a Redis its final host port.
pub(in super::super) fn place_redis(
    store: &mut Redis,
    wishes: &Wishes<'_>,
    findings: &mut Findings,
) -> Vec<Claim> {
    let place = wishes.settings.place_of(&["infrastructure".into(), "redis".into(), "port".into()]);
    let Some((first, place)) = wishes.resolve("redis", store.port, place, findings) else {
        return Vec::new();
    };
    store.port = Some(first);
    match store.mode {
        RedisMode::Single => row(u32::from(first), 1, "redis", place, findings),
        RedisMode::Sentinel { replicas, sentinels } => {
            let mut claims = row(u32::from(first), replicas + 1, "redis", place, findings);
            claims.extend(row(u32::from(first) + 20_000, sentinels, "redis's sentinel", place, findings));
            claims
        }
    }
}

fn row(first: u32, count: u16, what: &str, place: Place, findings: &mut Findings) -> Vec<Claim> {
    let last = first + u32::from(count) - 1;
    if last > 65_535 {
        findings.add(
            place,
            format!("{what} would need the host ports {first} to {last}, out of range: expected 1 to 65535"),
        );
        return Vec::new();
    }
    (0..count)
        .filter_map(|index| {
            let port = u16::try_from(first + u32::from(index)).ok()?;
            let owner = if count == 1 { what.to_owned() } else { format!("{what} {}", index + 1) };
            Some(Claim { port, address: "127.0.0.1".to_owned(), protocol: "tcp".to_owned(), owner, place })
        })
        .collect()
}

/// Notes each of the `claims` on a host port that one of them or one of `taken` has; `describe` says where a place is.
pub(in super::super) fn check_unique(
    taken: &[Claim],
    claims: &[Claim],
    describe: impl Fn(Place) -> String,
    findings: &mut Findings,
) {
    let mut by_port: HashMap<u16, Vec<(&Claim, bool)>> = HashMap::new();
    for claim in taken {
        by_port.entry(claim.port).or_default().push((claim, false));
    }
    for claim in claims {
        let others = by_port.entry(claim.port).or_default();
        let first = others.iter().find(|(other, _)| collide(other, claim)).copied();
        if first.is_none() {
            others.push((claim, true));
        }
        let (first, second) = match first {
            None => continue,
            Some((first, own)) if own && first.place > claim.place => (claim, first),
            Some((first, _)) => (first, claim),
        };
        findings.add_with_hint(
            second.place,
            format!(
                "host port {} is used twice: by {} here and by {} at {}",
                claim.port,
                second.owner,
                first.owner,
                describe(first.place)
            ),
            "give one of them another port",
        );
    }
}

fn collide(one: &Claim, other: &Claim) -> bool {
    let everywhere = |address: &str| matches!(address, "0.0.0.0" | "::");
    one.port == other.port
        && one.protocol == other.protocol
        && (one.address == other.address || everywhere(&one.address) || everywhere(&other.address))
}
