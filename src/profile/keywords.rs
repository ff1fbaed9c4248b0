//! What the keyword `type` of a schema says, as a condition and in words.

use serde_json::{Map, Value as Json};

use super::node::{Node, Value};

/// Whether a schema takes values of this kind.
pub(super) fn allows_type(schema: &Map<String, Json>, node: &Node) -> bool {
    match schema.get("type") {
        Some(Json::String(name)) => is_type(name, node),
        Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).any(|name| is_type(name, node)),
        _ => true,
    }
}

/// The kinds of values that a schema takes, for "expected ...".
pub(super) fn names(schema: &Map<String, Json>) -> String {
    if let Some(Json::Bool(value)) = schema.get("const") {
        return value.to_string();
    }
    if let Some(branches) = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Json::as_array) {
        let mut all: Vec<String> = branches.iter().filter_map(Json::as_object).map(names).collect();
        all.dedup();
        return all.join(" or ");
    }
    match schema.get("type") {
        Some(Json::String(one)) => name(one).to_owned(),
        Some(Json::Array(several)) => {
            several.iter().filter_map(Json::as_str).map(name).collect::<Vec<_>>().join(" or ")
        }
        _ => "anything".to_owned(),
    }
}

fn name(keyword: &str) -> &'static str {
    match keyword {
        "integer" => "an integer",
        "number" => "a number",
        "string" => "a string",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "an object",
        _ => "null",
    }
}

fn is_type(name: &str, node: &Node) -> bool {
    match (name, &node.value) {
        ("integer", Value::Number(number)) => number.is_i64() || number.is_u64(),
        ("null", Value::Null)
        | ("boolean", Value::Bool(_))
        | ("number", Value::Number(_))
        | ("string", Value::String(_))
        | ("array", Value::Array(_))
        | ("object", Value::Object(_)) => true,
        _ => false,
    }
}
