//! One service from its written form to the model, with the rules that need nothing but the service.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::finding::{Findings, Place};
use super::super::model::{
    Build, ImageSource, Mount, MountSource, MountedFile, Port, Resources, Restart, Service, ServiceKind,
};
use super::super::names;
use super::super::node::{Node, Step};
use super::super::quantity::{MemoryFault, parse_duration, parse_memory};
use super::super::raw::service as raw;
use super::super::suggest::quoted;
use super::{check_image, probe};

/// A service of the file: its name, its tree with the defaults below it, and what serde made of it.
pub(in super::super) struct Written {
    /// Its name.
    pub(in super::super) name: String,
    /// Where the name was written.
    pub(in super::super) key_place: Place,
    /// The tree.
    pub(in super::super) node: Node,
    /// The typed form.
    pub(in super::super) raw: raw::Service,
}

/// Turns a written service into the model; host ports are still without offset, files with a source without content.
pub(in super::super) fn service(written: &Written, findings: &mut Findings) -> Option<Service> {
    let before = findings.len();
    let Written { name, key_place, node, raw } = written;
    let mut check = Check { node, findings };
    check.name(name, *key_place);
    let kind = match raw.kind {
        Some(raw::Kind::Job) => ServiceKind::Job,
        _ => ServiceKind::Service,
    };
    let source = check.source(name, *key_place, raw);
    let ports = check.ports(raw);
    let ready = probe::readiness(kind, raw.ready.as_ref(), &ports, node, check.findings);
    check.variables(raw);
    check.copies(kind, raw, &ports);
    check.names(raw);
    if let Some(user) = &raw.user
        && !names::is_user(user)
    {
        let message = format!("{} is not a user", quoted(user));
        check.add(&["user".into()], message, "write ids, `1000` or `1000:1000`: names differ between images");
    }
    let (resources, files, volumes) = (check.resources(raw), check.files(raw), check.volumes(raw));
    let (restart, stop_grace) = (check.restart(kind, raw), check.stop_grace(raw));
    if findings.len() > before {
        return None;
    }
    Some(Service {
        name: name.clone(),
        kind,
        source: source?,
        command: raw.command.clone().unwrap_or_default(),
        args: raw.args.clone().unwrap_or_default(),
        user: raw.user.clone(),
        ports,
        env: raw.env.clone().unwrap_or_default(),
        env_files: match raw.env_file.clone() {
            None => Vec::new(),
            Some(raw::OneOrMany::One(file)) => vec![file],
            Some(raw::OneOrMany::Many(files)) => files,
        },
        depends_on: raw.depends_on.clone().unwrap_or_default(),
        ready: ready?,
        engine_check: raw.healthcheck.clone(),
        replicas: raw.replicas.unwrap_or(1),
        resources,
        files,
        secrets: raw.secrets.clone().unwrap_or_default(),
        volumes,
        networks: raw.networks.clone().unwrap_or_default(),
        restart,
        stop_grace,
        host_network: raw.host_network.unwrap_or(false),
        compose: raw.compose.clone().map(serde_json::Value::Object),
        kube: raw.kube.as_ref().and_then(|patch| serde_json::to_value(patch).ok()),
    })
}

struct Check<'a> {
    node: &'a Node,
    findings: &'a mut Findings,
}

impl Check<'_> {
    fn add(&mut self, steps: &[Step<'_>], message: impl Into<String>, hint: &str) {
        self.findings.add_with_hint(self.node.place_of(steps), message, hint);
    }

    fn name(&mut self, name: &str, place: Place) {
        if let Some(fault) = names::service_fault(name) {
            self.findings.add_with_hint(
                place,
                format!("{} is not a name for a service", quoted(name)),
                fault,
            );
        } else if names::is_reserved(name) {
            self.findings.add_with_hint(
                place,
                format!("gw itself uses the name `{name}`"),
                format!("choose another, for example `my-{name}`"),
            );
        }
    }

    fn source(&mut self, name: &str, place: Place, raw: &raw::Service) -> Option<ImageSource> {
        match (&raw.image, &raw.build) {
            (None, None) => {
                self.findings.add(place, format!("service {} has neither `image` nor `build`", quoted(name)));
                None
            }
            (Some(_), Some(_)) => {
                self.add(
                    &["build".into()],
                    "a service has `image` or `build`, not both",
                    "remove one of the two",
                );
                None
            }
            (Some(image), None) => {
                check_image(image, self.node.place_of(&["image".into()]), self.findings);
                Some(ImageSource::Image(image.clone()))
            }
            (None, Some(build)) => Some(ImageSource::Build(Build {
                context: build.context.clone(),
                file: build.file.clone().unwrap_or_else(|| "Dockerfile".to_owned()),
                target: build.target.clone(),
                args: build.args.clone().unwrap_or_default(),
                network: build.network.clone(),
                hint: build.hint.clone(),
            })),
        }
    }

    fn ports(&mut self, raw: &raw::Service) -> Vec<Port> {
        let first = raw.port.as_ref().map(|port| match port {
            raw::Port::Number(number) => raw::PortMapping {
                container: *number,
                host: (!raw.host_network.unwrap_or(false)).then_some(*number),
                address: None,
                protocol: None,
            },
            raw::Port::Mapping(mapping) => mapping.clone(),
        });
        let others = raw.ports.clone().unwrap_or_default();
        for (index, mapping) in others.iter().enumerate() {
            self.address(mapping, &["ports".into(), index.into(), "address".into()]);
        }
        if let Some(mapping) = &first {
            self.address(mapping, &["port".into(), "address".into()]);
        }
        if raw.host_network.unwrap_or(false) {
            let hosts =
                [("port", None)].into_iter().chain((0..others.len()).map(|index| ("ports", Some(index))));
            for (key, index) in hosts {
                let mapping = index.map_or(first.as_ref(), |index| others.get(index));
                if mapping.is_some_and(|mapping| mapping.host.is_some()) {
                    let mut steps: Vec<Step<'_>> = vec![key.into()];
                    steps.extend(index.map(Step::Index));
                    steps.push("host".into());
                    let hint = "with `hostNetwork` the service listens on the host itself: leave `host` out";
                    self.add(&steps, "a port cannot be published from the host's own network", hint);
                }
            }
        }
        first
            .into_iter()
            .chain(others)
            .map(|mapping| Port {
                container: mapping.container,
                host: mapping.host,
                address: mapping.address.unwrap_or_else(|| "127.0.0.1".to_owned()),
                protocol: match mapping.protocol {
                    Some(raw::Protocol::Udp) => "udp".to_owned(),
                    _ => "tcp".to_owned(),
                },
            })
            .collect()
    }

    fn address(&mut self, mapping: &raw::PortMapping, steps: &[Step<'_>]) {
        if let Some(address) = &mapping.address
            && address.parse::<std::net::IpAddr>().is_err()
        {
            let message = format!("{} is not an address", quoted(address));
            self.add(steps, message, "write an IP address of the host, for example `0.0.0.0` for all");
        }
    }

    fn variables(&mut self, raw: &raw::Service) {
        let arguments = raw.build.as_ref().and_then(|build| build.args.as_ref());
        let names =
            |map: Option<&BTreeMap<String, String>>| map.map(|map| map.keys().cloned().collect::<Vec<_>>());
        let groups: [(&[Step<'_>], _); 2] = [
            (&["env".into()], names(raw.env.as_ref())),
            (&["build".into(), "args".into()], names(arguments)),
        ];
        for (steps, keys) in groups {
            for key in keys.into_iter().flatten().filter(|key| !names::is_variable(key)) {
                let place = self.node.key_place_of(steps, &key);
                self.findings.add_with_hint(
                    place,
                    format!("{} is not a variable's name", quoted(&key)),
                    "use letters, digits, `_`, `-` and `.`, no digit first",
                );
            }
        }
    }

    fn copies(&mut self, kind: ServiceKind, raw: &raw::Service, ports: &[Port]) {
        if raw.replicas.unwrap_or(1) < 2 {
            return;
        }
        if kind == ServiceKind::Job {
            self.add(&["replicas".into()], "a job runs once", "remove `replicas`");
        } else if let Some(host) = ports.iter().find_map(|port| port.host) {
            self.add(
                &["replicas".into()],
                format!("several copies cannot all have host port {host}"),
                "write `\"port\": {\"container\": N}`: the gateway still reaches it",
            );
        }
    }

    fn names(&mut self, raw: &raw::Service) {
        for (index, secret) in raw.secrets.iter().flatten().enumerate() {
            if !names::is_secret(secret) {
                let message = format!("{} is not a secret's name", quoted(secret));
                self.add(
                    &["secrets".into(), index.into()],
                    message,
                    "use letters, digits and `_`, no digit first",
                );
            }
        }
        for (index, network) in raw.networks.iter().flatten().enumerate() {
            let steps = ["networks".into(), index.into()];
            if network == "default" {
                self.add(&steps, "every service is on the network `default`", "remove it from the list");
            } else if !names::is_resource(network) {
                let message = format!("{} is not a network's name", quoted(network));
                self.add(&steps, message, "use letters, digits, `_`, `-` and `.`");
            }
        }
        if raw.host_network == Some(true)
            && raw.networks.as_ref().is_some_and(|networks| !networks.is_empty())
        {
            self.add(
                &["networks".into()],
                "`hostNetwork` and `networks` exclude each other",
                "remove one of the two",
            );
        }
    }

    fn resources(&mut self, raw: &raw::Service) -> Resources {
        let Some(resources) = &raw.resources else { return Resources::default() };
        let steps = ["resources".into(), "memory".into()];
        let memory = match &resources.memory {
            None => None,
            Some(raw::Memory::Bytes(bytes)) => Some(*bytes),
            Some(raw::Memory::Text(text)) => match parse_memory(text) {
                Ok(bytes) => Some(bytes),
                Err(fault) => {
                    let (message, hint) = match fault {
                        MemoryFault::Ambiguous => (
                            format!("{} means different sizes on Docker and on Kubernetes", quoted(text)),
                            "write `Ki`, `Mi` or `Gi`",
                        ),
                        MemoryFault::Unreadable => (
                            format!("{} is not a size of memory", quoted(text)),
                            "write a whole number and `Mi` or `Gi`, for example `256Mi`",
                        ),
                    };
                    self.add(&steps, message, hint);
                    None
                }
            },
        };
        if let Some(bytes) = memory
            && bytes < 6 << 20
        {
            self.add(
                &steps,
                format!("{bytes} bytes are too few for a container"),
                "engines want at least `6Mi`",
            );
        }
        Resources { cpus: resources.cpus, memory }
    }

    fn files(&mut self, raw: &raw::Service) -> Vec<MountedFile> {
        let files = raw.files.as_deref().unwrap_or_default();
        for (index, file) in files.iter().enumerate() {
            self.target("files", index, &file.target);
            if file.content.is_some() == file.source.is_some() {
                let message = "a file has either `content` or `source`";
                self.add(&["files".into(), index.into()], message, "write one of the two");
            }
            if files[..index].iter().any(|other| other.target == file.target) {
                let message = format!("{} is mounted twice", quoted(&file.target));
                self.add(&["files".into(), index.into(), "target".into()], message, "remove one of the two");
            }
        }
        files
            .iter()
            .map(|file| MountedFile {
                target: file.target.clone(),
                content: file.content.clone().unwrap_or_default(),
            })
            .collect()
    }

    fn volumes(&mut self, raw: &raw::Service) -> Vec<Mount> {
        let mut mounts = Vec::new();
        for (index, volume) in raw.volumes.iter().flatten().enumerate() {
            self.target("volumes", index, &volume.target);
            let source = match (&volume.volume, &volume.bind) {
                (Some(name), None) => {
                    if !names::is_resource(name) {
                        let message = format!("{} is not a volume's name", quoted(name));
                        let steps = ["volumes".into(), index.into(), "volume".into()];
                        self.add(
                            &steps,
                            message,
                            "use letters, digits, `_`, `-` and `.`; for a path write `bind`",
                        );
                    }
                    MountSource::Volume(name.clone())
                }
                (None, Some(path)) => MountSource::Bind(path.clone()),
                _ => {
                    let message = "a mount has either `volume` or `bind`";
                    self.add(&["volumes".into(), index.into()], message, "write one of the two");
                    continue;
                }
            };
            mounts.push(Mount { source, target: volume.target.clone(), read_only: volume.read_only });
        }
        mounts
    }

    fn target(&mut self, key: &str, index: usize, target: &str) {
        if !target.starts_with('/') || target.len() < 2 || target.split('/').any(|part| part == "..") {
            let message = format!("{} is not an absolute path inside the container", quoted(target));
            self.add(
                &[key.into(), index.into(), "target".into()],
                message,
                "start it with `/`, without `..`",
            );
        }
    }

    fn restart(&mut self, kind: ServiceKind, raw: &raw::Service) -> Restart {
        let restart = match raw.restart {
            None if kind == ServiceKind::Job => Restart::No,
            None | Some(raw::Restart::UnlessStopped) => Restart::UnlessStopped,
            Some(raw::Restart::No) => Restart::No,
            Some(raw::Restart::OnFailure) => Restart::OnFailure,
            Some(raw::Restart::Always) => Restart::Always,
        };
        if kind == ServiceKind::Job && matches!(restart, Restart::UnlessStopped | Restart::Always) {
            let message = "a job that is always started again never ends";
            self.add(&["restart".into()], message, "write `no` or `on-failure`");
        }
        restart
    }

    fn stop_grace(&mut self, raw: &raw::Service) -> Duration {
        let default = Duration::from_secs(10);
        raw.stop_grace.as_ref().map_or(default, |text| {
            duration(text, self.node.place_of(&["stopGrace".into()]), self.findings).unwrap_or(default)
        })
    }
}

/// Reads a duration or says how one is written.
pub(in super::super) fn duration(text: &str, place: Place, findings: &mut Findings) -> Option<Duration> {
    let read = parse_duration(text);
    if read.is_none() {
        findings.add_with_hint(
            place,
            format!("{} is not a duration", quoted(text)),
            "write a whole number and `ms`, `s`, `m` or `h`, for example `10s`",
        );
    }
    read
}
