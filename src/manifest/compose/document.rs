//! The whole file: its top level, its services, and what they use of it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::cursor::{Context, Cursor};
use super::{depends, extension, files, interpolate, long_form, networks, service, tree};
use crate::manifest::error::{ManifestError, Position};
use crate::plan::desired::{Component, Desired, Network, Volume};

/// What services refer to.
pub(super) struct Shared<'a> {
    pub(super) project: String,
    pub(super) networks: BTreeMap<String, Network>,
    pub(super) volumes: BTreeMap<String, Volume>,
    pub(super) configs: BTreeMap<&'a str, Cursor<'a>>,
    pub(super) secrets: BTreeMap<&'a str, Cursor<'a>>,
}

/// Reads a Compose file.
///
/// `file` names the file in errors, and its folder is where relative paths start: pass an absolute path. `variables` is what
/// values are filled in from (the env file of the profile's secrets, then the environment), and `open` reads a file that a
/// configuration or a secret names.
///
/// # Errors
/// Every problem of the file, each with its position, the key and what to do.
pub fn read(
    text: &str,
    file: &Path,
    variables: &dyn Fn(&str) -> Option<String>,
    open: &dyn Fn(&Path) -> std::io::Result<String>,
) -> Result<Desired, ManifestError> {
    let (root, mut problems) = tree::parse(text);
    let mut desired = Desired::default();
    if let Some(mut root) = root {
        interpolate::fill(&mut root, variables, &mut problems);
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        let context = Context { problems: RefCell::new(problems), variables, open, folder };
        desired = read_top(&Cursor::root(&root, &context));
        problems = context.problems.into_inner();
    }
    if problems.is_empty() {
        return Ok(desired);
    }
    problems.sort_by_key(|problem| problem.position);
    // Two services that use one broken secret both report it.
    problems.dedup();
    Err(ManifestError { file: file.to_owned(), problems })
}

fn read_top(top: &Cursor<'_>) -> Desired {
    if !top.is_mapping(long_form::none) {
        return Desired::default();
    }
    let project = project(top);
    let shared = Shared {
        networks: networks::networks(top, &project),
        volumes: networks::volumes(top, &project),
        configs: files::sources(top, "configs"),
        secrets: files::sources(top, "secrets"),
        project,
    };
    let mut components = BTreeMap::new();
    let services = top.get("services").map(|services| services.entries(long_form::none)).unwrap_or_default();
    if services.is_empty() && top.get("services").is_none() {
        top.context.report(
            Position::START,
            "",
            "`services` is missing; a Compose file has at least one".to_owned(),
        );
    }
    for (key, cursor) in &services {
        if let Some(component) = service::component(key, cursor, &shared) {
            components.insert((*key).to_owned(), component);
        }
    }
    depends::check(&services, &mut components);
    let profile = extension::profile(top).unwrap_or_default();
    let (networks, volumes) = used(&components, shared.networks, shared.volumes);
    Desired { project: shared.project, profile, networks, volumes, components }
}

fn project(top: &Cursor<'_>) -> String {
    let Some(name) = top.get("name") else {
        let message = "`name` is missing; it names the project, write for example `name: ms`";
        top.context.report(Position::START, "", message.to_owned());
        return String::new();
    };
    let is_start = |first: char| first.is_ascii_lowercase() || first.is_ascii_digit();
    let text = name.text().unwrap_or_default();
    let is_valid =
        text.starts_with(is_start) && text.chars().all(|letter| is_start(letter) || "_-".contains(letter));
    if !is_valid && !text.is_empty() {
        name.report("a project's name has a-z, 0-9, _ and - only, and begins with a letter or digit");
    }
    text
}

/// Only what services use exists, as in Compose.
fn used(
    components: &BTreeMap<String, Component>,
    mut networks: BTreeMap<String, Network>,
    mut volumes: BTreeMap<String, Volume>,
) -> (BTreeMap<String, Network>, BTreeMap<String, Volume>) {
    let containers = || components.values().map(|component| &component.container);
    let joined: BTreeSet<&String> = containers().flat_map(|container| container.networks.keys()).collect();
    let mounts = containers().flat_map(|container| &container.mounts);
    let mounted: BTreeSet<&String> = mounts.filter_map(|mount| mount.source.as_ref()).collect();
    networks.retain(|key, _| joined.contains(key));
    volumes.retain(|key, _| mounted.contains(key));
    (networks, volumes)
}
