//! Health checks.

use serde_json::{Value, json};

use super::at::At;
use super::scalar;
use super::service::Draft;

/// When a check is made and how often it may fail; absent ones are the engine's: 30 s, 30 s, 3, none.
const TIMES: &[&str] = &["interval", "timeout", "retries", "start_period", "start_interval"];

/// The words of the test, the first of them `CMD`, `CMD-SHELL` or `NONE`, in Compose's language.
fn words<'a>(at: &At<'a>) -> Vec<At<'a>> {
    at.get("test").map(|test| test.one_or_many()).unwrap_or_default()
}

fn is_off(at: &At<'_>) -> bool {
    let disabled = at.get("disable").and_then(|at| at.raw()).is_some_and(|text| text == "true");
    let first = words(at).first().and_then(At::raw);
    disabled || at.get("test").is_some_and(|test| test.is_list()) && first.as_deref() == Some("NONE")
}

/// The command that a profile can run: it has no variables.
pub(super) fn command(at: &At<'_>) -> Option<Vec<String>> {
    if is_off(at) {
        return None;
    }
    let words: Vec<String> = words(at).iter().map(At::literal).collect::<Option<_>>()?;
    let shell = |line: &str| vec!["/bin/sh".to_owned(), "-c".to_owned(), line.to_owned()];
    let is_list = at.get("test").is_some_and(|test| test.is_list());
    match words.as_slice() {
        [line] if !is_list => Some(shell(line)),
        [kind, line] if kind == "CMD-SHELL" => Some(shell(line)),
        [kind, words @ ..] if kind == "CMD" && !words.is_empty() => Some(words.to_vec()),
        _ => None,
    }
}

/// Reads `healthcheck`; `is_job`: it is waited for until it ends.
pub(super) fn read(at: &At<'_>, is_job: bool, draft: &mut Draft) {
    for (key, at) in at.entries() {
        if !TIMES.contains(&key) && !["test", "disable"].contains(&key) && !key.starts_with("x-") {
            at.mistake(format!("unknown key `{key}`"));
        }
    }
    if is_off(at) {
        return draft.patch("healthcheck", json!({ "disable": true }));
    }
    let time = |key: &str| at.get(key).and_then(|at| at.patch());
    let own = command(at);
    for key in TIMES {
        let value = time(key).map(|text| text.parse::<u64>().map_or(json!(text), Value::from));
        match value {
            Some(value) => draft.patch_in(&["healthcheck", key], value),
            // gw renders its own for these.
            None if own.is_some() && *key != "retries" => draft.patch_in(&["healthcheck", key], Value::Null),
            None => {}
        }
    }
    if !is_job && let Some(deadline) = deadline(at) {
        draft.own_in(&["ready", "deadline"], json!(deadline));
    }
    if let Some(own) = own {
        draft.set("healthcheck", json!(own));
        if !is_job {
            draft.own_in(&["ready", "exec"], json!(own));
        }
        return;
    }
    let is_text = at.get("test").is_some_and(|test| !test.is_list());
    let shell = is_text.then(|| "CMD-SHELL".to_owned());
    let words: Vec<String> = shell.into_iter().chain(words(at).iter().filter_map(At::patch)).collect();
    let Some(kind) = words.first() else { return };
    if !["CMD", "CMD-SHELL"].contains(&kind.as_str()) {
        at.mistake("`test` begins with `CMD`, `CMD-SHELL` or `NONE`");
    }
    draft.patch_in(&["healthcheck", "test"], json!(words));
    // Without a probe of its own gw asks as the health check does.
    draft.patch_in(&["x-gw", "probe"], Value::Null);
}

/// As long as the engine takes until it calls a container unhealthy, where that is longer than gw waits by itself.
fn deadline(at: &At<'_>) -> Option<String> {
    let text = |key: &str| at.get(key).and_then(|at| at.literal());
    let milliseconds =
        |key: &str, usual: u64| text(key).and_then(|text| scalar::milliseconds(&text)).unwrap_or(usual);
    let retries: u64 = text("retries").and_then(|text| text.parse().ok()).unwrap_or(3);
    let round = milliseconds("interval", 30_000).saturating_add(milliseconds("timeout", 30_000));
    let deadline = milliseconds("start_period", 0).saturating_add(round.saturating_mul(retries));
    (deadline > 60_000).then(|| scalar::duration(deadline))
}
