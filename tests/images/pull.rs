//! Pulls from a registry that fails now and then, wants a login, or does not have the image.

use gw::engine::docker::build::{BuildOptions, build};
use gw::engine::docker::credentials::Credentials;
use gw::engine::docker::pull::pull;
use gw::engine::docker::pull_failure::{PullFailure, PullProblem};

use crate::engine::{Events, Place, docker, output};
use crate::registry::{Registry, free_port};

const LIMITED: (&str, &str) = (
    "429 Too Many Requests",
    r#"{"errors": [{"code": "TOOMANYREQUESTS", "message": "retry-after: 1.2s, allowed: 1/s"}]}"#,
);
const BUSY: (&str, &str) = ("503 Service Unavailable", "busy");

async fn pulled(image: &str, credentials: &Credentials) -> Result<(), PullFailure> {
    pull(&docker(), image, None, credentials, &|_| ()).await
}

fn present(image: &str) -> bool {
    crate::engine::run(&["image", "inspect", image]).status.success()
}

#[tokio::test]
async fn limits_and_errors_that_pass_are_waited_for() {
    let place = Place::new("retries");
    let registry = Registry::start(&place).await;
    let image = registry.push(&place);
    registry.spoil(&[LIMITED, BUSY]);
    let events = Events::default();
    let begin = std::time::Instant::now();
    pull(&docker(), &image, None, &Credentials::default(), &events.sink()).await.expect("the image");
    assert!(begin.elapsed().as_secs_f64() >= 2.2, "1.2 s as the registry asks, then at least 1 s");
    assert!(present(&image));
    let told = events.told();
    assert!(told[0].starts_with("again in 1.2 s, ") && told[0].contains("toomanyrequests"), "{told:?}");
    assert!(told[1].starts_with("again in ") && told[1].contains("503"), "{told:?}");
    assert_eq!(told.last().map(String::as_str), Some("1 of 1 layers"));
}

#[tokio::test]
async fn broken_connections_are_tried_again() {
    let place = Place::new("broken");
    let registry = Registry::start(&place).await;
    let image = registry.push(&place);
    registry.hang_up(1);
    let events = Events::default();
    pull(&docker(), &image, None, &Credentials::default(), &events.sink()).await.expect("the image");
    assert!(events.told()[0].starts_with("again in "), "{:?}", events.told());
    assert!(present(&image));
}

#[tokio::test]
async fn limits_that_stay_end_the_pull() {
    let place = Place::new("limited");
    let registry = Registry::start(&place).await;
    let image = registry.push(&place);
    registry.spoil(&[("429 Too Many Requests", "{}"); 50]);
    let events = Events::default();
    let ended = pull(&docker(), &image, None, &Credentials::default(), &events.sink()).await;
    let failure = ended.expect_err("a failure");
    assert_eq!((failure.kind, failure.attempts), (PullProblem::RateLimited { retry_after: None }, 5));
    assert_eq!(events.told().len(), 4, "{:?}", events.told());
    let text = failure.to_string().replace(&registry.host(), "REGISTRY");
    assert!(text.starts_with("REGISTRY limits the rate of pulls; wait, log in, or use a mirror: "), "{text}");
}

#[tokio::test]
async fn unknown_images_are_asked_for_once() {
    let place = Place::new("unknown");
    let registry = Registry::start(&place).await;
    let events = Events::default();
    let image = registry.name(&place);
    let ended = pull(&docker(), &image, None, &Credentials::default(), &events.sink()).await;
    let failure = ended.expect_err("a failure");
    assert_eq!((failure.kind, failure.attempts), (PullProblem::NotFound, 1));
    assert_eq!(events.told(), [] as [&str; 0]);
    assert!(registry.asked() <= 2, "a HEAD and a GET, not {}", registry.asked());
    assert_eq!(
        failure.to_string().replace(&image, "IMAGE").replace(&registry.host(), "REGISTRY"),
        "REGISTRY has no image IMAGE; check name and tag in the profile: manifest for IMAGE not found: manifest \
         unknown: manifest unknown"
    );
}

#[tokio::test]
async fn logins_of_the_user_are_used() {
    let place = Place::new("login");
    let registry = Registry::start(&place).await;
    let image = registry.push(&place);
    // Three lengths: whatever the letters of base64 come to, the engine has to read them.
    for user in ["u", "us", "use"] {
        let login = format!("{user}:p?>~é?>~é");
        registry.want_login(&login);
        let failure = pulled(&image, &Credentials::default()).await.expect_err("a failure");
        assert_eq!((failure.kind, failure.attempts), (PullProblem::Denied, 1));
        let text = failure.to_string();
        assert!(text.contains(&format!("log in with `docker login {}`", registry.host())), "{text}");
        let (user, password) = login.split_once(':').expect("a login");
        let entry = format!(
            r#"{{"auths": {{"{}": {{"username": "{user}", "password": "{password}"}}}}}}"#,
            registry.host()
        );
        place.write("config/config.json", &entry);
        let credentials = Credentials::load_from(&place.folder.join("config")).expect("the file");
        pulled(&image, &credentials).await.expect("the image");
        output(&["rmi", "--force", &image]);
        let wrong = entry.replace(password, "hunter2");
        place.write("config/config.json", &wrong);
        let credentials = Credentials::load_from(&place.folder.join("config")).expect("the file");
        let failure = pulled(&image, &credentials).await.expect_err("a failure");
        assert_eq!(failure.kind, PullProblem::Denied);
        assert!(!format!("{failure} {failure:?} {credentials:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn builds_log_in_to_the_registries_of_their_bases() {
    let place = Place::new("base");
    let registry = Registry::start(&place).await;
    let image = registry.push(&place);
    registry.want_login("user:p?>~é");
    place.write("Dockerfile", &format!("ARG BASE={image}\nFROM $BASE\nLABEL a=b\n"));
    for builder in [gw::engine::docker::build::Builder::Engine, gw::engine::docker::build::Builder::Classic] {
        let options = BuildOptions { builder, pull: true, no_cache: true, ..BuildOptions::default() };
        let none = Credentials::default();
        let failure = build(&docker(), &place.name, &place.build(), &options, &none, &|_| ()).await;
        assert!(failure.is_err(), "{builder:?} must not come by the base without a login");
        let login = r#"{"auths": {"HOST": {"username": "user", "password": "p?>~é"}}}"#
            .replace("HOST", &registry.host());
        place.write("config/config.json", &login);
        let credentials = Credentials::load_from(&place.folder.join("config")).expect("the file");
        let built = build(&docker(), &place.name, &place.build(), &options, &credentials, &|_| ()).await;
        built.unwrap_or_else(|failure| panic!("{builder:?}: {failure}"));
        output(&["rmi", "--force", &place.name]);
    }
}

#[tokio::test]
async fn registry_that_is_away_is_named() {
    let image = format!("127.0.0.1:{}/img-away:1", free_port());
    let failure = pulled(&image, &Credentials::default()).await.expect_err("a failure");
    assert_eq!((failure.kind, failure.attempts), (PullProblem::Unreachable, 1));
    let failure = pulled("127.0.0.1/Img-Upper:1", &Credentials::default()).await.expect_err("a failure");
    assert_eq!((failure.kind, failure.attempts), (PullProblem::BadReference, 1));
}

#[tokio::test]
async fn other_platform_is_not_there() {
    let place = Place::new("platform");
    let registry = Registry::start(&place).await;
    let image = registry.push(&place);
    let ended = pull(&docker(), &image, Some("linux/s390x"), &Credentials::default(), &|_| ()).await;
    let failure = ended.expect_err("a failure");
    assert_eq!((failure.kind, failure.attempts), (PullProblem::NoPlatform, 1), "{failure}");
}
