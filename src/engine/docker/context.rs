//! The build context: checked before anything is sent, then streamed.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::Stream;
use tokio::sync::mpsc;

use super::context_archive::{Archive, Chunks};
use super::dockerignore::Dockerignore;
use crate::plan::desired::Build;

/// What is wrong with a build's folder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContextError {
    /// It is not there.
    #[error("the build context {0} does not exist")]
    Missing(PathBuf),
    /// It is a file.
    #[error("the build context {0} is no folder")]
    NotAFolder(PathBuf),
    /// The Dockerfile is not there.
    #[error("there is no {dockerfile} in the build context {context}")]
    NoDockerfile {
        /// As the profile says.
        dockerfile: String,
        /// The folder.
        context: PathBuf,
    },
    /// The Dockerfile is not below the context.
    #[error(
        "the Dockerfile {dockerfile} is outside of its build context {context}; put it below the context"
    )]
    DockerfileOutside {
        /// As the profile says.
        dockerfile: String,
        /// The folder.
        context: PathBuf,
    },
    /// A pattern is wrong.
    #[error("{file}:{line}: {message}")]
    BadPattern {
        /// The file with the patterns.
        file: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A file cannot be read.
    #[error("{path} in the build context: {message}; fix it or name it in .dockerignore")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        message: String,
    },
}

impl ContextError {
    pub(super) fn unreadable(path: &Path, error: &impl ToString) -> Self {
        Self::Unreadable { path: path.to_owned(), message: error.to_string() }
    }
}

/// A context that was checked.
#[derive(Debug, Clone)]
pub(super) struct Context {
    pub(super) folder: PathBuf,
    /// From the context's root, with slashes.
    pub(super) dockerfile: String,
    /// The Dockerfile's text.
    pub(super) text: String,
    pub(super) ignore: Dockerignore,
}

impl Context {
    /// Checks folder, Dockerfile and patterns.
    pub(super) fn open(build: &Build) -> Result<Self, ContextError> {
        let folder = build.context.clone();
        match fs::metadata(&folder) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => return Err(ContextError::NotAFolder(folder)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(ContextError::Missing(folder));
            }
            Err(error) => return Err(ContextError::unreadable(&folder, &error)),
        }
        let dockerfile = inside(&folder, &build.dockerfile).ok_or_else(|| {
            ContextError::DockerfileOutside { dockerfile: build.dockerfile.clone(), context: folder.clone() }
        })?;
        let path = folder.join(&dockerfile);
        let text = match fs::read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(ContextError::NoDockerfile { dockerfile, context: folder });
            }
            Err(error) => return Err(ContextError::unreadable(&path, &error)),
        };
        let ignore = read_ignore(&folder, &dockerfile)?;
        Ok(Self { folder, dockerfile, text, ignore })
    }

    /// The archive as a stream of chunks, written by a thread of its own; what goes wrong is left in `problem`.
    pub(super) fn stream(
        self,
        problem: Arc<Mutex<Option<ContextError>>>,
    ) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        let (sender, receiver) = mpsc::channel(8);
        tokio::task::spawn_blocking(move || {
            let mut archive = Archive::new(Chunks::new(sender.clone()), self);
            if let Err(error) = archive.write() {
                // The engine wants no more of it, and says itself why.
                if sender.is_closed() {
                    return;
                }
                if let Ok(mut problem) = problem.lock() {
                    *problem = Some(error);
                }
                let _ = sender.blocking_send(Err(io::Error::other("the build context cannot be read")));
            }
        });
        futures_util::stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver)))
    }
}

/// The Dockerfile from the context's root, or nothing where it lies outside.
fn inside(folder: &Path, dockerfile: &str) -> Option<String> {
    let path = Path::new(dockerfile);
    let path = if path.is_absolute() { path.strip_prefix(folder).ok()? } else { path };
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(part) => parts.push(part.to_string_lossy()),
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

/// `NAME.dockerignore` beside the Dockerfile wins over `.dockerignore` in the root.
fn read_ignore(folder: &Path, dockerfile: &str) -> Result<Dockerignore, ContextError> {
    for name in [format!("{dockerfile}.dockerignore"), ".dockerignore".to_owned()] {
        let file = folder.join(name);
        match fs::read(&file) {
            Ok(bytes) => {
                return Dockerignore::parse(&String::from_utf8_lossy(&bytes))
                    .map_err(|(line, message)| ContextError::BadPattern { file, line, message });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(ContextError::unreadable(&file, &error)),
        }
    }
    Ok(Dockerignore::default())
}

#[cfg(test)]
mod tests;
