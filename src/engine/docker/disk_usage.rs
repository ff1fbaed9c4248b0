//! What containers, volumes and images take of the engine's disk: only asked for by `gw gc`, because it takes the engine long.

use std::collections::BTreeMap;

use bollard::models::VolumeListResponse;
use bollard::query_parameters::{ListContainersOptions, ListImagesOptions, ListVolumesOptions};

use super::connect::Connection;
use super::error::trouble;
use crate::engine::backend::Trouble;
use crate::plan::collect::{Image, Usage};
use crate::plan::labels;

/// Asks the engine, and looks for images that gw built.
///
/// # Errors
/// The engine does not answer or refuses.
pub async fn usage(connection: &Connection) -> Result<Usage, Trouble> {
    let docker = &connection.docker;
    let with_sizes = ListContainersOptions { all: true, size: true, ..Default::default() };
    let (containers, volumes, images) = tokio::try_join!(
        docker.list_containers(Some(with_sizes)),
        sized_volumes(connection),
        docker.list_images(None::<ListImagesOptions>),
    )
    .map_err(trouble)?;
    let bytes = |size: Option<i64>| size.and_then(|size| u64::try_from(size).ok());
    let containers = containers.into_iter().filter_map(|one| Some((one.id?, bytes(one.size_rw)?)));
    let volumes = volumes.volumes.unwrap_or_default().into_iter();
    let volumes = volumes.filter_map(|one| Some((one.name, bytes(one.usage_data.map(|usage| usage.size))?)));
    let built = |labels: &BTreeMap<String, String>| labels.contains_key(labels::IMAGE_OWNER[0]);
    let images = images.into_iter().map(|image| Image {
        id: image.id,
        tags: image.repo_tags.into_iter().filter(|tag| tag != "<none>:<none>").collect(),
        labels: image.labels.into_iter().collect(),
        size: u64::try_from(image.size).unwrap_or_default(),
    });
    Ok(Usage {
        containers: containers.collect(),
        volumes: volumes.collect(),
        images: images.filter(|image| built(&image.labels)).collect(),
    })
}

/// Volumes with their sizes, which only `/system/df` tells. bollard 0.21 reads its answer as engines give it since API 1.52;
/// until then it has volumes in the shape of a list of volumes, so it is asked in their place, in an older version.
async fn sized_volumes(connection: &Connection) -> Result<VolumeListResponse, bollard::errors::Error> {
    let (major, minor) = connection.api.min((1, 44));
    let path = format!("/v{major}.{minor}/system/df?type=volume");
    let docker = connection.docker.clone().with_request_modifier(move |mut request| {
        let mut parts = request.uri().clone().into_parts();
        parts.path_and_query = path.parse().ok();
        if let Ok(uri) = hyper::Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
        request
    });
    docker.list_volumes(None::<ListVolumesOptions>).await
}
