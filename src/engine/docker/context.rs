//! The build context: checked before anything is sent, then streamed as a tar archive.
//!
//! Modes and times are kept, owners are not: they differ between checkouts, and a `COPY` gives its files to root
//! anyway. Times stay because tools in the image compare them (cargo, make, a web server's `ETag`); BuildKit leaves
//! them out of its cache keys.

use std::fs::{self, Metadata};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::Stream;
use tokio::sync::mpsc::{self, Sender};

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
    fn unreadable(path: &Path, error: &impl ToString) -> Self {
        Self::Unreadable { path: path.to_owned(), message: error.to_string() }
    }
}

/// A context that was checked.
#[derive(Debug, Clone)]
pub(super) struct Context {
    folder: PathBuf,
    /// From the context's root, with slashes.
    pub(super) dockerfile: String,
    /// The Dockerfile's text.
    pub(super) text: String,
    ignore: Dockerignore,
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
            let mut archive = Archive::new(Chunks { sender: sender.clone(), full: Vec::new() }, self);
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

/// Collects bytes into chunks and hands them to the request.
struct Chunks {
    sender: Sender<io::Result<Bytes>>,
    full: Vec<u8>,
}

const CHUNK: usize = 64 * 1024;

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.full.extend_from_slice(bytes);
        if self.full.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let chunk = Bytes::from(std::mem::take(&mut self.full));
        self.sender.blocking_send(Ok(chunk)).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

struct Archive<W: Write> {
    builder: tar::Builder<W>,
    context: Context,
    /// Excluded folders on the way to the current one; sent once something below them is.
    waiting: Vec<(PathBuf, Metadata)>,
}

impl<W: Write> Archive<W> {
    fn new(output: W, context: Context) -> Self {
        Self { builder: tar::Builder::new(output), context, waiting: Vec::new() }
    }

    fn write(&mut self) -> Result<(), ContextError> {
        self.folder("")?;
        let folder = self.context.folder.clone();
        let mut output = self.builder.finish().map_err(|error| ContextError::unreadable(&folder, &error));
        if output.is_ok() {
            output =
                self.builder.get_mut().flush().map_err(|error| ContextError::unreadable(&folder, &error));
        }
        output
    }

    /// Sends what is in a folder, sorted, so that the same files give the same bytes.
    fn folder(&mut self, relative: &str) -> Result<(), ContextError> {
        let folder = self.context.folder.join(relative);
        let unreadable = |error: io::Error| ContextError::unreadable(&folder, &error);
        let entries = fs::read_dir(&folder).map_err(unreadable)?;
        let mut names = Vec::new();
        for entry in entries {
            names.push(entry.map_err(unreadable)?.file_name());
        }
        names.sort();
        for name in names {
            let path = folder.join(&name);
            let Some(name) = name.to_str() else {
                return Err(ContextError::unreadable(&path, &"its name is not UTF-8"));
            };
            let relative = if relative.is_empty() { name.to_owned() } else { format!("{relative}/{name}") };
            self.entry(&relative, &path)?;
        }
        Ok(())
    }

    fn entry(&mut self, relative: &str, path: &Path) -> Result<(), ContextError> {
        let always = relative == self.context.dockerfile || relative == ".dockerignore";
        let excluded = self.context.ignore.excludes(relative) && !always;
        let is_folder = fs::symlink_metadata(path).map(|metadata| metadata.is_dir());
        let enter = !excluded
            || self.context.ignore.may_include_below(relative)
            || self.context.dockerfile.starts_with(&format!("{relative}/"));
        if excluded && !(enter && is_folder.as_ref().is_ok_and(|folder| *folder)) {
            return Ok(());
        }
        let metadata = fs::symlink_metadata(path).map_err(|error| ContextError::unreadable(path, &error))?;
        if metadata.is_dir() {
            self.waiting.push((PathBuf::from(relative), metadata));
            if !excluded {
                self.send_waiting(path)?;
            }
            self.folder(relative)?;
            self.waiting.pop_if(|(waiting, _)| waiting == Path::new(relative));
            return Ok(());
        }
        self.send_waiting(path)?;
        self.file(relative, path, &metadata).map_err(|error| ContextError::unreadable(path, &error))
    }

    fn send_waiting(&mut self, path: &Path) -> Result<(), ContextError> {
        for (folder, metadata) in std::mem::take(&mut self.waiting) {
            let mut header = header(&metadata, tar::EntryType::Directory);
            let sent = self.builder.append_data(&mut header, folder.join(""), io::empty());
            sent.map_err(|error| ContextError::unreadable(path, &error))?;
        }
        Ok(())
    }

    fn file(&mut self, relative: &str, path: &Path, metadata: &Metadata) -> io::Result<()> {
        if metadata.is_symlink() {
            let mut header = header(metadata, tar::EntryType::Symlink);
            return self.builder.append_link(&mut header, relative, fs::read_link(path)?);
        }
        // Sockets, pipes and devices mean nothing to another machine; Docker leaves them out too.
        if !metadata.is_file() {
            return Ok(());
        }
        let file = fs::File::open(path)?;
        let length = metadata.len();
        let mut header = header(metadata, tar::EntryType::Regular);
        header.set_size(length);
        let mut counted = Exactly { file: file.take(length), left: length };
        self.builder.append_data(&mut header, relative, &mut counted)
    }
}

/// Reads as many bytes as the header said, or fails: a shorter file would break the archive.
struct Exactly {
    file: io::Take<fs::File>,
    left: u64,
}

impl Read for Exactly {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.left -= read as u64;
        if read == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::Error::other("it became shorter while it was read"));
        }
        Ok(read)
    }
}

fn header(metadata: &Metadata, kind: tar::EntryType) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode(metadata));
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(0);
    let modified = metadata.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    header.set_mtime(modified.map_or(0, |since| since.as_secs()));
    header
}

#[cfg(unix)]
fn mode(metadata: &Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o7777
}

#[cfg(not(unix))]
fn mode(_: &Metadata) -> u32 {
    0o755
}

#[cfg(test)]
mod tests;
