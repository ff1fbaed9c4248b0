//! What requests have in common that run for long or carry logins, and the engine's errors in words.

use std::time::Duration;

use bollard::Docker;
use bollard::errors::Error;

use crate::engine::backend::chain;

/// A client for requests that are answered late or in a stream, with logins in the alphabet that engines read.
///
/// bollard 0.21.1 writes them in base64's standard alphabet, engines read the URL-safe one and take a login with `+`
/// or `/` in it for none at all.
pub(super) fn client(docker: &Docker, answer: Duration) -> Docker {
    docker.clone().with_timeout(answer).with_request_modifier(|mut request| {
        for name in ["X-Registry-Auth", "X-Registry-Config"] {
            if let Some(value) = request.headers_mut().get_mut(name) {
                let safe = value.to_str().map(|text| text.replace('+', "-").replace('/', "_"));
                if let Some(mut safe) = safe.ok().and_then(|text| text.try_into().ok()) {
                    std::mem::swap(value, &mut safe);
                }
            }
        }
        request
    })
}

/// A client for requests that may never be answered: a quiet log says nothing at all.
pub(super) fn endless(docker: &Docker) -> Docker {
    docker.clone().with_timeout(Duration::from_secs(u64::from(u32::MAX)))
}

/// Whether a stream ended well although bollard 0.21.1 says otherwise: it stumbles over a last line end that came alone.
pub(super) fn is_end(error: &Error) -> bool {
    matches!(error, Error::IOError { err } if err.to_string().contains("bytes remaining on stream"))
}

/// The error in the engine's own words, with its causes.
pub(super) fn words(error: &Error) -> String {
    match error {
        Error::DockerResponseServerError { message, .. } => message.trim().to_owned(),
        Error::DockerStreamError { error } => error.trim().to_owned(),
        other => chain(other),
    }
}
