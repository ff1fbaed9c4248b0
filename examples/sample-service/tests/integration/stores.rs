//! Stores that are absent, silent, wrong, and back again.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::fake_redis::FakeRedis;
use crate::harness::{CLOSED_PORT, Service};

/// Asserts that one store is down and that no part of its password is shown; returns the reason.
fn down_reason(service: &Service, store: &str) -> String {
    let (status, body) = service.get("/health");
    assert_eq!((status, &body["status"]), (503, &json!("unhealthy")), "{body}");
    let entry = &body["stores"][store];
    assert_eq!(entry["state"], "down", "{body}");
    assert!(entry["latencyMs"].as_f64().expect("a number") < 10_000.0, "{body}");
    let shown = format!("{body} {} {}", service.get("/work").1, service.listening);
    assert!(!shown.contains("cret"), "{shown}");
    entry["reason"].as_str().expect("a reason").to_owned()
}

#[test]
fn unreachable_stores_are_named_with_reasons_and_without_passwords() {
    let port = CLOSED_PORT;
    let service = Service::start(&[
        ("MONGODB_URI", &format!("mongodb://app:s3%40cret@127.0.0.1:{port}/one")),
        ("REDIS_URL", &format!("redis://:s3%40cret@127.0.0.1:{port}")),
    ]);
    assert_eq!(down_reason(&service, "redis"), "Connection refused (os error 111)");
    let reason = down_reason(&service, "mongodb");
    assert!(reason.starts_with("Server selection timeout: No available servers."), "{reason}");
    assert!(reason.contains(&format!("127.0.0.1:{port}")), "{reason}");
    let addresses =
        format!("MongoDB mongodb://app:***@127.0.0.1:{port}/one, Redis redis://:***@127.0.0.1:{port}");
    assert_eq!(service.listening, format!("listening on 0.0.0.0:{} as sample, {addresses}", service.port));
    let (status, body) = service.get("/work");
    assert_eq!((status, &body["error"]), (503, &json!("the work failed")));
    assert_eq!(body["reasons"]["redis"], "Connection refused (os error 111)");
    assert!(body["reasons"]["mongodb"].is_string(), "{body}");
}

#[test]
fn silent_stores_are_given_up() {
    // The system takes connections to it, and nobody ever answers.
    let silent = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let address = silent.local_addr().expect("its address");
    let service = Service::start(&[
        ("MONGODB_URI", &format!("mongodb://{address}")),
        ("REDIS_URL", &format!("redis://:s3cret@{address}")),
    ]);
    let reason = down_reason(&service, "redis");
    assert!(reason.contains("timed out"), "{reason}");
    let reason = down_reason(&service, "mongodb");
    assert!(reason.starts_with("Server selection timeout"), "{reason}");
}

#[test]
fn an_address_that_is_none_is_a_reason_and_no_crash() {
    let service =
        Service::start(&[("MONGODB_URI", "mysql://app:s3cret@a"), ("REDIS_URL", "rediss:s3cret@:x")]);
    let reason = down_reason(&service, "mongodb");
    assert!(reason.contains("scheme"), "{reason}");
    assert_eq!(down_reason(&service, "redis"), "Missing hostname - InvalidClientConfig");
}

#[test]
fn the_counter_counts_under_prefix_and_name() {
    let redis = FakeRedis::start(0);
    let url = format!("redis://127.0.0.1:{}", redis.port);
    let service =
        Service::start(&[("SERVICE_NAME", "auth"), ("REDIS_URL", &url), ("REDIS_KEY_PREFIX", "ms:")]);
    for value in 1..=2 {
        let counter = json!({ "key": "ms:work:auth", "value": value });
        let expected = json!({ "service": "auth", "document": null, "counter": counter });
        assert_eq!(service.get("/work"), (200, expected));
    }
    let (status, mut body) = service.get("/health");
    assert!(body["stores"]["redis"]["latencyMs"].take().is_f64());
    let stores = json!({ "redis": { "state": "up", "latencyMs": null } });
    assert_eq!((status, body), (200, json!({ "status": "healthy", "service": "auth", "stores": stores })));
}

#[test]
fn what_is_not_found_again_is_no_work_done() {
    let redis = FakeRedis::start_forgetful();
    let service = Service::start(&[("REDIS_URL", &format!("redis://127.0.0.1:{}", redis.port))]);
    let reason = "wrote work:sample = 1 and did not find it again";
    let expected = json!({ "service": "sample", "error": "the work failed", "reasons": { "mongodb": null, "redis": reason } });
    assert_eq!(service.get("/work"), (503, expected));
}

#[test]
fn a_stopped_store_is_down_and_found_again_at_the_first_request() {
    let redis = FakeRedis::start(0);
    let port = redis.port;
    let service = Service::start(&[("REDIS_URL", &format!("redis://127.0.0.1:{port}"))]);
    assert_eq!(service.get("/health").0, 200);
    drop(redis);
    assert_eq!(down_reason(&service, "redis"), "Connection refused (os error 111)");
    let _redis = FakeRedis::start(port);
    assert_eq!(service.get("/health").0, 200);
}

#[test]
fn a_restart_between_two_requests_goes_unnoticed() {
    let redis = FakeRedis::start(0);
    let port = redis.port;
    let service = Service::start(&[("REDIS_URL", &format!("redis://127.0.0.1:{port}"))]);
    let value = |(status, body): (u16, Value)| (status, body["counter"]["value"].clone());
    assert_eq!(value(service.get("/work")), (200, json!(1)));
    assert_eq!(value(service.get("/work")), (200, json!(2)));
    drop(redis);
    let _redis = FakeRedis::start(port);
    assert_eq!(value(service.get("/work")), (200, json!(1)), "the new store counts from the start, once");
}

/// An address that names these sentinels.
fn watched_by(sentinels: &[u16]) -> String {
    let hosts: Vec<String> = sentinels.iter().map(|port| format!("127.0.0.1:{port}")).collect();
    format!("redis+sentinel://:s3cret@{}/mymaster/0", hosts.join(","))
}

#[test]
fn the_master_is_found_through_any_sentinel() {
    let redis = FakeRedis::start(0);
    let sentinel = FakeRedis::start_sentinel(redis.port);
    let service = Service::start(&[("REDIS_URL", &watched_by(&[CLOSED_PORT, sentinel.port]))]);
    assert!(service.listening.contains("Redis redis+sentinel://:***@"), "{}", service.listening);
    assert_eq!(service.get("/health").0, 200);
    assert_eq!(service.get("/work").1["counter"]["value"], 1);
}

#[test]
fn work_goes_on_at_the_new_master_when_the_old_one_is_a_replica() {
    let (old, new) = (FakeRedis::start(0), FakeRedis::start(0));
    let sentinel = FakeRedis::start_sentinel(old.port);
    let service = Service::start(&[("REDIS_URL", &watched_by(&[sentinel.port]))]);
    let value = || service.get("/work").1["counter"]["value"].clone();
    assert_eq!([value(), value()], [json!(1), json!(2)]);
    old.demote();
    sentinel.names(new.port);
    assert_eq!(value(), 1, "the new one counts from its own start");
}

#[test]
fn without_a_master_the_reason_is_the_sentinels() {
    let replica = FakeRedis::start(0);
    replica.demote();
    let sentinel = FakeRedis::start_sentinel(replica.port);
    let service = Service::start(&[("REDIS_URL", &watched_by(&[sentinel.port]))]);
    let reason = down_reason(&service, "redis");
    assert_eq!(reason, "Master with given name not found in sentinel - MasterNameNotFoundBySentinel");
}
