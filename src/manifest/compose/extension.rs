//! `x-gw`: what gw knows of a service that Compose cannot say.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Number, Value as Json};

use super::cursor::Cursor;
use super::tree::{Node, Value};
use super::{long_form, scalar};
use crate::plan::desired::{Condition, Probe, Role};

/// The deadline of a service that names none.
const DEADLINE: Duration = Duration::from_secs(60);

/// `x-gw` of a service, with what stands for absent keys.
pub(super) struct Extension {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) probe: Option<Probe>,
    pub(super) deadline: Duration,
    pub(super) hint: Option<String>,
    /// Conditions that Compose cannot say, because the other has no health check.
    pub(super) depends_on: BTreeMap<String, Condition>,
}

/// The profile that the file's `x-gw` names.
pub(super) fn profile(top: &Cursor<'_>) -> Option<String> {
    let extension = top.get("x-gw").filter(|extension| extension.is_mapping(long_form::none))?;
    extension.text_at("version");
    if extension.get("profile").is_none() {
        extension.missing("profile", "default");
    }
    extension.text_at("profile")
}

/// Reads `x-gw` of a service.
pub(super) fn service(key: &str, service: &Cursor<'_>) -> Extension {
    let default = Extension {
        name: key.to_owned(),
        role: Role::Service,
        probe: None,
        deadline: DEADLINE,
        hint: None,
        depends_on: BTreeMap::new(),
    };
    let Some(extension) = service.get("x-gw").filter(|extension| extension.is_mapping(long_form::none))
    else {
        return default;
    };
    let positive = |deadline: Cursor<'_>| {
        deadline.parse("a duration above zero such as 1m30s", |text| {
            scalar::duration(text).filter(|deadline| !deadline.is_zero())
        })
    };
    Extension {
        name: extension.text_at("name").unwrap_or(default.name),
        role: extension.get("role").and_then(|role| from_json(&role)).unwrap_or(default.role),
        probe: extension.get("probe").and_then(|probe| from_json(&probe)),
        deadline: extension.get("deadline").and_then(positive).unwrap_or(default.deadline),
        hint: extension.text_at("hint"),
        depends_on: extension.get("depends_on").and_then(|links| from_json(&links)).unwrap_or_default(),
    }
}

/// A value by its serde form.
fn from_json<T: serde::de::DeserializeOwned>(cursor: &Cursor<'_>) -> Option<T> {
    match serde_json::from_value(json(cursor.node, "")?) {
        Ok(value) => Some(value),
        Err(error) => {
            cursor.report(error.to_string());
            None
        }
    }
}

/// A node as JSON; `None` where a part of it is already reported.
fn json(node: &Node, key: &str) -> Option<Json> {
    match &node.value {
        Value::Broken => None,
        Value::List(items) => items.iter().map(|item| json(item, "")).collect::<Option<_>>().map(Json::Array),
        Value::Mapping(entries) => {
            let pair = |entry: &super::tree::Entry| Some((entry.key.clone(), json(&entry.node, &entry.key)?));
            entries.iter().map(pair).collect::<Option<Map<_, _>>>().map(Json::Object)
        }
        Value::Scalar(scalar) => {
            // A filled-in variable is text to Compose, so numbers are known by their key.
            let is_number = ["port", "status", "replicas", "sentinels"].contains(&key);
            let number = scalar.text.parse::<u32>().ok().filter(|_| is_number);
            Some(match (number, scalar.plain.then(|| scalar::kind(&scalar.raw)).flatten()) {
                (Some(number), _) => Json::Number(Number::from(number)),
                (None, Some("nothing")) => Json::Null,
                (None, Some("a truth value")) => Json::Bool(scalar.raw.eq_ignore_ascii_case("true")),
                (None, Some("a number")) => {
                    serde_json::from_str(&scalar.raw).unwrap_or_else(|_| Json::String(scalar.raw.clone()))
                }
                _ => Json::String(scalar.text.clone()),
            })
        }
    }
}
