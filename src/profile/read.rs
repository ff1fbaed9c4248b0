//! Reads one input file: bounded, only regular files, only UTF-8; every refusal says why.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// Larger inputs are a mistake, for example a file named by accident.
const SIZE_LIMIT: u64 = 4 * 1024 * 1024;

/// Why a file could not be taken in.
pub(super) enum Refusal {
    /// There is no such file, or the system does not let gw read it; the fault may lie with who named it.
    Access(String),
    /// The file is there and its content is wrong, from this text on.
    Content {
        /// The part before the mistake.
        before: String,
        /// What is wrong.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
}

impl Refusal {
    fn content(message: impl Into<String>, hint: &str) -> Self {
        Self::Content { before: String::new(), message: message.into(), hint: Some(hint.to_owned()) }
    }
}

/// Reads a text file.
pub(super) fn read(path: &Path) -> Result<String, Refusal> {
    let metadata = fs::metadata(path).map_err(|error| access(&error))?;
    if metadata.is_dir() {
        return Err(Refusal::Access("is a folder, not a file".into()));
    }
    if !metadata.is_file() {
        return Err(Refusal::Access("is not a regular file".into()));
    }
    if metadata.len() > SIZE_LIMIT {
        return Err(too_large(&format!("{} MiB", metadata.len().div_ceil(1024 * 1024))));
    }
    let file = File::open(path).map_err(|error| access(&error))?;
    let mut bytes = Vec::new();
    file.take(SIZE_LIMIT + 1).read_to_end(&mut bytes).map_err(|error| access(&error))?;
    if bytes.len() as u64 > SIZE_LIMIT {
        return Err(too_large("more"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        Refusal::Content {
            before: String::from_utf8_lossy(&bytes[..good]).into_owned(),
            message: format!("the byte 0x{:02x} is not UTF-8", bytes[good]),
            hint: Some("save the file as UTF-8".to_owned()),
        }
    })
}

fn too_large(size: &str) -> Refusal {
    Refusal::content(
        format!("the file has {size}; gw reads at most 4 MiB"),
        "is this the file that you meant?",
    )
}

fn access(error: &std::io::Error) -> Refusal {
    Refusal::Access(match error.kind() {
        std::io::ErrorKind::NotFound => "does not exist".to_owned(),
        std::io::ErrorKind::PermissionDenied => "cannot be read: permission denied".to_owned(),
        _ => format!("cannot be read: {error}"),
    })
}
