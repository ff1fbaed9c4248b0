//! Who uses this project, before it is stopped or its data goes: attached containers tell who, their profiles tell what.

use std::collections::BTreeSet;
use std::path::Path;

use super::prepare::Prepared;
use super::session::Session;
use crate::error::Error;
use crate::plan::borrowers::{Borrower, StillUsed, borrowers};
use crate::plan::observed::Observed;
use crate::profile;
use crate::stack::lent;

/// Checks that nobody uses the selected components; `None` is the whole project.
///
/// # Errors
/// [`StillUsed`] with everybody who does.
pub(super) fn check(
    root: &Path,
    owner: &Prepared,
    observed: &Observed,
    selected: Option<&BTreeSet<String>>,
) -> Result<(), Error> {
    let project = &owner.desired.project;
    let mut borrowers = borrowers(project, observed);
    if let Some(selected) = selected {
        borrowers.retain(|borrower| uses(root, owner, borrower, selected));
    }
    if borrowers.is_empty() {
        return Ok(());
    }
    Err(StillUsed { project: project.clone(), borrowers }.into())
}

/// Tells whose data goes too, before volumes go that others use.
pub(super) fn tell_of_data(session: &mut Session, owner: &Prepared, observed: &Observed) {
    for borrower in borrowers(&owner.desired.project, observed) {
        let Borrower { project, containers, .. } = borrower;
        let who = containers.join(", ");
        session.note(format!(
            "project {project} uses this one ({who}): what it keeps in these volumes goes too"
        ));
    }
}

/// Whether a borrower uses one of these components; one whose profile cannot be read may use any.
fn uses(root: &Path, owner: &Prepared, borrower: &Borrower, selected: &BTreeSet<String>) -> bool {
    let Ok(profile) = profile::load(root, &borrower.profile) else { return true };
    let taken = profile.borrowed.filter(|taken| taken.project == owner.desired.project);
    let Some(taken) = taken else { return true };
    lent(&owner.profile, &taken).iter().any(|part| part.keys.iter().any(|key| selected.contains(key)))
}
