//! The project that is measured: what it is called, what of it is on the engine, and taking all of it away.

use serde_json::Value;

use crate::Result;
use crate::engine::Engine;

/// The project's name, as in `benches/stack/profiles/bench.json`.
pub const NAME: &str = "gw-bench";
/// The gateway's port there.
pub const GATEWAY: u16 = 19000;
/// The services there; each has a route.
pub const SERVICES: [&str; 5] = ["auth", "kyc", "account", "payment", "notification"];

fn named(kind: &str, engine: &Engine) -> Result<Vec<String>> {
    let filter =
        format!("?all=1&filters=%7B%22label%22%3A%5B%22com.docker.compose.project%3D{NAME}%22%5D%7D");
    let (list, field) = match kind {
        "containers" => (engine.get(&format!("/containers/json{filter}"))?, "Id"),
        "networks" => (engine.get(&format!("/networks{filter}"))?, "Id"),
        _ => (engine.get(&format!("/volumes{filter}"))?["Volumes"].take(), "Name"),
    };
    let all = list.as_array().cloned().unwrap_or_default();
    Ok(all.iter().filter_map(|one| one[field].as_str().map(str::to_owned)).collect())
}

/// Takes away everything of the project.
///
/// # Errors
/// The engine refuses.
pub fn clean(engine: &Engine) -> Result<()> {
    for (kind, options) in [("containers", "?force=1&v=1"), ("networks", ""), ("volumes", "")] {
        for name in named(kind, engine)? {
            engine.remove(&format!("/{kind}/{name}{options}"))?;
        }
    }
    Ok(())
}

/// Complains where containers or networks of the project are left.
///
/// # Errors
/// Something is left, or the engine refuses.
pub fn expect_gone(engine: &Engine) -> Result<()> {
    for kind in ["containers", "networks"] {
        let left = named(kind, engine)?;
        if !left.is_empty() {
            return Err(format!("{kind} are left: {}", left.join(", ")).into());
        }
    }
    Ok(())
}

/// The project's containers: name and id.
///
/// # Errors
/// The engine refuses.
pub fn containers(engine: &Engine) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for id in named("containers", engine)? {
        let container = engine.get(&format!("/containers/{id}/json"))?;
        let name = container["Name"].as_str().unwrap_or_default().trim_start_matches('/').to_owned();
        found.push((name, id));
    }
    Ok(found)
}

/// Complains unless Redis ended with code 0 since a moment (seconds since the epoch): it wrote its data.
///
/// # Errors
/// It ended otherwise or not at all, or the engine refuses.
pub fn expect_clean_end(engine: &Engine, since: u64) -> Result<()> {
    let filters = "%7B%22event%22%3A%5B%22die%22%5D%2C%22type%22%3A%5B%22container%22%5D%7D";
    let path = format!("/v1.44/events?since={since}&until={}&filters={filters}", now() + 1);
    let answer = engine.expect("GET", &path, b"", &[])?;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let ends = serde_json::Deserializer::from_str(&text).into_iter::<Value>().flatten();
    let codes: Vec<String> = ends
        .map(|event| event["Actor"]["Attributes"].clone())
        .filter(|one| {
            one["com.docker.compose.project"] == NAME && one["com.docker.compose.service"] == "redis"
        })
        .map(|one| one["exitCode"].as_str().unwrap_or_default().to_owned())
        .collect();
    if codes == ["0"] { Ok(()) } else { Err(format!("Redis did not end cleanly: {codes:?}").into()) }
}

/// Seconds since the epoch.
pub fn now() -> u64 {
    let time = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    time.unwrap_or_default().as_secs()
}
