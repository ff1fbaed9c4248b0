//! Images that gw built for a project.

use std::collections::HashMap;

use bollard::query_parameters::ListImagesOptions;

use super::connect::Connection;
use super::error::trouble;
use crate::engine::backend::Trouble;
use crate::plan::labels;
use crate::plan::ownership::Checkout;

/// The images that a checkout built for a project: by name, by id where they have none.
///
/// # Errors
/// The engine does not answer or refuses.
pub async fn built_for(
    connection: &Connection,
    project: &str,
    checkout: &Checkout,
) -> Result<Vec<String>, Trouble> {
    let label = format!("{}={project}", labels::COMPOSE_PROJECT);
    let filters = HashMap::from([("label".to_owned(), vec![label])]);
    let options = ListImagesOptions { filters: Some(filters), ..Default::default() };
    let images = connection.docker.list_images(Some(options)).await.map_err(trouble)?;
    let ours =
        |labels: &HashMap<String, String>| checkout.built(&labels.clone().into_iter().collect(), project);
    let images = images.into_iter().filter(|image| ours(&image.labels));
    let names = images.flat_map(|image| {
        let tags: Vec<String> = image.repo_tags.into_iter().filter(|tag| !tag.starts_with('<')).collect();
        if tags.is_empty() { vec![image.id] } else { tags }
    });
    Ok(names.collect())
}
