//! Creates a container under a name that a run which was killed may still be taking.

use std::time::Duration;

use bollard::errors::Error;
use bollard::models::ContainerCreateBody;
use bollard::query_parameters::{CreateContainerOptions, InspectContainerOptions, RemoveContainerOptions};

use super::error::{is_missing, trouble};
use super::operate::DockerEngine;
use crate::engine::backend::Trouble;
use crate::plan::labels::{OWNER, OWNER_HOST, OWNER_PATH};

/// Between two tries, while the engine still makes what took the name.
const PAUSE: Duration = Duration::from_millis(50);
/// Tries; together 10 s, many times what one creation takes.
const TRIES: u32 = 200;

impl DockerEngine {
    /// Creates a container and returns its id.
    ///
    /// The plan found the name free, and the project's lock keeps other runs of this checkout away. So a container of this
    /// checkout that has the name now is what a killed run asked for last: the engine goes on with that after the run's
    /// death. It never ran, and goes.
    pub(super) async fn create_once(
        &self,
        name: &str,
        platform: &str,
        body: &ContainerCreateBody,
    ) -> Result<String, Trouble> {
        let mut tries = 0;
        loop {
            let options =
                CreateContainerOptions { name: Some(name.to_owned()), platform: platform.to_owned() };
            let error = match self.docker.create_container(Some(options), body.clone()).await {
                Ok(made) => return Ok(made.id),
                Err(error) => error,
            };
            tries += 1;
            if tries == TRIES || !is_taken(&error) || !self.make_room(name).await? {
                return Err(trouble(error));
            }
        }
    }

    /// Whether it is worth to try the name again: what had it was this checkout's and is gone, or is not there yet.
    async fn make_room(&self, name: &str) -> Result<bool, Trouble> {
        let found = match self.docker.inspect_container(name, None::<InspectContainerOptions>).await {
            Ok(found) => found,
            Err(error) if is_missing(&error) => {
                tokio::time::sleep(PAUSE).await;
                return Ok(true);
            }
            Err(error) => return Err(trouble(error)),
        };
        let labels = found.config.and_then(|config| config.labels).unwrap_or_default();
        let is = |label: &str, value: &str| labels.get(label).is_some_and(|found| found == value);
        let (owner, path, host) = (&self.stamp.owner, &self.stamp.path, &self.stamp.host);
        let ours = is(OWNER, owner) && is(OWNER_PATH, path) && is(OWNER_HOST, host);
        let runs = found.state.and_then(|state| state.running).unwrap_or_default();
        let Some(id) = found.id.filter(|_| ours && !runs) else { return Ok(false) };
        let options = RemoveContainerOptions { v: true, force: true, link: false };
        match self.docker.remove_container(&id, Some(options)).await {
            Err(error) if !is_missing(&error) => Err(trouble(error)),
            _ => Ok(true),
        }
    }
}

/// The engine said that another container has the name.
fn is_taken(error: &Error) -> bool {
    let Error::DockerResponseServerError { status_code: 409, message } = error else { return false };
    message.contains("is already in use by container")
}
