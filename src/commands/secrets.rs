//! `secrets list`: which secrets a profile has, where each comes from, who uses it.

mod rotate;

pub(super) use rotate::{rotate, running};

use super::prepare::{Secrets, prepare};
use super::session::Session;
use crate::error::Error;
use crate::render::secrets::{self, rotation};
use crate::report::view;

/// Lists the secrets of the profile without their values; needs no engine.
///
/// # Errors
/// Mistakes in the input, or files that others may read.
pub(super) fn list(session: &mut Session) -> Result<(), Error> {
    let settings = &session.settings;
    let prepared = prepare(settings, &settings.profile, Secrets::Named)?;
    let profile = prepared.profile.name.clone();
    let values = secrets::load(&settings.root, &profile)?;
    let unfinished = rotation::former(&settings.root, &profile)?.into_keys().collect();
    let rows = prepared.needs.into_iter().map(|need| view::SecretRow {
        source: need.source.to_string(),
        is_set: values.get(&need.variable).is_some_and(|value| !value.is_empty()),
        name: need.variable,
        purpose: need.purpose,
        used_by: need.users,
    });
    session.show(&view::Secrets { profile, secrets: rows.collect(), unfinished });
    Ok(())
}
