//! Runs a command inside a container, with the user's streams and terminal.

use std::pin::Pin;
use std::time::Duration;

use bollard::Docker;
use bollard::container::LogOutput;
use bollard::errors::Error;
use bollard::exec::{StartExecOptions, StartExecResults};
use bollard::models::ExecConfig;
use bollard::query_parameters::ResizeExecOptions;
use futures_util::Stream;
use tokio::io::AsyncWrite;

use super::error::is_missing;
pub use super::exec_container::{NewContainer, new_container};
use super::exec_streams::{Streams, pump};
use super::exec_terminal::{Resized, Size};
use super::request;

/// What to run, and how.
#[derive(Debug, Clone, Default)]
pub struct ExecOptions {
    /// The command and its arguments.
    pub command: Vec<String>,
    /// User and group; `None` is the container's own.
    pub user: Option<String>,
    /// `KEY=value` each, added to the container's own.
    pub env: Vec<String>,
    /// The folder; `None` is the container's own.
    pub workdir: Option<String>,
    /// With a terminal, where the streams have one.
    pub tty: bool,
    /// With standard input.
    pub interactive: bool,
}

/// Why a command's exit code is not known.
#[derive(Debug, thiserror::Error)]
pub enum ExecFailure {
    /// The container is not there.
    #[error("there is no container {0}")]
    NoContainer(String),
    /// The container does not run.
    #[error("the container {0} does not run")]
    NotRunning(String),
    /// The engine said no, or is gone.
    #[error("the engine did not run the command: {0}")]
    Engine(String),
    /// The user's side of the streams broke.
    #[error("cannot write the command's output")]
    Output(#[source] std::io::Error),
    /// The terminal cannot be switched.
    #[error("cannot switch the terminal")]
    Terminal(#[source] std::io::Error),
    /// The user interrupted.
    #[error("interrupted")]
    Interrupted,
}

/// Runs a command inside a running container and returns its exit code; the engine's own (126 or 127) where it cannot
/// be run, 141 where nobody reads its output any more.
///
/// # Caveats
///
/// `cancel` ends the wait. Engines offer no way to end the command: it goes on unless it waits for its input.
///
/// # Errors
///
/// When the container does not run, or engine or terminal fail.
pub async fn run(
    docker: &Docker,
    container_id: &str,
    options: &ExecOptions,
    streams: Streams,
    cancel: impl Future<Output = ()>,
) -> Result<i64, ExecFailure> {
    let docker = request::endless(docker);
    let tty = options.tty && streams.is_terminal();
    let config = ExecConfig {
        attach_stdin: Some(options.interactive),
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        tty: Some(tty),
        console_size: tty.then(Size::now).flatten().map(|size| vec![size.rows.into(), size.columns.into()]),
        cmd: Some(options.command.clone()),
        env: Some(options.env.clone()),
        user: options.user.clone(),
        working_dir: options.workdir.clone(),
        ..ExecConfig::default()
    };
    let created = docker.create_exec(container_id, config).await;
    let id = created.map_err(|error| refused(container_id, &error))?.id;
    let start = StartExecOptions { tty, ..StartExecOptions::default() };
    let started = docker.start_exec(&id, Some(start)).await;
    let attached = match started {
        Ok(StartExecResults::Attached { output, input }) => (output, input),
        Ok(StartExecResults::Detached) => return Err(ExecFailure::Engine("it did not attach".to_owned())),
        Err(error) => match not_startable(&error) {
            // Some engines answer so, others write it into the stream and end with these codes.
            Some(code) => {
                streams.complain(&request::words(&error)).map_err(ExecFailure::Output)?;
                return Ok(code);
            }
            None => return Err(refused(container_id, &error)),
        },
    };
    let resize = async |size: Size| {
        let options = ResizeExecOptions { h: size.rows.into(), w: size.columns.into() };
        // A command that ended meanwhile has no terminal any more.
        let _ = docker.resize_exec(&id, options).await;
    };
    let ended = converse(attached, streams, tty, options.interactive, resize);
    tokio::select! {
        biased;
        () = cancel => return Err(ExecFailure::Interrupted),
        ended = ended => if let Some(code) = ended? { return Ok(code) },
    }
    exec_code(&docker, &id).await
}

/// What comes from the command, and what goes to it.
pub(super) type Attached =
    (Pin<Box<dyn Stream<Item = Result<LogOutput, Error>> + Send>>, Pin<Box<dyn AsyncWrite + Send>>);

/// Carries bytes and sizes until the command ends; a code where it is not worth waiting for.
pub(super) async fn converse(
    (output, input): Attached,
    streams: Streams,
    tty: bool,
    interactive: bool,
    resize: impl AsyncFn(Size),
) -> Result<Option<i64>, ExecFailure> {
    let (_raw, mut resized) = if tty {
        let (raw, resized) = Resized::begin().map_err(ExecFailure::Terminal)?;
        (Some(raw), Some(resized))
    } else {
        (None, None)
    };
    let pumped = pump(output, input, streams, interactive);
    let sizes = async {
        while let Some(size) = Resized::next(&mut resized).await {
            resize(size).await;
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        pumped = pumped => pumped,
        () = sizes => Ok(None),
    }
}

/// The engine notes the code a moment after the streams ended.
async fn exec_code(docker: &Docker, id: &str) -> Result<i64, ExecFailure> {
    let mut wait = Duration::from_millis(5);
    loop {
        let inspected = docker.inspect_exec(id).await.map_err(|error| engine(&error))?;
        match inspected.exit_code {
            Some(code) if inspected.running != Some(true) => return Ok(code),
            _ if wait > Duration::from_secs(5) => {
                return Err(ExecFailure::Engine("it does not tell the exit code".to_owned()));
            }
            _ => tokio::time::sleep(wait).await,
        }
        wait *= 2;
    }
}

/// 127 where there is no such command, 126 where it is none.
pub(super) fn not_startable(error: &Error) -> Option<i64> {
    let Error::DockerResponseServerError { message, .. } = error else { return None };
    let has = |any: &[&str]| any.iter().any(|part| message.contains(part));
    if has(&["executable file not found", "no such file or directory"]) && has(&["exec"]) {
        Some(127)
    } else if has(&["permission denied", "is a directory", "exec format error"]) && has(&["exec"]) {
        Some(126)
    } else {
        None
    }
}

fn refused(container: &str, error: &Error) -> ExecFailure {
    match error {
        Error::DockerResponseServerError { status_code: 409, .. } => {
            ExecFailure::NotRunning(container.to_owned())
        }
        error if is_missing(error) => ExecFailure::NoContainer(container.to_owned()),
        error => engine(error),
    }
}

pub(super) fn engine(error: &Error) -> ExecFailure {
    ExecFailure::Engine(request::words(error))
}
