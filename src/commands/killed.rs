//! Isolated runs of this checkout whose `gw run` was killed: what they left is `gw gc`'s.

use std::collections::BTreeSet;
use std::path::Path;

use super::lock::{self, Lock};
use super::owner::THIS_HOST;
use super::runs;
use crate::error::Error;
use crate::plan::observed::Observed;
use crate::plan::ownership::Checkout;
use crate::plan::stacks;

/// The killed runs.
pub(super) struct Killed {
    /// Each with the claim on it: nobody begins it anew meanwhile.
    runs: Vec<(String, Lock)>,
    /// Their projects, also those that they borrow from.
    pub(super) projects: BTreeSet<String>,
}

impl Killed {
    /// Looks for them by their claims, which the system gave back.
    ///
    /// # Errors
    /// A lock cannot be made.
    pub(super) fn find(root: &Path, checkout: &Checkout, observed: &Observed) -> Result<Self, Error> {
        let stacks = stacks::of(observed, checkout, THIS_HOST.resolve);
        let runs = runs::dead(root, stacks.iter().filter_map(|stack| stack.run.clone()))?;
        let is_dead = |run: &String| runs.iter().any(|(dead, _)| dead == run);
        let of_dead = |stack: &stacks::Stack| stack.run.as_ref().is_some_and(is_dead);
        let stacks = stacks.iter().filter(|stack| of_dead(stack));
        let mut projects: BTreeSet<String> = stacks.map(|stack| stack.project.clone()).collect();
        // One that was killed while it built has no more than an image.
        let kept = runs.iter().filter_map(|(run, _)| runs::read(root, run).ok()?);
        projects.extend(kept.map(|run| run.project));
        Ok(Self { runs, projects })
    }

    /// Removes what is kept of them in this checkout.
    ///
    /// # Errors
    /// It cannot be removed.
    pub(super) fn forget(self, root: &Path) -> Result<(), Error> {
        for project in &self.projects {
            lock::forget(root, project);
        }
        for (run, claim) in self.runs {
            runs::forget(root, &run)?;
            claim.discard();
        }
        Ok(())
    }
}
