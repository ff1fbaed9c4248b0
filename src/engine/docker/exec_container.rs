//! A container of its own for one command, removed when it ends.

use bollard::Docker;
use bollard::errors::Error;
use bollard::models::ContainerCreateBody;
use bollard::query_parameters::{
    AttachContainerOptions, CreateContainerOptions, RemoveContainerOptions, ResizeContainerTTYOptions,
    StartContainerOptions, UploadToContainerOptions, WaitContainerOptions,
};
use futures_util::StreamExt;

use super::exec::{ExecFailure, ExecOptions, converse, engine, not_startable};
use super::exec_streams::Streams;
use super::exec_terminal::Size;
use super::request;

/// A container that is made for one command.
#[derive(Debug)]
pub struct NewContainer {
    /// Its name; the engine makes one up where there is none.
    pub name: Option<String>,
    /// What the engine is asked to create.
    pub body: ContainerCreateBody,
    /// Files for its root folder as a tar archive; empty where there are none.
    pub archive: Vec<u8>,
}

/// Runs a command in a container of its own, made from `body` and removed afterwards, and returns its exit code.
///
/// # Caveats
///
/// Dropping the future removes the container in the background; `cancel` waits until it is gone.
///
/// # Errors
///
/// When the container cannot be made or started, or engine or terminal fail.
pub async fn new_container(
    docker: &Docker,
    container: NewContainer,
    options: &ExecOptions,
    streams: Streams,
    cancel: impl Future<Output = ()>,
) -> Result<i64, ExecFailure> {
    let docker = request::endless(docker);
    let tty = options.tty && streams.is_terminal();
    let body = one_off(container.body, options, tty);
    let create = CreateContainerOptions { name: container.name, ..CreateContainerOptions::default() };
    let created = docker.create_container(Some(create), body).await.map_err(|error| engine(&error))?;
    let mut removal = Removal { docker: Some(docker.clone()), id: created.id.clone() };
    let code = tokio::select! {
        biased;
        () = cancel => Err(ExecFailure::Interrupted),
        code = filled(&docker, &created.id, container.archive, options, tty, streams) => code,
    };
    removal.now().await;
    code
}

/// The caller's container with the command and the streams of the options.
fn one_off(mut body: ContainerCreateBody, options: &ExecOptions, tty: bool) -> ContainerCreateBody {
    if !options.command.is_empty() {
        body.cmd = Some(options.command.clone());
    }
    body.user = options.user.clone().or(body.user);
    body.working_dir = options.workdir.clone().or(body.working_dir);
    // A later value of the same name wins, in engines as well as here.
    body.env.get_or_insert_default().extend(options.env.iter().cloned());
    body.tty = Some(tty);
    body.attach_stdin = Some(options.interactive);
    body.attach_stdout = Some(true);
    body.attach_stderr = Some(true);
    body.open_stdin = Some(options.interactive);
    body.stdin_once = Some(options.interactive);
    body
}

async fn filled(
    docker: &Docker,
    id: &str,
    archive: Vec<u8>,
    options: &ExecOptions,
    tty: bool,
    streams: Streams,
) -> Result<i64, ExecFailure> {
    if !archive.is_empty() {
        let root = UploadToContainerOptions { path: "/".into(), ..UploadToContainerOptions::default() };
        let sent = docker.upload_to_container(id, Some(root), bollard::body_full(archive.into())).await;
        sent.map_err(|error| engine(&error))?;
    }
    attended(docker, id, options, tty, streams).await
}

async fn attended(
    docker: &Docker,
    id: &str,
    options: &ExecOptions,
    tty: bool,
    streams: Streams,
) -> Result<i64, ExecFailure> {
    let attach = AttachContainerOptions {
        stream: true,
        stdin: options.interactive,
        stdout: true,
        stderr: true,
        ..AttachContainerOptions::default()
    };
    let attached = docker.attach_container(id, Some(attach)).await.map_err(|error| engine(&error))?;
    if let Err(error) = docker.start_container(id, None::<StartContainerOptions>).await {
        let Some(code) = not_startable(&error) else { return Err(engine(&error)) };
        streams.complain(&request::words(&error)).map_err(ExecFailure::Output)?;
        return Ok(code);
    }
    let resize = async |size: Size| {
        let options = ResizeContainerTTYOptions { h: size.rows.into(), w: size.columns.into() };
        // A container that ended meanwhile has no terminal any more.
        let _ = docker.resize_container_tty(id, options).await;
    };
    let ended = converse((attached.output, attached.input), streams, tty, options.interactive, resize);
    if let Some(code) = ended.await? {
        return Ok(code);
    }
    let mut waited = Box::pin(docker.wait_container(id, None::<WaitContainerOptions>));
    match waited.next().await {
        Some(Ok(waited)) => Ok(waited.status_code),
        Some(Err(Error::DockerContainerWaitError { code, .. })) => Ok(code),
        Some(Err(error)) => Err(engine(&error)),
        None => {
            let inspected = request::inspect(docker, id).await;
            let state = inspected.map_err(|error| engine(&error))?.state.unwrap_or_default();
            Ok(state.exit_code.unwrap_or_default())
        }
    }
}

/// Removes the container of a run.
struct Removal {
    docker: Option<Docker>,
    id: String,
}

impl Removal {
    async fn now(&mut self) {
        if let Some(docker) = self.docker.clone() {
            remove(&docker, &self.id).await;
            self.docker = None;
        }
    }
}

impl Drop for Removal {
    fn drop(&mut self) {
        if let (Some(docker), Ok(runtime)) = (self.docker.take(), tokio::runtime::Handle::try_current()) {
            let id = std::mem::take(&mut self.id);
            runtime.spawn(async move { remove(&docker, &id).await });
        }
    }
}

async fn remove(docker: &Docker, id: &str) {
    let options = RemoveContainerOptions { force: true, v: true, ..RemoveContainerOptions::default() };
    // What stays has the project's labels: the next `down` takes it along.
    let _ = docker.remove_container(id, Some(options)).await;
}
