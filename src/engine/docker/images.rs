//! Pulls and builds as operations of a plan.

use super::operate::DockerEngine;
use crate::engine::backend::{Done, Sink, Trouble};

impl DockerEngine {
    pub(super) async fn pull_image(&self, image: &str, _platform: Option<&str>, _sink: &Sink) -> Result<Done, Trouble> {
        Err(Trouble::Image { message: format!("{image} is not here"), hint: None })
    }

    pub(super) async fn build_image(&self, image: &str, _component: &str, _sink: &Sink) -> Result<Done, Trouble> {
        Err(Trouble::Image { message: format!("{image} is not here"), hint: None })
    }
}
