//! What `/health` answers, as plain data.

use std::time::Duration;

use serde_json::{Map, Value, json};

/// The result of one store's ping.
#[derive(Debug)]
pub(crate) struct Ping {
    /// Which store.
    pub(crate) store: &'static str,
    /// How long it took, to the answer or to giving up.
    pub(crate) latency: Duration,
    /// Why it failed, if it did.
    pub(crate) failure: Option<String>,
}

/// Returns whether all is well, and the body that says so.
pub(crate) fn health_report(service: &str, pings: Vec<Ping>) -> (bool, Value) {
    let healthy = pings.iter().all(|ping| ping.failure.is_none());
    let stores: Map<String, Value> =
        pings.into_iter().map(|ping| (ping.store.to_owned(), store(ping))).collect();
    (healthy, json!({ "status": status(healthy), "service": service, "stores": stores }))
}

/// Returns the body of a service that is unhealthy for a reason of its own.
pub(crate) fn own_report(service: &str, reason: &str) -> Value {
    json!({ "status": status(false), "service": service, "reason": reason })
}

fn status(healthy: bool) -> &'static str {
    if healthy { "healthy" } else { "unhealthy" }
}

fn store(ping: Ping) -> Value {
    let latency = (ping.latency.as_secs_f64() * 10_000.0).round() / 10.0;
    match ping.failure {
        None => json!({ "state": "up", "latencyMs": latency }),
        Some(reason) => json!({ "state": "down", "latencyMs": latency, "reason": reason }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ping(store: &'static str, micros: u64, failure: Option<&str>) -> Ping {
        Ping { store, latency: Duration::from_micros(micros), failure: failure.map(str::to_owned) }
    }

    fn text(service: &str, pings: Vec<Ping>) -> (bool, String) {
        let (healthy, body) = health_report(service, pings);
        (healthy, body.to_string())
    }

    #[test]
    fn a_service_without_stores_is_healthy() {
        let body = r#"{"status":"healthy","service":"auth","stores":{}}"#;
        assert_eq!(text("auth", vec![]), (true, body.to_owned()));
    }

    #[test]
    fn each_store_has_its_state_and_latency() {
        let body = concat!(
            r#"{"status":"healthy","service":"auth","stores":{"mongodb":{"state":"up","latencyMs":1.2},"#,
            r#""redis":{"state":"up","latencyMs":0.5}}}"#
        );
        let pings = vec![ping("mongodb", 1_234, None), ping("redis", 456, None)];
        assert_eq!(text("auth", pings), (true, body.to_owned()));
    }

    #[test]
    fn one_store_down_is_unhealthy_with_its_reason() {
        let body = concat!(
            r#"{"status":"unhealthy","service":"auth","stores":{"mongodb":{"state":"up","latencyMs":1.0},"#,
            r#""redis":{"state":"down","latencyMs":1000.0,"reason":"gone"}}}"#
        );
        let pings = vec![ping("mongodb", 1_000, None), ping("redis", 1_000_000, Some("gone"))];
        assert_eq!(text("auth", pings), (false, body.to_owned()));
    }
}
