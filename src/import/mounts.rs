//! Volumes, bind mounts and memory of a service.

use serde_json::{Map, Value, json};

use super::at::At;
use super::long_form;
use super::service::Draft;
use crate::manifest::compose::lexical;

/// A mount in Compose's long form, in Compose's language.
struct Mount {
    kind: String,
    source: Option<String>,
    target: String,
    read_only: bool,
    /// What stands below `bind`, `volume` or `tmpfs`.
    options: Map<String, Value>,
}

/// Reads `volumes`; returns the volumes of the project among them.
pub(super) fn read(service: &At<'_>, draft: &mut Draft) -> Vec<String> {
    let Some(at) = service.get("volumes") else { return Vec::new() };
    let mounts: Vec<(Mount, At<'_>)> =
        at.items().into_iter().filter_map(|at| Some((mount(&at)?, at))).collect();
    let own: Option<Vec<Value>> = mounts.iter().map(|(mount, at)| mount.own(at)).collect();
    match own {
        Some(own) if own.is_empty() => {}
        Some(own) => draft.set("volumes", Value::Array(own)),
        None => {
            let relative = |mount: &Mount| {
                mount.kind == "bind"
                    && mount.source.as_ref().is_some_and(|path| !path.starts_with(['/', '~', '$']))
            };
            if mounts.iter().any(|(mount, _)| relative(mount)) {
                at.remark(
                    "a profile cannot say one of these mounts, so all of them stand in `compose`; relative paths there begin \
                     at generated/PROFILE/, which an image map of the command line moves",
                );
            }
            draft.patch("volumes", mounts.iter().map(|(mount, at)| mount.long(at)).collect());
        }
    }
    let named = |mount: &Mount| mount.source.clone().filter(|_| mount.kind == "volume");
    mounts.iter().filter_map(|(mount, _)| named(mount)).collect()
}

impl Mount {
    /// As a profile writes it, where it can.
    fn own(&self, at: &At<'_>) -> Option<Value> {
        let makes_path = self.options.get("create_host_path") == Some(&json!(true));
        let source =
            self.source.as_ref().filter(|source| !source.contains('$') && !source.starts_with('~'))?;
        let key = match self.kind.as_str() {
            "volume" if self.options.is_empty() => ("volume", source.clone()),
            "bind" if self.options.len() == 1 && makes_path => ("bind", at.seen_from_root(source)),
            _ => return None,
        };
        let is_path = self.target.starts_with('/') && self.target.len() > 1 && !self.target.contains(['$']);
        if !is_path || self.target.split('/').any(|part| part == "..") {
            return None;
        }
        let mut own = Map::new();
        own.insert(key.0.to_owned(), json!(key.1));
        own.insert("target".to_owned(), json!(self.target));
        if self.read_only {
            own.insert("readOnly".to_owned(), json!(true));
        }
        Some(Value::Object(own))
    }

    fn long(&self, at: &At<'_>) -> Value {
        let mut long = Map::new();
        long.insert("type".to_owned(), json!(self.kind));
        if let Some(source) = &self.source {
            let source = if self.kind == "bind" { at.seen_from_rendered(source) } else { source.clone() };
            long.insert("source".to_owned(), json!(source));
        }
        long.insert("target".to_owned(), json!(self.target));
        if self.read_only {
            long.insert("read_only".to_owned(), json!(true));
        }
        if !self.options.is_empty() {
            long.insert(self.kind.clone(), Value::Object(self.options.clone()));
        }
        Value::Object(long)
    }
}

fn mount(at: &At<'_>) -> Option<Mount> {
    if !at.is_mapping() {
        return Some(short_form(at, &at.patch()?));
    }
    let text = |key: &str| at.get(key).and_then(|at| at.patch());
    let kind = text("type").unwrap_or_else(|| "volume".to_owned());
    if !["volume", "bind", "tmpfs"].contains(&kind.as_str()) {
        at.lost(format!("gw mounts `volume`, `bind` and `tmpfs`, not `{kind}`"));
        return None;
    }
    let mut options = Map::new();
    for (key, inner) in at.entries() {
        match key {
            "type" | "source" | "target" | "read_only" => {}
            "consistency" => inner.lost("it has no effect on Linux"),
            _ if key == kind => options = long_form::options(&inner, long_form::MOUNT),
            "bind" | "volume" | "tmpfs" => inner.lost(format!("these options are for `type: {key}`")),
            _ => inner.mistake(format!("unknown key `{key}`")),
        }
    }
    // Newer Compose makes it; 2.26 fails where it is not there.
    if kind == "bind" && !options.contains_key("create_host_path") {
        options.insert("create_host_path".to_owned(), json!(true));
    }
    let Some(target) = text("target") else {
        at.mistake("`target` is missing: the path inside the container");
        return None;
    };
    Some(Mount {
        kind,
        source: text("source"),
        target,
        read_only: text("read_only").as_deref() == Some("true"),
        options,
    })
}

/// `[SOURCE:]TARGET[:OPTION,...]`
fn short_form(at: &At<'_>, text: &str) -> Mount {
    let parts = lexical::parts(text);
    let (source, target, flags) = match parts.as_slice() {
        [target] => (None, *target, ""),
        [source, target] => (Some((*source).to_owned()), *target, ""),
        [source, target, flags, ..] => (Some((*source).to_owned()), *target, *flags),
        [] => (None, "", ""),
    };
    let is_path = source.as_ref().is_some_and(|source| source.starts_with(['.', '/', '~', '$']));
    let (mut options, mut read_only) = (Map::new(), false);
    if is_path {
        options.insert("create_host_path".to_owned(), json!(true));
    }
    for flag in flags.split(',') {
        match flag {
            "" | "rw" => {}
            "ro" => read_only = true,
            "nocopy" => drop(options.insert("nocopy".to_owned(), json!(true))),
            "z" | "Z" => at.lost("gw does not relabel for SELinux; do it on the host"),
            "cached" | "delegated" | "consistent" => at.lost(format!("`{flag}` has no effect on Linux")),
            _ if flag.trim_start_matches('r').ends_with("shared")
                || flag.ends_with("slave")
                || flag.ends_with("private") =>
            {
                options.insert("propagation".to_owned(), json!(flag));
            }
            _ => at.lost(format!("`{flag}` is no option that gw knows")),
        }
    }
    let kind = if is_path { "bind" } else { "volume" }.to_owned();
    Mount { kind, source, target: target.to_owned(), read_only, options }
}
