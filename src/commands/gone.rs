//! Stacks of this checkout that no profile names now (renamed, deleted, on another git branch): they are named and left.

use std::path::Path;

use super::owner::THIS_HOST;
use super::prepare::Prepared;
use crate::plan::observed::Observed;
use crate::plan::stacks::{self, Named};
use crate::profile;

/// What is to be said about them; with `data` also about those of which only volumes are left.
pub(super) fn note(root: &Path, prepared: &Prepared, observed: &Observed, data: bool) -> Option<String> {
    let stacks = stacks::of(observed, &prepared.checkout, THIS_HOST.resolve);
    let own = &prepared.desired.project;
    if stacks.iter().all(|stack| stack.project == *own) {
        return None;
    }
    // The profile of this run is one also where its file is somewhere else.
    let mut named = named(root);
    named.push(Named { file: String::new(), project: Some(own.clone()) });
    stacks::gone(&stacks, &named, data)
}

/// What the profiles of a checkout name.
pub(super) fn named(root: &Path) -> Vec<Named> {
    match profile::projects(root) {
        Ok(files) => files.into_iter().map(|(file, project)| Named { file, project }).collect(),
        Err(_) => vec![Named { file: "profiles/".to_owned(), project: None }],
    }
}
