//! Who this checkout is: a random id kept in `.gw/`, the folder and the host.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::plan::ownership::Checkout;
use crate::render::write;

/// The file that keeps the id, relative to the root.
const FILE: &str = ".gw/owner.json";

#[derive(Debug, Serialize, Deserialize)]
struct Owner {
    id: String,
    host: String,
    path: String,
}

/// Reads who this checkout is, and with `keep` makes it known the first time; `file` is the rendered file that is run.
///
/// # Errors
/// The file cannot be read or written, or is not what gw wrote.
pub(super) fn checkout(root: &Path, file: &Path, keep: bool) -> Result<Checkout, Error> {
    let at = root.join(FILE);
    let real = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let file = file.strip_prefix(root).map_or_else(|_| file.to_owned(), |relative| real.join(relative));
    let path = real.display().to_string();
    let owner = match std::fs::read_to_string(&at) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| Error::File {
            action: "cannot read",
            path: at.clone(),
            source: std::io::Error::new(std::io::ErrorKind::InvalidData, error),
        })?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut bytes = [0; 8];
            fill_random(&mut bytes);
            let id = format!("{:016x}", u64::from_be_bytes(bytes));
            let owner = Owner { id, host: host(), path: path.clone() };
            if keep {
                let text =
                    serde_json::to_string_pretty(&owner).map_err(|error| Error::Defect(error.to_string()))?;
                write::replace(&at, &(text + "\n"))?;
            }
            owner
        }
        Err(source) => return Err(Error::File { action: "cannot read", path: at, source }),
    };
    Ok(Checkout { id: owner.id, path, host: host(), file: file.display().to_string() })
}

fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// Fills a buffer from the operating system's random numbers.
pub(super) fn fill_random(bytes: &mut [u8]) {
    // Without random numbers nothing of gw's can be safe: there is no way on.
    #[expect(clippy::expect_used, reason = "a system without random numbers is broken beyond gw")]
    getrandom::fill(bytes).expect("the operating system has random numbers");
}
