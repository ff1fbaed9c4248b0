//! Checks a parsed tree against gw's own JSON Schema and reports everything that differs.
//!
//! It knows the keywords that the schemas of [`super::schema`] use, and no more. `pattern` is there for editors: what a
//! pattern says, a rule in [`super::rules`] says again in words.

use serde_json::{Map, Value as Json};

use super::finding::Findings;
use super::node::{Node, Value};
use super::schema;
use super::suggest;

/// Mistakes reported per file before the check gives up on it.
const LIMIT: usize = 100;

/// Which schema a file follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// `profiles/*.json`.
    Profile,
    /// The file that `services` names.
    Services,
    /// The file that `infra` names.
    Infra,
    /// An image map.
    Images,
}

/// Adds a finding for everything in a tree that its schema does not allow.
pub(super) fn check(kind: Kind, tree: &Node, findings: &mut Findings) {
    let schema = match kind {
        Kind::Profile => schema::profile(),
        Kind::Services => schema::services(),
        Kind::Infra => schema::infra(),
        Kind::Images => schema::images(),
    };
    let first = findings.len();
    let mut walker = Walker { root: &schema, findings, first };
    walker.value(&schema, tree);
}

struct Walker<'a> {
    root: &'a Json,
    findings: &'a mut Findings,
    first: usize,
}

impl<'a> Walker<'a> {
    fn value(&mut self, schema: &'a Json, node: &Node) {
        if self.findings.len() - self.first >= LIMIT {
            return;
        }
        let Json::Object(schema) = schema else { return };
        if let Some(target) = schema.get("$ref").and_then(Json::as_str) {
            if let Some(inner) = target.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer)) {
                self.value(inner, node);
            }
            return;
        }
        if let Some(branches) = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Json::as_array) {
            self.one_of(branches, node);
            return;
        }
        if !self.allows_type(schema, node) {
            let expected = self.names(schema);
            self.wrong(node, &expected);
            return;
        }
        self.constant(schema, node);
        match &node.value {
            Value::Object(_) => self.object(schema, node),
            Value::Array(items) => {
                if let Some(inner) = schema.get("items") {
                    items.iter().for_each(|item| self.value(inner, item));
                }
                self.length(schema, node, items.len());
            }
            Value::Number(number) => self.range(schema, node, number),
            _ => {}
        }
    }

    fn wrong(&mut self, node: &Node, expected: &str) {
        let hint = match &node.value {
            Value::String(text) if expected.contains("integer") && text.parse::<i64>().is_ok() => {
                Some(format!("write {text} without quotes"))
            }
            Value::Number(number) if expected == "a string" => Some(format!("write \"{number}\"")),
            Value::Bool(value) if expected == "a string" => Some(format!("write \"{value}\"")),
            Value::Null => Some("leave the key out".to_owned()),
            _ => None,
        };
        self.findings.push(node.place, format!("expected {expected}, found {}", node.kind()), hint);
    }

    /// A union: the branch for the kind of value that is there decides.
    fn one_of(&mut self, branches: &'a [Json], node: &Node) {
        let fitting: Vec<&'a Json> =
            branches.iter().filter(|branch| self.branch_allows(branch, node)).collect();
        match fitting.as_slice() {
            [] => {
                let mut names: Vec<String> = Vec::new();
                for branch in branches {
                    let name = self.branch_names(branch);
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                self.wrong(node, &names.join(" or "));
            }
            [only] => self.value(only, node),
            several => {
                // Only unions of constants have several branches of one kind.
                let known: Vec<String> =
                    several.iter().filter_map(|branch| branch.get("const").map(Json::to_string)).collect();
                if !known.contains(&node.to_json().to_string()) {
                    self.not_one_of(node, &known);
                }
            }
        }
    }

    fn resolve(&self, branch: &'a Json) -> &'a Json {
        let target = branch.get("$ref").and_then(Json::as_str).and_then(|target| target.strip_prefix('#'));
        target.and_then(|pointer| self.root.pointer(pointer)).unwrap_or(branch)
    }

    fn branch_allows(&self, branch: &'a Json, node: &Node) -> bool {
        let Some(schema) = self.resolve(branch).as_object() else { return true };
        match schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Json::as_array) {
            Some(inner) => inner.iter().any(|branch| self.branch_allows(branch, node)),
            None => self.allows_type(schema, node),
        }
    }

    fn branch_names(&self, branch: &'a Json) -> String {
        match self.resolve(branch) {
            Json::Object(schema) => self.names(schema),
            _ => "anything".to_owned(),
        }
    }

    fn allows_type(&self, schema: &Map<String, Json>, node: &Node) -> bool {
        match schema.get("type") {
            Some(Json::String(name)) => is_type(name, node),
            Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).any(|name| is_type(name, node)),
            _ => true,
        }
    }

    fn names(&self, schema: &Map<String, Json>) -> String {
        if let Some(Json::Bool(value)) = schema.get("const") {
            return value.to_string();
        }
        if let Some(branches) = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Json::as_array) {
            let mut names: Vec<String> = Vec::new();
            for branch in branches {
                let name = branch.as_object().map_or_else(String::new, |inner| self.names(inner));
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            return names.join(" or ");
        }
        let name = |name: &str| match name {
            "integer" => "an integer",
            "number" => "a number",
            "string" => "a string",
            "boolean" => "true or false",
            "array" => "a list",
            "object" => "an object",
            _ => "null",
        };
        match schema.get("type") {
            Some(Json::String(one)) => name(one).to_owned(),
            Some(Json::Array(several)) => {
                several.iter().filter_map(Json::as_str).map(name).collect::<Vec<_>>().join(" or ")
            }
            _ => "anything".to_owned(),
        }
    }

    fn constant(&mut self, schema: &Map<String, Json>, node: &Node) {
        if let Some(known) = schema.get("enum").and_then(Json::as_array) {
            let known: Vec<String> = known.iter().map(Json::to_string).collect();
            if !known.contains(&node.to_json().to_string()) {
                self.not_one_of(node, &known);
            }
        }
        if let Some(only) = schema.get("const").map(Json::to_string)
            && only != node.to_json().to_string()
        {
            self.not_one_of(node, &[only]);
        }
    }

    fn not_one_of(&mut self, node: &Node, known: &[String]) {
        let bare: Vec<&str> = known.iter().map(|value| value.trim_matches('"')).collect();
        let (found, hint) = match node.as_str() {
            Some(text) => (suggest::quoted(text), suggest::hint(text, "known values", bare.iter().copied())),
            None => (format!("`{}`", node.to_json()), format!("known values: {}", bare.join(", "))),
        };
        self.findings.add_with_hint(node.place, format!("{found} is not a value for this key"), hint);
    }

    fn object(&mut self, schema: &'a Map<String, Json>, node: &Node) {
        let properties = schema.get("properties").and_then(Json::as_object);
        let others = schema.get("additionalProperties");
        for member in node.members() {
            match (properties.and_then(|properties| properties.get(&member.key)), others) {
                (Some(inner), _) => self.value(inner, &member.node),
                (None, Some(Json::Bool(false))) => {
                    if self.findings.len() - self.first >= LIMIT {
                        return;
                    }
                    let known = properties.into_iter().flat_map(Map::keys).map(String::as_str);
                    let hint =
                        suggest::hint(&member.key, "known keys", known.filter(|key| *key != "$schema"));
                    self.findings.add_with_hint(member.key_place, "unknown key", hint);
                }
                (None, Some(inner)) => self.value(inner, &member.node),
                (None, None) => {}
            }
        }
        for key in schema.get("required").and_then(Json::as_array).into_iter().flatten() {
            if let Some(key) = key.as_str()
                && node.member(key).is_none()
            {
                self.findings.add(node.place, format!("the key `{key}` is missing"));
            }
        }
    }

    fn length(&mut self, schema: &Map<String, Json>, node: &Node, length: usize) {
        if schema.get("minItems").and_then(Json::as_u64).is_some_and(|least| (length as u64) < least) {
            self.findings.add(node.place, "the list is empty");
        }
    }

    fn range(&mut self, schema: &Map<String, Json>, node: &Node, number: &serde_json::Number) {
        let bound = |key: &str| schema.get(key).and_then(Json::as_f64);
        let (least, most) = (bound("minimum"), bound("maximum"));
        let Some(value) = number.as_f64() else { return };
        if least.is_some_and(|least| value < least) || most.is_some_and(|most| value > most) {
            let range = match (least, most) {
                (Some(least), Some(most)) => format!("expected {least} to {most}"),
                (Some(least), None) => format!("expected at least {least}"),
                (_, most) => format!("expected at most {}", most.unwrap_or_default()),
            };
            self.findings.add(node.place, format!("{number} is out of range: {range}"));
        }
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
