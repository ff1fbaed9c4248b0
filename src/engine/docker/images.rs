//! Pulls and builds as operations of a plan.

use super::build::{BuildOptions, Builder, build};
use super::build_failure::BuildFailure;
use super::credentials::Credentials;
use super::operate::DockerEngine;
use super::pull::pull;
use crate::engine::backend::{Done, Sink, Trouble};
use crate::plan::labels;

impl DockerEngine {
    pub(super) async fn pull_image(
        &self,
        image: &str,
        platform: Option<&str>,
        sink: &Sink,
    ) -> Result<Done, Trouble> {
        match pull(&self.docker, image, platform, &credentials()?, &**sink).await {
            Ok(()) => Ok(Done::Changed),
            Err(failure) => Err(Trouble::Image { message: failure.to_string(), hint: None }),
        }
    }

    /// Builds the image of a component; unchanged where the build gave the image that was there.
    pub(super) async fn build_image(&self, image: &str, key: &str, sink: &Sink) -> Result<Done, Trouble> {
        let component = self.component(key)?;
        let Some(recipe) = &component.build else { return Ok(Done::Unchanged) };
        let [owner, path, host] = labels::IMAGE_OWNER;
        let marks = [
            (labels::COMPOSE_PROJECT, self.desired.project.as_str()),
            (labels::COMPOSE_SERVICE, key),
            (labels::PROFILE, &self.desired.profile),
            (owner, &self.stamp.owner),
            (path, &self.stamp.path),
            (host, &self.stamp.host),
        ];
        // Podman makes each label a step, in an order that changes: with more than one, nothing is the same image twice.
        let marks = if self.podman { &marks[..1] } else { &marks[..] };
        let options = BuildOptions {
            no_cache: self.no_cache,
            pull: self.pull_bases,
            labels: marks.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            builder: Builder::default(),
        };
        let before = self.docker.inspect_image(image).await.ok().and_then(|image| image.id);
        match build(&self.docker, image, recipe, &options, &credentials()?, &**sink).await {
            Ok(built) if before.as_deref() == Some(&built.image_id) => Ok(Done::Unchanged),
            Ok(_) => Ok(Done::Changed),
            // The lines were events when they were printed.
            Err(failure) => {
                let hint = failure.hint.clone();
                let failure = BuildFailure { hint: None, output: Vec::new(), ..failure };
                Err(Trouble::Image { message: failure.to_string(), hint })
            }
        }
    }
}

fn credentials() -> Result<Credentials, Trouble> {
    Credentials::load().map_err(|error| Trouble::Image { message: error.to_string(), hint: None })
}
