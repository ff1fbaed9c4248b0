//! Images that cannot be had: pulled from registries of the test, built from contexts that are not right.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::harness::{Ended, Project, mapped, sample};
use crate::redact::redact;
use crate::repository::here;

/// A registry on loopback that has nothing; its port.
fn empty_registry() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = listener.local_addr().expect("it has an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    port
}

fn answer(mut stream: TcpStream) {
    let mut request = [0; 4096];
    let Ok(length) = stream.read(&mut request) else { return };
    let request = String::from_utf8_lossy(&request[..length]);
    let (status, body) = match request.split(' ').nth(1) {
        Some("/v2/") => ("200 OK", "{}"),
        Some(path) if path.starts_with("/v2/") => {
            ("404 Not Found", r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"#)
        }
        _ => ("400 Bad Request", "{}"),
    };
    let length = body.len();
    let head = "Content-Type: application/json\r\nConnection: close\r\nDocker-Distribution-Api-Version: registry/2.0";
    let _ = write!(stream, "HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}");
}

/// What `up` said, without the lines about the network that was made side by side and taken away again.
fn told(project: &Project, ended: &Ended) -> String {
    let aside = ["start cancelled after ", "remove network ", "cleanup "];
    let text = redact(project, &ended.stderr);
    let is_aside = |line: &&str| aside.iter().any(|words| line.starts_with(words));
    let mut lines: Vec<&str> = text.lines().filter(|line| !is_aside(line)).collect();
    lines.push("");
    lines.join("\n")
}

/// An image that its registry does not have ends `up` with 6, names image and registry, and says what to do.
#[test]
fn an_image_that_does_not_exist() {
    let registry = format!("127.0.0.1:{}", empty_registry());
    let image = format!("{registry}/nothing:1");
    let project = Project::of(|port| json!({ "auth": sample(port, json!({ "image": image })) }));
    let ended = project.expect(6, &["up"]);
    let text = told(&project, &ended).replace(&registry, "REGISTRY");
    let reason =
        "REGISTRY has no image REGISTRY/nothing:1; check name and tag in the profile: manifest unknown";
    let expected = format!(
        "pull image REGISTRY/nothing:1 failed after T: {reason}\nbuild failed after T\nerror: {reason}\n"
    );
    assert_eq!(text, expected);
    project.nothing_half_made();
}

/// What the repository's services files say when the sample service cannot be built.
fn hint() -> String {
    let hint = |file: &str| {
        let text = std::fs::read_to_string(here().join(file)).expect("the services file can be read");
        let content: Value = serde_json::from_str(&text).expect("it is JSON");
        content["defaults"]["build"]["hint"].as_str().expect("the build has a hint").to_owned()
    };
    let dev = hint("services.dev.json");
    assert_eq!(hint("services.shared.json"), dev);
    let program = dev.split(' ').find(|word| word.contains('/')).expect("the hint names a program");
    let mode = std::fs::metadata(here().join(program)).expect("the program is there").permissions().mode();
    assert_eq!(mode & 0o111, 0o111, "{program} is not executable");
    dev
}

/// The sample service without its binary: 6, the step, and the shipped profiles' hint, which names the one command.
#[test]
fn a_build_whose_context_lacks_a_file() {
    let hint = hint();
    let project = Project::of(|port| {
        let mut service = sample(port, json!({ "build": { "context": "app", "hint": hint } }));
        service.as_object_mut().expect("a service is an object").remove("image");
        json!({ "auth": service })
    });
    project.write("app/Dockerfile", include_str!("../../examples/sample-service/Dockerfile"));
    project.write("app/bin/README", "no binary yet");
    let ended = project.expect(6, &["up"]);
    let reason = "building PROJECT-auth failed: \"/bin/sample-service\": not found";
    let expected = format!(
        "build image PROJECT-auth failed after T: {reason}\nbuild failed after T\nerror: {reason}\n      \
         in [1/1] COPY bin/sample-service /sample-service\nhint: {hint}\n"
    );
    assert_eq!(told(&project, &ended), expected);
    project.nothing_half_made();
}

/// A step that fails: 6, its last lines, the step, the hint, each of them once; all its lines are kept.
#[test]
fn a_build_step_that_fails() {
    let project = Project::of(|port| {
        let mut service =
            sample(port, json!({ "build": { "context": "app", "hint": "ask the team of app" } }));
        service.as_object_mut().expect("a service is an object").remove("image");
        json!({ "auth": service })
    });
    let from = mapped("redis:8");
    project.write("app/Dockerfile", &format!("FROM {from}\nRUN echo first line; echo last line; exit 9\n"));
    let ended = project.expect(6, &["up"]);
    let reason = "building PROJECT-auth failed: process \"/bin/sh -c echo first line; echo last line; exit 9\" did not complete \
                  successfully: exit code: 9";
    let expected = format!(
        "PROJECT-auth | first line\nPROJECT-auth | last line\nbuild image PROJECT-auth failed after T: {reason}\n\
         build failed after T\nerror: {reason}\n      in [2/2] RUN echo first line; echo last line; exit 9\n\
         hint: ask the team of app\n"
    );
    assert_eq!(told(&project, &ended), expected);
    let kept = project.files().into_iter().find(|(name, _)| name.ends_with("/events.jsonl"));
    let kept = String::from_utf8(kept.expect("the events are kept").1).expect("they are text");
    assert!(kept.contains(r#""line":"first line""#), "{kept}");
    // Programs get the same: code, image, step and hint, each in its place.
    let told = project.expect(6, &["--output", "json", "up"]);
    let last: Value = serde_json::from_str(told.stdout.lines().last().unwrap_or_default()).expect("JSON");
    let message = format!("{reason}\n  in [2/2] RUN echo first line; echo last line; exit 9");
    let problems = json!([{ "message": message.replace("PROJECT", &project.name) }]);
    let hint = "ask the team of app";
    assert_eq!(
        last,
        json!({ "version": 1, "event": "error", "code": 6, "problems": problems, "hint": hint })
    );
    project.nothing_half_made();
}
