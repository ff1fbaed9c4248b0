//! A port of the host that somebody else has.

use std::net::TcpListener;

use serde_json::json;

use crate::harness::{Project, sample};

/// A taken port ends `up` with 5 and names it; nothing stays, and once it is free the same command works.
#[test]
fn a_port_that_is_taken() {
    let project =
        Project::of(|port| json!({ "auth": sample(port, json!({})), "kyc": sample(port + 1, json!({})) }));
    let holder = TcpListener::bind(("127.0.0.1", project.port)).expect("the port is free");
    let ended = project.expect(5, &["up"]);
    assert!(ended.stderr.contains(&format!("127.0.0.1:{}", project.port)), "{}", ended.stderr);
    assert_eq!(project.containers(), [format!("{}-kyc-1 running", project.name)]);
    drop(holder);
    project.expect(0, &["up"]);
}
