//! Writes rendered files: whole or not at all, only what changed, and takes away what is no longer rendered.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::compose::Rendered;
use super::error::RenderError;

/// The start of each rendered file's first line: a file that begins so is gw's to replace and to remove.
pub const HEADER: &str = "# Rendered by gw";

/// What writing did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Written anew, relative to the root.
    pub changed: Vec<String>,
    /// Already as they should be.
    pub unchanged: Vec<String>,
    /// Removed: rendered once, but no longer.
    pub removed: Vec<String>,
}

/// Writes a profile's files under `root` and removes what gw rendered into `folder` before and does not any more.
///
/// # Errors
/// A file cannot be read, written or removed. Each file is either the old or the new one, never half of it.
pub fn write(root: &Path, folder: &str, rendered: &Rendered) -> Result<Written, RenderError> {
    let mut written = Written::default();
    for file in &rendered.files {
        let path = root.join(&file.path);
        if std::fs::read(&path).is_ok_and(|old| old == file.text.as_bytes()) {
            written.unchanged.push(file.path.clone());
        } else {
            replace(&path, &file.text)?;
            written.changed.push(file.path.clone());
        }
    }
    for stale in stale(root, folder, rendered)? {
        std::fs::remove_file(root.join(&stale)).map_err(RenderError::io("remove", root.join(&stale)))?;
        written.removed.push(stale);
    }
    Ok(written)
}

/// Returns the files in `folder` that gw rendered and that are not among `rendered`.
///
/// # Errors
/// The folder or a file cannot be read.
pub fn stale(root: &Path, folder: &str, rendered: &Rendered) -> Result<Vec<String>, RenderError> {
    let mut stale = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let path = root.join(&folder);
        let entries = match std::fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(RenderError::io("list", path)(error)),
        };
        for entry in entries {
            let entry = entry.map_err(RenderError::io("list", &path))?;
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(RenderError::io("read", entry.path()))?;
            if kind.is_dir() {
                folders.push(name);
            } else if kind.is_file()
                && !rendered.files.iter().any(|file| file.path == name)
                && std::fs::read(entry.path()).is_ok_and(|text| text.starts_with(HEADER.as_bytes()))
            {
                stale.push(name);
            }
        }
    }
    stale.sort();
    Ok(stale)
}

/// Writes a file beside its place and renames it into it.
///
/// # Errors
/// The folder or file cannot be written, for example because the disk is full; then nothing half-written stays.
pub fn replace(path: &Path, text: &str) -> Result<(), RenderError> {
    replace_with_mode(path, text, 0o644, 0o755)
}

/// As [`replace`], with the permission bits of the file and of folders that are made for it.
pub(super) fn replace_with_mode(
    path: &Path,
    text: &str,
    file_mode: u32,
    folder_mode: u32,
) -> Result<(), RenderError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_folder(folder, folder_mode)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary: PathBuf = folder.join(format!(".{name}.gw-{}", std::process::id()));
    let result = write_new(&temporary, text, file_mode).and_then(|()| std::fs::rename(&temporary, path));
    result.map_err(|error| {
        // The first failure is the one to report.
        let _ = std::fs::remove_file(&temporary);
        RenderError::io("write", path)(error)
    })
}

#[cfg(unix)]
fn write_new(path: &Path, text: &str, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    // One left by a killed run of the same process id.
    let _ = std::fs::remove_file(path);
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(not(unix))]
fn write_new(path: &Path, text: &str, _mode: u32) -> std::io::Result<()> {
    let mut file = std::fs::File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(unix)]
fn create_folder(folder: &Path, mode: u32) -> Result<(), RenderError> {
    use std::os::unix::fs::DirBuilderExt;
    let result = std::fs::DirBuilder::new().recursive(true).mode(mode).create(folder);
    result.map_err(RenderError::io("make folder", folder))
}

#[cfg(not(unix))]
fn create_folder(folder: &Path, _mode: u32) -> Result<(), RenderError> {
    std::fs::create_dir_all(folder).map_err(RenderError::io("make folder", folder))
}
