//! A project whose Redis is watched by sentinels, asked as its clients do: the sentinels and the servers themselves.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Project, eventually, sample};

/// The servers' keys.
pub(crate) const SERVERS: [&str; 3] = ["redis-master", "redis-replica-1", "redis-replica-2"];

/// A Redis with two replicas and three sentinels, `auth` that works with it, and a gateway; the gateway's port.
pub(crate) fn describe(project: &Project, auth: &Value) -> u16 {
    let port = project.port;
    let redis = json!({ "mode": "sentinel", "port": project.redis_port(), "auth": true });
    let mut service = json!({ "dependsOn": ["redis"], "env": { "REDIS_URL": "${redis.url}" } });
    for (key, value) in auth.as_object().expect("fields are an object") {
        service[key] = value.clone();
    }
    let services = json!({
        "infrastructure": { "redis": redis }, "services": { "auth": sample(port, service) },
    });
    project.write("services.json", &services.to_string());
    project.profile(&json!({ "gateway": { "port": port + 1, "default": "auth" } }));
    port + 1
}

/// The password that gw made for Redis.
pub(crate) fn password(project: &Project) -> String {
    let text = std::fs::read_to_string(project.root.join(".gw/secrets/default/env")).expect("the secrets");
    let mut lines = text.lines().filter_map(|line| line.strip_prefix("GW_REDIS_PASSWORD="));
    lines.next().expect("the password of Redis").to_owned()
}

/// A connection to the server or sentinel on this port of loopback.
pub(crate) fn connect(project: &Project, port: u16) -> redis::RedisResult<redis::Connection> {
    let client = redis::Client::open(format!("redis://:{}@127.0.0.1:{port}", password(project)))?;
    let connection = client.get_connection_with_timeout(Duration::from_secs(2))?;
    connection.set_read_timeout(Some(Duration::from_secs(2)))?;
    Ok(connection)
}

/// The keys of the servers that the three sentinels name as master, asked as a client asks; empty for one that does not answer.
pub(crate) fn named(project: &Project) -> [String; 3] {
    [0, 1, 2].map(|index| {
        let found = connect(project, project.redis_port() + 20_000 + index).and_then(|mut sentinel| {
            redis::cmd("SENTINEL").arg("GET-MASTER-ADDR-BY-NAME").arg("mymaster").query(&mut sentinel)
        });
        let (host, _): (String, String) = found.unwrap_or_default();
        host.strip_suffix(&format!(".{}", project.name)).unwrap_or_default().to_owned()
    })
}

/// The master that all sentinels name, if they agree on one other than `old`.
pub(crate) fn agreed(project: &Project, old: &str) -> Option<String> {
    let [first, second, third] = named(project);
    (first == second && second == third && first != old && !first.is_empty()).then_some(first)
}

/// The host port of a server.
pub(crate) fn port_of(project: &Project, server: &str) -> u16 {
    let place = SERVERS.iter().position(|name| *name == server).expect("it is a server");
    project.redis_port() + u16::try_from(place).expect("there are few")
}

/// What a server says it is: `master`, `slave`; empty where it does not answer.
pub(crate) fn role(project: &Project, server: &str) -> String {
    let info = connect(project, port_of(project, server))
        .and_then(|mut server| redis::cmd("INFO").arg("replication").query::<String>(&mut server));
    let info = info.unwrap_or_default();
    info.lines().find_map(|line| line.strip_prefix("role:")).unwrap_or_default().trim().to_owned()
}

/// Waits until `gw health` is content: each replica is linked, all sentinels see everybody.
pub(crate) fn all_well(project: &Project) {
    eventually("everybody is well", Duration::from_secs(12), || project.gw(&["health"]).code == 0);
}

/// Who leads, as `gw health` says it.
pub(crate) fn leaders(health: &Value) -> Vec<(String, Option<String>)> {
    let leaders = health["leaders"].as_array().expect("leaders");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    leaders.iter().map(|one| (text(&one["role"]).unwrap_or_default(), text(&one["member"]))).collect()
}

/// The row of a component in a view.
pub(crate) fn row<'a>(view: &'a Value, list: &str, component: &str) -> &'a Value {
    let rows = view[list].as_array().expect("rows");
    rows.iter().find(|row| row["component"] == component).expect("a row")
}
