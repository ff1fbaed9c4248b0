//! A profile with one service on another one's stores, and the rest behind the other one's gateway: `combo`.

use std::process::Command;
use std::thread;

use serde_json::{Value, json};

use crate::harness::{Project, ended, sample};
use crate::repository::{compose, rendered};
use crate::wire::{Answer, ask};

/// The owner's gateway, from the project's first port on.
pub(crate) const GATEWAY: u16 = 3;
/// Its MongoDB.
pub(crate) const MONGODB: u16 = 5;
/// Its Redis.
pub(crate) const REDIS: u16 = 6;
/// How far a borrower's ports are from the owner's.
pub(crate) const OFFSET: u16 = 20;

/// Auth and kyc on a MongoDB and a Redis with passwords, behind a gateway; each service answers with its project.
pub(crate) fn owner() -> Project {
    let project = Project::new(json!({}));
    let port = project.port;
    project.profile(&json!({ "gateway": { "port": port + GATEWAY, "default": "auth" } }));
    let on_stores = |port: u16| {
        let env = json!({
            "SERVICE_NAME": "${self.name} of ${self.project}",
            "MONGODB_URI": "${mongodb.uri}",
            "REDIS_URL": "${redis.url}",
            "REDIS_KEY_PREFIX": "${redis.prefix}",
        });
        sample(port, json!({ "env": env, "dependsOn": ["mongodb", "redis"] }))
    };
    let services = json!({
        "infrastructure": {
            "mongodb": { "auth": true, "port": port + MONGODB }, "redis": { "auth": true, "port": port + REDIS },
        },
        "services": { "auth": on_stores(port), "kyc": on_stores(port + 1) },
    });
    project.write("services.json", &services.to_string());
    project
}

/// The profile `combo` of such a project: kyc alone. Returns its project.
pub(crate) fn combo(project: &Project) -> String {
    project.further(
        "combo",
        &json!({
            "only": ["kyc"],
            "sharedInfra": "default",
            "ports": { "offset": OFFSET },
            "gateway": { "port": project.port + OFFSET + GATEWAY, "default": { "profile": "default" } },
        }),
    )
}

/// Who answered, of the sample services.
pub(crate) fn who(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["service"].as_str().expect("a service says its name").to_owned()
}

/// Asks both gateways 200 times for kyc, from eight clients at once: each answers with its own project's only.
fn each_reaches_its_own_kyc(project: &Project, combo: &str) {
    let gateway = project.port + GATEWAY;
    let ask_for_kyc = |port: u16, expected: &str| {
        for _ in 0..50 {
            assert_eq!(who(&ask(port, "/", &["X-Target-Service: kyc"])), expected);
        }
    };
    let (own, theirs) = (format!("kyc of {}", project.name), format!("kyc of {combo}"));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| ask_for_kyc(gateway, &own));
            scope.spawn(|| ask_for_kyc(gateway + OFFSET, &theirs));
        }
    });
}

/// What the borrower does not have is answered by the owner's gateway: no header, another service's, an unknown one's.
fn the_rest_goes_to_the_owners_gateway(project: &Project) {
    let port = project.port + GATEWAY + OFFSET;
    let auth = format!("auth of {}", project.name);
    for lines in [&[][..], &["X-Target-Service: auth"]] {
        let answer = ask(port, "/", lines);
        assert_eq!(who(&answer), auth);
        // The client and one gateway before the owner's: no request came round twice.
        let way = answer.json()["headers"]["x-forwarded-for"].as_str().unwrap_or_default().to_owned();
        assert_eq!(way.split(", ").count(), 2, "{way}");
    }
    let unknown = ask(port, "/", &["X-Target-Service: nobody"]);
    let expected = json!({
        "error": "unknown service", "service": "nobody", "known": ["auth", "kyc"], "gateway": project.name,
    });
    assert_eq!((unknown.status, unknown.json()), (404, expected));
}

/// With both up each gateway reaches only its own project's kyc and everything else of a borrower's goes to the owner's gateway, also
/// after either is made anew while the other runs; an owner that is away is a 503 at once, never the borrower itself.
#[test]
fn each_gateway_reaches_its_own_and_the_rest_is_the_owners() {
    let project = owner();
    let combo = combo(&project);
    project.expect(0, &["up"]);
    project.expect(0, &["-p", "combo", "up"]);
    let others = |name: &str| {
        let listed =
            project.docker(&["network", "inspect", "--format", "{{.Id}}", &format!("{name}_default")]);
        listed.stdout
    };
    let network = others(&project.name);
    each_reaches_its_own_kyc(&project, &combo);
    the_rest_goes_to_the_owners_gateway(&project);
    for fresh in [&["fresh"][..], &["-p", "combo", "fresh"]] {
        project.expect(0, fresh);
        each_reaches_its_own_kyc(&project, &combo);
        the_rest_goes_to_the_owners_gateway(&project);
    }
    assert_eq!(others(&project.name), network, "fresh keeps the network that others are attached to");

    project.docker(&["stop", &project.id("gateway")]);
    let answer = ask(project.port + GATEWAY + OFFSET, "/", &[]);
    let gateway = format!("gateway.{}", project.name);
    let absent = json!({ "error": "service not available", "service": gateway, "gateway": combo });
    assert_eq!((answer.status, answer.json()), (503, absent));
}

/// Without gw `docker compose` runs the rendered files of both, the owner first; the borrower alone is refused.
#[test]
fn compose_alone_runs_owner_and_borrower() {
    let project = owner();
    let combo = combo(&project);
    // The borrower's file first: whoever is rendered first makes the passwords that both have.
    project.expect(0, &["-p", "combo", "generate"]);
    project.expect(0, &["generate"]);
    let early = Command::new("docker")
        .args(["compose", "--env-file", ".gw/secrets/combo/env", "-f"])
        .arg(rendered("combo"))
        .args(["up", "-d", "--wait"])
        .current_dir(&project.root)
        .output();
    let early = ended(early.expect("docker runs"));
    assert_ne!(early.code, 0);
    assert!(early.stderr.contains(&format!("network {}_default", project.name)), "{}", early.stderr);

    compose(&project, "default", &rendered("default"), &["up", "-d", "--wait"]);
    compose(&project, "combo", &rendered("combo"), &["up", "-d", "--wait"]);
    each_reaches_its_own_kyc(&project, &combo);
    the_rest_goes_to_the_owners_gateway(&project);
    let work = |port: u16| -> Value { ask(port, "/work", &["X-Target-Service: kyc"]).json() };
    let (own, theirs) = (work(project.port + GATEWAY), work(project.port + GATEWAY + OFFSET));
    assert_eq!(
        (&own["counter"]["value"], &theirs["counter"]["value"]),
        (&json!(1), &json!(1)),
        "{own} {theirs}"
    );

    // gw takes both over as they are, and knows who uses whom.
    let before = project.containers();
    project.expect(0, &["-p", "combo", "health"]);
    let refused = project.expect(5, &["down"]);
    assert!(refused.stderr.contains(&format!("by project {combo} (profile combo)")), "{}", refused.stderr);
    project.expect(0, &["-p", "combo", "up"]);
    assert_eq!(project.containers(), before);
    compose(&project, "combo", &rendered("combo"), &["down"]);
    compose(&project, "default", &rendered("default"), &["down"]);
}
