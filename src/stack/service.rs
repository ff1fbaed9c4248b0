//! The user's services and jobs.

use super::address::{HOST_NAME, View};
use super::model::{
    Component, ComponentMount, Content, Dependency, File, Image, MountSource, Role, Text, Until,
};
use super::part::{component, further_network, own_network, owner_network};
use super::reference::{borrows, resolve};
use super::{mongodb, redis};
use crate::profile::model::{self, Profile, Service, ServiceKind};

/// Whether a service needs anything of the project that is borrowed from.
pub(super) fn joins_owner(profile: &Profile, service: &Service) -> bool {
    if service.host_network || profile.borrowed.is_none() {
        return false;
    }
    let view = View { profile, joins_owner: false, on_host: false };
    let depends = service.depends_on.iter().any(|name| match name.as_str() {
        "mongodb" => view.mongodb().is_some_and(|part| part.borrowed),
        "redis" => view.redis().is_some_and(|part| part.borrowed),
        other => view.service(other).is_some_and(|part| part.borrowed),
    });
    depends || borrows(texts(service), view)
}

fn texts(service: &Service) -> impl Iterator<Item = &str> {
    let values = service.env.values().chain(&service.command).chain(&service.args);
    values.chain(service.files.iter().map(|file| &file.content)).map(String::as_str)
}

/// The key of a service: unique also on another project's network.
pub(super) fn key(profile: &Profile, service: &Service) -> String {
    if joins_owner(profile, service) { joined_key(profile, &service.name) } else { service.name.clone() }
}

/// The key of a component that joins another project's network.
pub(super) fn joined_key(profile: &Profile, name: &str) -> String {
    format!("{}-{name}", profile.project)
}

/// Returns a service's component; `environment` is what its env files say.
pub(super) fn service(
    profile: &Profile,
    service: &Service,
    image: Image,
    environment: impl Iterator<Item = (String, String)>,
) -> Component {
    let key = key(profile, service);
    let joins_owner = joins_owner(profile, service);
    let view = View { profile, joins_owner, on_host: service.host_network };
    let fill = |text: &String| resolve(text, view, service);
    let own = service.env.iter().map(|(name, text)| (name.clone(), fill(text)));
    let role = if service.kind == ServiceKind::Job { Role::Job } else { Role::Service };
    let mut attachments = vec![own_network(profile, &key, &service.name)];
    attachments.extend(service.networks.iter().map(|network| further_network(network, &key, &service.name)));
    if let Some(borrowed) = profile.borrowed.as_ref().filter(|_| joins_owner) {
        attachments.push(owner_network(profile, &borrowed.project, &service.name));
    }
    Component {
        entrypoint: service.command.iter().map(fill).collect(),
        command: service.args.iter().map(fill).collect(),
        user: service.user.clone(),
        environment: environment.map(|(name, value)| (name, Text::from(value))).chain(own).collect(),
        ports: service.ports.clone(),
        files: files(service, fill),
        mounts: service.volumes.iter().map(mount).collect(),
        secrets: service.secrets.clone(),
        attachments: if service.host_network { Vec::new() } else { attachments },
        depends_on: dependencies(profile, service),
        ready: service.ready.clone(),
        engine_check: service.engine_check.clone(),
        replicas: service.replicas,
        resources: service.resources.clone(),
        restart: service.restart,
        stop_grace: service.stop_grace,
        extra_hosts: extra_hosts(profile, service),
        host_network: service.host_network,
        compose_patch: service.compose.clone(),
        kube_patch: service.kube.clone(),
        image,
        ..component(profile, &key, &service.name, role, String::new())
    }
}

// What is borrowed runs in another project: nothing here can wait for it.
fn dependencies(profile: &Profile, service: &Service) -> Vec<Dependency> {
    let own = |name: &String| match (name.as_str(), &profile.mongodb, &profile.redis) {
        ("mongodb", mongodb, _) => {
            mongodb.as_ref().map_or_else(Vec::new, |own| mongodb::dependencies(own.mode))
        }
        ("redis", _, redis) => redis.as_ref().map_or_else(Vec::new, |own| redis::dependencies(own.mode)),
        (other, ..) => profile
            .services
            .iter()
            .find(|service| service.name == other)
            .map(|service| Dependency {
                on: key(profile, service),
                until: if service.kind == ServiceKind::Job { Until::Completed } else { Until::Ready },
            })
            .into_iter()
            .collect(),
    };
    service.depends_on.iter().flat_map(own).collect()
}

// The name of the host, where the service asks for something that listens there.
fn extra_hosts(profile: &Profile, service: &Service) -> Vec<String> {
    let on_host = profile.services.iter().any(|other| other.host_network);
    if on_host && !service.host_network { vec![format!("{HOST_NAME}=host-gateway")] } else { Vec::new() }
}

fn files(service: &Service, fill: impl Fn(&String) -> Text) -> Vec<File> {
    let name = |index: usize, target: &str| {
        let base = target.rsplit('/').next().unwrap_or_default();
        let base: String =
            base.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
        format!("{}-{}-{base}", service.name, index + 1)
    };
    let files = service.files.iter().enumerate();
    files
        .map(|(index, file)| File {
            name: name(index, &file.target),
            target: file.target.clone(),
            content: Content::Text(fill(&file.content)),
            mode: 0o444,
        })
        .collect()
}

fn mount(mount: &model::Mount) -> ComponentMount {
    let source = match &mount.source {
        model::MountSource::Volume(name) => MountSource::Volume(name.clone()),
        model::MountSource::Bind(path) => MountSource::Bind(path.clone()),
    };
    ComponentMount { source, target: mount.target.clone(), read_only: mount.read_only }
}
