//! Each probe against a small server on loopback.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{Reply, Target, ask, first_line, in_words, port};
use crate::plan::desired::Probe;

/// A password that must be in no text.
const SECRET: &str = "s3cr3t";

/// A server that answers everything it reads with what `answer` makes of it; nothing is silence.
async fn server(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Target {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let port = listener.local_addr().expect("it has an address").port();
    let answer = std::sync::Arc::new(answer);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = std::sync::Arc::clone(&answer);
            tokio::spawn(async move {
                let mut bytes = vec![0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut bytes).await {
                    let text = answer(&String::from_utf8_lossy(&bytes[..count]));
                    if stream.write_all(text.as_bytes()).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    Target { host: "127.0.0.1".to_owned(), port, proxied: false }
}

/// A port where nobody listens.
async fn nobody() -> Target {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let port = listener.local_addr().expect("it has an address").port();
    Target { host: "127.0.0.1".to_owned(), port, proxied: false }
}

fn told(reply: &Reply) -> (bool, &str) {
    (reply.ready, &reply.text)
}

fn http(status: Option<u16>, body: Option<&str>) -> Probe {
    Probe::Http { path: "/health".to_owned(), port: 80, status, body: body.map(str::to_owned) }
}

fn response(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn http_counts_2xx_and_3xx_or_the_wanted_status() {
    let target = server(|question| {
        assert!(question.starts_with("GET /health HTTP/1.1\r\n"), "{question}");
        response("204 No Content", "")
    })
    .await;
    assert_eq!(told(&ask(&http(None, None), &target).await), (true, "HTTP 204"));
    assert_eq!(told(&ask(&http(Some(204), None), &target).await), (true, "HTTP 204"));
    assert_eq!(told(&ask(&http(Some(200), None), &target).await), (false, "HTTP 204:"));
    let broken = server(|_| response("503 Service Unavailable", "{\"mongodb\":\"down\"}\nmore")).await;
    assert_eq!(told(&ask(&http(None, None), &broken).await), (false, "HTTP 503: {\"mongodb\":\"down\"}"));
}

#[tokio::test]
async fn http_looks_for_a_text_in_the_body() {
    let target = server(|_| response("200 OK", "status: ok")).await;
    assert_eq!(told(&ask(&http(None, Some("ok")), &target).await), (true, "HTTP 200"));
    let answer = "HTTP 200, but the body lacks \"fine\": status: ok";
    assert_eq!(told(&ask(&http(None, Some("fine")), &target).await), (false, answer));
}

#[tokio::test]
async fn http_without_a_whole_answer_is_not_ready() {
    let odd = server(|_| "hello\r\n\r\n".to_owned()).await;
    let reply = ask(&http(None, None), &odd).await;
    assert!(!reply.ready && reply.text.contains("invalid HTTP"), "{reply:?}");
    let reply = ask(&http(None, None), &nobody().await).await;
    assert!(!reply.ready && reply.text.starts_with("Connection refused"), "{reply:?}");
}

#[tokio::test]
async fn silence_ends_with_patience() {
    let silent = server(|_| String::new()).await;
    let redis = Probe::Redis { port: 6379, password: SECRET.to_owned() };
    let mongodb = Probe::Mongodb { port: 27017, credentials: format!("app:{SECRET}") };
    let web = http(None, None);
    let (web, redis, mongodb) =
        tokio::join!(ask(&web, &silent), ask(&redis, &silent), ask(&mongodb, &silent));
    assert_eq!(told(&web), (false, "no answer within 3 s"));
    for reply in [redis, mongodb] {
        assert!(!reply.ready && !reply.text.is_empty() && !reply.text.contains(SECRET), "{reply:?}");
    }
}

#[tokio::test]
async fn tcp_asks_for_a_connection_only() {
    let target = server(|_| String::new()).await;
    let probe = Probe::Tcp { port: 1 };
    assert_eq!(told(&ask(&probe, &target).await), (true, "accepts connections"));
    let reply = ask(&probe, &nobody().await).await;
    assert!(!reply.ready && reply.text.starts_with("Connection refused"), "{reply:?}");
}

/// A server that accepts and at once hangs up, after it said this: what the engine's proxy does with nobody inside.
async fn hangs_up(words: &'static str) -> Target {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let port = listener.local_addr().expect("it has an address").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(words.as_bytes()).await;
        }
    });
    Target { host: "127.0.0.1".to_owned(), port, proxied: true }
}

#[tokio::test]
async fn tcp_through_the_engines_proxy_asks_for_more_than_a_connection() {
    let probe = Probe::Tcp { port: 1 };
    let nobody = ask(&probe, &hangs_up("").await).await;
    assert_eq!(told(&nobody), (false, "the engine's proxy hangs up: nobody listens inside"));
    assert_eq!(told(&ask(&probe, &hangs_up("220 mail").await).await), (true, "accepts connections"));
    let silent = Target { proxied: true, ..server(|_| String::new()).await };
    assert_eq!(told(&ask(&probe, &silent).await), (true, "accepts connections"));
}

/// A Redis that answers each command in the question: `AUTH`, `PING`, `ROLE`, and `OK` to the rest.
async fn redis(auth: &'static str, ping: &'static str) -> Target {
    server(move |question| {
        let answer = |word: &str| match word.to_ascii_uppercase().as_str() {
            "AUTH" => Some(auth),
            "PING" => Some(ping),
            "ROLE" => Some("*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n"),
            "CLIENT" | "HELLO" => Some("+OK\r\n"),
            _ => None,
        };
        question.split("\r\n").filter_map(answer).collect()
    })
    .await
}

#[tokio::test]
async fn redis_is_ready_when_it_says_pong() {
    let probe = |password: &str| Probe::Redis { port: 6379, password: password.to_owned() };
    let ready = ask(&probe(SECRET), &redis("+OK\r\n", "+PONG\r\n").await).await;
    assert_eq!((told(&ready), ready.standing.role.as_deref()), ((true, "PONG"), Some("master")));
    let table = [
        ("", "+OK\r\n", "-NOAUTH Authentication required.\r\n", "NOAUTH"),
        ("", "+OK\r\n", "-LOADING Redis is loading the dataset in memory\r\n", "loading"),
        (
            SECRET,
            "-WRONGPASS invalid username-password pair or user is disabled.\r\n",
            "+PONG\r\n",
            "authentication",
        ),
    ];
    for (password, auth, ping, words) in table {
        let reply = ask(&probe(password), &redis(auth, ping).await).await;
        assert!(!reply.ready && reply.text.to_lowercase().contains(&words.to_lowercase()), "{reply:?}");
        assert!(!reply.text.contains(SECRET), "{reply:?}");
    }
}

fn sentinel(port: u16) -> Probe {
    Probe::Sentinel {
        port,
        password: SECRET.to_owned(),
        master: "mymaster".to_owned(),
        replicas: 1,
        sentinels: 2,
    }
}

/// A sentinel that answers each question with these fields, words with blanks between.
async fn watching(master: &'static str, replica: &'static str, other: &'static str) -> Target {
    let text = |word: &str| format!("${}\r\n{word}\r\n", word.len());
    let fields = move |words: &str| {
        let words: Vec<String> = words.split(' ').map(text).collect();
        format!("*{}\r\n{}", words.len(), words.concat())
    };
    server(move |question| {
        let answer = |word: &str| match word {
            "GET-MASTER-ADDR-BY-NAME" => Some(fields("redis-master.shared 6379")),
            "MASTER" => Some(fields(master)),
            "REPLICAS" => Some(format!("*1\r\n{}", fields(replica))),
            "SENTINELS" => Some(format!("*1\r\n{}", fields(other))),
            "AUTH" | "CLIENT" | "HELLO" => Some("+OK\r\n".to_owned()),
            _ => None,
        };
        question.split("\r\n").filter_map(answer).collect()
    })
    .await
}

#[tokio::test]
async fn a_sentinel_is_ready_when_it_sees_all_the_others() {
    let master = "name mymaster ip redis-master.shared port 6379 flags master role-reported master";
    let replica = "flags slave master-link-status ok master-host redis-master.shared master-port 6379";
    let seeing = watching(master, replica, "flags sentinel").await;
    let reply = ask(&sentinel(seeing.port), &seeing).await;
    assert_eq!(told(&reply), (true, "names redis-master.shared:6379"));
    assert_eq!(reply.standing.role.as_deref(), Some("sentinel"));
    assert_eq!(reply.standing.names.as_deref(), Some("redis-master.shared:6379"));
    let blind = watching(master, replica, "flags sentinel,s_down").await;
    let words =
        "names redis-master.shared:6379, sees 1 of 1 replicas linked to it and 0 of 1 other sentinels";
    assert_eq!(told(&ask(&sentinel(blind.port), &blind).await), (false, words));
    let reply = ask(&sentinel(1), &nobody().await).await;
    assert!(!reply.ready && reply.text.starts_with("Connection refused"), "{reply:?}");
}

#[tokio::test]
async fn mongodb_that_is_not_there_is_refused_without_the_password() {
    let probe = Probe::Mongodb { port: 27017, credentials: format!("app:{SECRET}") };
    let reply = ask(&probe, &nobody().await).await;
    assert_eq!(told(&reply), (false, "Connection refused (os error 111)"));
    let member = Probe::MongodbMember { port: 27017, credentials: format!("app:{SECRET}") };
    assert_eq!(ask(&member, &nobody().await).await, reply);
}

#[test]
fn questions_are_shown_without_secrets() {
    let exec = Probe::Exec { command: vec!["pg_isready".to_owned(), "-q".to_owned()] };
    let redis = Probe::Redis { port: 6379, password: SECRET.to_owned() };
    let mongodb = Probe::Mongodb { port: 27017, credentials: format!("app:{SECRET}") };
    let sentinel = sentinel(26379);
    let member = Probe::MongodbMember { port: 27017, credentials: format!("app:{SECRET}") };
    let probes =
        [http(None, None), Probe::Tcp { port: 1 }, exec, redis, sentinel, mongodb, member, Probe::None];
    assert_eq!(
        probes.each_ref().map(in_words),
        [
            "GET /health on port 80",
            "TCP connect to port 1",
            "exec pg_isready -q",
            "Redis PING on port 6379",
            "sentinel's view on port 26379",
            "MongoDB ping on port 27017",
            "MongoDB hello on port 27017",
            "running",
        ]
    );
    let ports = [Some(80), Some(1), None, Some(6379), Some(26379), Some(27017), Some(27017), None];
    assert_eq!(probes.each_ref().map(port), ports);
}

#[test]
fn an_answer_is_one_line_of_at_most_300_characters() {
    assert_eq!(first_line("\n  first \nsecond"), "first");
    assert_eq!(first_line(""), "");
    let long = first_line(&"é".repeat(400));
    assert_eq!((long.chars().count(), long.chars().last()), (300, Some('…')));
}
