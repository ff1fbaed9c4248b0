//! Variants of a stack that use another one's stores, or single services of it, instead of their own.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::{Project, get_json};
use crate::sharing::{GATEWAY, OFFSET, owner, who};
use crate::wire::ask;

/// The passwords in a profile's env file.
fn secrets(project: &Project, profile: &str) -> BTreeMap<String, String> {
    let file = project.root.join(format!(".gw/secrets/{profile}/env"));
    let text = std::fs::read_to_string(file).expect("the secrets");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('=')).map(|(name, value)| (name.into(), value.into())).collect()
}

/// The profile `test` on the owner's stores, with these keys more. Returns its project.
fn on_its_stores(project: &Project, more: &Value) -> String {
    let mut fields = json!({
        "sharedInfra": "default",
        "ports": { "offset": OFFSET },
        "gateway": { "port": project.port + OFFSET + GATEWAY, "default": "auth" },
    });
    for (key, value) in more.as_object().expect("fields are an object") {
        fields[key] = value.clone();
    }
    project.further("test", &fields)
}

/// A variant on the owner's stores has no stores, the owner's passwords, and a database and keys of its own: neither sees what the
/// other wrote. A profile may say that it works on the owner's data.
#[test]
fn data_in_shared_stores_is_apart_unless_the_profile_says_otherwise() {
    let project = owner();
    let test = on_its_stores(&project, &json!({}));
    project.expect(0, &["up"]);
    project.expect(0, &["-p", "test", "up"]);
    let keys: Vec<String> =
        ["auth", "kyc"].iter().map(|key| format!("{test}-{test}-{key}-1 running")).collect();
    let containers = project.containers_of(&test);
    assert_eq!((containers.len(), containers.iter().filter(|one| keys.contains(one)).count()), (3, 2));

    let own = secrets(&project, "default");
    assert_eq!(own.len(), 2);
    assert_eq!(secrets(&project, "test"), own);
    let work = |port: u16| get_json(port, "/work");
    for round in 1..=3 {
        for (port, database, prefix) in
            [(project.port, "app", String::new()), (project.port + OFFSET, &*test, format!("{test}:"))]
        {
            let work = work(port);
            let name = work["service"].as_str().expect("a name");
            assert_eq!(work["document"]["database"], database, "{work}");
            assert_eq!(work["counter"]["key"], format!("{prefix}work:{name}"), "{work}");
            assert_eq!(work["counter"]["value"], round, "{work}");
        }
    }

    let same = json!({ "mongodb": { "database": "app" }, "redis": { "prefix": "" } });
    on_its_stores(&project, &json!({ "infrastructure": same }));
    project.expect(0, &["-p", "test", "up"]);
    let work = work(project.port + OFFSET);
    assert_eq!(
        (&work["document"]["database"], &work["counter"]["key"]),
        (&json!("app"), &json!(format!("work:auth of {test}")))
    );
}

/// A new password of the owner's reaches the borrower with its next `up`.
#[test]
fn a_borrower_follows_its_owners_password() {
    let project = owner();
    let test = on_its_stores(&project, &json!({ "only": ["auth"] }));
    project.expect(0, &["up", "mongodb", "redis"]);
    project.expect(0, &["-p", "test", "up"]);
    let file = project.root.join(".gw/secrets/default/env");
    let before = std::fs::read_to_string(&file).expect("the secrets");
    let old = secrets(&project, "default")["GW_REDIS_PASSWORD"].clone();
    std::fs::write(&file, before.replace(&old, "another-password")).expect("the secrets can be changed");
    project.expect(0, &["up", "redis"]);
    // What runs still has the old one, and says so itself.
    project.expect(8, &["-p", "test", "health"]);
    project.expect(0, &["-p", "test", "up"]);
    project.expect(0, &["-p", "test", "health"]);
    assert_eq!(secrets(&project, "test")["GW_REDIS_PASSWORD"], "another-password");
    assert!(project.containers_of(&test).len() == 2, "{:?}", project.containers_of(&test));
}

/// A service that is borrowed is listed as its owner's, which keeps it while it is used, and not what nobody borrows.
fn is_listed_and_held(project: &Project, test: &str) {
    let ms = project.name.as_str();
    for view in ["status", "health"] {
        let view = project.view(0, &["-p", "test", view]);
        let rows = view["components"].as_array().expect("rows");
        let borrowed: Vec<&Value> = rows.iter().filter(|row| row["owner"] == *ms).collect();
        assert_eq!(borrowed.len(), 1, "{view}");
        assert_eq!((&borrowed[0]["component"], &borrowed[0]["ready"]), (&json!("auth"), &json!("ready")));
    }
    for words in [["down", "auth"], ["stop", "auth"]] {
        let refused = project.expect(5, &words).stderr;
        let begin = format!("error: project {ms} is still used: by project {test} (profile test) with ");
        assert!(refused.starts_with(&begin), "{refused}");
    }
    project.expect(0, &["stop", "kyc"]);
    project.expect(0, &["up", "kyc"]);
    project.docker(&["stop", &project.id("auth")]);
    let health = project.view(8, &["-p", "test", "health", "auth"]);
    assert_eq!(health["components"][0]["ready"], "failed", "{health}");
    project.docker(&["start", &project.id("auth")]);
    project.expect(0, &["up", "auth"]);
}

/// With one service of the owner's, a variant does not run it: its gateway and `${services.auth.url}` reach the owner's, also after
/// that was made anew at another address.
#[test]
fn a_shared_service_is_reached_where_it_runs() {
    let project = owner();
    let port = project.port;
    let mut services: Value =
        serde_json::from_slice(&std::fs::read(project.root.join("services.json")).expect("the services"))
            .expect("JSON");
    services["services"]["asker"] = json!({
        "image": "nginx:1.28", "command": ["sleep", "1000"], "ready": "none", "stopGrace": "0s",
        "env": { "AUTH_URL": "${services.auth.url}" },
    });
    project.write("services.json", &services.to_string());
    let test = project.further(
        "test",
        &json!({
            "sharedServices": ["auth"],
            "ports": { "offset": OFFSET },
            "gateway": { "port": port + OFFSET + GATEWAY, "default": "auth" },
        }),
    );
    project.expect(0, &["up"]);
    project.expect(0, &["-p", "test", "up"]);
    let names: Vec<String> = project.containers_of(&test);
    assert!(names.iter().all(|name| !name.contains("auth")), "{names:?}");
    is_listed_and_held(&project, &test);

    let own = format!("auth of {}", project.name);
    let script = r#"at=${AUTH_URL#http://}; exec 3<>"/dev/tcp/${at%:*}/${at#*:}"
        printf 'GET / HTTP/1.0\r\n\r\n' >&3; cat <&3"#;
    let reached = || {
        let gateway = port + OFFSET + GATEWAY;
        for lines in [&[][..], &["X-Target-Service: auth"]] {
            assert_eq!(who(&ask(gateway, "/", lines)), own);
        }
        assert_eq!(who(&ask(gateway, "/", &["X-Target-Service: kyc"])), format!("kyc of {test}"));
        let inside = project.expect(0, &["-p", "test", "exec", "-T", "asker", "--", "bash", "-c", script]);
        assert!(inside.stdout.contains(&format!(r#""service":"{own}""#)), "{}", inside.stdout);
    };
    reached();
    let address = |key: &str| {
        let all = project.inspect(key, "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}");
        all.parse::<std::net::Ipv4Addr>().expect("an address")
    };
    let before = (address("auth"), address("kyc"));
    project.docker(&["rm", "-f", &project.id("auth"), &project.id("kyc")]);
    // The engine gives the lowest free address: whoever had the higher one comes first and takes the other's.
    project.expect(0, &["up", if before.0 > before.1 { "auth" } else { "kyc" }]);
    project.expect(0, &["up"]);
    assert_ne!(address("auth"), before.0, "the scenario needs a new address");
    reached();
}
