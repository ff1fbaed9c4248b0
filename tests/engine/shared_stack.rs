//! The profile shared, and its stores in every combination of modes.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Project, eventually, get};
use crate::repository::copied;
use crate::watched::{leaders, row};

/// The repository's profile shared, with these modes of its stores, as a project on ports of its own.
fn shared(mongodb: &str, redis: &str) -> Project {
    let project = copied();
    let port = project.port;
    let edit = |path: &str, change: &dyn Fn(&mut Value)| {
        let text = std::fs::read_to_string(project.root.join(path)).expect("the file can be read");
        let mut content: Value = serde_json::from_str(&text).expect("it is JSON");
        change(&mut content);
        project.write(path, &content.to_string());
    };
    edit("profiles/shared.json", &|profile| {
        profile["project"] = json!(project.name);
        profile["ports"] =
            json!({ "offset": port - 9021, "mongodb": port + 1, "redis": project.redis_port() });
        profile["gateway"]["port"] = json!(port + 7);
    });
    edit("infra.shared.json", &|infra| {
        let stores = &mut infra["infrastructure"];
        if stores["mongodb"]["mode"] != mongodb {
            stores["mongodb"] = json!({ "mode": mongodb, "auth": true });
        }
        if stores["redis"]["mode"] != redis {
            stores["redis"] = json!({ "mode": redis, "auth": true });
        }
    });
    project
}

/// What runs in these modes: keys, and the host ports of those that have one.
fn parts(project: &Project, mongodb: &str, redis: &str) -> Vec<(&'static str, Option<u16>)> {
    let (first, stores) = (project.port, project.redis_port());
    let mut parts = vec![("auth", Some(first)), ("gateway", Some(first + 7))];
    parts.extend(match mongodb {
        "single" => vec![("mongo", Some(first + 1))],
        _ => vec![
            ("mongo-primary", Some(first + 1)),
            ("mongo-secondary-1", Some(first + 2)),
            ("mongo-secondary-2", Some(first + 3)),
            ("mongo-initiate", None),
        ],
    });
    parts.extend(match redis {
        "single" => vec![("redis", Some(stores))],
        _ => vec![
            ("redis-master", Some(stores)),
            ("redis-replica-1", Some(stores + 1)),
            ("redis-replica-2", Some(stores + 2)),
            ("redis-sentinel-1", Some(stores + 20_000)),
            ("redis-sentinel-2", Some(stores + 20_001)),
            ("redis-sentinel-3", Some(stores + 20_002)),
        ],
    });
    parts.sort_unstable();
    parts
}

/// Brings a combination of modes up from nothing: exactly its containers run, on its ports, all healthy, its leaders are named, and
/// work is done through the gateway. Then again, with the data of before.
fn comes_up_fresh(mongodb: &str, redis: &str) {
    let project = shared(mongodb, redis);
    let parts = parts(&project, mongodb, redis);
    let work = |least: u64| {
        // A set may elect again at any time, and a request in the middle of that gets the service's reasons.
        let mut answer = (0, String::new());
        eventually("work is done", Duration::from_secs(2), || {
            answer = get(project.port + 7, "/work", &[]);
            answer.0 == 200
        });
        let body: Value = serde_json::from_str(&answer.1).expect("it is JSON");
        assert!(body["counter"]["value"].as_u64() >= Some(least), "{body}");
        assert_eq!(body["document"]["service"], "auth", "{body}");
    };
    for value in 1..=2 {
        project.expect(0, &["fresh", "--profile", "shared"]);
        let state = |key: &str| if key == "mongo-initiate" { "exited" } else { "running" };
        let expected: Vec<String> =
            parts.iter().map(|(key, _)| format!("{}-{key}-1 {}", project.name, state(key))).collect();
        assert_eq!(project.containers(), expected);
        let health = project.view(0, &["-p", "shared", "health"]);
        let mut expected = Vec::new();
        if mongodb != "single" {
            expected.push(("primary".to_owned(), Some(format!("{}-mongo-primary", project.name))));
        }
        if redis != "single" {
            expected.push(("master".to_owned(), Some(format!("{}-redis-master", project.name))));
        }
        if value == 1 {
            assert_eq!(leaders(&health), expected, "{health}");
        }
        assert_eq!(leaders(&health).len(), expected.len(), "{health}");
        work(value);
    }
    let shown = project.view(0, &["-p", "shared", "ports"]);
    let name = |key: &str| if key == "mongo" { "mongodb".to_owned() } else { key.to_owned() };
    for (key, port) in parts.iter().filter_map(|(key, port)| Some((key, (*port)?))) {
        let host = format!("127.0.0.1:{port}");
        assert_eq!(row(&shown, "ports", &name(key))["host"], json!(host), "{key}");
    }
    project.expect(0, &["-p", "shared", "down", "--volumes"]);
    project.nothing_half_made();
}

/// A MongoDB by itself, a watched Redis.
#[test]
fn single_mongodb_and_sentinels_come_up_fresh() {
    comes_up_fresh("single", "sentinel");
}

/// One of each, in the files that the sets use otherwise.
#[test]
fn single_stores_come_up_fresh() {
    comes_up_fresh("single", "single");
}

/// A replica set beside a single Redis.
#[test]
fn a_replica_set_and_single_redis_come_up_fresh() {
    comes_up_fresh("replicaSet", "single");
}

/// The profile as it is committed: the containers and ports of the design's table.
#[test]
fn the_shared_profile_comes_up_fresh() {
    comes_up_fresh("replicaSet", "sentinel");
}
