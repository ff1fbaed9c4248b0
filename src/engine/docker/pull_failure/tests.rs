//! Answers as Docker 20 to 29 (with either image store) and Podman word them.

use std::time::Duration;

use super::PullProblem::{
    BadReference, Denied, Interrupted, NoPlatform, NotFound, Other, RateLimited, Unavailable, Unreachable,
};
use super::{PullFailure, PullProblem, classify, retry_after};

const LIMITED: PullProblem = RateLimited { retry_after: None };

const TABLE: &[(Option<u16>, &str, PullProblem)] = &[
    (Some(404), "manifest for x/y:z not found: manifest unknown: manifest unknown", NotFound),
    (Some(404), "failed to resolve reference \"r.test/x:1\": r.test/x:1: not found", NotFound),
    (
        Some(404),
        "repository r.test/x not found: name unknown: repository name not known to registry",
        NotFound,
    ),
    (
        Some(404),
        "pull access denied for x, repository does not exist or may require 'docker login': denied: requested \
             access to the resource is denied",
        Denied,
    ),
    (Some(500), "Head \"http://127.0.0.1:5000/v2/x/manifests/1\": no basic auth credentials", Denied),
    (Some(500), "Head \"https://r.test/v2/x/manifests/1\": unauthorized: authentication required", Denied),
    (Some(500), "error from registry: denied\ndenied", Denied),
    (Some(500), "toomanyrequests: You have reached your pull rate limit.", LIMITED),
    (
        Some(500),
        "error parsing HTTP 429 response body: no error details found in HTTP response body: \"{}\"",
        LIMITED,
    ),
    (
        None,
        "httpReadSeeker: failed open: unexpected status code https://r.test/v2/x/blobs/sha256:0: 429 Too Many Requests",
        LIMITED,
    ),
    (Some(500), "received unexpected HTTP status: 503 Service Unavailable", Unavailable),
    (Some(500), "received unexpected HTTP status: 500 Internal Server Error", Unavailable),
    (
        None,
        "error pulling image configuration: download failed after attempts=6: unexpected http status 502",
        Unavailable,
    ),
    (
        Some(500),
        "failed to resolve reference \"r.test/x:1\": unexpected status from HEAD request to \
             https://r.test/v2/x/manifests/1: 504 Gateway Timeout",
        Unavailable,
    ),
    (
        Some(500),
        "Get \"http://127.0.0.1:1/v2/\": dial tcp 127.0.0.1:1: connect: connection refused",
        Unreachable,
    ),
    (
        Some(500),
        "Get \"https://r.test/v2/\": dial tcp: lookup r.test on 127.0.0.1:53: no such host",
        Unreachable,
    ),
    (Some(500), "Get \"https://r.test/v2/\": x509: certificate signed by unknown authority", Unreachable),
    (Some(500), "Get \"https://r.test/v2/\": http: server gave HTTP response to HTTPS client", Unreachable),
    (
        Some(500),
        "Get \"http://r.test/v2/\": read tcp 1.2.3.4:1->1.2.3.4:2: read: connection reset by peer",
        Interrupted,
    ),
    (Some(500), "Get \"http://127.0.0.1:5000/v2/\": EOF", Interrupted),
    (Some(500), "Get \"https://r.test/v2/\": net/http: TLS handshake timeout", Interrupted),
    (None, "unexpected EOF", Interrupted),
    (Some(404), "no matching manifest for linux/arm64/v8 in the manifest list entries", NoPlatform),
    (
        None,
        "image with reference x was found but its platform (linux/amd64) does not match the specified platform (linux/arm64)",
        NoPlatform,
    ),
    (Some(400), "invalid reference format: repository name (library/X) must be lowercase", BadReference),
    (None, "write /var/lib/docker/tmp/GetImageBlob1: no space left on device", Other),
    (Some(500), "r.test/image5xx:500 failed", Other),
    (Some(500), "Head \"http://127.0.0.1:42951/v2/x/manifests/1\": no basic auth credentials", Denied),
    (Some(500), "unexpected status from GET request to https://r.test:503/v2/: 404 Not Found", Other),
];

#[test]
fn answers_are_sorted() {
    for (status, words, expected) in TABLE {
        assert_eq!(classify(*status, words), *expected, "{words}");
    }
}

#[test]
fn only_what_passes_is_tried_again() {
    assert!(PullProblem::RateLimited { retry_after: None }.is_passing());
    assert!(PullProblem::Unavailable.is_passing() && PullProblem::Interrupted.is_passing());
    for lasting in [PullProblem::NotFound, PullProblem::Denied, PullProblem::Unreachable, PullProblem::Other]
    {
        assert!(!lasting.is_passing(), "{lasting:?}");
    }
}

#[test]
fn retry_after_is_read_where_it_is_visible() {
    assert_eq!(
        retry_after("toomanyrequests: retry-after: 1.5s, allowed: 44000/minute"),
        Some(Duration::from_millis(1500))
    );
    assert_eq!(retry_after("retry-after: 404.617µs, allowed: 1/s"), Some(Duration::from_nanos(404_617)));
    assert_eq!(retry_after("retry-after: 2m0s"), Some(Duration::from_secs(120)));
    assert_eq!(retry_after("retry-after: 30, come back"), Some(Duration::from_secs(30)));
    assert_eq!(retry_after("toomanyrequests"), None);
}

#[test]
fn texts_say_what_to_do() {
    let failure = |kind| PullFailure {
        image: "r.test/x:1".to_owned(),
        registry: "r.test".to_owned(),
        kind,
        words: "words".to_owned(),
        attempts: 1,
        login: None,
    };
    assert_eq!(
        failure(PullProblem::NotFound).to_string(),
        "r.test has no image r.test/x:1; check name and tag in the profile: words"
    );
    assert_eq!(
        failure(PullProblem::Denied).to_string(),
        "r.test denies r.test/x:1; check its name, or log in with `docker login r.test`: words"
    );
    let limited = PullFailure { attempts: 5, ..failure(PullProblem::RateLimited { retry_after: None }) };
    assert_eq!(
        limited.to_string(),
        "r.test limits the rate of pulls; wait, log in, or use a mirror: words (tried 5 times)"
    );
}
