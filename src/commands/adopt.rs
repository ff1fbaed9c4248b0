//! `adopt`: a folder that moved takes over what it left, or what another checkout left that is gone.

use std::path::Path;
use std::sync::Arc;

use super::drive::{connect, stamp};
use super::lock;
use super::owner::{self, THIS_HOST};
use super::session::Session;
use super::sweep::sweep;
use crate::engine::docker::DockerEngine;
use crate::engine::docker::observe::observe;
use crate::error::Error;
use crate::event::Outcome;
use crate::plan::adoption;
use crate::plan::observed::Observed;
use crate::plan::ownership::Checkout;
use crate::plan::place::Place;
use crate::plan::stacks::{self, Stack};
use crate::settings::command::Adopt;

/// Makes this checkout the owner; containers, networks and volumes stay as they are.
///
/// # Errors
/// Exit code 5 where a checkout is still there; see [`Error`].
pub(super) async fn adopt(session: &mut Session, wish: &Adopt) -> Result<(), Error> {
    session.settings.profile = String::new();
    let root = session.settings.root.clone();
    let connection = connect().await?;
    let observed = observe(&connection.docker, "", &[]).await?;
    let turn = lock::turn(&root)?;
    let checkout = owner::checkout(&root, Path::new(""), true)?;
    let places = wanted(&root, wish, &checkout, &observed)?;
    if places.is_empty() {
        session
            .note("nothing to adopt: what this checkout made on this engine, it made in this folder".into());
        session.conclude("adopt", &checkout.path, Outcome::Unchanged);
        return Ok(());
    }
    owner::adopt(&root, &places)?;
    drop(turn);
    let adopted = Checkout { adopted: places, ..Checkout::default() };
    for stack in stacks::of(&observed, &adopted, &str::to_owned) {
        session.note(format!("adopted {}", stack.in_words()));
        let waiting = format!("another gw works on project {}: waiting for it", stack.project);
        let _lock = lock::take(&root, &stack.project, || session.note(waiting)).await?;
        let (desired, plan) = adoption::mark(&stack.project, profile(&stack), &checkout, &observed);
        let engine = DockerEngine::new(&connection, Arc::new(desired), stamp(&checkout));
        sweep(session, &engine, &plan).await?;
    }
    session.conclude("adopt", &checkout.path, Outcome::Done);
    Ok(())
}

fn wanted(root: &Path, wish: &Adopt, checkout: &Checkout, observed: &Observed) -> Result<Vec<Place>, Error> {
    let places = adoption::places(observed);
    let found = match wish {
        Adopt::Moved => adoption::former(&places, owner::recorded(root)?, checkout, THIS_HOST.resident),
        Adopt::Host(host) => {
            let found = adoption::renamed(&places, host, checkout);
            if found.is_empty() {
                let message =
                    format!("nothing on this engine was made by this checkout on a host called {host}");
                return Err(Error::Usage(message));
            }
            Ok(found)
        }
        Adopt::From(folder) => {
            let folder = absolute(folder)?;
            let left = adoption::left_in(&folder, &places, checkout, THIS_HOST.resident);
            if left.as_ref().is_ok_and(Vec::is_empty) {
                return Err(Error::Usage(format!(
                    "nothing on this engine was made by a checkout in {folder}"
                )));
            }
            left
        }
    };
    found.map_err(|refusal| Error::NotAdopted { message: refusal.message, hint: refusal.hint })
}

/// A folder as labels name it: links followed where it is there.
fn absolute(folder: &Path) -> Result<String, Error> {
    let path = folder.canonicalize().or_else(|_| std::path::absolute(folder));
    let path =
        path.map_err(|source| Error::File { action: "cannot find", path: folder.to_owned(), source })?;
    Ok(path.display().to_string().trim_end_matches('/').to_owned())
}

fn profile(stack: &Stack) -> &str {
    stack.profiles.first().map_or("", String::as_str)
}
