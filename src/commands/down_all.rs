//! `down --all` and `down --isolated`: stacks of this checkout, found by labels, so that it works whatever profiles say.

use std::collections::BTreeSet;

use super::runs;
use super::session::Session;
use super::take_down::TakeDown;
use crate::engine::backend::Trouble;
use crate::error::Error;
use crate::event::Outcome;
use crate::plan::stacks::Stack;
use crate::settings::command::{Down, Isolation};

/// Takes every stack down that is meant, those that borrow before those that lend.
///
/// # Errors
/// See [`Error`]; what cannot be taken down keeps nothing else from going.
pub(super) async fn down_all(session: &mut Session, wish: &Down) -> Result<(), Error> {
    // It is about no profile.
    session.settings.profile = String::new();
    let root = session.settings.root.clone();
    let mut down = TakeDown::begin(&root, wish.volumes, false).await?;
    let mut stacks = down.stacks().await?;
    let isolation = session.settings.isolation.clone();
    stacks.retain(|stack| is_meant(stack, &isolation));
    let runs = runs_meant(session, &stacks);
    if stacks.is_empty() {
        session.note("nothing of this checkout is on this engine".into());
    }
    let mut failed = Vec::new();
    let mut left = BTreeSet::new();
    for stack in &stacks {
        let done = if wish.dry_run {
            down.plan(&stack.project, stack.run.is_some()).await.map(|plan| session.show_plan(&plan))
        } else {
            down.project(session, &stack.project, stack.run.is_some()).await
        };
        down.passes(&stack.project);
        let Err(error) = done else { continue };
        left.extend(stack.run.clone());
        if matches!(error, Error::Interrupted | Error::Trouble(Trouble::EngineLost(_))) {
            failed.insert(0, error);
            break;
        }
        failed.push(error);
    }
    let lost = matches!(failed.first(), Some(Error::Interrupted | Error::Trouble(Trouble::EngineLost(_))));
    if !wish.dry_run && !lost {
        for run in runs.difference(&left) {
            failed.extend(runs::forget(&root, run).err());
        }
    }
    let changed = down.changed;
    let mut failed = failed.into_iter();
    let first = failed.next();
    for error in failed {
        session.note(error.to_string());
    }
    let projects: Vec<&str> = stacks.iter().map(|stack| stack.project.as_str()).collect();
    let name = if projects.is_empty() { "--all".to_owned() } else { projects.join(", ") };
    let result = first.map_or(Ok(()), Err);
    match &result {
        _ if wish.dry_run => {}
        Ok(()) if !changed => session.conclude("down", &name, Outcome::Unchanged),
        result => session.finish("down", &name, result),
    }
    result
}

fn is_meant(stack: &Stack, isolation: &Isolation) -> bool {
    match isolation {
        Isolation::None => true,
        Isolation::Unnamed => stack.run.is_some(),
        Isolation::Named(run) => stack.run.as_ref() == Some(run),
    }
}

/// The runs that go: also those of which only a folder is left.
fn runs_meant(session: &Session, stacks: &[Stack]) -> BTreeSet<String> {
    let mut runs: BTreeSet<String> = stacks.iter().filter_map(|stack| stack.run.clone()).collect();
    match session.settings.run() {
        Some(run) => drop(runs.insert(run.to_owned())),
        None => runs.extend(runs::all(&session.settings.root)),
    }
    runs
}
