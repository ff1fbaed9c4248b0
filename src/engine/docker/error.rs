//! From bollard's errors to gw's.

use bollard::errors::Error;

use crate::engine::backend::{Trouble, chain};

/// Sorts an error by what it means for the user.
pub(super) fn trouble(error: Error) -> Trouble {
    match error {
        Error::DockerResponseServerError { status_code, message } => refused(status_code, message),
        Error::DockerStreamError { error } => Trouble::Refused(error),
        other => Trouble::EngineLost(chain(&other)),
    }
}

fn refused(status_code: u16, message: String) -> Trouble {
    let taken = ["port is already allocated", "address already in use", "is already in use by container"];
    if status_code == 409 || taken.iter().any(|words| message.contains(words)) {
        Trouble::Conflict(message)
    } else {
        Trouble::Refused(message)
    }
}

/// Whether the engine said that there is no such thing.
pub(super) fn is_missing(error: &Error) -> bool {
    matches!(error, Error::DockerResponseServerError { status_code: 404, .. })
}

/// Whether the engine said that it is doing that already, or did it.
pub(super) fn is_under_way(error: &Error) -> bool {
    match error {
        Error::DockerResponseServerError { status_code: 304, .. } => true,
        Error::DockerResponseServerError { status_code: 409, message } => {
            message.contains("already in progress")
        }
        _ => false,
    }
}
