//! `profiles`: what there is to run, also what has mistakes.

use super::session::Session;
use crate::error::Error;
use crate::profile::{self, Summary};
use crate::report::Problem;
use crate::report::view::{ProfileRow, Profiles};

/// Lists the profiles.
///
/// # Errors
/// There is no folder `profiles`.
pub(super) fn profiles(session: &mut Session) -> Result<(), Error> {
    let chosen = session.settings.profile.clone();
    let row = |summary: Summary| ProfileRow {
        chosen: summary.name == chosen,
        name: summary.name,
        project: summary.project,
        gateway: summary.gateway_port,
        description: summary.description,
        borrows_from: summary.borrows_from,
        problems: summary.problems.iter().map(problem).collect(),
    };
    let profiles = profile::list(&session.settings.root)?.into_iter().map(row).collect();
    session.show(&Profiles { profiles });
    Ok(())
}

/// A mistake in an input file as reporters show it; these know nothing of profiles.
pub(crate) fn problem(problem: &profile::Problem) -> Problem {
    Problem {
        file: Some(problem.file.clone()),
        line: Some(problem.line),
        column: Some(problem.column),
        path: Some(problem.path.clone()).filter(|path| !path.is_empty()),
        message: problem.message.clone(),
        hint: problem.hint.clone(),
    }
}
