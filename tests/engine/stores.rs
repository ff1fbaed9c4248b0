//! A single MongoDB and a single Redis with passwords.

use std::os::unix::fs::PermissionsExt;

use mongodb::bson::{Document, doc};
use serde_json::{Value, json};

use crate::harness::{Project, get_json, sample};

fn with_stores() -> Project {
    let project = Project::new(json!({}));
    let port = project.port;
    let env = json!({
        "env": { "MONGODB_URI": "${mongodb.uri}", "REDIS_URL": "${redis.url}" },
        "dependsOn": ["mongodb", "redis"],
    });
    let infrastructure = json!({
        "mongodb": { "auth": true, "port": port + 50 }, "redis": { "auth": true, "port": port + 60 },
    });
    let services = json!({ "infrastructure": infrastructure, "services": { "auth": sample(port, env) } });
    project.write("services.json", &services.to_string());
    project
}

fn secrets(project: &Project) -> Vec<String> {
    let text = std::fs::read_to_string(project.root.join(".gw/secrets/default/env")).expect("the secrets");
    let values = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
    values.map(|(_, value)| value.to_owned()).collect()
}

/// The ids of the documents that work wrote, as MongoDB itself has them, in their order.
fn documents(project: &Project) -> Vec<Value> {
    let [password, _] = secrets(project).try_into().expect("two passwords");
    let address = format!("mongodb://root:{password}@127.0.0.1:{}/?authSource=admin", project.port + 50);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let found = runtime.block_on(async {
        let client = mongodb::Client::with_uri_str(address).await?;
        let mut cursor = client.database("app").collection::<Document>("work").find(doc! {}).await?;
        let mut ids = Vec::new();
        while cursor.advance().await? {
            ids.extend(cursor.deserialize_current()?.get_object_id("_id").map(|id| json!(id.to_hex())));
        }
        mongodb::error::Result::Ok(ids)
    });
    found.expect("MongoDB answers")
}

/// The stack is healthy, the service works through both stores, and `health` shows roles, latencies and times.
#[test]
fn services_work_through_stores_with_passwords() {
    let project = with_stores();
    project.expect(0, &["up"]);
    let work = get_json(project.port, "/work");
    let host = get_json(project.port, "/")["host"].clone();
    assert!(host.is_string());
    let again = get_json(project.port, "/work");
    for (work, count) in [(&work, 1), (&again, 2)] {
        let document = &work["document"];
        assert_eq!((&document["database"], &document["collection"]), (&json!("app"), &json!("work")));
        assert_eq!((&document["service"], &document["host"]), (&json!("auth"), &host));
        assert_eq!(work["counter"], json!({ "key": "work:auth", "value": count }));
    }
    assert_eq!(documents(&project), [&work, &again].map(|work| work["document"]["id"].clone()));
    let health = project.view(0, &["health"]);
    let row = |name: &str| {
        let rows = health["components"].as_array().expect("rows");
        rows.iter().find(|row| row["component"] == name).expect("a row").clone()
    };
    for (name, role, probe) in [
        ("mongodb", json!("standalone"), "MongoDB ping on port 27017"),
        ("redis", json!("master"), "Redis PING on port 6379"),
        ("auth", Value::Null, "GET /health on port"),
    ] {
        let row = row(name);
        assert_eq!((&row["role"], &row["ready"]), (&role, &json!("ready")), "{row}");
        assert!(row["probe"].as_str().is_some_and(|text| text.starts_with(probe)), "{row}");
        assert!(row["latency_ms"].as_f64().is_some_and(|latency| latency > 0.0), "{row}");
        assert!(row["since_seconds"].as_u64().is_some(), "{row}");
    }
    let table = project.expect(0, &["health"]).stdout;
    assert!(table.starts_with("COMPONENT  HEALTH  PROBE"), "{table}");
    let redis = table.lines().find(|line| line.starts_with("redis")).expect("a row");
    assert!(redis.contains(" ms ") && redis.contains(" ago ") && redis.ends_with("master"), "{redis}");
}

/// Passwords are in `.gw/secrets` (0700, 0600) and in `gw env`, and in no rendered file and no other answer.
#[test]
fn passwords_are_where_they_belong() {
    let project = with_stores();
    let up = project.expect(0, &["--verbose", "up"]);
    let mode = |path: &str| {
        std::fs::metadata(project.root.join(path)).expect("it is there").permissions().mode() & 0o777
    };
    assert_eq!(
        (mode(".gw/secrets"), mode(".gw/secrets/default"), mode(".gw/secrets/default/env")),
        (0o700, 0o700, 0o600)
    );
    let passwords = secrets(&project);
    assert_eq!(passwords.iter().map(String::len).collect::<Vec<_>>(), [32, 32]);
    let mut said = vec![up];
    for command in ["status", "health", "ports", "profiles", "doctor"] {
        said.push(project.expect(0, &[command]));
        said.push(project.expect(0, &["-o", "json", command]));
    }
    said.push(project.expect(0, &["fresh", "--dry-run"]));
    for password in &passwords {
        for ended in &said {
            assert!(!ended.stdout.contains(password) && !ended.stderr.contains(password), "{ended:?}");
        }
        for (path, content) in project.files() {
            let secret = path.ends_with(".gw/secrets/default/env");
            assert_eq!(String::from_utf8_lossy(&content).contains(password), secret, "{path}");
        }
        assert!(project.expect(0, &["env"]).stdout.contains(password));
    }
    let [mongodb, redis] = passwords.as_slice() else { panic!("two passwords") };
    let own = project.expect(0, &["env", "auth"]).stdout;
    let (first, second) = (project.port + 50, project.port + 60);
    assert!(
        own.contains(&format!(
            "export MONGODB_URI='mongodb://root:{mongodb}@127.0.0.1:{first}/app?authSource=admin'\n"
        )),
        "{own}"
    );
    assert!(own.contains(&format!("export REDIS_URL='redis://:{redis}@127.0.0.1:{second}/0'\n")), "{own}");
}

/// A MongoDB keeps the password of its volume: another one in `.gw/secrets` is found before anything starts, with the volume's
/// name and the ways out, and the former one brings everything back.
#[test]
fn another_password_than_the_volume_has_is_said_before_the_start() {
    let project = with_stores();
    project.expect(0, &["up"]);
    get_json(project.port, "/work");
    let file = project.root.join(".gw/secrets/default/env");
    let text = std::fs::read_to_string(&file).expect("the secrets");
    let old = secrets(&project);
    let volume = format!("{}_mongodb", project.name);
    let label =
        project.docker(&["volume", "inspect", "-f", "{{index .Labels \"gw.fingerprint\"}}", &volume]).stdout;
    assert!(label.starts_with("$argon2id$v=19$") && !label.contains(&old[0]), "{label}");
    std::fs::write(&file, text.replace(&old[0], "another-password")).expect("the secrets can be changed");
    let expected = format!(
        "error: volume {volume} was initialised with another password than GW_MONGODB_ROOT_PASSWORD has now, so nobody could \
         log in to mongodb\n\
         hint: give it the former value again; its data is untouched\n      \
         a new password for the data that is there, while the former one is known to gw: `gw secrets rotate \
         GW_MONGODB_ROOT_PASSWORD`\n      \
         start empty: `gw fresh --volumes` deletes the data of the whole profile\n"
    );
    let before = (project.containers(), project.id("mongo"));
    for arguments in
        [&["up"][..], &["up", "mongodb"], &["up", "--dry-run"], &["fresh"], &["fresh", "--dry-run"]]
    {
        let ended = project.expect(5, arguments);
        let said = ended.stderr.lines().filter(|line| !line.contains("failed after"));
        assert_eq!(said.collect::<Vec<_>>().join("\n") + "\n", expected, "{arguments:?}");
    }
    assert_eq!((project.containers(), project.id("mongo")), before, "nothing was touched");
    project.expect(0, &["down"]);
    project.expect(5, &["up"]);
    // Redis takes the password that it is given: a new one is only a replaced container.
    std::fs::write(&file, text.replace(&old[1], "new-redis-password")).expect("the secrets can be changed");
    project.expect(0, &["up"]);
    assert_eq!(get_json(project.port, "/work")["counter"]["value"], 2);
    // Whoever starts empty takes what he is given.
    std::fs::write(&file, text.replace(&old[0], "another-password")).expect("the secrets can be changed");
    project.expect(0, &["fresh", "--volumes"]);
    project.expect(0, &["up"]);
    assert_eq!(get_json(project.port, "/work")["counter"]["value"], 1);
    for password in [&old[0], &old[1], &"another-password".to_owned()] {
        let files = project.files().into_iter();
        for (path, content) in files.filter(|(path, _)| !path.ends_with(".gw/secrets/default/env")) {
            assert!(!String::from_utf8_lossy(&content).contains(password), "{path}");
        }
    }
}
