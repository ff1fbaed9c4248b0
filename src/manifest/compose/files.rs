//! Configurations and secrets: files that are copied into a container.

use std::collections::BTreeMap;

use super::cursor::Cursor;
use super::document::Shared;
use super::networks::unknown;
use super::{long_form, paths, scalar};
use crate::plan::desired::File;

/// Where the content of a `configs` or `secrets` entry stands.
const SOURCES: [&str; 3] = ["content", "environment", "file"];

/// The entries of the top level's `configs` or `secrets`, checked but not yet read.
pub(super) fn sources<'a>(top: &Cursor<'a>, kind: &str) -> BTreeMap<&'a str, Cursor<'a>> {
    let Some(entries) = top.get(kind) else { return BTreeMap::new() };
    let entries: BTreeMap<_, _> = entries.entries(long_form::none).into_iter().collect();
    for entry in entries.values().filter(|entry| entry.is_mapping(long_form::none)) {
        let count = SOURCES.iter().filter(|key| entry.get(key).is_some()).count();
        let is_external = entry.boolean_at("external").unwrap_or_default();
        if count != 1 && !is_external {
            let sources = if kind == "configs" {
                "`content`, `environment` or `file`"
            } else {
                "`environment` or `file`"
            };
            entry.report(format!("expected exactly one of {sources}"));
        }
    }
    entries
}

/// Reads `configs` and `secrets` of a service.
pub(super) fn read(service: &Cursor<'_>, shared: &Shared<'_>) -> Vec<File> {
    let mut files = Vec::new();
    for (kind, folder, sources) in
        [("configs", "/", &shared.configs), ("secrets", "/run/secrets/", &shared.secrets)]
    {
        let items = service
            .get(kind)
            .map(|list| list.items(|list| long_form::in_list(list, long_form::file)))
            .unwrap_or_default();
        for item in items.iter().filter(|item| item.is_mapping(long_form::file)) {
            if item.get("source").is_none() {
                item.missing("source", "NAME");
            }
            files.extend(file(item, kind, folder, sources));
        }
    }
    files
}

fn file(item: &Cursor<'_>, kind: &str, folder: &str, sources: &BTreeMap<&str, Cursor<'_>>) -> Option<File> {
    let name = item.text_at("source")?;
    let target = item.text_at("target").unwrap_or_else(|| name.clone());
    let id = |key: &str| {
        let id = item.get(key)?;
        id.parse("the number of a user or group", |text| text.parse().ok())
    };
    let mode = item.get("mode").and_then(|mode| mode.parse("permission bits such as 0444", scalar::mode));
    let (uid, gid) = (id("uid").unwrap_or_default(), id("gid").unwrap_or_default());
    let Some(source) = sources.get(name.as_str()) else {
        item.report(unknown(kind.trim_end_matches('s'), &name, sources.keys().copied()));
        return None;
    };
    Some(File {
        content: content(source)?,
        target: if target.starts_with('/') { target } else { format!("{folder}{target}") },
        source: name,
        uid,
        gid,
        mode: mode.unwrap_or(0o444),
    })
}

fn content(source: &Cursor<'_>) -> Option<String> {
    if let Some(content) = source.get("content") {
        return content.text();
    }
    if let Some(environment) = source.get("environment") {
        let name = environment.text()?;
        let value = (source.context.variables)(&name);
        if value.is_none() {
            environment.report(format!("the variable {name} is not set; set it"));
        }
        return value;
    }
    let file = source.get("file")?;
    let path = paths::absolute(source.context, &file.text()?);
    match (source.context.open)(&path) {
        Ok(content) => Some(content),
        Err(error) => {
            file.report(format!("{} cannot be read: {error}", path.display()));
            None
        }
    }
}
