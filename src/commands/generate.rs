//! `generate`: renders files, reads them back, and writes them and the secrets that they name, or with `--check` says how they
//! differ.

use super::prepare::{Secrets, prepare};
use super::session::Session;
use crate::error::Error;
use crate::profile;
use crate::render::check::check;
use crate::settings::command::Generate;

/// Renders the chosen profile, or all.
///
/// # Errors
/// Mistakes in the input or a template; [`Error::Differs`] where `--check` finds a difference.
pub(super) fn generate(session: &mut Session, wish: Generate) -> Result<(), Error> {
    let root = session.settings.root.clone();
    let names: Vec<String> = if wish.all {
        profile::list(&root)?.into_iter().map(|summary| summary.name).collect()
    } else {
        vec![session.settings.profile.clone()]
    };
    let need = if wish.check { Secrets::Named } else { Secrets::Kept };
    let mut differences = Vec::new();
    for name in names {
        let prepared = prepare(&session.settings, &name, need)?;
        if wish.check {
            let drifts = check(&root, &prepared.folder, &prepared.rendered)?;
            differences.extend(drifts.iter().map(ToString::to_string));
            continue;
        }
        let written = prepared.write(&root)?;
        for path in &written.changed {
            session.note(format!("wrote {path}"));
        }
        for path in &written.removed {
            session.note(format!("removed {path}: no longer rendered"));
        }
        for path in &written.unchanged {
            session.note(format!("{path} is up to date"));
        }
    }
    if differences.is_empty() { Ok(()) } else { Err(Error::Differs(differences.join("\n"))) }
}
