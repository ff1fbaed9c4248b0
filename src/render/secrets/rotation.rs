//! What a rotation leaves for whoever comes after it, should it be killed: the values that stores may still have.
//!
//! The file is written before the env file gets the new values, and goes when the stores have them. Whoever finds it makes
//! the stores follow the env file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{FILE_MODE, FOLDER, FOLDER_MODE, env_file, read_private, values};
use crate::render::RenderError;
use crate::render::write;

/// The first line of the file.
const HEADER: &str =
    "# Values that a store may still have: a rotation was not finished. gw up finishes it.\n";

fn path(root: &Path, profile: &str) -> PathBuf {
    root.join(FOLDER).join(profile).join("rotation")
}

/// The values that stores may still have instead of those of the env file; empty where no rotation was cut off.
///
/// # Errors
/// The file cannot be read, or others may read it.
pub fn former(root: &Path, profile: &str) -> Result<BTreeMap<String, String>, RenderError> {
    let file = path(root, profile);
    values(&file, &read_private(root, profile, &file)?)
}

/// Keeps values that stores may still have.
///
/// # Errors
/// The file cannot be written.
pub fn begin(root: &Path, profile: &str, former: &BTreeMap<String, String>) -> Result<(), RenderError> {
    let text = env_file::replaced(HEADER, former);
    write::replace_with_mode(&path(root, profile), &text, FILE_MODE, FOLDER_MODE)
}

/// Forgets them: the stores have those of the env file.
///
/// # Errors
/// The file cannot be removed.
pub fn end(root: &Path, profile: &str) -> Result<(), RenderError> {
    let file = path(root, profile);
    match std::fs::remove_file(&file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(RenderError::io("remove", file)(error))
        }
        _ => Ok(()),
    }
}
