//! Isolated runs of this checkout: which one is meant, what is kept of each in `.gw/runs/ID/`, and whether a gw is at work on it.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::lock::{self, Lock};
use super::owner;
use super::session::Session;
use crate::error::Error;
use crate::profile;
use crate::profile::model::Profile;
use crate::render::write;
use crate::settings::Settings;
use crate::settings::command::{Command, Isolation};

/// The folder of all, relative to the root.
const FOLDER: &str = ".gw/runs";
/// The file in a run's folder that tells what it is.
const FILE: &str = "run.json";
/// What the name of a claim on a run ends with.
const CLAIM: &str = ".isolated";
/// Letters of an id that gw makes: none that looks like another.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Letters in such an id.
const LENGTH: usize = 6;

/// What is kept of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Run {
    /// Its profile, as it was named.
    pub(super) profile: String,
    /// Its project.
    pub(super) project: String,
    /// It goes with the gw that made it: `gw run`, as long as nothing of it is kept.
    pub(super) passing: bool,
}

/// The folder of a run, relative to the root.
pub(super) fn folder(run: &str) -> String {
    format!("{FOLDER}/{run}")
}

/// Finds out which run a command is about, where it is about an isolated one, and of which profile it is.
///
/// # Errors
/// There is no such run, or several and none is named, or it is another profile's.
pub(super) fn choose(session: &mut Session) -> Result<(), Error> {
    let settings = &session.settings;
    let makes = matches!(settings.command, Command::Up(_) | Command::Fresh(_) | Command::Run(_));
    let run = match &settings.isolation {
        Isolation::None => return Ok(()),
        Isolation::Unnamed if makes => new_id(settings),
        Isolation::Unnamed => match &settings.command {
            Command::Down(down) if down.all => return Ok(()),
            _ => only_one(settings)?,
        },
        Isolation::Named(run) => run.clone(),
    };
    match read(&settings.root, &run)? {
        Some(found) if !settings.profile_named => session.settings.profile = found.profile,
        Some(found) if found.profile != settings.profile => {
            let profile = &settings.profile;
            return Err(Error::Usage(format!(
                "the isolated run {run} is of profile {}, not of {profile}: use another id",
                found.profile
            )));
        }
        None if !makes && !matches!(settings.command, Command::Down(_)) => {
            return Err(Error::Usage(format!("there is no isolated run {run}: {}", known(settings))));
        }
        _ => {}
    }
    session.settings.isolation = Isolation::Named(run);
    Ok(())
}

fn new_id(settings: &Settings) -> String {
    loop {
        let mut bytes = [0; LENGTH];
        owner::fill_random(&mut bytes);
        let letters = bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
        let run: String = letters.collect();
        if !settings.root.join(folder(&run)).exists() {
            return run;
        }
    }
}

fn only_one(settings: &Settings) -> Result<String, Error> {
    match all(&settings.root).as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Error::Usage("there is no isolated run of this checkout".into())),
        _ => Err(Error::Usage(format!("which isolated run is meant? {}", known(settings)))),
    }
}

fn known(settings: &Settings) -> String {
    let all = all(&settings.root);
    if all.is_empty() {
        return "this checkout has none".to_owned();
    }
    let named = all.iter().map(|run| match read(&settings.root, run) {
        Ok(Some(found)) => format!("--isolated={run} (profile {})", found.profile),
        _ => format!("--isolated={run}"),
    });
    named.collect::<Vec<_>>().join(", ")
}

/// The ids of the runs that have a folder, sorted.
pub(super) fn all(root: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(root.join(FOLDER)).into_iter().flatten().flatten();
    let mut runs: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    runs.sort();
    runs
}

/// What is kept of a run.
///
/// # Errors
/// The file cannot be read, or is not what gw wrote.
pub(super) fn read(root: &Path, run: &str) -> Result<Option<Run>, Error> {
    let path = root.join(folder(run)).join(FILE);
    let failed = |source| Error::File { action: "cannot read", path: path.clone(), source };
    match std::fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text)
            .map(Some)
            .map_err(|error| failed(std::io::Error::new(ErrorKind::InvalidData, error))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

/// Begins a run that stays until it is taken down, unless it is there already; says how it is called.
///
/// # Errors
/// The file cannot be written, or a `gw run` begins the same one.
pub(super) fn begin(session: &mut Session, run: &str, project: &str) -> Result<(), Error> {
    let root = session.settings.root.clone();
    if read(&root, run)?.is_none() {
        let claim = claim(&root, run, project)?;
        let profile = session.settings.profile.clone();
        keep(&root, run, &Run { profile, project: project.to_owned(), passing: false })?;
        claim.discard();
    }
    session.note(format!("isolated run {run}: `gw down --isolated={run}` takes it down with its data"));
    Ok(())
}

/// Claims a run for as long as a gw is at work on it. The claim comes before everything else of the run.
///
/// # Errors
/// Another gw has it.
pub(super) fn claim(root: &Path, run: &str, project: &str) -> Result<Lock, Error> {
    let taken = |process| Error::RunTaken { project: project.to_owned(), process };
    lock::claim(root, &format!("{run}{CLAIM}"))?.map_err(taken)
}

/// Keeps what a run is.
///
/// # Errors
/// The file cannot be written.
pub(super) fn keep(root: &Path, run: &str, what: &Run) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(what).map_err(|error| Error::Defect(error.to_string()))?;
    Ok(write::replace(&root.join(folder(run)).join(FILE), &(text + "\n"))?)
}

/// Removes what is kept of a run that is down.
///
/// # Errors
/// It cannot be removed.
pub(super) fn forget(root: &Path, run: &str) -> Result<(), Error> {
    let path = root.join(folder(run));
    match std::fs::remove_dir_all(&path) {
        Err(source) if source.kind() != ErrorKind::NotFound => {
            Err(Error::File { action: "cannot remove", path, source })
        }
        _ => {
            lock::forget(root, &format!("{run}{CLAIM}"));
            Ok(())
        }
    }
}

/// The runs whose gw was killed, each with the claim on it: it stays dead while that is held. `seen` are runs that something on the
/// engine is of.
///
/// # Errors
/// A lock cannot be made.
pub(super) fn dead(root: &Path, seen: impl Iterator<Item = String>) -> Result<Vec<(String, Lock)>, Error> {
    let claimed = lock::names(root).into_iter().filter_map(|name| Some(name.strip_suffix(CLAIM)?.to_owned()));
    let runs: BTreeSet<String> = all(root).into_iter().chain(claimed).chain(seen).collect();
    let mut dead = Vec::new();
    for run in runs {
        let Ok(claim) = lock::claim(root, &format!("{run}{CLAIM}"))? else { continue };
        match read(root, &run) {
            // Killed before it was written, or it was made by `gw run`.
            Ok(None | Some(Run { passing: true, .. })) => dead.push((run, claim)),
            // It stays; or it may be anything, and is left for `gw down --isolated=ID`.
            Ok(Some(_)) | Err(_) => claim.discard(),
        }
    }
    Ok(dead)
}

/// A run's project must be no other profile's.
///
/// # Errors
/// Exit code 2, with that profile.
pub(super) fn not_of_a_profile(root: &Path, isolated: &Profile) -> Result<(), Error> {
    let project = &isolated.project;
    let taken = profile::projects(root)?.into_iter().find(|(_, named)| named.as_ref() == Some(project));
    match taken {
        None => Ok(()),
        Some((file, _)) => Err(Error::Usage(format!(
            "the isolated run would have the project {project}, which is that of {file}: use another id"
        ))),
    }
}
