//! A build context as a tar archive.
//!
//! Modes and times are kept, owners are not: they differ between checkouts, and a `COPY` gives its files to root
//! anyway. Times stay because tools in the image compare them (cargo, make, a web server's `ETag`); BuildKit leaves
//! them out of its cache keys.

use std::fs::{self, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tokio::sync::mpsc::Sender;

use super::context::{Context, ContextError};

/// Collects bytes into chunks and hands them to the request.
pub(super) struct Chunks {
    sender: Sender<io::Result<Bytes>>,
    full: Vec<u8>,
}

impl Chunks {
    pub(super) fn new(sender: Sender<io::Result<Bytes>>) -> Self {
        Self { sender, full: Vec::new() }
    }
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

/// A tar archive of a context.
pub(super) struct Archive<W: Write> {
    pub(super) builder: tar::Builder<W>,
    context: Context,
    /// Excluded folders on the way to the current one; sent once something below them is.
    waiting: Vec<(PathBuf, Metadata)>,
}

impl<W: Write> Archive<W> {
    pub(super) fn new(output: W, context: Context) -> Self {
        Self { builder: tar::Builder::new(output), context, waiting: Vec::new() }
    }

    pub(super) fn write(&mut self) -> Result<(), ContextError> {
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
