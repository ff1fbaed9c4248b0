//! An engine that answers on this machine and says that its host is called otherwise: `ssh -L` forwards its socket, or gw runs in
//! a container that the socket is mounted into. Here `gw` runs where the machine has another name. The older engine serves,
//! because its ports are published by its proxy alone.

use serde_json::{Value, json};

use super::under_test::{Engine, older, words};
use crate::harness::{Project, sample};
use crate::redact::redact;

/// A project whose `gw` runs on a machine that is called otherwise than the engine's.
fn project(engine: &Engine, services: impl FnOnce(u16) -> Value) -> Project {
    let rename = "echo elsewhere >/proc/sys/kernel/hostname; exec \"$@\"";
    engine.project(services).run_by(&words(&["unshare", "--uts", "sh", "-c", rename, "sh"]))
}

/// A health check is asked before a published port, which may be somebody else's.
#[test]
fn a_health_check_is_surer_than_a_port_that_may_be_anothers() {
    let project = project(older(), |port| json!({ "auth": sample(port, json!({})) }));
    let said = redact(&project, &project.expect(0, &["up"]).stderr);
    let probe = "exec /sample-service --health (its health check; port PORT+0 is out of reach)";
    assert!(said.contains(&format!("auth ready after T ({probe}, asked N)\n")), "{said}");
    assert_eq!(project.view(0, &["ports"])["ports"][0]["host"], format!("127.0.0.1:{}", project.port));
}

/// Without one the port is tried; the engine's proxy accepts with nobody inside, and that does not count as ready.
#[test]
fn a_proxy_that_accepts_for_nobody_deceives_no_probe() {
    let project = project(older(), |port| {
        let mut service = sample(port, json!({ "env": { "SAMPLE_START_DELAY_MS": "1500" } }));
        service["ready"] = json!({ "tcp": true, "deadline": "30s" });
        service.as_object_mut().expect("a service is an object").remove("healthcheck");
        json!({ "auth": service })
    });
    let said = redact(&project, &project.expect(0, &["up"]).stderr);
    assert!(said.contains("auth: the engine's proxy hangs up: nobody listens inside\n"), "{said}");
    assert!(said.contains("auth ready after T (TCP connect to port PORT+0, asked N)\n"), "{said}");
}
