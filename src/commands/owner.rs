//! Who this checkout is: a random id kept in `.gw/`, the folder, the host, and the places whose things it took over.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::plan::ownership::{Checkout, Host};
use crate::plan::place::{Place, Resident};
use crate::render::write;

/// The file that keeps the id, relative to the root.
const FILE: &str = ".gw/owner.json";

#[derive(Debug, Serialize, Deserialize)]
struct Owner {
    id: String,
    host: String,
    /// Where the checkout was when the file was written.
    path: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    adopted: Vec<Place>,
}

/// Asks this machine for links and for who is in a folder.
pub(super) const THIS_HOST: Host<'static> = Host { resolve: &resolve, resident: &resident };

/// Reads who this checkout is, and with `keep` makes it known the first time; `file` is the rendered file that is run.
///
/// # Errors
/// The file cannot be read or written, or is not what gw wrote.
pub(super) fn checkout(root: &Path, file: &Path, keep: bool) -> Result<Checkout, Error> {
    let real = real(root);
    let file = file.strip_prefix(root).map_or_else(|_| file.to_owned(), |relative| real.join(relative));
    let path = real.display().to_string();
    let owner = if let Some(owner) = read(root)? {
        owner
    } else {
        let mut bytes = [0; 8];
        fill_random(&mut bytes);
        let id = format!("{:016x}", u64::from_be_bytes(bytes));
        let owner = Owner { id, host: host(), path: path.clone(), adopted: Vec::new() };
        if keep {
            store(root, &owner)?;
        }
        owner
    };
    // Whoever is back at a place claims it; a copy of this checkout does so too.
    let abandoned = |place: &Place| place.path == path || !resident(&place.path).is(&place.id);
    let adopted = owner.adopted.into_iter().filter(abandoned).collect();
    Ok(Checkout { id: owner.id, path, host: host(), file: file.display().to_string(), adopted })
}

/// Notes that what was made at these places is this checkout's from now on, and where it is now.
///
/// # Errors
/// The file cannot be read or written.
pub(super) fn adopt(root: &Path, places: &[Place]) -> Result<(), Error> {
    let Some(owner) = read(root)? else { return Ok(()) };
    let mut adopted = owner.adopted;
    adopted.extend(places.iter().cloned());
    adopted.sort();
    adopted.dedup();
    store(root, &Owner { id: owner.id, host: host(), path: real(root).display().to_string(), adopted })
}

/// Where this checkout was when `.gw/owner.json` was written.
///
/// # Errors
/// The file cannot be read, or is not what gw wrote.
pub(super) fn recorded(root: &Path) -> Result<Option<Place>, Error> {
    Ok(read(root)?.map(|owner| Place { id: owner.id, path: owner.path, host: owner.host }))
}

/// Who is in a folder of this machine.
pub(super) fn resident(path: &str) -> Resident {
    let folder = Path::new(path);
    match read(folder) {
        Ok(Some(owner)) => Resident::Checkout { id: owner.id, adopted: owner.adopted },
        Err(error) => Resident::Unknown(error.to_string()),
        Ok(None) => match std::fs::metadata(folder) {
            Ok(_) if folder.join("profiles").is_dir() => Resident::Nameless,
            Ok(_) => Resident::NoCheckout,
            Err(error) if is_absent(&error) => Resident::Nobody,
            Err(error) => Resident::Unknown(format!("{path}: {error}")),
        },
    }
}

fn resolve(file: &str) -> String {
    std::fs::canonicalize(file).map_or_else(|_| file.to_owned(), |path| path.display().to_string())
}

fn real(root: &Path) -> PathBuf {
    root.canonicalize().unwrap_or_else(|_| root.to_owned())
}

fn read(root: &Path) -> Result<Option<Owner>, Error> {
    let path = root.join(FILE);
    let failed = |source| Error::File { action: "cannot read", path: path.clone(), source };
    match std::fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text)
            .map(Some)
            .map_err(|error| failed(std::io::Error::new(ErrorKind::InvalidData, error))),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn store(root: &Path, owner: &Owner) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(owner).map_err(|error| Error::Defect(error.to_string()))?;
    Ok(write::replace(&root.join(FILE), &(text + "\n"))?)
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
