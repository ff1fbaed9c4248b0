//! The gateway: real nginx, in a stack that gw started.

use std::io::Write;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Project, eventually, get, sample};
use crate::wire::{Answer, WebSocket, ask, connect, finish, head, send, until};

/// A project with these services and a gateway on its second port, brought up.
fn started(services: impl Fn(u16) -> Value, default: Option<&str>) -> (Project, u16) {
    let mut project = Project::new(json!({}));
    let port = project.port + 1;
    let mut gateway = json!({ "port": port });
    if let Some(default) = default {
        gateway["default"] = json!(default);
    }
    let profile = json!({ "project": project.name, "services": "../services.json", "gateway": gateway });
    project.write("profiles/default.json", &profile.to_string());
    project.write("upstream.pl", include_str!("upstream.pl"));
    project.write("services.json", &json!({ "services": services(project.port) }).to_string());
    project.expect(0, &["up"]);
    project.port += 2;
    (project, port)
}

/// Two sample services; `services` is meant for [`started`].
fn two(port: u16) -> Value {
    json!({ "auth": sample(port, json!({})), "kyc": sample(port + 10, json!({})) })
}

/// A service whose answer is the request as it arrived.
fn upstream(_: u16) -> Value {
    json!({
        "auth": {
            "image": "nginx:1.28",
            "command": ["perl", "/upstream.pl"],
            "port": { "container": 8080 },
            "files": [{ "target": "/upstream.pl", "source": "upstream.pl" }],
            "ready": { "http": "/" },
            "stopGrace": "1s",
        }
    })
}

fn to(service: &str) -> String {
    format!("X-Target-Service: {service}")
}

/// Who answered, of the sample services.
fn who(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["service"].as_str().expect("a service says its name").to_owned()
}

/// The header's name decides who answers, the default route where there is none; any other name is 404 with those that there are,
/// in JSON whatever the header holds, and nobody is connected to.
#[test]
fn a_name_of_the_list_is_served_and_every_other_one_refused() {
    let (project, port) = started(two, Some("auth"));
    assert_eq!(who(&ask(port, "/", &[&to("auth")])), "auth");
    assert_eq!(who(&ask(port, "/", &[&to("kyc")])), "kyc");
    assert_eq!(who(&ask(port, "/", &[])), "auth");
    assert_eq!(who(&ask(port, "/", &["X-Target-Service:"])), "auth");

    let refused = |service: Value| json!({ "error": "unknown service", "service": service, "known": ["auth", "kyc"], "gateway": project.name });
    let other_port = format!("auth:{}", project.port);
    let own_name = format!("auth.{}", project.name);
    let shown = [
        "nobody",
        "example.com:80",
        "169.254.169.254",
        "auth.ms",
        "127.0.0.1",
        "localhost:8080",
        "gateway",
        "default",
        "hostnames",
        "include",
        "volatile",
        "null",
        &other_port,
        &own_name,
    ];
    for name in shown {
        let answer = ask(port, "/", &[&to(name)]);
        assert_eq!((answer.status, answer.json()), (404, refused(json!(name))), "{name}");
    }
    let long = "a".repeat(20_000);
    let hidden = [
        "\"",
        "a\"b",
        "\\",
        "{\"a\":1}",
        "auth\", \"x",
        "<script>",
        "auth kyc",
        "auth, kyc",
        "http://auth/",
        "auth/../kyc",
        "[::1]",
        "$target",
        "%61uth",
        "auth\u{e9}",
        "auth;",
        "'",
        &long,
    ];
    for name in hidden {
        let answer = ask(port, "/", &[&to(name)]);
        assert_eq!((answer.status, answer.json()), (404, refused(Value::Null)), "{name}");
    }
    // Said twice: nginx before 1.23 takes the first, later ones both as one text, which is no name.
    let twice = ask(port, "/", &[&to("auth"), &to("kyc")]);
    assert!(
        twice.status == 404 && twice.json() == refused(Value::Null) || who(&twice) == "auth",
        "{twice:?}"
    );
    // What nginx takes for no request at all: a lone CR, a NUL, more than any header may hold.
    let malformed = json!({ "error": "malformed request", "gateway": project.name });
    let longer = "a".repeat(200_000);
    for name in ["auth\r\n: x", "auth\0", &longer] {
        let answer = ask(port, "/", &[&to(name)]);
        assert_eq!((answer.status, answer.json()), (400, malformed.clone()), "{}", answer.head);
    }
    // A second header line that arrives inside the value is a header of its own: it cannot change who answers.
    assert_eq!(
        who(&ask(port, "/", &[&format!("{}\r\nHost: kyc", to("auth")).replace("Host", "X-Host")])),
        "auth"
    );
    assert!(get(port, "/__gw/health", &[]).1.contains("\"ok\""));
}

/// Without a default route a request that names nobody is told whom it can name.
#[test]
fn without_a_default_route_a_name_is_needed() {
    let (project, port) = started(|port| json!({ "auth": sample(port, json!({})) }), None);
    assert_eq!(who(&ask(port, "/", &[&to("auth")])), "auth");
    let answer = ask(port, "/any/path?x", &[]);
    let expected = json!({
        "error": "no X-Target-Service header and no default service",
        "service": null, "known": ["auth"], "gateway": project.name,
    });
    assert_eq!((answer.status, answer.json()), (404, expected));
    assert!(answer.head.to_lowercase().contains("content-type: application/json"), "{}", answer.head);
}

/// A service that is not there is 503 with its name, its own 503 passes as it is, and it is found again at a new address, also
/// where its old one is somebody else's now.
#[test]
fn an_absent_service_is_named_and_found_again_at_a_new_address() {
    let (project, port) = started(two, Some("kyc"));
    let own = ask(port, "/fail", &[&to("auth")]);
    assert_eq!((own.status, own.json()), (503, json!({ "error": "own failure", "service": "auth" })));

    let address = |key: &str| {
        let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
        project.docker(&["inspect", "--format", format, &project.id(key)]).stdout.trim().to_owned()
    };
    let before = (address("auth"), address("kyc"));
    let absent = json!({ "error": "service not available", "service": "auth", "gateway": project.name });
    project.docker(&["stop", &project.id("auth")]);
    let answer = ask(port, "/fail", &[&to("auth")]);
    assert_eq!((answer.status, answer.json()), (503, absent.clone()));
    assert!(answer.head.to_lowercase().contains("content-type: application/json"), "{}", answer.head);
    assert_eq!(who(&ask(port, "/", &[&to("kyc")])), "kyc");

    project.docker(&["rm", "-f", &project.id("auth"), &project.id("kyc")]);
    let answer = ask(port, "/", &[&to("auth")]);
    assert_eq!((answer.status, answer.json()), (503, absent));
    // The engine gives the lowest free address: whoever had the higher one comes first and takes the other's.
    let number = |address: &str| address.parse::<std::net::Ipv4Addr>().expect("an address");
    project.expect(0, &["up", if number(&before.0) > number(&before.1) { "auth" } else { "kyc" }]);
    project.expect(0, &["up"]);
    assert_ne!((address("auth"), address("kyc")), before, "the scenario needs new addresses");
    for name in ["auth", "kyc"] {
        let found = |answer: &Answer| answer.status == 200 && answer.json()["service"] == name;
        eventually("found again", Duration::from_secs(2), || found(&ask(port, "/", &[&to(name)])));
    }
}

/// A request arrives as it was sent: path, query, headers and body, of any size, while it is still being sent; so does the answer.
#[test]
fn requests_and_answers_pass_untouched() {
    let (_project, port) = started(upstream, Some("auth"));
    let targets = [
        "/a?b=c&d=e&b=f",
        "/a%2Fb%20c/%C3%A9?q=%26%3D%25&r=a+b",
        "//double//slash///",
        "/dot/../up/./same",
        "/semi;colon=1,2/(x)/~t/@h:i?a[]=1&empty=&flag",
        "/?",
        "/__gw/healthy",
        "/q?url=http://example.com/%3Fx=1",
    ];
    for target in targets {
        let answer = ask(port, target, &[]);
        let expected = format!("GET {target} HTTP/1.1\r\n");
        assert!(answer.body.starts_with(&expected), "{target}\n{}", answer.body);
    }

    let line = |answer: &Answer, name: &str| {
        let prefix = format!("{name}: ");
        answer
            .body
            .lines()
            .find_map(|line| line.strip_prefix(&prefix).map(|value| value.trim_end().to_owned()))
    };
    let answer = send(
        port,
        "PATCH",
        "/headers",
        &["Authorization: Bearer a.b=", "Cookie: a=1; b=2", "X_under: no", "X-Odd: \"q\" \u{e9}"],
        b"",
    );
    assert!(answer.body.starts_with("PATCH /headers HTTP/1.1\r\n"), "{}", answer.body);
    for (name, value) in [
        ("Host", "gateway.example"),
        ("X-Forwarded-Proto", "http"),
        ("X-Forwarded-Host", "gateway.example"),
        ("Authorization", "Bearer a.b="),
        ("Cookie", "a=1; b=2"),
        ("X-Odd", "\"q\" \u{e9}"),
    ] {
        assert_eq!(line(&answer, name).as_deref(), Some(value), "{name}\n{}", answer.body);
    }
    let client = line(&answer, "X-Forwarded-For").expect("the client's address is told");
    assert!(client.parse::<std::net::IpAddr>().is_ok(), "{client}");
    let before = ["X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https", "X-Forwarded-Host: shop.example"];
    let answer = ask(port, "/behind", &before);
    assert_eq!(line(&answer, "X-Forwarded-For"), Some(format!("192.0.2.7, {client}")));
    assert_eq!(line(&answer, "X-Forwarded-Proto").as_deref(), Some("https"));
    assert_eq!(line(&answer, "X-Forwarded-Host").as_deref(), Some("shop.example"));

    let body = vec![b'x'; 20 << 20];
    let answer = send(port, "PUT", "/large", &[&format!("Content-Length: {}", body.len())], &body);
    let sum = (body.len() as u64 * u64::from(b'x')) % 1_000_000_007;
    assert!(
        answer.body.ends_with(&format!("body {} {sum}\n", body.len())),
        "{} {}",
        answer.status,
        answer.body
    );

    // An answer that is under way arrives as far as it is.
    let mut stream = connect(port);
    stream.write_all(head("GET", "/hold", &[]).as_bytes()).expect("the request can be sent");
    let begun = until(&mut stream, "first half");
    assert!(!String::from_utf8_lossy(&begun).contains("second half"));
    assert_eq!(ask(port, "/go", &[]).status, 200);
    assert!(finish(stream, begun).body.contains("second half"));

    // So does a request.
    let mut stream = connect(port);
    let begun = head("POST", "/take", &["Content-Length: 10"]) + "12345";
    stream.write_all(begun.as_bytes()).expect("the request can be sent");
    eventually("half a body arrives", Duration::from_secs(1), || ask(port, "/seen", &[]).body == "5");
    stream.write_all(b"67890").expect("the rest can be sent");
    assert!(finish(stream, Vec::new()).body.contains("\nbody 10 "), "all of it arrived");
}

/// A service that is there and breaks off is told apart from one that is not.
#[test]
fn a_service_that_breaks_off_is_told_apart_from_an_absent_one() {
    let (project, port) = started(upstream, Some("auth"));
    let answer = ask(port, "/silent", &[]);
    let expected =
        json!({ "error": "service broke off its answer", "service": "auth", "gateway": project.name });
    assert_eq!((answer.status, answer.json()), (502, expected));
    let answer = ask(port, "/break", &[]);
    assert_eq!((answer.status, answer.body.as_str()), (200, "only this"), "what began is passed on");
}

/// A WebSocket through the gateway answers each message, small and large, for the named service and for the default one.
#[test]
fn a_websocket_passes() {
    let (_project, port) = started(two, Some("auth"));
    for lines in [&[][..], &[to("kyc").as_str()]] {
        let mut socket = WebSocket::open(port, "/ws", lines);
        assert_eq!(socket.echo("hello"), "hello");
        let large = "é".repeat(100_000);
        assert_eq!(socket.echo(&large), large);
        assert_eq!(socket.echo("still here"), "still here");
    }
}
