//! Configs, which become the profile's `files`, and secrets, which stay Compose's own.

use serde_json::{Map, Value, json};

use super::at::At;
use super::service::Draft;
use super::variables;

/// Reads `configs` of a service; `sources` are those of the file.
pub(super) fn configs(service: &At<'_>, sources: &[(&str, At<'_>)], draft: &mut Draft) {
    let mut files = Vec::new();
    for at in service.get("configs").iter().flat_map(At::items) {
        let Some((name, target, rest)) = mounted(&at) else { continue };
        for (key, at) in rest {
            at.lost(format!("gw mounts files with mode 0444 for everybody, without `{key}`"));
        }
        let Some((_, source)) = sources.iter().find(|(key, _)| *key == name) else {
            at.mistake(format!("there is no config `{name}` in this file"));
            continue;
        };
        let target = target.unwrap_or_else(|| format!("/{name}"));
        let get = |key: &str| source.get(key).and_then(|at| at.raw());
        if let Some(path) = source.get("file").and_then(|at| at.literal()) {
            files.push(json!({ "target": target, "source": source.seen_from_root(&path) }));
        } else if let Some(content) = get("content") {
            match variables::references(&source.pieces(&content)) {
                Some(content) => files.push(json!({ "target": target, "content": content })),
                None => at.lost(
                    "its content has variables that a profile cannot say; write `${X}` or `${X:-default}`",
                ),
            }
        } else if let Some(name) = get("environment") {
            source.context.variables.borrow_mut().insert(name.clone());
            files.push(json!({ "target": target, "content": format!("${{env.{name}:-}}") }));
        } else {
            at.lost("a config without `file`, `content` or `environment` is a swarm's");
        }
    }
    if !files.is_empty() {
        draft.set("files", Value::Array(files));
    }
}

/// Reads `secrets` of a service; returns the names of those that it uses.
pub(super) fn secrets(service: &At<'_>, sources: &[(&str, At<'_>)], draft: &mut Draft) -> Vec<String> {
    let (mut list, mut used) = (Vec::new(), Vec::new());
    for at in service.get("secrets").iter().flat_map(At::items) {
        let Some((name, target, rest)) = mounted(&at) else { continue };
        let Some((_, source)) = sources.iter().find(|(key, _)| *key == name) else {
            at.mistake(format!("there is no secret `{name}` in this file"));
            continue;
        };
        if source.get("external").is_some() {
            at.lost("a secret with `external` is a swarm's; name it in `secrets`, and put its value into .gw/secrets");
            continue;
        }
        let target = target.unwrap_or_else(|| name.clone());
        let target = if target.starts_with('/') { target } else { format!("/run/secrets/{target}") };
        let mut long = Map::new();
        long.insert("source".to_owned(), json!(name));
        long.insert("target".to_owned(), json!(target));
        for (key, at) in rest {
            long.insert(key, json!(at.patch()));
        }
        list.push(Value::Object(long));
        used.push(name);
    }
    if !list.is_empty() {
        draft.patch("secrets", Value::Array(list));
    }
    used
}

/// A secret of the file in the long form.
pub(super) fn secret(at: &At<'_>) -> Value {
    let mut long = Map::new();
    for (key, at) in at.entries() {
        let Some(text) = at.patch() else { continue };
        match key {
            "file" => {
                at.remark(
                    "its path begins at generated/PROFILE/, which an image map of the command line moves",
                );
                long.insert("file".to_owned(), json!(at.seen_from_rendered(&text)));
            }
            "environment" => {
                at.context.variables.borrow_mut().insert(text.clone());
                long.insert("environment".to_owned(), json!(text));
            }
            "name" => {}
            _ => at.lost("gw does not use it"),
        }
    }
    Value::Object(long)
}

/// Name, target and the rest of an entry.
type Mounted<'a> = (String, Option<String>, Vec<(String, At<'a>)>);

/// Takes an entry apart.
fn mounted<'a>(at: &At<'a>) -> Option<Mounted<'a>> {
    if !at.is_mapping() {
        return Some((at.literal()?, None, Vec::new()));
    }
    let Some(name) = at.get("source").and_then(|at| at.literal()) else {
        at.mistake("`source` is missing: a name");
        return None;
    };
    let rest =
        at.entries().into_iter().filter(|(key, at)| !["source", "target"].contains(key) && !at.is_null());
    let target = at.get("target").and_then(|at| at.literal());
    Some((name, target, rest.map(|(key, at)| (key.to_owned(), at)).collect()))
}
