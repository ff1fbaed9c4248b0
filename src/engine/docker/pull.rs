//! Pulls an image with the user's own login, and tries again where that may help.

use std::time::{Duration, Instant};

use bollard::Docker;
use bollard::auth::DockerCredentials;
use bollard::errors::Error;
use bollard::query_parameters::CreateImageOptions;
use futures_util::StreamExt;

use super::credentials::Credentials;
use super::credentials_file::registry_of;
use super::pull_failure::{PullFailure, PullProblem, classify};
use super::pull_progress::PullProgress;
use super::{random, request};
use crate::event::EventKind;

/// How long the engine may take until it answers at all.
const ANSWER: Duration = Duration::from_secs(30 * 60);
/// Between two reports of one image.
const REPORT: Duration = Duration::from_millis(100);
/// Tries after the first one.
const RETRIES: u32 = 4;
/// Until the second try; each further wait is twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// No single wait is longer, whatever the registry asks for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Pulls an image; a reference without tag and digest means `latest`.
///
/// # Errors
///
/// When the registry or the engine says no, or still does after the last try.
pub async fn pull(
    docker: &Docker,
    image: &str,
    platform: Option<&str>,
    credentials: &Credentials,
    sink: &(dyn Fn(EventKind) + Send + Sync),
) -> Result<(), PullFailure> {
    let registry = registry_of(image);
    let (login, login_problem) = match credentials.find(&registry).await {
        Ok(login) => (login.map(|login| login.for_engine(&registry)), None),
        // Images that anyone may have come without a login, too.
        Err(error) => (None, Some(error.to_string())),
    };
    let docker = request::client(docker, ANSWER);
    let mut attempts = 0;
    loop {
        attempts += 1;
        let Err((kind, words)) = once(&docker, image, platform, login.clone(), sink).await else {
            return Ok(());
        };
        if !kind.is_passing() || attempts > RETRIES {
            let login = login_problem;
            return Err(PullFailure { image: image.to_owned(), registry, kind, words, attempts, login });
        }
        let wait = wait(attempts, kind, random::fraction());
        let text = format!("again in {:.1} s, {words}", wait.as_secs_f64());
        sink(EventKind::Progress { subject: image.to_owned(), text, current: None, total: None });
        tokio::time::sleep(wait).await;
    }
}

async fn once(
    docker: &Docker,
    image: &str,
    platform: Option<&str>,
    login: Option<DockerCredentials>,
    sink: &(dyn Fn(EventKind) + Send + Sync),
) -> Result<(), (PullProblem, String)> {
    let options = CreateImageOptions {
        from_image: Some(with_tag(image)),
        platform: platform.unwrap_or_default().to_owned(),
        ..CreateImageOptions::default()
    };
    let mut answers = Box::pin(docker.create_image(Some(options), None, login));
    let mut progress = PullProgress::default();
    let mut reported: Option<Instant> = None;
    let report = |progress: &PullProgress| {
        let summary = progress.summary();
        let (current, total) = (summary.current, summary.total);
        sink(EventKind::Progress { subject: image.to_owned(), text: summary.text, current, total });
    };
    let mut news = false;
    while let Some(answer) = answers.next().await {
        match answer {
            Ok(info) => news |= progress.apply(&info),
            Err(error) if request::is_end(&error) => break,
            Err(error) => return Err(sorted(image, &error)),
        }
        if news && reported.is_none_or(|at| at.elapsed() >= REPORT) {
            report(&progress);
            (reported, news) = (Some(Instant::now()), false);
        }
    }
    if news {
        report(&progress);
    }
    Ok(())
}

fn sorted(image: &str, error: &Error) -> (PullProblem, String) {
    let words = request::words(error);
    // An image may be called what a problem is called.
    let bare = words.replace(without_tag(image), "IMAGE");
    let kind = match error {
        Error::DockerResponseServerError { status_code, .. } => classify(Some(*status_code), &bare),
        Error::DockerStreamError { .. } => classify(None, &bare),
        _ => PullProblem::Engine,
    };
    (kind, words)
}

fn without_tag(image: &str) -> &str {
    let image = image.split_once('@').map_or(image, |(name, _)| name);
    image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).map_or(image, |(name, _)| name)
}

/// The reference with a tag: without one the engine pulls every tag there is.
fn with_tag(image: &str) -> String {
    let name = image.rsplit('/').next().unwrap_or(image);
    if name.contains([':', '@']) { image.to_owned() } else { format!("{image}:latest") }
}

/// The wait before the next try: doubled each time, from half of it to all of it by chance, so that many do not come
/// back at once; at least what the registry asks for.
fn wait(attempts: u32, kind: PullProblem, chance: f64) -> Duration {
    let longest = FIRST_WAIT * 2_u32.saturating_pow(attempts - 1);
    let asked = match kind {
        PullProblem::RateLimited { retry_after } => retry_after.unwrap_or_default(),
        _ => Duration::ZERO,
    };
    longest.mul_f64(chance.mul_add(0.5, 0.5)).max(asked).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{PullProblem, wait, with_tag, without_tag};

    #[test]
    fn waits_grow_and_heed_the_registry() {
        let limited = |retry_after| PullProblem::RateLimited { retry_after };
        assert_eq!(wait(1, PullProblem::Unavailable, 1.0), Duration::from_secs(1));
        assert_eq!(wait(4, PullProblem::Unavailable, 0.0), Duration::from_secs(4));
        assert_eq!(wait(1, limited(Some(Duration::from_secs(30))), 0.5), Duration::from_secs(30));
        assert_eq!(wait(1, limited(Some(Duration::from_secs(21_600))), 0.5), Duration::from_secs(60));
        assert_eq!(wait(2, limited(Some(Duration::from_millis(1))), 1.0), Duration::from_secs(2));
    }

    #[test]
    fn a_missing_tag_is_latest() {
        for (image, tagged, bare) in [
            ("mongo", "mongo:latest", "mongo"),
            ("mongo:8.0", "mongo:8.0", "mongo"),
            ("127.0.0.1:5000/a/b", "127.0.0.1:5000/a/b:latest", "127.0.0.1:5000/a/b"),
            ("127.0.0.1:5000/a/b@sha256:00", "127.0.0.1:5000/a/b@sha256:00", "127.0.0.1:5000/a/b"),
        ] {
            assert_eq!((with_tag(image).as_str(), without_tag(image)), (tagged, bare));
        }
    }
}
