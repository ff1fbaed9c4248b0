//! Images that cannot be had: pulled from registries of the test, built from contexts that are not right.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::json;

use crate::harness::{Ended, Project, mapped, sample};
use crate::redact::redact;

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

/// The sample service without its binary: 6, the step, and the profile's hint, which names the one command.
#[test]
fn a_build_whose_context_lacks_a_file() {
    let hint = "run examples/sample-service/build to put the binary into the build context";
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
    project.nothing_half_made();
}
