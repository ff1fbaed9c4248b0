//! `ready`: which probe, on which port, until when.

use std::time::Duration;

use super::super::finding::Findings;
use super::super::merge::PROBES;
use super::super::model::{Port, Probe, Readiness, ServiceKind};
use super::super::node::Node;
use super::super::raw::service as raw;
use super::service::duration;

/// Turns `ready` into a probe and a deadline; `None` after a finding.
pub(super) fn readiness(
    kind: ServiceKind,
    ready: Option<&raw::Ready>,
    ports: &[Port],
    node: &Node,
    findings: &mut Findings,
) -> Option<Readiness> {
    let written = match ready {
        None => &raw::Probe::default(),
        Some(raw::Ready::Word(raw::NoProbe::None)) => {
            return Some(Readiness { probe: Probe::None, deadline: default_deadline(kind) });
        }
        Some(raw::Ready::Probe(probe)) => probe.as_ref(),
    };
    let deadline = match &written.deadline {
        None => default_deadline(kind),
        Some(text) => {
            let place = node.place_of(&["ready".into(), "deadline".into()]);
            let deadline = duration(text, place, findings)?;
            if deadline.is_zero() {
                findings.add(place, "nothing is ready after no time at all");
            }
            deadline
        }
    };
    Some(Readiness { probe: probe(kind, written, ports, node, findings)?, deadline })
}

fn default_deadline(kind: ServiceKind) -> Duration {
    Duration::from_secs(if kind == ServiceKind::Job { 300 } else { 60 })
}

fn probe(
    kind: ServiceKind,
    written: &raw::Probe,
    ports: &[Port],
    node: &Node,
    findings: &mut Findings,
) -> Option<Probe> {
    let ready = node.get("ready");
    let named: Vec<&str> = PROBES
        .iter()
        .copied()
        .filter(|probe| ready.is_some_and(|ready| ready.get(probe).is_some()))
        .collect();
    let place = node.place_of(&["ready".into()]);
    if kind == ServiceKind::Job && !named.is_empty() {
        findings.add_with_hint(
            place,
            "a job is done when it ends, so it has no probe",
            "keep only `deadline`",
        );
        return None;
    }
    if let [first, second, ..] = named.as_slice() {
        let place = node.place_of(&["ready".into(), (*second).into()]);
        findings.add_with_hint(place, format!("`{first}` and `{second}` are two probes"), "keep one of them");
        return None;
    }
    if !named.contains(&"http") {
        for key in ["port", "status", "body"] {
            if ready.is_some_and(|ready| ready.get(key).is_some()) {
                let place = node.place_of(&["ready".into(), key.into()]);
                let hint = "write `\"http\": \"/path\"`, or for another probe its port: `\"tcp\": 8080`";
                findings.add_with_hint(place, format!("`{key}` belongs to the probe `http`"), hint);
                return None;
            }
        }
    }
    let first = ports.iter().find(|port| port.protocol == "tcp").map(|port| port.container);
    let mut ask = |port: Option<u16>, key: &str| {
        if port.or(first).is_none() {
            let place = node.place_of(&["ready".into(), key.into()]);
            findings.add_with_hint(
                place,
                "the service has no port to ask",
                "name one here, or give it a `port`",
            );
        }
        port.or(first)
    };
    let number = |port: raw::ProbePort| match port {
        raw::ProbePort::Number(number) => Some(number),
        raw::ProbePort::First(_) => None,
    };
    if let Some(path) = &written.http {
        let port = ask(written.port, "http")?;
        if !path.starts_with('/') {
            findings.add(node.place_of(&["ready".into(), "http".into()]), "a path starts with `/`");
        }
        return Some(Probe::Http {
            path: path.clone(),
            port,
            status: written.status,
            body: written.body.clone(),
        });
    }
    if let Some(port) = written.tcp {
        return Some(Probe::Tcp { port: ask(number(port), "tcp")? });
    }
    if let Some(port) = written.redis {
        return Some(Probe::Redis { port: ask(number(port), "redis")? });
    }
    if let Some(port) = written.mongodb {
        return Some(Probe::MongoDb { port: ask(number(port), "mongodb")? });
    }
    if let Some(command) = &written.exec {
        return Some(Probe::Exec { command: command.clone() });
    }
    Some(match first {
        Some(port) if kind == ServiceKind::Service => Probe::Tcp { port },
        _ => Probe::None,
    })
}
