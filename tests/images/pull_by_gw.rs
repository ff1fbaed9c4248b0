//! `gw up` of services whose images come from a registry: the real binary, with the docker settings of the test.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::engine::Place;
use crate::registry::{Registry, free_port};

/// What `gw --output json up` told, and its exit code.
async fn up(place: &Place, settings: &str) -> (i32, Vec<Value>) {
    let mut gw = Command::new(env!("CARGO_BIN_EXE_gw"));
    gw.args(["--output", "json", "up"])
        .current_dir(&place.folder)
        .env("DOCKER_CONFIG", place.folder.join(settings));
    for variable in ["GW_IMAGE_MAP", "GW_PROFILE", "GW_OUTPUT"] {
        gw.env_remove(variable);
    }
    let output = gw.output().await.expect("gw runs");
    let told = String::from_utf8(output.stdout).expect("gw prints UTF-8");
    let events = told.lines().map(|line| serde_json::from_str(line).expect("a line is an object")).collect();
    (output.status.code().expect("gw ends by itself"), events)
}

/// Where the first event is that has these values.
#[track_caller]
fn place_of(events: &[Value], wanted: &Value) -> usize {
    let wanted = wanted.as_object().expect("fields are an object");
    let found = events.iter().position(|event| wanted.iter().all(|(name, value)| event[name] == *value));
    found.unwrap_or_else(|| panic!("no {wanted:?} in {events:#?}"))
}

/// Pushes two images that run; the names by which services use them.
fn two_images(place: &Place, registry: &Registry) -> [String; 2] {
    let binary = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/sample-service/bin/sample-service");
    place.write(
        "image/Dockerfile",
        "FROM scratch\nCOPY --chmod=755 sample text /\nENTRYPOINT [\"/sample\"]\n",
    );
    std::fs::copy(binary, place.folder.join("image/sample")).expect("examples/sample-service/build made it");
    ["one", "two"].map(|name| registry.push_as(place, &format!("{}-{name}", place.name)))
}

#[tokio::test]
async fn gw_pulls_what_is_missing_at_once_and_with_the_users_login() {
    let place = Place::new("gw");
    let registry = Registry::start(&place).await;
    let images = two_images(&place, &registry);
    let service = |image: &str| json!({ "image": image, "port": { "container": 8080, "host": free_port() } });
    let services = json!({ "services": { "one": service(&images[0]), "two": service(&images[1]) } });
    place.write("services.json", &services.to_string());
    place.write(
        "profiles/default.json",
        &json!({ "project": place.name, "services": "../services.json" }).to_string(),
    );
    registry.want_login("user:p?>~é");
    let entry = json!({ "auths": { registry.host(): { "username": "user", "password": "p?>~é" } } });
    place.write("with-login/config.json", &entry.to_string());
    place.write("without-login/config.json", "{}");

    let (code, events) = up(&place, "without-login").await;
    assert_eq!(code, 6, "{events:#?}");
    let error = &events[place_of(&events, &json!({ "event": "error", "code": 6 }))];
    let hint = format!("log in with `docker login {}`", registry.host());
    assert!(error["problems"][0]["message"].as_str().is_some_and(|text| text.contains(&hint)), "{error}");

    registry.only(&format!("{}-two", place.name));
    registry.spoil(&[("503 Service Unavailable", "busy")]);
    let (code, events) = up(&place, "with-login").await;
    assert_eq!(code, 0, "{events:#?}");
    let pull = |event: &str, image: &str| {
        place_of(&events, &json!({ "event": event, "operation": format!("pull image {image}") }))
    };
    let first_end = images.iter().map(|image| pull("operation-finished", image)).min().expect("two");
    assert!(
        images.iter().all(|image| pull("operation-started", image) < first_end),
        "one waited: {events:#?}"
    );
    let tried_again = events.iter().any(|event| {
        event["event"] == "progress"
            && event["subject"] == images[1].as_str()
            && event["text"]
                .as_str()
                .is_some_and(|text| text.starts_with("again in ") && text.contains("503"))
    });
    assert!(tried_again, "{events:#?}");
    for component in ["one", "two"] {
        place_of(&events, &json!({ "event": "ready", "component": component }));
    }

    let asked = registry.asked();
    let (code, events) = up(&place, "with-login").await;
    assert_eq!((code, registry.asked()), (0, asked), "{events:#?}");
}

/// gw killed in the middle of a pull: the engine keeps what it has, and the next `up` ends well.
#[tokio::test]
async fn a_pull_that_was_killed_is_done_by_the_next_up() {
    let place = Place::new("killed");
    let registry = Registry::start(&place).await;
    let [image, _] = two_images(&place, &registry);
    let service = json!({ "image": image, "port": { "container": 8080, "host": free_port() } });
    place.write("services.json", &json!({ "services": { "one": service } }).to_string());
    let profile = json!({ "project": place.name, "services": "../services.json" });
    place.write("profiles/default.json", &profile.to_string());
    place.write("plain/config.json", "{}");
    // The first answers are refusals that gw waits out: the kill meets a pull, not its end.
    registry.spoil(&[("503 Service Unavailable", "busy"); 3]);
    let mut gw = Command::new(env!("CARGO_BIN_EXE_gw"))
        .args(["--output", "json", "up"])
        .current_dir(&place.folder)
        .env("DOCKER_CONFIG", place.folder.join("plain"))
        .env_remove("GW_IMAGE_MAP")
        .stdout(Stdio::piped())
        .spawn()
        .expect("gw runs");
    let mut lines = BufReader::new(gw.stdout.take().expect("a pipe")).lines();
    let pulling = format!("\"operation\":\"pull image {image}\"");
    while let Some(line) = lines.next_line().await.expect("gw prints UTF-8") {
        assert!(!line.contains("operation-finished") || !line.contains(&pulling), "{line}");
        if line.contains("\"event\":\"progress\"") {
            break;
        }
    }
    gw.kill().await.expect("gw is killed");

    let (code, events) = up(&place, "plain").await;
    assert_eq!(code, 0, "{events:#?}");
    place_of(&events, &json!({ "event": "ready", "component": "one" }));
}
