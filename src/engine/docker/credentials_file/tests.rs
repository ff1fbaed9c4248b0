//! Config files as Docker's CLI, Podman and login actions write them.

use super::{ConfigFile, host, registry_of, server};

#[test]
fn every_place_of_a_login_is_read() {
    let file = ConfigFile::parse(
        r#"{
            "auths": {
                "https://index.docker.io/v1/": {"auth": "dXNlcjpwYXNzOndvcmQ="},
                "registry.test:5000": {"username": "plain", "password": "text"},
                "https://tokens.test/v2/": {"auth": "MDAwMDA6", "identitytoken": "it"},
                "store.test": {}
            },
            "credsStore": "desktop",
            "credHelpers": {"ecr.test": "ecr-login"}
        }"#,
    )
    .expect("a config file");
    let hub = file.login("docker.io").expect("hub");
    assert_eq!((hub.username.as_deref(), hub.password.as_deref()), (Some("user"), Some("pass:word")));
    let plain = file.login("registry.test:5000").expect("plain");
    assert_eq!((plain.username.as_deref(), plain.password.as_deref()), (Some("plain"), Some("text")));
    let token = file.login("tokens.test").expect("token");
    assert_eq!((token.identity_token.as_deref(), token.password.as_deref()), (Some("it"), None));
    assert!(file.login("store.test").is_none());
    assert_eq!(file.helper("store.test"), Some("desktop"));
    assert_eq!(file.helper("ecr.test"), Some("ecr-login"));
    assert_eq!(file.registries(), ["docker.io", "ecr.test", "registry.test:5000", "tokens.test"]);
}

#[test]
fn damaged_files_say_where_and_never_what() {
    assert_eq!(ConfigFile::parse("{\"auths\": {\"a\": {\"auth\": hunter2").err(), Some((1, 26)));
    let odd = ConfigFile::parse(r#"{"auths": {"a": {"auth": 7}, "b": {"auth": "%%%"}}, "credsStore": 1}"#);
    assert!(odd.expect("odd types are no login").registries().is_empty());
}

#[test]
fn hosts_and_references() {
    for name in ["docker.io", "index.docker.io", "https://index.docker.io/v1/", "registry-1.docker.io"] {
        assert_eq!(
            (host(name).as_str(), server(name).as_str()),
            ("docker.io", "https://index.docker.io/v1/")
        );
    }
    assert_eq!(server("https://Registry.test/v2/"), "registry.test");
    for (reference, registry) in [
        ("mongo:8.0", "docker.io"),
        ("bitnami/redis", "docker.io"),
        ("docker.io/library/redis", "docker.io"),
        ("ghcr.io/a/b:c", "ghcr.io"),
        ("127.0.0.1:5000/a@sha256:00", "127.0.0.1:5000"),
        ("localhost/a", "localhost"),
    ] {
        assert_eq!(registry_of(reference), registry, "{reference}");
    }
}
