//! One snapshot of everything on the engine that concerns a project.

use std::collections::{BTreeMap, HashMap};

use bollard::Docker;
use bollard::models::{ContainerSummary, ContainerSummaryStateEnum, ImageSummary};
use bollard::query_parameters::{
    ListContainersOptions, ListImagesOptions, ListNetworksOptions, ListVolumesOptions,
};

use super::error::trouble;
use super::request::settled;
use crate::engine::backend::Trouble;
use crate::plan::labels;
use crate::plan::observed::{Container, Network, Observed, Port, State, Volume};

/// Asks the engine for containers, networks, volumes and images, all at once.
///
/// The project's networks and volumes are those with its label, and those that are called by one of `names`.
///
/// # Errors
/// The engine does not answer or refuses.
pub async fn observe(docker: &Docker, project: &str, names: &[String]) -> Result<Observed, Trouble> {
    let containers = ListContainersOptions { all: true, ..Default::default() };
    let (containers, networks, volumes, images) = tokio::try_join!(
        settled(|| docker.list_containers(Some(containers.clone()))),
        docker.list_networks(None::<ListNetworksOptions>),
        docker.list_volumes(None::<ListVolumesOptions>),
        settled(|| docker.list_images(None::<ListImagesOptions>)),
    )
    .map_err(trouble)?;
    let meant = |name: &str, labels: &BTreeMap<String, String>| {
        labels.get(labels::COMPOSE_PROJECT).is_some_and(|value| value == project)
            || names.iter().any(|wanted| wanted == name)
    };
    let mut observed =
        Observed { built: built_for_projects(&images), images: image_ids(images), ..Default::default() };
    let mut containers: Vec<Container> = containers.into_iter().map(container).collect();
    for container in &mut containers {
        forget_inherited(container, &observed.built);
    }
    containers.sort_by(|one, other| one.name.cmp(&other.name));
    (observed.containers, observed.others) =
        containers.into_iter().partition(|container| container.project() == project);
    for network in networks {
        let (name, labels) = (network.name.unwrap_or_default(), sorted(network.labels));
        let list = if meant(&name, &labels) { &mut observed.networks } else { &mut observed.other_networks };
        list.insert(name, Network { id: network.id.unwrap_or_default(), labels });
    }
    for volume in volumes.volumes.unwrap_or_default() {
        let labels = sorted(Some(volume.labels));
        let list =
            if meant(&volume.name, &labels) { &mut observed.volumes } else { &mut observed.other_volumes };
        list.insert(volume.name, Volume { labels });
    }
    Ok(observed)
}

/// The labels of images that were built for a project, by the image's id.
fn built_for_projects(images: &[ImageSummary]) -> BTreeMap<String, BTreeMap<String, String>> {
    let built = images.iter().filter(|image| image.labels.contains_key(labels::COMPOSE_PROJECT));
    built.map(|image| (image.id.clone(), sorted(Some(image.labels.clone())))).collect()
}

/// A container has the labels of its image too. On one that somebody made by hand of an image that was built for a project
/// they say nothing: whoever makes a container for a project says so itself.
fn forget_inherited(container: &mut Container, built: &BTreeMap<String, BTreeMap<String, String>>) {
    let made = [labels::COMPOSE_HASH, labels::OWNER].iter().any(|name| container.labels.contains_key(*name));
    if let Some(inherited) = built.get(&container.image_id).filter(|_| !made) {
        container.labels.retain(|name, value| inherited.get(name) != Some(value));
    }
}

fn image_ids(images: Vec<ImageSummary>) -> BTreeMap<String, String> {
    let mut ids = BTreeMap::new();
    for image in images {
        for tag in image.repo_tags.into_iter().chain(image.repo_digests) {
            // Podman says in full where an image came from, and `localhost` for those that were built.
            let own = ["localhost/", "docker.io/library/"].iter().find_map(|place| tag.strip_prefix(place));
            for tag in [Some(tag.as_str()), own].into_iter().flatten() {
                if let Some(short) = tag.strip_suffix(":latest") {
                    ids.insert(short.to_owned(), image.id.clone());
                }
                ids.insert(tag.to_owned(), image.id.clone());
            }
        }
    }
    ids
}

fn container(summary: ContainerSummary) -> Container {
    let name = summary.names.and_then(|names| names.into_iter().next()).unwrap_or_default();
    let status = summary.status.unwrap_or_default();
    let networks = summary.network_settings.and_then(|settings| settings.networks).unwrap_or_default();
    let attached = networks.keys().cloned().collect();
    let ids =
        networks.iter().filter_map(|(name, endpoint)| Some((name.clone(), endpoint.network_id.clone()?)));
    let network_ids = ids.filter(|(_, id)| !id.is_empty()).collect();
    let mounts = summary.mounts.unwrap_or_default().into_iter();
    let volumes = mounts.filter_map(|mount| mount.name.filter(|name| !name.is_empty()));
    let address = |(name, endpoint): (String, bollard::models::EndpointSettings)| {
        endpoint.ip_address.filter(|address| !address.is_empty()).map(|address| (name, address))
    };
    let mut ports: Vec<Port> = summary.ports.unwrap_or_default().into_iter().filter_map(port).collect();
    ports.sort();
    ports.dedup();
    Container {
        id: summary.id.unwrap_or_default(),
        name: name.trim_start_matches('/').to_owned(),
        state: summary.state.map_or(State::Created, state),
        exit_code: exit_code(&status),
        health: summary.health.and_then(|health| health.status).map(|status| status.to_string()),
        image_id: summary.image_id.unwrap_or_default(),
        image: summary.image.unwrap_or_default(),
        labels: sorted(summary.labels),
        networks: attached,
        network_ids,
        volumes: volumes.collect(),
        addresses: networks.into_iter().filter_map(address).collect(),
        ports,
        created: summary.created.unwrap_or_default(),
        status,
    }
}

fn port(port: bollard::models::PortSummary) -> Option<Port> {
    Some(Port {
        target: port.private_port,
        published: port.public_port?,
        address: port.ip.unwrap_or_default(),
        protocol: port.typ.map(|kind| kind.to_string()).unwrap_or_default(),
    })
}

/// From the engine's words: `Exited (137) 3 seconds ago`.
fn exit_code(status: &str) -> Option<i64> {
    let inner = status.strip_prefix("Exited (").or_else(|| status.strip_prefix("Restarting ("))?;
    inner.split(')').next()?.parse().ok()
}

fn state(state: ContainerSummaryStateEnum) -> State {
    match state {
        ContainerSummaryStateEnum::EMPTY | ContainerSummaryStateEnum::CREATED => State::Created,
        ContainerSummaryStateEnum::RUNNING | ContainerSummaryStateEnum::STOPPING => State::Running,
        ContainerSummaryStateEnum::PAUSED => State::Paused,
        ContainerSummaryStateEnum::RESTARTING => State::Restarting,
        ContainerSummaryStateEnum::EXITED => State::Exited,
        ContainerSummaryStateEnum::REMOVING => State::Removing,
        ContainerSummaryStateEnum::DEAD => State::Dead,
    }
}

fn sorted(labels: Option<HashMap<String, String>>) -> BTreeMap<String, String> {
    labels.unwrap_or_default().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_made_by_hand_does_not_belong_to_the_project_that_its_image_was_built_for() {
        let labels = |more: &[(&str, &str)]| {
            let project = [(labels::COMPOSE_PROJECT, "ms")];
            let all =
                project.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            all.collect::<HashMap<_, _>>()
        };
        let image = ImageSummary { id: "sha256:1".into(), labels: labels(&[]), ..Default::default() };
        let built = built_for_projects(&[image, ImageSummary::default()]);
        let project = |image: &str, more: &[(&str, &str)]| {
            let labels = labels(more).into_iter().collect();
            let mut container = Container { image_id: image.into(), labels, ..Default::default() };
            forget_inherited(&mut container, &built);
            container.project().to_owned()
        };
        assert_eq!(project("sha256:1", &[]), "");
        assert_eq!(project("sha256:1", &[(labels::COMPOSE_HASH, "h1")]), "ms");
        assert_eq!(project("sha256:1", &[(labels::OWNER, "a1")]), "ms");
        assert_eq!(project("sha256:2", &[]), "ms");
    }

    #[test]
    fn the_exit_code_is_read_from_the_engines_words() {
        assert_eq!(exit_code("Exited (137) 3 seconds ago"), Some(137));
        assert_eq!(exit_code("Restarting (1) Less than a second ago"), Some(1));
        assert_eq!(exit_code("Up 3 minutes (healthy)"), None);
    }
}
