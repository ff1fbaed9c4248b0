//! What requests have in common that run for long or carry logins, and the engine's errors in words.

use std::time::{Duration, Instant};

use bollard::Docker;
use bollard::errors::Error;
use bollard::models::ContainerInspectResponse;
use bollard::query_parameters::InspectContainerOptions;

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

/// How long an engine may be in the middle of something.
const MIDDLE: Duration = Duration::from_secs(5);

/// Asks again while the engine is in the middle of something that it cannot tell: Podman says of a container that has just
/// ended that it is `stopped`, which is no state of Docker's, and cannot list images while one is being removed.
pub(super) async fn settled<T, F: Future<Output = Result<T, Error>>>(
    ask: impl Fn() -> F,
) -> Result<T, Error> {
    let begin = Instant::now();
    let mut pause = Duration::from_millis(10);
    loop {
        match ask().await {
            Err(error) if is_passing(&error) && begin.elapsed() < MIDDLE => {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_millis(250));
            }
            answer => return answer,
        }
    }
}

/// Describes a container, once the engine can.
pub(super) async fn inspect(docker: &Docker, container: &str) -> Result<ContainerInspectResponse, Error> {
    settled(|| docker.inspect_container(container, None::<InspectContainerOptions>)).await
}

fn is_passing(error: &Error) -> bool {
    let words = words(error);
    words.contains("unknown variant `stopped`") || words.contains("image not known")
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn refused(message: &str) -> Error {
        Error::DockerResponseServerError { status_code: 500, message: message.to_owned() }
    }

    #[tokio::test]
    async fn only_what_passes_is_asked_again_and_not_for_ever() {
        for (message, asked, answer) in [
            ("reading image \"b7\": locating image with ID \"b7\": image not known", 3, Ok(())),
            ("no space left on device", 1, Err("no space left on device")),
        ] {
            let times = AtomicU32::new(0);
            let ask = || {
                let time = times.fetch_add(1, Ordering::Relaxed);
                std::future::ready(if time < 2 { Err(refused(message)) } else { Ok(()) })
            };
            let told = settled(ask).await.map_err(|error| words(&error));
            assert_eq!((told, times.into_inner()), (answer.map_err(str::to_owned), asked));
        }
    }
}
