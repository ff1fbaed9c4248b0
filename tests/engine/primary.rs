//! A primary that is killed or paused, while work goes on behind the gateway. Where a stand-in takes mongod's place, the way of the
//! commands and answers is MongoDB's; what it says of time and of lost writes is not.

use std::time::{Duration, Instant};

use mongodb::bson::{Document, doc};
use serde_json::{Value, json};

use crate::harness::{Project, eventually, get, get_json, sample};
use crate::load::Load;
use crate::watched::{leaders, row};

/// The members' keys.
const MEMBERS: [&str; 3] = ["mongo-primary", "mongo-secondary-1", "mongo-secondary-2"];

/// A replica set of three, `auth` that works with it, and a gateway, up and at work; the gateway's port.
fn at_work() -> (Project, u16, Load) {
    let project = Project::new(json!({}));
    let port = project.port;
    let auth = json!({ "dependsOn": ["mongodb"], "env": { "MONGODB_URI": "${mongodb.uri}" } });
    let mongodb = json!({ "mode": "replicaSet", "members": 3, "port": port + 2, "auth": true });
    let services =
        json!({ "infrastructure": { "mongodb": mongodb }, "services": { "auth": sample(port, auth) } });
    project.write("services.json", &services.to_string());
    project.profile(&json!({ "gateway": { "port": port + 1, "default": "auth" } }));
    project.expect(0, &["up"]);
    assert_eq!(primary(&project, 0).as_deref(), Some("mongo-primary"));
    let load = Load::start(port + 1);
    assert_eq!(get_json(port + 1, "/work")["document"]["service"], "auth");
    (project, port + 1, load)
}

/// The key of the primary, as `gw health` names it.
fn primary(project: &Project, code: i32) -> Option<String> {
    let health = project.view(code, &["health"]);
    let [(role, member)] = leaders(&health).try_into().expect("one store is led");
    assert_eq!(role, "primary");
    member?.strip_prefix(&format!("{}-", project.name)).map(str::to_owned)
}

/// Waits until another member is primary and work is done there; its key.
fn fails_over(project: &Project, gateway: u16) -> String {
    let mut found = None;
    eventually("another member is primary", Duration::from_secs(8), || {
        found = primary(project, 8).filter(|member| member != "mongo-primary");
        found.is_some()
    });
    eventually("work is done there", Duration::from_secs(2), || get(gateway, "/work", &[]).0 == 200);
    found.expect("there is one")
}

/// `ports` and `env` lead to the primary, and a program on this machine that uses them writes there.
fn views_follow(project: &Project, primary: &str) {
    let ports = project.view(0, &["ports"]);
    for (index, member) in (2..).zip(MEMBERS) {
        let row = row(&ports, "ports", member);
        assert_eq!(row["host"], json!(format!("127.0.0.1:{}", project.port + index)), "{ports}");
        assert_eq!(row["note"] == "primary", member == primary, "{ports}");
    }
    let host = row(&ports, "ports", primary)["host"].as_str().expect("an address").to_owned();
    let env = |arguments: &[&str]| -> Value {
        serde_json::from_str(&project.expect(0, arguments).stdout).expect("JSON")
    };
    let all = env(&["env", "--format", "json"]);
    let own = env(&["env", "--format", "json", "auth"]);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for uri in [&all["MONGODB_URL"], &own["MONGODB_URI"]] {
        let uri = uri.as_str().expect("an address");
        assert!(uri.contains(&host) && uri.contains("directConnection=true"), "{uri}");
        let written = runtime.block_on(async {
            let client = mongodb::Client::with_uri_str(uri).await?;
            client
                .database("app")
                .collection::<Document>("host")
                .insert_one(doc! { "from": "the host" })
                .await
        });
        written.unwrap_or_else(|error| panic!("{uri}: {error}"));
    }
}

/// Everybody is well, and the old primary is one of the secondaries.
fn the_old_primary_follows(project: &Project, primary: &str) {
    eventually("everybody is well", Duration::from_secs(12), || project.gw(&["health"]).code == 0);
    let health = project.view(0, &["health"]);
    for member in MEMBERS {
        let role = if member == primary { "primary" } else { "secondary" };
        assert_eq!(row(&health, "components", member)["role"], role, "{health}");
        assert_eq!(row(&health, "components", member)["lag"].is_object(), member != primary, "{health}");
    }
    views_follow(project, primary);
}

/// A primary that is killed: the service goes on at another one by itself, the views follow, `up` brings the old one back as a
/// secondary, and after `down` and `up` there is a primary and all the data.
#[test]
fn a_killed_primary_is_replaced_and_comes_back_as_a_secondary() {
    let (project, gateway, load) = at_work();
    let killed = Instant::now();
    assert_eq!(project.docker(&["kill", &format!("{}-mongo-primary-1", project.name)]).code, 0);
    let new = fails_over(&project, gateway);
    views_follow(&project, &new);
    project.expect(0, &["up"]);
    the_old_primary_follows(&project, &new);
    let work = load.stop();
    work.all_were_answered("mongodb");
    assert!(work.told(killed).0 > 0);
    project.expect(0, &["down"]);
    project.expect(0, &["up"]);
    let primary = primary(&project, 0).expect("there is a primary");
    the_old_primary_follows(&project, &primary);
    assert_eq!(get(gateway, "/work", &[]).0, 200);
}

/// A primary that is paused is replaced too, and is a secondary when it goes on.
#[test]
fn a_paused_primary_is_replaced_and_follows_when_it_goes_on() {
    let (project, gateway, load) = at_work();
    let name = format!("{}-mongo-primary-1", project.name);
    assert_eq!(project.docker(&["pause", &name]).code, 0);
    let new = fails_over(&project, gateway);
    views_follow(&project, &new);
    assert_eq!(project.docker(&["unpause", &name]).code, 0);
    the_old_primary_follows(&project, &new);
    load.stop().all_were_answered("mongodb");
}
