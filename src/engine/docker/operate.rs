//! Carries out single operations on the Docker engine.

use std::collections::HashMap;
use std::sync::Arc;

use bollard::Docker;
use bollard::exec::{CreateExecOptions, StartExecOptions, StartExecResults};
use bollard::models::{
    ContainerCreateBody, NetworkConnectRequest, NetworkCreateRequest, VolumeCreateRequest,
};
use bollard::query_parameters::{
    InspectNetworkOptions, RemoveContainerOptions, RemoveImageOptions, RemoveVolumeOptions,
    StartContainerOptions, StopContainerOptions, UploadToContainerOptions,
};
use futures_util::StreamExt;
use futures_util::future::try_join_all;

use super::connect::Connection;
use super::error::{is_missing, is_under_way, trouble};
use super::exec::NewContainer;
use super::observe::observe;
use super::ready::Wait;
use super::watch::Watch;
use super::{create, labels, names};
use crate::engine::backend::{Done, Engine, Sink, Trouble};
use crate::engine::probe::reach::Reach;
use crate::engine::probe::{Reply, first_line};
use crate::plan::desired::{Component, Desired, File};
use crate::plan::diagnosis::Reason;
use crate::plan::observed::Observed;
use crate::plan::operation::Operation;
use crate::plan::ownership::rival;

/// A Docker engine that carries out plans for one project.
pub struct DockerEngine {
    pub(super) docker: Docker,
    pub(super) api: (usize, usize),
    pub(super) podman: bool,
    pub(super) reach: Reach,
    pub(super) published_host: String,
    pub(super) desired: Arc<Desired>,
    pub(super) stamp: labels::Stamp,
    pub(super) watch: Watch,
    pub(super) no_cache: bool,
    pub(super) pull_bases: bool,
}

impl DockerEngine {
    /// Prepares to carry out plans for what is desired, and begins to follow the project's events.
    pub fn new(connection: &Connection, desired: Arc<Desired>, stamp: labels::Stamp) -> Self {
        Self {
            docker: connection.docker.clone(),
            api: connection.api,
            podman: connection.podman,
            reach: connection.reach,
            published_host: connection.published_host().to_owned(),
            watch: Watch::begin(&connection.docker, &desired.project),
            desired,
            stamp,
            no_cache: false,
            pull_bases: false,
        }
    }

    /// How images are built: without what earlier builds left, and with newer base images.
    pub fn build_options(&mut self, no_cache: bool, pull_bases: bool) {
        self.no_cache = no_cache;
        self.pull_bases = pull_bases;
    }

    /// A snapshot of the project; see [`observe`].
    ///
    /// # Errors
    /// The engine does not answer or refuses.
    pub async fn observe(&self, names: &[String]) -> Result<Observed, Trouble> {
        observe(&self.docker, &self.desired.project, names).await
    }

    pub(super) fn component(&self, key: &str) -> Result<&Component, Trouble> {
        let found = self.desired.components.get(key);
        found.ok_or_else(|| Trouble::Refused(format!("{key} is in no plan of this profile: a defect in gw")))
    }

    async fn create_network(&self, key: &str) -> Result<Done, Trouble> {
        let Some(network) = self.desired.networks.get(key) else { return Ok(Done::Unchanged) };
        let request = NetworkCreateRequest {
            name: network.name.clone(),
            driver: Some(network.driver.clone().unwrap_or_else(|| "bridge".into())),
            internal: Some(network.internal),
            attachable: Some(network.attachable),
            enable_ipv6: network.ipv6.then_some(true),
            ipam: labels::ipam(network),
            options: Some(network.driver_options.clone().into_iter().collect()),
            labels: Some(labels::network(&self.desired, key, network, &self.stamp)),
            ..Default::default()
        };
        match self.docker.create_network(request).await {
            Ok(_) => Ok(Done::Changed),
            Err(bollard::errors::Error::DockerResponseServerError { status_code: 409, .. }) => {
                self.same_owner(&network.name).await
            }
            Err(error) => Err(trouble(error)),
        }
    }

    /// Somebody made this network since gw looked. Another checkout with the same project has won the project by that.
    async fn same_owner(&self, name: &str) -> Result<Done, Trouble> {
        let found =
            self.docker.inspect_network(name, None::<InspectNetworkOptions>).await.map_err(trouble)?;
        let labels = found.labels.unwrap_or_default().into_iter().collect();
        let Some(rival) = rival(&labels, &self.stamp.place()) else { return Ok(Done::Unchanged) };
        let project = &self.desired.project;
        Err(Trouble::Conflict(format!(
            "project {project} belongs to {rival}, which began at the same moment (network {name})"
        )))
    }

    async fn create_volume(&self, key: &str) -> Result<Done, Trouble> {
        let Some(volume) = self.desired.volumes.get(key) else { return Ok(Done::Unchanged) };
        let request = VolumeCreateRequest {
            name: Some(volume.name.clone()),
            driver: volume.driver.clone(),
            driver_opts: Some(volume.driver_options.clone().into_iter().collect()),
            labels: Some(labels::volume(&self.desired, key, volume, &self.stamp)),
            ..Default::default()
        };
        self.docker.create_volume(request).await.map(|_| Done::Changed).map_err(trouble)
    }

    async fn create_container(&self, key: &str, number: u32) -> Result<Done, Trouble> {
        let component = self.component(key)?;
        let labels = labels::container(&self.desired, key, component, number, &self.stamp);
        let body = self.body(key, component, labels);
        let name = names::container(&self.desired.project, key, number);
        let platform = component.container.platform.clone().unwrap_or_default();
        let id = self.create_once(&name, &platform, &body).await?;
        for (network, endpoint) in create::later(&self.desired, key, &component.container, self.api) {
            let request = NetworkConnectRequest { container: id.clone(), endpoint_config: Some(endpoint) };
            self.docker.connect_network(&network, request).await.map_err(trouble)?;
        }
        if !component.container.files.is_empty() {
            let archive = packed(key, component)?;
            let options = UploadToContainerOptions { path: "/".into(), ..Default::default() };
            let body = bollard::body_full(archive.into());
            self.docker.upload_to_container(&id, Some(options), body).await.map_err(trouble)?;
        }
        Ok(Done::Changed)
    }

    fn body(&self, key: &str, component: &Component, labels: HashMap<String, String>) -> ContainerCreateBody {
        let body = create::body(&self.desired, key, component, labels, self.api);
        if self.podman { create::for_podman(body) } else { body }
    }

    /// A container like a component's, for one command: it publishes no port and nothing restarts it.
    ///
    /// # Errors
    /// No such component, or its files cannot be packed.
    pub fn one_off(&self, key: &str) -> Result<NewContainer, Trouble> {
        let component = self.component(key)?;
        let mut labels = labels::container(&self.desired, key, component, 1, &self.stamp);
        labels.insert(crate::plan::labels::COMPOSE_ONEOFF.into(), "True".into());
        let mut body = self.body(key, component, labels);
        body.healthcheck = None;
        if let Some(host_config) = &mut body.host_config {
            host_config.port_bindings = None;
            host_config.restart_policy = None;
        }
        Ok(NewContainer { name: None, body, archive: packed(key, component)? })
    }

    async fn start(&self, name: &str) -> Result<Done, Trouble> {
        match self.docker.start_container(name, None::<StartContainerOptions>).await {
            Ok(()) => Ok(Done::Changed),
            Err(error) if is_under_way(&error) => Ok(Done::Unchanged),
            Err(error) => Err(trouble(error)),
        }
    }

    async fn stop(&self, id: &str, grace: Option<std::time::Duration>) -> Result<Done, Trouble> {
        let seconds = grace.and_then(|grace| i32::try_from(grace.as_secs()).ok());
        match self.docker.stop_container(id, Some(StopContainerOptions { t: seconds, signal: None })).await {
            Ok(()) => Ok(Done::Changed),
            Err(error) if is_missing(&error) || is_under_way(&error) => Ok(Done::Unchanged),
            Err(error) => Err(trouble(error)),
        }
    }

    async fn remove_container(&self, id: &str) -> Result<Done, Trouble> {
        let options = RemoveContainerOptions { v: true, force: true, link: false };
        removed(self.docker.remove_container(id, Some(options)).await)
    }

    /// Removes an image unless a tag or a container still refers to it.
    async fn remove_image(&self, id: &str) -> Result<Done, Trouble> {
        let Ok(image) = self.docker.inspect_image(id).await else { return Ok(Done::Unchanged) };
        if image.repo_tags.is_some_and(|tags| !tags.is_empty()) {
            return Ok(Done::Unchanged);
        }
        match self.docker.remove_image(id, None::<RemoveImageOptions>, None).await {
            Ok(_) => Ok(Done::Changed),
            Err(_) => Ok(Done::Unchanged),
        }
    }

    /// Waits for every container of a component at once; the first failure ends the wait.
    async fn await_ready(
        &self,
        key: &str,
        existing: &[(u32, String)],
        waiting: &[String],
        sink: &Sink,
    ) -> Result<Done, Trouble> {
        let component = self.component(key)?;
        let containers = (1..=component.replicas).map(|number| {
            let known = existing.iter().find(|(one, _)| *one == number).map(|(_, id)| id.clone());
            known.unwrap_or_else(|| names::container(&self.desired.project, key, number))
        });
        let waits = containers.map(|container| async move {
            let mut wait = Wait::new(key, component, &container);
            match self.await_one(&mut wait, sink).await {
                Ok(done) => Ok(done),
                Err((_, lost @ Trouble::EngineLost(_))) => Err(lost),
                Err((reason, _)) => Err(self.diagnose(&wait, reason, waiting).await),
            }
        });
        try_join_all(waits).await.map(|_| Done::Unchanged)
    }

    /// Runs a probe's command inside a container.
    pub(super) async fn ask_inside(&self, container: &str, command: &[String]) -> Result<Reply, Trouble> {
        let options = CreateExecOptions::<String> {
            cmd: Some(command.to_vec()),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            ..Default::default()
        };
        let refused = |error: bollard::errors::Error| match trouble(error) {
            lost @ Trouble::EngineLost(_) => Err(lost),
            other => Ok(Reply::not_ready(first_line(&other.to_string()))),
        };
        let exec = match self.docker.create_exec(container, options).await {
            Ok(exec) => exec,
            Err(error) => return refused(error),
        };
        let mut text = String::new();
        match self.docker.start_exec(&exec.id, None::<StartExecOptions>).await {
            Ok(StartExecResults::Attached { mut output, .. }) => {
                while let Some(Ok(chunk)) = output.next().await {
                    text.push_str(&String::from_utf8_lossy(&chunk.into_bytes()));
                }
            }
            Ok(StartExecResults::Detached) => {}
            Err(error) => return refused(error),
        }
        match self.docker.inspect_exec(&exec.id).await {
            Ok(ended) if ended.exit_code == Some(0) => Ok(Reply::ready("exit code 0")),
            Ok(ended) => {
                let code = ended.exit_code.map_or_else(|| "no".to_owned(), |code| code.to_string());
                Ok(Reply::not_ready(first_line(&format!("exit code {code}: {}", first_line(&text)))))
            }
            Err(error) => refused(error),
        }
    }

    /// A start that the engine refuses is the component's failure, with the evidence; a taken port is a conflict.
    async fn start_component(
        &self,
        key: &str,
        number: u32,
        id: Option<&String>,
        waiting: &[String],
    ) -> Result<Done, Trouble> {
        let name = names::container(&self.desired.project, key, number);
        match self.start(id.unwrap_or(&name)).await {
            Err(Trouble::Refused(message)) => {
                let component = self.component(key)?;
                let wait = Wait::new(key, component, &name);
                Err(self.diagnose(&wait, Reason::Refused { message }, waiting).await)
            }
            other => other,
        }
    }
}

impl Engine for DockerEngine {
    async fn perform(&self, operation: &Operation, waiting: &[String], sink: &Sink) -> Result<Done, Trouble> {
        match operation {
            Operation::PullImage { image, platform } => {
                self.pull_image(image, platform.as_deref(), sink).await
            }
            Operation::BuildImage { image, component } => self.build_image(image, component, sink).await,
            Operation::CreateNetwork { network } => self.create_network(network).await,
            Operation::CreateVolume { volume } => self.create_volume(volume).await,
            Operation::CreateContainer { component, number } => {
                self.create_container(component, *number).await
            }
            Operation::StartContainer { component, number, id } => {
                self.start_component(component, *number, id.as_ref(), waiting).await
            }
            Operation::AwaitReady { component, existing } => {
                self.await_ready(component, existing, waiting, sink).await
            }
            Operation::StopContainer { id, grace, .. } => self.stop(id, *grace).await,
            Operation::RemoveContainer { id, .. } => self.remove_container(id).await,
            Operation::RemoveNetwork { name } => removed(self.docker.remove_network(name).await),
            Operation::RemoveVolume { name } => {
                removed(self.docker.remove_volume(name, None::<RemoveVolumeOptions>).await)
            }
            Operation::RemoveImage { id } => self.remove_image(id).await,
            Operation::RemoveBuiltImage { image } => {
                removed(self.docker.remove_image(image, None::<RemoveImageOptions>, None).await.map(|_| ()))
            }
        }
    }
}

fn removed(result: Result<(), bollard::errors::Error>) -> Result<Done, Trouble> {
    match result {
        Ok(()) => Ok(Done::Changed),
        Err(error) if is_missing(&error) || is_under_way(&error) => Ok(Done::Unchanged),
        Err(error) => match trouble(error) {
            lost @ Trouble::EngineLost(_) => Err(lost),
            other => Err(Trouble::NotRemoved(other.to_string())),
        },
    }
}

/// The files of a component's container as an archive of its root folder; empty where there are none.
fn packed(key: &str, component: &Component) -> Result<Vec<u8>, Trouble> {
    if component.container.files.is_empty() {
        return Ok(Vec::new());
    }
    archive(&component.container.files)
        .map_err(|error| Trouble::Refused(format!("{key}: its files cannot be packed: {error}")))
}

fn archive(files: &[File]) -> std::io::Result<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for file in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(file.content.len() as u64);
        header.set_mode(file.mode);
        header.set_uid(u64::from(file.uid));
        header.set_gid(u64::from(file.gid));
        builder.append_data(&mut header, file.target.trim_start_matches('/'), file.content.as_bytes())?;
    }
    builder.into_inner()
}
