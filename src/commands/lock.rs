//! Two runs on one project of one checkout take turns.

use std::fs::{File, TryLockError};
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::render::RenderError;

/// The folder of all, relative to the root.
const FOLDER: &str = ".gw/locks";

/// Held until it is dropped, also by a process that is killed.
pub(super) struct Lock {
    _file: File,
    path: PathBuf,
}

impl Lock {
    /// Gives it back and removes its file: nobody will want it again. Whoever waits for it takes a new one.
    pub(super) fn discard(self) {
        // One that stays is empty and in nobody's way.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Takes the lock that is held for the moment in which a checkout's own files are made.
///
/// # Errors
/// The lock file cannot be made or locked.
pub(super) fn turn(root: &Path) -> Result<Lock, Error> {
    let path = root.join(".gw/locks/.checkout");
    let file = open(&path)?;
    file.lock().map_err(failed("lock", &path))?;
    Ok(Lock { _file: file, path })
}

/// Takes the lock of a project; `wait` is told once where somebody else has it.
///
/// # Errors
/// The lock file cannot be made or locked.
pub(super) async fn take(root: &Path, project: &str, wait: impl FnOnce()) -> Result<Lock, Error> {
    let path = root.join(FOLDER).join(project);
    let mut wait = Some(wait);
    loop {
        let file = open(&path)?;
        let file = match file.try_lock() {
            Ok(()) => file,
            Err(TryLockError::Error(error)) => return Err(failed("lock", &path)(error)),
            Err(TryLockError::WouldBlock) => {
                if let Some(wait) = wait.take() {
                    wait();
                }
                let locked = tokio::task::spawn_blocking(move || file.lock().map(|()| file)).await;
                locked.map_err(|error| Error::Defect(error.to_string()))?.map_err(failed("lock", &path))?
            }
        };
        if is_there(&file, &path) {
            return Ok(Lock { _file: file, path });
        }
    }
}

/// Claims something for the whole of a `gw run`; the process that has it already, where there is one.
///
/// # Errors
/// The lock file cannot be made, locked or written.
pub(super) fn claim(root: &Path, name: &str) -> Result<Result<Lock, u32>, Error> {
    let path = root.join(FOLDER).join(name);
    loop {
        let mut file = open(&path)?;
        match file.try_lock() {
            Ok(()) if is_there(&file, &path) => {
                let written = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
                written.map_err(failed("write", &path))?;
                return Ok(Ok(Lock { _file: file, path }));
            }
            Ok(()) => {}
            Err(TryLockError::Error(error)) => return Err(failed("lock", &path)(error)),
            Err(TryLockError::WouldBlock) => {
                let process = std::fs::read_to_string(&path).unwrap_or_default();
                return Ok(Err(process.parse().unwrap_or_default()));
            }
        }
    }
}

/// Removes the file of a lock or a claim that nobody will want again, which a killed gw may have left.
pub(super) fn forget(root: &Path, name: &str) {
    // One that stays is in nobody's way.
    let _ = std::fs::remove_file(root.join(FOLDER).join(name));
}

/// The names of all locks and claims, also of those that nobody holds.
pub(super) fn names(root: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(root.join(FOLDER)).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// Whether the locked file is still the one at its place: whoever had it before may have removed it.
fn is_there(file: &File, path: &Path) -> bool {
    let same = |one: &std::fs::Metadata, other: &std::fs::Metadata| {
        (one.dev(), one.ino()) == (other.dev(), other.ino())
    };
    file.metadata().is_ok_and(|mine| std::fs::metadata(path).is_ok_and(|there| same(&mine, &there)))
}

/// Opened without losing what whoever has the lock wrote into it.
fn open(path: &Path) -> Result<File, Error> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).map_err(failed("make the folder of", path))?;
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    options.open(path).map_err(failed("make", path))
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Render(RenderError::Io { action, path, source })
}
