//! A component as a service of a Compose file.

use std::collections::BTreeMap;
use std::time::Duration;

use super::context::{Aliases, Build, DependsOn, Endpoint, Healthcheck, Mounted, Own, Port, Service, Volume};
use super::text::{literal, text};
use crate::plan::desired::{self, Condition};
use crate::profile::model::{Probe, Restart};
use crate::stack::model::{Component, MountSource, Role, Stack, Text, Until};

/// As long as the engine's check may fail without making the container `unhealthy`, at least.
const START_PERIOD: Duration = Duration::from_secs(60);

/// Returns a component's variables. `up` leads from the file's folder to the project's root; `configs` are the mounted
/// files, their keys final.
pub(super) fn service(component: &Component, stack: &Stack, up: &str, configs: Vec<Mounted>) -> Service {
    let fill = |value: &Text| text(value, stack);
    let build = component.image.build.as_ref();
    let (ports, unpublished): (Vec<_>, Vec<_>) = component.ports.iter().partition(|port| port.host.is_some());
    Service {
        key: component.key.clone(),
        gw: own(component, stack),
        image: literal(&component.image.reference),
        build: build.map(|build| Build {
            context: literal(&relative(up, &build.context)),
            dockerfile: literal(&build.file),
            target: build.target.as_deref().map(literal),
            args: build.args.iter().map(|(name, value)| (name.clone(), literal(value))).collect(),
            network: build.network.as_deref().map(literal),
        }),
        entrypoint: component.entrypoint.iter().map(fill).collect(),
        command: component.command.iter().map(fill).collect(),
        user: component.user.as_deref().map(literal),
        environment: component.environment.iter().map(|(name, value)| (name.clone(), fill(value))).collect(),
        depends_on: depends_on(component, stack),
        healthcheck: component.engine_check.as_ref().map(|command| Healthcheck {
            test: std::iter::once("CMD".to_owned()).chain(command.iter().map(|word| literal(word))).collect(),
            start_period: duration(component.ready.deadline.max(START_PERIOD)),
        }),
        ports: ports
            .into_iter()
            .filter(|_| !component.host_network)
            .filter_map(|port| {
                Some(Port {
                    address: port.address.clone(),
                    target: port.container,
                    published: port.host?.to_string(),
                    protocol: port.protocol.clone(),
                })
            })
            .collect(),
        expose: unpublished
            .into_iter()
            .filter(|_| !component.host_network)
            .map(|port| format!("{}/{}", port.container, port.protocol))
            .map(|port| port.trim_end_matches("/tcp").to_owned())
            .collect(),
        configs,
        secrets: component.secrets.clone(),
        volumes: component.mounts.iter().map(|mount| volume(mount, up)).collect(),
        networks: component.attachments.iter().map(endpoint).collect(),
        network_mode: component.host_network.then_some("host"),
        dns: component.dns.clone(),
        extra_hosts: component.extra_hosts.clone(),
        replicas: component.replicas,
        cpus: component.resources.cpus,
        memory: component.resources.memory.map(|bytes| bytes.to_string()),
        restart: restart(component.restart),
        stop_signal: component.stop_signal.clone(),
        stop_grace_period: duration(component.stop_grace),
    }
}

fn own(component: &Component, stack: &Stack) -> Own {
    let stronger = component.depends_on.iter().filter(|other| {
        other.until == Until::Ready && condition(&other.on, other.until, stack) != "service_healthy"
    });
    Own {
        name: component.name.clone(),
        role: role(component.role),
        probe: probe(component, stack),
        deadline: duration(component.ready.deadline),
        hint: component.image.build.as_ref().and_then(|build| build.hint.as_deref()).map(literal),
        depends_on: stronger.map(|other| (other.on.clone(), Condition::Ready)).collect::<BTreeMap<_, _>>(),
    }
}

fn role(role: Role) -> desired::Role {
    match role {
        Role::Service => desired::Role::Service,
        Role::Job => desired::Role::Job,
        Role::Mongodb => desired::Role::Mongodb,
        Role::Redis => desired::Role::Redis,
        Role::Sentinel => desired::Role::Sentinel,
        Role::Gateway => desired::Role::Gateway,
    }
}

fn probe(component: &Component, stack: &Stack) -> desired::Probe {
    let credentials = || text(&component.credentials, stack);
    match &component.ready.probe {
        Probe::Http { path, port, status, body } => desired::Probe::Http {
            path: literal(path),
            port: *port,
            status: *status,
            body: body.as_deref().map(literal),
        },
        Probe::Tcp { port } => desired::Probe::Tcp { port: *port },
        Probe::Exec { command } => {
            desired::Probe::Exec { command: command.iter().map(|word| literal(word)).collect() }
        }
        Probe::Redis { port } => desired::Probe::Redis { port: *port, password: credentials() },
        Probe::Sentinel { port, master, replicas, sentinels } => desired::Probe::Sentinel {
            port: *port,
            password: credentials(),
            master: literal(master),
            replicas: *replicas,
            sentinels: *sentinels,
        },
        Probe::MongoDb { port } => desired::Probe::Mongodb { port: *port, credentials: credentials() },
        Probe::MongoDbMember { port } => {
            desired::Probe::MongodbMember { port: *port, credentials: credentials() }
        }
        Probe::None => desired::Probe::None,
    }
}

fn depends_on(component: &Component, stack: &Stack) -> Vec<DependsOn> {
    let mut seen = Vec::new();
    for other in &component.depends_on {
        if !seen.iter().any(|known: &DependsOn| known.on == other.on) {
            seen.push(DependsOn {
                on: other.on.clone(),
                condition: condition(&other.on, other.until, stack),
            });
        }
    }
    seen
}

// Compose refuses to wait for the health of what has no health check.
fn condition(on: &str, until: Until, stack: &Stack) -> &'static str {
    let checked = || stack.components.iter().any(|other| other.key == on && other.engine_check.is_some());
    match until {
        Until::Completed => "service_completed_successfully",
        Until::Ready if checked() => "service_healthy",
        Until::Ready | Until::Started => "service_started",
    }
}

fn volume(mount: &crate::stack::model::ComponentMount, up: &str) -> Volume {
    let (kind, source) = match &mount.source {
        MountSource::Volume(name) => ("volume", Some(name.clone())),
        MountSource::Bind(path) => ("bind", Some(literal(&relative(up, path)))),
        MountSource::Memory => ("tmpfs", None),
    };
    Volume { kind, source, target: literal(&mount.target), read_only: mount.read_only }
}

fn endpoint(attachment: &crate::stack::model::Attachment) -> Endpoint {
    let aliases = attachment.aliases.clone();
    Endpoint {
        key: attachment.network.clone(),
        options: (!aliases.is_empty()).then_some(Aliases { aliases }),
    }
}

fn restart(restart: Restart) -> Option<&'static str> {
    match restart {
        Restart::No => None,
        Restart::OnFailure => Some("on-failure"),
        Restart::UnlessStopped => Some("unless-stopped"),
        Restart::Always => Some("always"),
    }
}

// A path of the project's as the file sees it: no rendered file names the checkout.
fn relative(up: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let path = path.trim_start_matches("./").trim_end_matches('/');
    if path.is_empty() || path == "." { up.trim_end_matches('/').to_owned() } else { format!("{up}{path}") }
}

/// A duration in Go's form, which Compose prints: `1m0s`, `2.5s`, `500ms`.
fn duration(duration: Duration) -> String {
    let (seconds, milliseconds) = (duration.as_secs(), duration.subsec_millis());
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if seconds == 0 && milliseconds > 0 {
        return format!("{milliseconds}ms");
    }
    let fraction = format!("{milliseconds:03}");
    let fraction = fraction.trim_end_matches('0');
    let rest = if fraction.is_empty() { format!("{rest}s") } else { format!("{rest}.{fraction}s") };
    match (hours, minutes) {
        (0, 0) => rest,
        (0, _) => format!("{minutes}m{rest}"),
        _ => format!("{hours}h{minutes}m{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duration_is_written_as_go_does() {
        let cases = [
            (0, "0s"),
            (500, "500ms"),
            (2500, "2.5s"),
            (20_000, "20s"),
            (60_000, "1m0s"),
            (3_661_000, "1h1m1s"),
        ];
        for (milliseconds, expected) in cases {
            assert_eq!(duration(Duration::from_millis(milliseconds)), expected);
        }
    }

    #[test]
    fn relative_leads_out_of_the_files_folder() {
        assert_eq!(relative("../../", "examples/a"), "../../examples/a");
        assert_eq!(relative("../../", "./a/"), "../../a");
        assert_eq!(relative("../../", "."), "../..");
        assert_eq!(relative("../../", "/etc/x"), "/etc/x");
    }
}
