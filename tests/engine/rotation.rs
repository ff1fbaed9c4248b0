//! `gw secrets rotate`: new passwords, the same data, and a way on from wherever it is cut off.

use std::time::Duration;

use mongodb::bson::{Document, doc};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::harness::{Project, eventually, get_json, sample};
use crate::running::Running;

/// A service that works through a MongoDB and a Redis with passwords; `redis` is merged over Redis's settings.
fn with_stores(redis: &Value) -> Project {
    let project = Project::new(json!({}));
    let env = json!({
        "env": { "MONGODB_URI": "${mongodb.uri}", "REDIS_URL": "${redis.url}" },
        "dependsOn": ["mongodb", "redis"],
    });
    let mut settings = json!({ "auth": true });
    settings.as_object_mut().expect("an object").extend(redis.as_object().expect("an object").clone());
    let services = json!({
        "infrastructure": { "mongodb": { "auth": true }, "redis": settings },
        "services": { "auth": sample(project.port, env), "plain": sample(project.port + 1, json!({})) },
    });
    project.write("services.json", &services.to_string());
    project
}

const PASSWORDS: [&str; 2] = ["GW_MONGODB_ROOT_PASSWORD", "GW_REDIS_PASSWORD"];

fn passwords(project: &Project) -> [String; 2] {
    let values = project.secret_values("default");
    PASSWORDS.map(|name| values[name].clone())
}

/// How often work was done before.
fn worked(project: &Project) -> i64 {
    get_json(project.port, "/work")["counter"]["value"].as_i64().expect("a number")
}

fn rotation_is_over(project: &Project) {
    assert!(!project.root.join(".gw/secrets/default/rotation").exists(), "the former values are forgotten");
    project.expect(0, &["health"]);
    // Nothing is to be done, and no password is another one than the volume's, also for who starts again.
    let plan = project.expect(0, &["up", "--dry-run"]).stdout;
    assert!(!plan.contains("create container"), "{plan}");
    project.expect(0, &["down"]);
    project.expect(0, &["up"]);
}

/// Both stores get new passwords, the service is replaced and works on with all its data; what uses no secret runs on.
#[test]
fn stores_get_new_passwords_and_keep_their_data() {
    let project = with_stores(&json!({}));
    project.expect(0, &["up"]);
    let before = passwords(&project);
    assert_eq!(worked(&project), 1);
    let (auth, plain) = (project.id("auth"), project.id("plain"));
    let steps = project.expect(0, &["secrets", "rotate", "--dry-run"]).stdout;
    assert_eq!(
        steps,
        "STEP  WHAT\n\
         1     keep the former GW_MONGODB_ROOT_PASSWORD in case this is cut off\n\
         2     write new values: GW_MONGODB_ROOT_PASSWORD, GW_REDIS_PASSWORD\n\
         3     change the password of MongoDB's user root on mongo\n\
         4     note the new password's fingerprint for the volume mongodb\n\
         5     forget the former GW_MONGODB_ROOT_PASSWORD\n\
         6     replace what runs of auth, mongodb, redis\n"
    );
    assert_eq!(passwords(&project), before, "--dry-run changes nothing");
    let mut ways = vec![project.expect(0, &["secrets", "rotate"])];
    assert_eq!(worked(&project), 2, "nothing is lost");
    let after = passwords(&project);
    assert!(before.iter().zip(&after).all(|(before, after)| before != after && after.len() == 32));
    assert_ne!(project.id("auth"), auth);
    assert_eq!(project.id("plain"), plain);
    rotation_is_over(&project);
    assert_eq!(worked(&project), 3);
    // Again, and one alone.
    ways.push(project.expect(0, &["-o", "json", "secrets", "rotate", "GW_MONGODB_ROOT_PASSWORD"]));
    assert_eq!(worked(&project), 4);
    let last = passwords(&project);
    assert_eq!((last[0] != after[0], &last[1]), (true, &after[1]));
    rotation_is_over(&project);
    assert_eq!(worked(&project), 5);
    for value in before.iter().chain(&after).chain(&last) {
        for ended in &ways {
            assert!(!ended.stdout.contains(value) && !ended.stderr.contains(value), "{ended:?}");
        }
        for (path, content) in project.files() {
            let found = String::from_utf8_lossy(&content).contains(value);
            assert!(!found || path == ".gw/secrets/default/env", "{path}");
        }
    }
    // The former password is another one now, and found before the start.
    let values = format!("{}={}\n{}={}\n", PASSWORDS[0], after[0], PASSWORDS[1], last[1]);
    project.secrets("default", &values);
    let refused = project.expect(5, &["up"]).stderr;
    assert!(
        refused.contains(&format!("volume {}_mongodb was initialised with another password", project.name)),
        "{refused}"
    );
    project.secrets("default", &values.replace(&after[0], &last[0]));
    project.expect(0, &["down", "--volumes"]);
    assert_eq!(project.volumes(), Vec::<String>::new(), "what a rotation leaves goes with the data");
}

/// A Redis that sentinels watch gets its new password with all of them, whoever is master, and loses nothing.
#[test]
fn a_watched_redis_gets_a_new_password() {
    let project = Project::new(json!({}));
    let ask = "redis-cli -h ${redis.host} -a ${redis.password} ping | grep -q PONG";
    let services = json!({
        "infrastructure": { "redis": { "mode": "sentinel", "replicas": 1, "auth": true } },
        "services": { "app": {
            "image": "redis:8", "command": ["sleep", "1000"], "stopGrace": "0s", "dependsOn": ["redis"],
            "env": { "ASK": ask }, "ready": { "exec": ["sh", "-c", "eval \"$ASK\""], "deadline": "30s" },
        } },
    });
    project.write("services.json", &services.to_string());
    project.expect(0, &["up"]);
    let cli = |server: &str, words: &[&str]| {
        project
            .expect(0, &[&["exec", "-T", server, "--", "redis-cli"], words].concat())
            .stdout
            .trim()
            .to_owned()
    };
    let sentinel = |words: &[&str]| cli("redis-sentinel-1", &[&["-p", "26379"], words].concat());
    sentinel(&["sentinel", "failover", "mymaster"]);
    eventually("the replica is master", Duration::from_secs(10), || {
        cli("redis-replica-1", &["info", "replication"]).contains("role:master")
            && cli("redis-master", &["info", "replication"]).contains("master_link_status:up")
    });
    for number in 0..100 {
        assert_eq!(cli("redis-replica-1", &["set", &format!("key-{number}"), "kept"]), "OK");
    }
    let (before, app) = (project.secret_values("default")[PASSWORDS[1]].clone(), project.id("app"));
    project.expect(0, &["secrets", "rotate"]);
    assert_ne!(project.secret_values("default")[PASSWORDS[1]], before);
    assert_ne!(project.id("app"), app);
    project.expect(0, &["health"]);
    assert!(
        cli("redis-replica-1", &["info", "replication"]).contains("role:master"),
        "the master is who it was"
    );
    assert_eq!(cli("redis-replica-1", &["dbsize"]), "100");
    assert!(
        cli("redis-master", &["-a", &before, "ping"]).contains("NOAUTH"),
        "the former password is none any more"
    );
    rotation_is_over(&project);
}

/// The documents that work wrote, as a member itself counts them.
fn documents(project: &Project, port: u16) -> u64 {
    let password = project.secret_values("default")["GW_MONGODB_PASSWORD"].clone();
    let uri = format!("mongodb://app:{password}@127.0.0.1:{port}/?authSource=admin&directConnection=true");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let counted = runtime.block_on(async {
        let client = mongodb::Client::with_uri_str(uri).await?;
        client.database("app").collection::<Document>("work").count_documents(doc! {}).await
    });
    counted.expect("MongoDB counts")
}

/// The primary of a replica set, whoever that is, is told root's new password; the applications' user gets its own from the job, and
/// a new key is taken by all members at once. Nothing is lost. (Where a stand-in takes mongod's place, the way of the commands is
/// MongoDB's, and what it says of durability is not.)
#[test]
fn a_replica_set_gets_new_passwords_and_a_new_key() {
    let project = Project::new(json!({}));
    let port = project.port;
    let auth = json!({ "dependsOn": ["mongodb"], "env": { "MONGODB_URI": "${mongodb.uri}" } });
    let mongodb = json!({ "mode": "replicaSet", "members": 3, "port": port + 2, "auth": true });
    let services =
        json!({ "infrastructure": { "mongodb": mongodb }, "services": { "auth": sample(port, auth) } });
    project.write("services.json", &services.to_string());
    project.expect(0, &["up"]);
    let names = ["GW_MONGODB_KEYFILE", "GW_MONGODB_PASSWORD", PASSWORDS[0]];
    let work = |times: u64| {
        assert_eq!(get_json(port, "/work")["document"]["service"], "auth");
        assert_eq!(documents(&project, port + 2), times);
    };
    work(1);
    let before = project.secret_values("default");
    let said = project.expect(0, &["secrets", "rotate"]).stderr;
    assert!(said.contains("MongoDB's user root has its new password"), "{said}");
    work(2);
    let after = project.secret_values("default");
    let changed = names.map(|name| before[name] != after[name]);
    assert_eq!(changed, [false, true, true], "the key is changed only by name");
    project.expect(0, &["secrets", "rotate", "GW_MONGODB_KEYFILE"]);
    assert_ne!(project.secret_values("default")[names[0]], after[names[0]]);
    work(3);
    rotation_is_over(&project);
    work(4);
}

/// Killed after each of its events, a rotation leaves what the next `up` gets on with: every password fits, and all data is there.
#[test]
fn a_rotation_is_killed_after_each_of_its_events() {
    let project = with_stores(&json!({}));
    project.expect(0, &["up"]);
    let whole = project.expect(0, &["-o", "json", "secrets", "rotate"]).stdout;
    let events: Vec<Value> = whole.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let notes = events.iter().filter(|event| event["event"] == "note").count();
    assert!(notes >= 2, "{whole}");
    let mut done = worked(&project);
    // The first ones are about the rotation itself; of what is replaced afterwards `tests/engine/killed.rs` tells.
    for number in 1..=notes + 6 {
        let mut gw = Running::start(&project, &["secrets", "rotate"]);
        let mut count = 0;
        gw.until(&format!("event {number}"), |event| {
            count += 1;
            count == number || event["event"] == "finished"
        });
        gw.signal(Signal::KILL);
        gw.end();
        let next = project.gw(&["up"]);
        assert_eq!(next.code, 0, "killed after event {number}\n{}{}", next.stdout, next.stderr);
        done += 1;
        assert_eq!(worked(&project), done, "killed after event {number}");
        assert!(!project.root.join(".gw/secrets/default/rotation").exists(), "killed after event {number}");
    }
    rotation_is_over(&project);
}

/// Cut off before the store knew, found when nothing runs: the next `up` starts the store, tells it, and goes on.
#[test]
fn a_rotation_that_was_cut_off_is_finished_from_nothing() {
    let project = with_stores(&json!({}));
    project.expect(0, &["up"]);
    assert_eq!(worked(&project), 1);
    let [root, redis] = passwords(&project);
    project.expect(0, &["down"]);
    project.secrets("default", &format!("{}=another-password\n{}={redis}\n", PASSWORDS[0], PASSWORDS[1]));
    let former = project.root.join(".gw/secrets/default/rotation");
    std::fs::write(&former, format!("{}={root}\n", PASSWORDS[0])).expect("a file");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&former, mode).expect("a mode");
    let list = project.view(0, &["secrets", "list"]);
    assert_eq!(list["unfinished"], json!(["GW_MONGODB_ROOT_PASSWORD"]));
    // What would be done is not refused for a password that is about to be the right one.
    project.expect(0, &["up", "--dry-run"]);
    let up = project.expect(0, &["up"]).stderr;
    assert!(up.contains("MongoDB's user root has its new password"), "{up}");
    assert_eq!(worked(&project), 2);
    rotation_is_over(&project);
    // So does whoever restarts what runs.
    let [now, _] = passwords(&project);
    let former_is = |value: &str| {
        std::fs::write(&former, format!("{}={value}\n", PASSWORDS[0])).expect("a file");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&former, mode).expect("a mode");
    };
    former_is(&now);
    project.secrets("default", &format!("{}=third-password\n{}={redis}\n", PASSWORDS[0], PASSWORDS[1]));
    let health = project.expect(8, &["health"]).stderr;
    assert!(health.contains("a rotation of passwords was cut off: `gw up` finishes it"), "{health}");
    project.expect(0, &["restart"]);
    assert_eq!(worked(&project), 3);
    // Cut off before the new value was written: nothing has changed, and nothing does.
    former_is("third-password");
    project.expect(0, &["up"]);
    assert_eq!(worked(&project), 4);
    // A former value that the store never had is said, and nothing is changed.
    former_is("never-was");
    project.secrets("default", &format!("{}=never-was-either\n{}={redis}\n", PASSWORDS[0], PASSWORDS[1]));
    let refused = project.expect(5, &["up"]).stderr;
    assert!(
        refused.contains(
            "GW_MONGODB_ROOT_PASSWORD is not changed yet: root has neither the new nor the former password"
        ),
        "{refused}"
    );
}

/// Who borrows the stores is replaced too, and works on.
#[test]
fn borrowers_are_replaced_too() {
    let project = with_stores(&json!({}));
    let port = project.port + 20;
    project
        .further("test", &json!({ "sharedInfra": "default", "only": ["auth"], "ports": { "offset": 20 } }));
    project.expect(0, &["up"]);
    project.expect(0, &["-p", "test", "up"]);
    let work = |count: i64| assert_eq!(get_json(port, "/work")["counter"]["value"], count);
    work(1);
    let refused = project.expect(5, &["-p", "test", "secrets", "rotate", "GW_REDIS_PASSWORD"]).stderr;
    assert_eq!(
        refused,
        "error: GW_REDIS_PASSWORD is of profile default\n\
         hint: `gw secrets rotate -p default GW_REDIS_PASSWORD` changes it there, and replaces what runs here\n"
    );
    let said = project.expect(0, &["secrets", "rotate"]).stderr;
    assert!(said.contains("then profile test, which borrows from this one"), "{said}");
    work(2);
    project.expect(0, &["-p", "test", "health"]);
    assert_eq!(project.secret_values("test")[PASSWORDS[1]], project.secret_values("default")[PASSWORDS[1]]);
}

/// A root password that comes from elsewhere and changed there is refused by `up`, and `rotate` tells the store.
#[test]
fn a_password_that_changed_at_its_source_is_rotated() {
    let project = with_stores(&json!({}));
    project.profile(&json!({ "secrets": { "GW_MONGODB_ROOT_PASSWORD": { "file": "password" } } }));
    project.write("password", "first-password");
    project.expect(0, &["up"]);
    assert_eq!(worked(&project), 1);
    let same = project.expect(5, &["secrets", "rotate", "GW_MONGODB_ROOT_PASSWORD"]).stderr;
    assert!(same.starts_with("error: the file password still has the former value"), "{same}");
    project.write("password", "second-password");
    let refused = project.expect(5, &["up"]).stderr;
    assert!(refused.contains("`gw secrets rotate GW_MONGODB_ROOT_PASSWORD`"), "{refused}");
    project.expect(0, &["health"]);
    project.expect(0, &["secrets", "rotate", "GW_MONGODB_ROOT_PASSWORD"]);
    assert_eq!(worked(&project), 2);
    rotation_is_over(&project);
}
