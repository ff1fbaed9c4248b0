//! Checks a parsed tree against gw's own JSON Schema and reports everything that differs.
//!
//! It knows the keywords that the schemas of [`super::schema`] use, and no more. `pattern` is there for editors: what a
//! pattern says, a rule in [`super::rules`] says again in words.

use std::collections::HashSet;

use serde_json::{Map, Value as Json};

use super::finding::{Findings, LIMIT};
use super::keywords;
use super::node::{Member, Node, Value};
use super::schema;
use super::suggest;

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

/// Adds a finding for everything in a tree that its schema does not allow; false where that is too much to go on.
pub(super) fn check(kind: Kind, tree: &Node, findings: &mut Findings) -> bool {
    let schema = match kind {
        Kind::Profile => schema::profile(),
        Kind::Services => schema::services(),
        Kind::Infra => schema::infra(),
        Kind::Images => schema::images(),
    };
    let first = findings.len();
    let mut walker = Walker { root: &schema, findings, first };
    walker.value(&schema, tree);
    findings.len() - first < LIMIT
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
        if !keywords::allows_type(schema, node) {
            let expected = keywords::names(schema);
            self.wrong(node, &expected);
            return;
        }
        self.constant(schema, node);
        match &node.value {
            Value::Object(_) => self.object(schema, node),
            Value::Array(items) => {
                if let Some(inner) = schema.get("items") {
                    for item in items {
                        self.value(inner, item);
                    }
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
        let found = match &node.value {
            Value::Number(number) => format!("the number {number}"),
            _ => node.kind().to_owned(),
        };
        self.findings.push(node.place, format!("expected {expected}, found {found}"), hint);
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
                let known: Vec<&Json> = several.iter().filter_map(|branch| branch.get("const")).collect();
                if !known.contains(&&node.to_json()) {
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
            None => keywords::allows_type(schema, node),
        }
    }

    fn branch_names(&self, branch: &'a Json) -> String {
        match self.resolve(branch) {
            Json::Object(schema) => keywords::names(schema),
            _ => "anything".to_owned(),
        }
    }

    fn constant(&mut self, schema: &Map<String, Json>, node: &Node) {
        let listed = schema.get("enum").and_then(Json::as_array);
        let known: Vec<&Json> = listed.into_iter().flatten().chain(schema.get("const")).collect();
        if !known.is_empty() && !known.contains(&&node.to_json()) {
            self.not_one_of(node, &known);
        }
    }

    fn not_one_of(&mut self, node: &Node, known: &[&Json]) {
        let word = |value: &Json| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        let found = word(&node.to_json());
        let known: Vec<String> = known.iter().map(|value| word(value)).collect();
        let hint = suggest::hint(&found, "known values", known.iter().map(String::as_str));
        let found = suggest::quoted(&found);
        self.findings.add_with_hint(node.place, format!("{found} is not a value for this key"), hint);
    }

    fn object(&mut self, schema: &'a Map<String, Json>, node: &Node) {
        let properties = schema.get("properties").and_then(Json::as_object);
        let others = schema.get("additionalProperties");
        let mut unknown = Vec::new();
        for member in node.members() {
            match properties.and_then(|properties| properties.get(&member.key)).or(others) {
                Some(Json::Bool(false)) => unknown.push(member),
                Some(inner) => self.value(inner, &member.node),
                None => {}
            }
        }
        if !unknown.is_empty() {
            self.unknown_keys(properties, node, &unknown);
        }
        for key in schema.get("required").and_then(Json::as_array).into_iter().flatten() {
            if let Some(key) = key.as_str()
                && node.member(key).is_none()
            {
                self.findings.add(node.place, format!("the key `{key}` is missing"));
            }
        }
    }

    fn unknown_keys(&mut self, properties: Option<&Map<String, Json>>, node: &Node, unknown: &[&Member]) {
        // A key that is there already is not what another one was meant to be.
        let present: HashSet<&str> = node.members().iter().map(|member| member.key.as_str()).collect();
        let known: Vec<&str> = properties
            .into_iter()
            .flat_map(Map::keys)
            .map(String::as_str)
            .filter(|key| *key != "$schema" && !present.contains(key))
            .collect();
        for member in unknown {
            if self.findings.len() - self.first >= LIMIT {
                return;
            }
            let hint = suggest::hint(&member.key, "known keys", known.iter().copied());
            self.findings.add_with_hint(member.key_place, "unknown key", hint);
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
