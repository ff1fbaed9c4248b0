//! All profiles of a project in short, also those with mistakes.

use std::path::Path;

use serde::Serialize;

use super::error::{InputError, Problem};
use super::find;
use super::load::load;
use super::names::is_project;

/// A profile in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Its name on the command line.
    pub name: String,
    /// Its file relative to the root.
    pub file: String,
    /// Docker's project and the cluster's namespace, where that can be read.
    pub project: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The profile that it borrows from.
    pub borrows_from: Option<String>,
    /// The gateway's host port.
    pub gateway_port: Option<u16>,
    /// What is wrong with it; the other fields may then be missing.
    pub problems: Vec<Problem>,
}

/// Lists the profiles under `root`, sorted by name.
///
/// # Errors
/// There is no folder `profiles`, or it cannot be read.
pub fn list(root: &Path) -> Result<Vec<Summary>, InputError> {
    Ok(find::names(root)?.into_iter().map(|name| summary(root, name)).collect())
}

/// The file of every profile and the project that it names, as far as that can be read; no other mistake is looked for.
///
/// # Errors
/// There is no folder `profiles`, or it cannot be read.
pub fn projects(root: &Path) -> Result<Vec<(String, Option<String>)>, InputError> {
    let names = find::names(root)?.into_iter();
    let project = |name: &str| find::project(root, name).filter(|project| is_project(project));
    Ok(names.map(|name| (format!("profiles/{name}.json"), project(&name))).collect())
}

fn summary(root: &Path, name: String) -> Summary {
    let file = format!("profiles/{name}.json");
    match load(root, &name) {
        Ok(profile) => Summary {
            name,
            file,
            project: Some(profile.project),
            description: profile.description,
            borrows_from: profile.borrowed.map(|borrowed| borrowed.profile),
            gateway_port: profile.gateway.map(|gateway| gateway.port),
            problems: Vec::new(),
        },
        Err(error) => Summary {
            project: find::project(root, &name),
            name,
            file,
            description: None,
            borrows_from: None,
            gateway_port: None,
            problems: error.problems,
        },
    }
}
