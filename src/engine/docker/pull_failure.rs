//! What engines say when a pull fails, sorted by what the user can do about it; pure.

use std::fmt;
use std::time::Duration;

/// A pull that ended without an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullFailure {
    /// The reference.
    pub image: String,
    /// Its registry.
    pub registry: String,
    /// What kind of failure.
    pub kind: PullProblem,
    /// The engine's words.
    pub words: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the user's login was not used.
    pub login: Option<String>,
}

/// What kind of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PullProblem {
    /// The registry has no such image.
    NotFound,
    /// The registry wants another login.
    Denied,
    /// There is none for this platform.
    NoPlatform,
    /// Too many requests.
    RateLimited {
        /// What the registry asks for, where it says so.
        retry_after: Option<Duration>,
    },
    /// The registry answers with an error of its own (5xx).
    Unavailable,
    /// The connection to the registry broke.
    Interrupted,
    /// There is no connection to the registry.
    Unreachable,
    /// The engine itself does not answer.
    Engine,
    /// The reference is no reference.
    BadReference,
    /// Anything else.
    Other,
}

impl PullProblem {
    /// Whether another try may help.
    pub fn is_passing(self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::Unavailable | Self::Interrupted)
    }
}

impl std::error::Error for PullFailure {}

impl fmt::Display for PullFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { image, registry, words, .. } = self;
        match self.kind {
            PullProblem::NotFound => {
                write!(
                    formatter,
                    "{registry} has no image {image}; check name and tag in the profile: {words}"
                )?;
            }
            PullProblem::Denied => {
                let argument = if registry == "docker.io" { "" } else { registry.as_str() };
                let command = format!("docker login {argument}");
                write!(
                    formatter,
                    "{registry} denies {image}; check its name, or log in with `{}`: {words}",
                    command.trim()
                )?;
            }
            PullProblem::NoPlatform => {
                write!(
                    formatter,
                    "{registry} has {image}, but not for the platform that is asked for: {words}"
                )?;
            }
            PullProblem::RateLimited { .. } => {
                write!(
                    formatter,
                    "{registry} limits the rate of pulls; wait, log in, or use a mirror: {words}"
                )?;
            }
            PullProblem::Unavailable | PullProblem::Interrupted => {
                write!(formatter, "{registry} did not deliver {image}; try again later: {words}")?;
            }
            PullProblem::Unreachable => {
                write!(
                    formatter,
                    "the engine cannot reach {registry} for {image}; check network and proxy: {words}"
                )?;
            }
            PullProblem::Engine => write!(formatter, "the engine did not pull {image}: {words}")?,
            PullProblem::BadReference => write!(formatter, "`{image}` is no image reference: {words}")?,
            PullProblem::Other => write!(formatter, "pulling {image} failed: {words}")?,
        }
        if self.attempts > 1 {
            write!(formatter, " (tried {} times)", self.attempts)?;
        }
        if let Some(login) = &self.login {
            write!(formatter, "; {login}")?;
        }
        Ok(())
    }
}

/// Sorts the engine's answer; the status is missing where the error came in the middle of a pull.
///
/// The status alone says little: an engine answers 404 to a denied pull and 500 to a limited one.
pub(super) fn classify(status: Option<u16>, words: &str) -> PullProblem {
    let words = words.to_ascii_lowercase();
    let has = |any: &[&str]| any.iter().any(|part| words.contains(part));
    if has(&["toomanyrequests", "too many requests", "rate limit"]) || has_status(&words, "429") {
        return PullProblem::RateLimited { retry_after: retry_after(&words) };
    }
    if has(&["no matching manifest", "does not provide the specified platform", "image operating system"])
        || (words.contains("platform") && words.contains("does not match"))
    {
        return PullProblem::NoPlatform;
    }
    if has(&["manifest unknown", "not found: manifest", "name unknown", "repository name not known"]) {
        return PullProblem::NotFound;
    }
    if has(&[
        "unauthorized",
        "denied",
        "authentication required",
        "no basic auth",
        "forbidden",
        "incorrect username",
    ]) {
        return PullProblem::Denied;
    }
    if has(&["invalid reference format", "invalid repository name", "invalid tag format"]) {
        return PullProblem::BadReference;
    }
    if server_error(&words) {
        return PullProblem::Unavailable;
    }
    let broken = ["connection reset", "unexpected eof", "broken pipe", "handshake timeout", "i/o timeout"];
    if has(&broken)
        || has(&["context deadline exceeded", "client.timeout", "http2: "])
        || words.ends_with(": eof")
    {
        return PullProblem::Interrupted;
    }
    let away = [
        "connection refused",
        "no such host",
        "no route to host",
        "network is unreachable",
        "server misbehaving",
    ];
    if has(&away) || has(&["x509:", "tls: ", "http response to https client", "proxyconnect"]) {
        return PullProblem::Unreachable;
    }
    match status {
        Some(404) => PullProblem::NotFound,
        Some(401 | 403) => PullProblem::Denied,
        Some(400) => PullProblem::BadReference,
        _ => PullProblem::Other,
    }
}

/// `received unexpected HTTP status: 503 Service Unavailable`, `unexpected status code [...] 502`,
/// `unexpected status from GET request to ...: 500 Internal Server Error`.
fn server_error(words: &str) -> bool {
    let named = ["internal server error", "bad gateway", "service unavailable", "gateway timeout"];
    has_status(words, "5") || named.iter().any(|name| words.contains(name))
}

/// Whether a status that begins so is named as one; digits in addresses do not count.
/// `unexpected HTTP status: 503`, `error parsing HTTP 429 response body`.
fn has_status(words: &str, begin: &str) -> bool {
    let Some((_, rest)) = words.split_once("status").or_else(|| words.split_once("http ")) else {
        return false;
    };
    let plain = rest.split_whitespace().filter(|word| !word.contains('/'));
    plain.map(|word| word.trim_matches(|character: char| !character.is_ascii_alphanumeric())).any(|word| {
        word.len() == 3 && word.starts_with(begin) && word.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// `retry-after: 1.5s`, `Retry-After: 30`, `retry-after: 404.617µs`.
fn retry_after(words: &str) -> Option<Duration> {
    let (_, rest) = words.split_once("retry-after")?;
    let rest = rest.trim_start_matches([':', ' ', '"']);
    let end = rest.find(|character: char| !(character.is_ascii_digit() || character == '.'))?;
    let number: f64 = rest[..end].parse().ok()?;
    let unit: String = rest[end..].chars().take_while(|character| character.is_alphabetic()).collect();
    let seconds = match unit.as_str() {
        "ns" => number / 1e9,
        "µs" | "μs" | "us" => number / 1e6,
        "ms" => number / 1e3,
        "m" => number * 60.0,
        "h" => number * 3600.0,
        _ => number,
    };
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests;
