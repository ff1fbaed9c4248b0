//! Finds a profile's file by its name, and says which there are where it does not exist.

use std::path::{Path, PathBuf};

use super::error::InputError;
use super::suggest::{self, quoted};

/// Where a profile is.
pub(super) struct Found {
    /// The name on the command line.
    pub(super) name: String,
    /// The file.
    pub(super) path: PathBuf,
    /// The file relative to the root.
    pub(super) shown: String,
}

/// Why there is no such profile, and what to do.
pub(super) struct Unknown {
    /// What is wrong.
    pub(super) message: String,
    /// What to do.
    pub(super) hint: String,
}

/// The file of a profile: `profiles/NAME.json`, or a path that ends in `.json`.
pub(super) fn find(root: &Path, name: &str) -> Result<Found, Unknown> {
    let path = Path::new(name);
    if path.extension().is_some_and(|extension| extension == "json") {
        let full = root.join(path);
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let shown = full.strip_prefix(root).unwrap_or(&full).to_string_lossy().into_owned();
        if !is_profile(&stem) {
            return Err(Unknown {
                message: format!("{} is not a name for a profile", quoted(&stem)),
                hint: "use lower-case letters, digits, `-` and `_`".to_owned(),
            });
        }
        return Ok(Found { name: stem, path: full, shown });
    }
    let shown = format!("profiles/{name}.json");
    let path = root.join(&shown);
    if is_profile(name) && std::fs::symlink_metadata(&path).is_ok() {
        return Ok(Found { name: name.to_owned(), path, shown });
    }
    Err(unknown(root, name))
}

/// The names of all profiles, sorted.
pub(super) fn names(root: &Path) -> Result<Vec<String>, InputError> {
    let entries = std::fs::read_dir(root.join("profiles")).map_err(|error| {
        let reason = match error.kind() {
            std::io::ErrorKind::NotFound => "there is no folder `profiles` here".to_owned(),
            _ => format!("the folder `profiles` cannot be read: {error}"),
        };
        let hint = "run gw in the folder that holds `profiles/`, or name it with -C";
        InputError::of_file("profiles", reason, Some(hint.to_owned()))
    })?;
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter_map(|file| file.strip_suffix(".json").map(ToOwned::to_owned))
        .filter(|name| is_profile(name))
        .collect();
    names.sort();
    Ok(names)
}

/// Profiles have names that are good names for folders; `NAME.local.json` is none.
fn is_profile(name: &str) -> bool {
    super::names::is_project(name)
}

fn unknown(root: &Path, name: &str) -> Unknown {
    let known = names(root).unwrap_or_default();
    let of_project = known.iter().find(|profile| project(root, profile).as_deref() == Some(name));
    if let Some(profile) = of_project {
        return Unknown {
            message: format!("there is no profile `{name}`: `{name}` is the project of profile `{profile}`"),
            hint: format!("write --profile {profile}"),
        };
    }
    let all = known.join(", ");
    let nearest =
        if name.len() > 100 { None } else { suggest::nearest(name, known.iter().map(String::as_str)) };
    let hint = match nearest {
        _ if known.is_empty() => "there are no profiles here: gw reads profiles/NAME.json".to_owned(),
        Some(nearest) => format!("did you mean `{nearest}`? Known profiles: {all}"),
        None => format!("known profiles: {all}"),
    };
    Unknown { message: format!("unknown profile {}", quoted(name)), hint }
}

/// The project that a profile or its infra file names, as far as they can be read.
pub(super) fn project(root: &Path, profile: &str) -> Option<String> {
    let path = root.join("profiles").join(format!("{profile}.json"));
    let own = json(&path)?;
    if let Some(project) = own.get("project") {
        return project.as_str().map(ToOwned::to_owned);
    }
    let infra = json(&path.parent()?.join(own.get("infra")?.as_str()?))?;
    infra.get("project")?.as_str().map(ToOwned::to_owned)
}

fn json(path: &Path) -> Option<serde_json::Value> {
    serde_json::from_str(&super::read::read(path).ok()?).ok()
}
