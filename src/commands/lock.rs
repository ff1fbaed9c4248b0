//! Two runs on one project of one checkout take turns.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::error::Error;
use crate::render::RenderError;

/// Held until it is dropped, also by a process that is killed.
pub(super) struct Lock {
    _file: File,
}

/// Takes the lock of a project; `wait` is told once where somebody else has it.
///
/// # Errors
/// The lock file cannot be made or locked.
pub(super) async fn take(root: &Path, project: &str, wait: impl FnOnce()) -> Result<Lock, Error> {
    let folder = root.join(".gw/locks");
    let path = folder.join(project);
    let failed = |action: &'static str| {
        let path = path.clone();
        move |source| Error::Render(RenderError::Io { action, path, source })
    };
    std::fs::create_dir_all(&folder).map_err(failed("make the folder of"))?;
    let file = File::create(&path).map_err(failed("make"))?;
    let file = match file.try_lock() {
        Ok(()) => file,
        Err(TryLockError::Error(error)) => return Err(failed("lock")(error)),
        Err(TryLockError::WouldBlock) => {
            wait();
            let locked = tokio::task::spawn_blocking(move || file.lock().map(|()| file)).await;
            locked.map_err(|error| Error::Defect(error.to_string()))?.map_err(failed("lock"))?
        }
    };
    Ok(Lock { _file: file })
}
