//! Builds a stack from a profile.

use std::collections::BTreeMap;

use super::model::{Component, Image, MountSource, Network, Stack};
use super::part::{OWN_NETWORK, owner_network_key};
use super::{gateway, mongodb, order, redis, secret, service};
use crate::profile::model::{Build, ImageSource, Profile, Service};

/// What a stack needs beside its profile.
pub struct Inputs<'a> {
    /// The image map: from the reference in the profile to the one that is used.
    pub images: &'a dyn Fn(&str) -> String,
    /// The content of env files by the path that the profile names.
    pub env_files: &'a BTreeMap<String, BTreeMap<String, String>>,
}

/// Returns everything that a profile runs, with all decisions taken.
pub fn build(profile: &Profile, inputs: &Inputs<'_>) -> Stack {
    let mut components = Vec::new();
    if let Some(mongodb) = &profile.mongodb {
        components.extend(mongodb::components(profile, mongodb, &(inputs.images)(&mongodb.image)));
    }
    if let Some(redis) = &profile.redis {
        let (servers, sentinels) = ((inputs.images)(&redis.image), (inputs.images)(&redis.sentinel_image));
        components.extend(redis::components(profile, redis, &servers, &sentinels));
    }
    for service in &profile.services {
        let environment = service.env_files.iter().filter_map(|path| inputs.env_files.get(path)).flatten();
        let environment = environment.map(|(name, value)| (name.clone(), value.clone()));
        components.push(service::service(profile, service, image(profile, service, inputs), environment));
    }
    if let Some(settings) = &profile.gateway {
        let key = gateway::key(profile, settings);
        components.push(gateway::gateway(profile, settings, &key, &(inputs.images)(&settings.image)));
    }
    order::adopt_jobs(&mut components);
    let components = order::sort(components);
    Stack {
        profile: profile.name.clone(),
        project: profile.project.clone(),
        networks: networks(profile, &components),
        volumes: volumes(&components),
        secrets: secret::needs(profile, &components),
        compose_patch: profile.compose.clone(),
        components,
    }
}

fn image(profile: &Profile, service: &Service, inputs: &Inputs<'_>) -> Image {
    match &service.source {
        ImageSource::Image(reference) => Image { reference: (inputs.images)(reference), build: None },
        ImageSource::Build(build) => Image {
            reference: format!("{}-{}", profile.project, tag(profile, service, build)),
            build: Some(build.clone()),
        },
    }
}

// Services with the same build share one image, called after the folder that it is built from: it is built once.
fn tag(profile: &Profile, service: &Service, build: &Build) -> String {
    let builds = || {
        profile.services.iter().filter_map(|other| match &other.source {
            ImageSource::Build(build) => Some((&other.name, build)),
            ImageSource::Image(_) => None,
        })
    };
    if builds().filter(|(_, other)| *other == build).count() == 1 {
        return service.name.clone();
    }
    let folder = folder(build);
    let taken =
        builds().any(|(name, other)| *name == folder || (other != build && self::folder(other) == folder));
    if folder.is_empty() || taken {
        let mut sharing = builds().filter(|(_, other)| *other == build);
        return sharing.next().map_or_else(|| service.name.clone(), |(name, _)| name.clone());
    }
    folder
}

fn folder(build: &Build) -> String {
    let last = build.context.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_lowercase();
    let fits = last.starts_with(|first: char| first.is_ascii_alphanumeric())
        && last.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if fits { last } else { String::new() }
}

fn networks(profile: &Profile, components: &[Component]) -> Vec<Network> {
    let owner = profile.borrowed.as_ref().map(|borrowed| owner_network_key(&borrowed.project));
    let mut networks = vec![Network { key: OWN_NETWORK.to_owned(), external: None }];
    for attachment in components.iter().flat_map(|component| &component.attachments) {
        if !networks.iter().any(|network| network.key == attachment.network) {
            let external = owner.clone().filter(|owner| *owner == attachment.network);
            networks.push(Network { key: attachment.network.clone(), external });
        }
    }
    networks
}

fn volumes(components: &[Component]) -> Vec<String> {
    let mut volumes = Vec::new();
    for mount in components.iter().flat_map(|component| &component.mounts) {
        if let MountSource::Volume(name) = &mount.source
            && !volumes.contains(name)
        {
            volumes.push(name.clone());
        }
    }
    volumes
}
