//! What each endpoint answers.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::Service;

#[test]
fn root_says_who_it_is_and_what_arrived() {
    let service = Service::start(&[("SERVICE_NAME", "auth")]);
    let (status, mut body) =
        service.ask("POST", "/?a=b", &["X-Target-Service: auth", "x-two: 1", "x-two: 2"]);
    let kernel = std::fs::read_to_string("/proc/sys/kernel/hostname").expect("a host name");
    assert_eq!(body["host"].take(), kernel.trim());
    let headers = json!({
        "host": "sample.test", "x-target-service": "auth", "x-two": "1, 2", "connection": "close",
    });
    let version = env!("CARGO_PKG_VERSION");
    let expected = json!({
        "service": "auth", "host": null, "version": version, "method": "POST", "path": "/", "headers": headers,
    });
    assert_eq!((status, body), (200, expected));
}

#[test]
fn health_and_work_without_stores_succeed() {
    let service = Service::start(&[]);
    let healthy = json!({ "status": "healthy", "service": "sample", "stores": {} });
    assert_eq!(service.get("/health"), (200, healthy));
    let work = json!({ "service": "sample", "document": null, "counter": null });
    assert_eq!(service.get("/work"), (200, work.clone()));
    assert_eq!(service.ask("POST", "/work", &[]), (200, work));
}

#[test]
fn fail_is_its_own_503_for_any_method() {
    let service = Service::start(&[("SERVICE_NAME", "auth")]);
    for method in ["GET", "POST", "DELETE"] {
        let expected = json!({ "error": "own failure", "service": "auth" });
        assert_eq!(service.ask(method, "/fail", &[]), (503, expected), "{method}");
    }
}

#[test]
fn slow_answers_after_its_time() {
    let service = Service::start(&[]);
    let started = Instant::now();
    assert_eq!(service.get("/slow?ms=150"), (200, json!({ "service": "sample", "sleptMs": 150 })));
    assert!(started.elapsed() >= Duration::from_millis(150), "{:?}", started.elapsed());
    let expected = json!({ "error": "ms is not a number of milliseconds", "service": "sample" });
    assert_eq!(service.get("/slow?ms=soon"), (400, expected));
}

#[test]
fn everything_else_is_a_json_error() {
    let service = Service::start(&[]);
    let expected = json!({ "error": "not found", "service": "sample", "path": "/health/" });
    assert_eq!(service.get("/health/?a"), (404, expected));
    let expected = json!({ "error": "method not allowed", "service": "sample", "method": "PUT" });
    assert_eq!(service.ask("PUT", "/work", &[]), (405, expected));
}

#[test]
fn web_socket_echoes_text_and_bytes() {
    let service = Service::start(&[]);
    // Key and answer are the example of RFC 6455, section 1.3.
    let headers = [
        "connection: Upgrade",
        "upgrade: websocket",
        "sec-websocket-version: 13",
        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
    ];
    let mut stream = service.send("GET", "/ws", &headers);
    let head = read_head(&mut stream);
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    assert!(head.contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), "{head}");
    let (text, binary) = (0x81, 0x82);
    for (kind, content) in [(text, &b"hello"[..]), (binary, &[0, 0xff]), (text, b"")] {
        stream.write_all(&masked_frame(kind, content)).expect("sent");
        let mut echo = vec![0; 2 + content.len()];
        stream.read_exact(&mut echo).expect("an echo");
        let length = u8::try_from(content.len()).expect("short");
        assert_eq!(echo, [&[kind, length], content].concat());
    }
}

/// Reads up to the empty line, and not a byte further.
fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("more of the head");
        head.extend(byte);
    }
    String::from_utf8(head).expect("UTF-8")
}

/// Builds a frame as a client must send it: with a mask.
fn masked_frame(kind: u8, content: &[u8]) -> Vec<u8> {
    let mask = [1, 2, 3, 4];
    let length = 0x80 | u8::try_from(content.len()).expect("short");
    let masked = content.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask);
    [kind, length].into_iter().chain(mask).chain(masked).collect()
}
