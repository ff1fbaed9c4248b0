//! Copies, limits and restarts: `deploy` and the keys beside it that say the same.

use serde_json::{Value, json};

use super::at::At;
use super::scalar;
use super::service::Draft;

/// Reads `deploy`, `scale`, `cpus`, `mem_limit` and `restart`.
pub(super) fn read(service: &At<'_>, is_job: bool, is_published: bool, draft: &mut Draft) {
    let deploy = service.get("deploy");
    let within = |path: &[&str]| path.iter().try_fold(deploy.clone()?, |at, key| at.get(key));
    copies(within(&["replicas"]).or_else(|| service.get("scale")), is_published, draft);
    cpus(within(&["resources", "limits", "cpus"]).or_else(|| service.get("cpus")), draft);
    memory(within(&["resources", "limits", "memory"]).or_else(|| service.get("mem_limit")), draft);
    if let Some(at) = within(&["resources", "limits", "pids"]) {
        draft.patch("pids_limit", number(&at));
    }
    if let Some(at) = within(&["resources", "reservations", "memory"])
        && let Some(bytes) = at.literal().and_then(|text| scalar::bytes(&text))
    {
        draft.patch("mem_reservation", json!(bytes.to_string()));
    }
    for key in ["cpus", "devices", "generic_resources"] {
        if let Some(at) = within(&["resources", "reservations", key]) {
            at.lost("gw reserves memory only");
        }
    }
    for (key, at) in deploy.as_ref().map(At::entries).unwrap_or_default() {
        if !["replicas", "resources", "restart_policy"].contains(&key)
            && !key.starts_with("x-")
            && !at.is_empty()
        {
            at.lost("it is for a swarm; one engine has no use for it");
        }
    }
    restart(service.get("restart").as_ref(), within(&["restart_policy"]).as_ref(), is_job, draft);
}

fn copies(at: Option<At<'_>>, is_published: bool, draft: &mut Draft) {
    let Some(at) = at else { return };
    match at.literal().and_then(|text| text.parse::<u32>().ok()) {
        Some(1) => {}
        Some(count) if (2..=1000).contains(&count) && !is_published => draft.set("replicas", json!(count)),
        _ => draft.patch_in(&["deploy", "replicas"], number(&at)),
    }
}

fn cpus(at: Option<At<'_>>, draft: &mut Draft) {
    let Some(at) = at else { return };
    match at.literal().and_then(|text| text.parse::<f64>().ok()) {
        Some(0.0) => {}
        Some(cores) if (0.001..=1024.0).contains(&cores) => {
            draft.own_in(&["resources", "cpus"], json!(cores));
        }
        _ => draft.patch("cpus", json!(at.patch())),
    }
}

fn memory(at: Option<At<'_>>, draft: &mut Draft) {
    let Some(at) = at else { return };
    let text = at.literal();
    match text.as_deref().map(scalar::bytes) {
        Some(Some(0)) => {}
        Some(Some(bytes)) if bytes >= 6 << 20 => {
            draft.own_in(&["resources", "memory"], json!(scalar::memory(bytes)));
        }
        Some(Some(bytes)) => draft.patch("mem_limit", json!(bytes.to_string())),
        Some(None) => at.mistake("this is not a size; write for example `256m`"),
        None => {
            at.remark("gw reads bytes: give the variable a number of bytes");
            draft.patch("mem_limit", json!(at.patch()));
        }
    }
}

/// A number, or text where it is a variable.
fn number(at: &At<'_>) -> Value {
    let text = at.patch().unwrap_or_default();
    text.parse::<i64>().map_or(json!(text), Value::from)
}

fn restart(at: Option<&At<'_>>, policy: Option<&At<'_>>, is_job: bool, draft: &mut Draft) {
    let written = at.and_then(At::patch);
    let of_policy = policy.filter(|_| at.is_none()).map(|policy| {
        let condition = policy.get("condition").and_then(|at| at.literal());
        let attempts = policy.get("max_attempts").and_then(|at| at.literal());
        match (condition.as_deref(), attempts) {
            (Some("none"), _) => "no".to_owned(),
            (Some("on-failure"), Some(attempts)) => format!("on-failure:{attempts}"),
            (Some("on-failure"), None) => "on-failure".to_owned(),
            _ => "always".to_owned(),
        }
    });
    for key in ["delay", "window"] {
        if let Some(at) = policy.and_then(|policy| policy.get(key)) {
            at.lost("the engine waits as it likes between two starts");
        }
    }
    let restart = written.or(of_policy).unwrap_or_else(|| "no".to_owned());
    match (restart.as_str(), is_job) {
        // What gw does by itself.
        ("unless-stopped", false) | ("no", true) => {}
        ("no" | "on-failure", _) | ("always", false) => draft.set("restart", json!(restart)),
        _ => draft.patch("restart", json!(restart)),
    }
}
