//! One snapshot of everything on the engine that concerns a project.

use std::collections::{BTreeMap, HashMap};

use bollard::Docker;
use bollard::models::{ContainerSummary, ContainerSummaryStateEnum, ImageSummary};
use bollard::query_parameters::{
    ListContainersOptions, ListImagesOptions, ListNetworksOptions, ListVolumesOptions,
};

use super::error::trouble;
use crate::engine::backend::Trouble;
use crate::plan::labels;
use crate::plan::observed::{Container, Network, Observed, Port, State, Volume};

/// Asks the engine for containers, networks, volumes and images, all at once.
///
/// Networks and volumes are the project's by label, and those that are called by one of `names`.
///
/// # Errors
/// The engine does not answer or refuses.
pub async fn observe(docker: &Docker, project: &str, names: &[String]) -> Result<Observed, Trouble> {
    let label = format!("{}={project}", labels::COMPOSE_PROJECT);
    let filters = HashMap::from([("label".to_owned(), vec![label])]);
    let containers = ListContainersOptions { all: true, filters: Some(filters), ..Default::default() };
    let (containers, networks, volumes, images) = tokio::try_join!(
        docker.list_containers(Some(containers)),
        docker.list_networks(None::<ListNetworksOptions>),
        docker.list_volumes(None::<ListVolumesOptions>),
        docker.list_images(None::<ListImagesOptions>),
    )
    .map_err(trouble)?;
    let meant = |name: &str, labels: &BTreeMap<String, String>| {
        labels.get(labels::COMPOSE_PROJECT).is_some_and(|value| value == project)
            || names.iter().any(|wanted| wanted == name)
    };
    let mut observed = Observed { images: image_ids(images), ..Default::default() };
    observed.containers = containers.into_iter().map(container).collect();
    observed.containers.sort_by(|one, other| one.name.cmp(&other.name));
    for network in networks {
        let (name, labels) = (network.name.unwrap_or_default(), sorted(network.labels));
        if meant(&name, &labels) {
            observed.networks.insert(name, Network { id: network.id.unwrap_or_default(), labels });
        }
    }
    for volume in volumes.volumes.unwrap_or_default() {
        let labels = sorted(Some(volume.labels));
        if meant(&volume.name, &labels) {
            observed.volumes.insert(volume.name, Volume { labels });
        }
    }
    Ok(observed)
}

fn image_ids(images: Vec<ImageSummary>) -> BTreeMap<String, String> {
    let mut ids = BTreeMap::new();
    for image in images {
        for tag in image.repo_tags.into_iter().chain(image.repo_digests) {
            if let Some(short) = tag.strip_suffix(":latest") {
                ids.insert(short.to_owned(), image.id.clone());
            }
            ids.insert(tag, image.id.clone());
        }
    }
    ids
}

fn container(summary: ContainerSummary) -> Container {
    let name = summary.names.and_then(|names| names.into_iter().next()).unwrap_or_default();
    let status = summary.status.unwrap_or_default();
    let networks = summary.network_settings.and_then(|settings| settings.networks).unwrap_or_default();
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
    fn the_exit_code_is_read_from_the_engines_words() {
        assert_eq!(exit_code("Exited (137) 3 seconds ago"), Some(137));
        assert_eq!(exit_code("Restarting (1) Less than a second ago"), Some(1));
        assert_eq!(exit_code("Up 3 minutes (healthy)"), None);
    }
}
