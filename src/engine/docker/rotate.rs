//! Reaches the servers of a MongoDB to change a user's password.

use super::error::{is_missing, trouble};
use super::names;
use super::operate::DockerEngine;
use super::request::inspect;
use crate::engine::backend::Trouble;
use crate::engine::mongodb_user::{Change, Found, Refusal, change};
use crate::engine::probe;
use crate::engine::probe::way::Way;
use crate::plan::desired::Probe;

/// Why a password is as it was.
#[derive(Debug, thiserror::Error)]
pub enum Unchanged {
    /// The engine does not answer.
    #[error(transparent)]
    Engine(#[from] Trouble),
    /// The server does not take the change.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// No server can be reached from here.
    #[error("{0}")]
    OutOfReach(String),
}

impl DockerEngine {
    /// Makes a MongoDB user have a new password; `servers` are the components' keys, of a set all members.
    ///
    /// # Errors
    /// See [`Unchanged`].
    pub async fn change_mongodb_user(
        &self,
        servers: &[String],
        wish: Change<'_>,
    ) -> Result<Found, Unchanged> {
        let mut targets = Vec::new();
        let mut closed = "none of its servers runs".to_owned();
        for key in servers {
            let component = self.component(key)?;
            let container = names::container(&self.desired.project, key, 1);
            let inspected = match inspect(&self.docker, &container).await {
                Ok(inspected) => inspected,
                Err(error) if is_missing(&error) => continue,
                Err(error) => return Err(trouble(error).into()),
            };
            let Some(port) = probe::port(&component.probe) else { continue };
            match self.way(&Probe::Tcp { port }, &inspected) {
                Way::Network(target) => targets.push(target),
                Way::HealthCheck { .. } => {
                    closed = format!(
                        "port {port} of {key} is out of reach from here: give it an `address` that is not"
                    );
                }
                Way::Closed(why) => closed = why,
                Way::Running | Way::Command(_) | Way::NotYet => {}
            }
        }
        if targets.is_empty() {
            return Err(Unchanged::OutOfReach(closed));
        }
        Ok(change(&targets, wish).await?)
    }
}
