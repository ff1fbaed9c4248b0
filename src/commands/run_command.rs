//! The command of `gw run`: it has gw's own streams and the addresses, and is ended when gw is interrupted.

use std::time::Duration;

use tokio::time::sleep;

use super::ports;
use super::session::Session;
use crate::env_vars::{GW_IMAGE_MAP, GW_ISOLATED, GW_PROFILE};
use crate::error::Error;
use crate::event::Outcome;
use crate::host::{self, Child};

/// What a command is given to end after an interrupt.
const GRACE: Duration = Duration::from_secs(10);

/// Runs the command to its end; its exit code.
///
/// # Errors
/// The addresses cannot be found; [`Error::Interrupted`], when the command has ended.
pub(super) async fn run(session: &mut Session, words: &[String]) -> Result<u8, Error> {
    let variables = variables(session).await?;
    let interrupt = session.interrupt();
    if interrupt.times() > 0 {
        return Err(Error::Interrupted);
    }
    let program = words.first().cloned().unwrap_or_default();
    // Not its arguments: one of them may be a secret.
    session.note(format!("everything is ready: {program} begins"));
    let mut child = match Child::start(words, &variables) {
        Ok(child) => child,
        Err(error) => {
            session.note(format!("{program} cannot be run: {error}"));
            return Ok(host::not_started(&error));
        }
    };
    let failed = |source| Error::File { action: "cannot wait for", path: (&program).into(), source };
    tokio::select! {
        code = child.ended() => {
            let code = code.map_err(failed)?;
            session.note(format!("{program} ended with {code}"));
            return Ok(code);
        }
        () = interrupt.clone().wait() => {}
    }
    child.hand_on(interrupt.last());
    let again = interrupt.afresh();
    tokio::select! {
        _ = child.ended() => {}
        () = sleep(GRACE) => session.note(format!("{program} did not end within {} s", GRACE.as_secs())),
        () = again.wait() => {}
    }
    // Also what it left behind in its group.
    child.kill();
    child.ended().await.map_err(failed)?;
    Err(Error::Interrupted)
}

/// The addresses, and what makes another `gw` be about the same stack.
async fn variables(session: &Session) -> Result<Vec<(String, String)>, Error> {
    let settings = &session.settings;
    let mut variables = ports::variables(session).await?;
    let mut add = |name: &str, value: String| variables.push((name.to_owned(), value));
    add(GW_PROFILE, settings.profile.clone());
    if let Some(run) = settings.run() {
        add(GW_ISOLATED, run.to_owned());
    }
    if let Some(map) = &settings.image_map {
        add(GW_IMAGE_MAP, map.display().to_string());
    }
    Ok(variables)
}

/// How a command ended, for reporters.
pub(super) fn outcome(code: u8) -> Outcome {
    match code {
        0 => Outcome::Done,
        code => Outcome::Failed { message: format!("the command ended with exit code {code}") },
    }
}
