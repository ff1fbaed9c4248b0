//! Two runs on one project of one checkout take turns.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::error::Error;
use crate::render::RenderError;

/// Held until it is dropped, also by a process that is killed.
pub(super) struct Lock {
    _file: File,
}

/// Takes the lock that is held for the moment in which a checkout's own files are made.
///
/// # Errors
/// The lock file cannot be made or locked.
pub(super) fn turn(root: &Path) -> Result<Lock, Error> {
    let path = root.join(".gw/locks/.checkout");
    let file = open(&path)?;
    file.lock().map_err(failed("lock", &path))?;
    Ok(Lock { _file: file })
}

/// Takes the lock of a project; `wait` is told once where somebody else has it.
///
/// # Errors
/// The lock file cannot be made or locked.
pub(super) async fn take(root: &Path, project: &str, wait: impl FnOnce()) -> Result<Lock, Error> {
    let path = root.join(".gw/locks").join(project);
    let file = open(&path)?;
    let file = match file.try_lock() {
        Ok(()) => file,
        Err(TryLockError::Error(error)) => return Err(failed("lock", &path)(error)),
        Err(TryLockError::WouldBlock) => {
            wait();
            let locked = tokio::task::spawn_blocking(move || file.lock().map(|()| file)).await;
            locked.map_err(|error| Error::Defect(error.to_string()))?.map_err(failed("lock", &path))?
        }
    };
    Ok(Lock { _file: file })
}

fn open(path: &Path) -> Result<File, Error> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).map_err(failed("make the folder of", path))?;
    File::create(path).map_err(failed("make", path))
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Render(RenderError::Io { action, path, source })
}
