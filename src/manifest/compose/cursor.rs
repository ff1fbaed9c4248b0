//! A place in the tree, with typed access that reports what does not fit and goes on.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use serde_json::Value as Json;

use super::interpolate::Variables;
use super::tree::{Entry, Node, Scalar, Value};
use super::{keys, long_form, scalar};
use crate::manifest::error::{Position, Problem};

/// What reading needs from outside, and what it found wrong.
pub(super) struct Context<'a> {
    pub(super) problems: RefCell<Vec<Problem>>,
    pub(super) variables: Variables<'a>,
    pub(super) open: &'a dyn Fn(&Path) -> std::io::Result<String>,
    /// Where relative paths start.
    pub(super) folder: PathBuf,
}

impl Context<'_> {
    pub(super) fn report(&self, position: Position, path: &str, message: String) {
        self.problems.borrow_mut().push(Problem { position, path: path.to_owned(), message });
    }
}

/// A value, where it stands, and which place of [`keys::KEYS`] that is.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    pub(super) node: &'a Node,
    pub(super) context: &'a Context<'a>,
    /// `services.auth.ports[0]`.
    pub(super) path: String,
    /// `services.*.ports`.
    place: String,
    /// An item of a list; its long form is shown as one.
    item: bool,
}

impl<'a> Cursor<'a> {
    pub(super) fn root(node: &'a Node, context: &'a Context<'a>) -> Self {
        Self { node, context, path: String::new(), place: String::new(), item: false }
    }

    /// Reports a problem at this value.
    pub(super) fn report(&self, message: impl Into<String>) {
        self.context.report(self.node.position, &self.path, message.into());
    }

    /// Reports a short form, and shows the long one.
    pub(super) fn report_short(&self, long: Json) {
        let shown = match &self.node.value {
            Value::Scalar(scalar) => format!("`{}`", shorten(&scalar.raw)),
            Value::List(_) => "a list".to_owned(),
            Value::Mapping(_) | Value::Broken => "a mapping".to_owned(),
        };
        let long = if self.item && !long.is_array() { Json::Array(vec![long]) } else { long };
        let text = long_form::yaml(self.key(), &long);
        self.report(format!(
            "{shown} is a short form; write the long one, as `docker compose config` prints it:\n{text}"
        ));
    }

    fn report_type(&self, expected: &str) {
        let found = match &self.node.value {
            Value::Broken => return,
            Value::Scalar(_) if self.is_nothing() => "nothing".to_owned(),
            Value::Scalar(scalar) if scalar.raw != scalar.text => {
                format!("`{}`, which is something else with its variables filled in", shorten(&scalar.raw))
            }
            Value::Scalar(scalar) => format!("`{}`", shorten(&scalar.raw)),
            Value::List(_) => "a list".to_owned(),
            Value::Mapping(_) => "a mapping".to_owned(),
        };
        self.report(format!("expected {expected}, found {found}"));
    }

    /// The last key of the path.
    pub(super) fn key(&self) -> &str {
        self.place.rsplit('.').next().unwrap_or_default()
    }

    pub(super) fn scalar(&self) -> Option<&'a Scalar> {
        match &self.node.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    fn entry(&self) -> &'a [Entry] {
        match &self.node.value {
            Value::Mapping(entries) => entries,
            _ => &[],
        }
    }

    fn is_nothing(&self) -> bool {
        self.scalar().is_some_and(|scalar| scalar.plain && scalar::kind(&scalar.raw) == Some("nothing"))
    }

    fn child(&self, entry: &'a Entry, place: &str) -> Self {
        let join = |left: &str, right: &str| {
            if left.is_empty() { right.to_owned() } else { format!("{left}.{right}") }
        };
        Self {
            node: &entry.node,
            context: self.context,
            path: join(&self.path, &entry.key),
            place: join(&self.place, place),
            item: false,
        }
    }

    /// The value of a key; nothing for a missing one and for `null`.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let entry = self.entry().iter().find(|entry| entry.key == key)?;
        let child = self.child(entry, key);
        (!child.is_nothing()).then_some(child)
    }

    /// Whether this is a mapping; checks its keys. Reports the long form that `long` makes of something else.
    pub(super) fn is_mapping(&self, long: impl FnOnce(&Self) -> Option<Json>) -> bool {
        match &self.node.value {
            Value::Mapping(entries) => {
                for entry in entries.iter().filter(|entry| !entry.key.starts_with("x-")) {
                    if let Some(message) = keys::refuse(&self.place, &entry.key) {
                        let path = self.child(entry, &entry.key).path;
                        self.context.report(entry.position, &path, message);
                    }
                }
                true
            }
            Value::Broken => false,
            Value::Scalar(_) | Value::List(_) => {
                match long(self) {
                    Some(long) => self.report_short(long),
                    None => self.report_type("a mapping"),
                }
                false
            }
        }
    }

    /// The entries of a mapping whose keys are names of the user's.
    pub(super) fn entries(&self, long: impl FnOnce(&Self) -> Option<Json>) -> Vec<(&'a str, Self)> {
        match &self.node.value {
            Value::Mapping(entries) => {
                entries.iter().map(|entry| (entry.key.as_str(), self.child(entry, "*"))).collect()
            }
            Value::Broken => Vec::new(),
            Value::Scalar(_) | Value::List(_) => {
                match long(self) {
                    Some(long) => self.report_short(long),
                    None => self.report_type("a mapping"),
                }
                Vec::new()
            }
        }
    }

    /// Whether nothing stands here, as in `default: null`.
    pub(super) fn is_null(&self) -> bool {
        self.is_nothing()
    }

    /// The items of a list; one scalar instead is a short form, split by `split`.
    pub(super) fn items(&self, long: impl FnOnce(&Self) -> Option<Json>) -> Vec<Self> {
        match &self.node.value {
            Value::List(items) => items
                .iter()
                .enumerate()
                .map(|(index, node)| Self {
                    node,
                    context: self.context,
                    path: format!("{}[{index}]", self.path),
                    place: self.place.clone(),
                    item: true,
                })
                .collect(),
            Value::Broken => Vec::new(),
            Value::Scalar(_) | Value::Mapping(_) => {
                match long(self) {
                    Some(long) => self.report_short(long),
                    None => self.report_type("a list"),
                }
                Vec::new()
            }
        }
    }

    /// Text. A scalar that YAML takes for something else needs quotes.
    pub(super) fn text(&self) -> Option<String> {
        let Some(scalar) = self.scalar() else {
            self.report_type("text");
            return None;
        };
        if scalar.plain
            && let Some(kind) = scalar::kind(&scalar.raw)
        {
            self.report(format!(
                "expected text, and YAML reads `{0}` as {kind}; write it in quotes: \"{0}\"",
                scalar.raw
            ));
            return None;
        }
        Some(scalar.text.clone())
    }

    /// Something read from text, in quotes or not.
    pub(super) fn parse<T>(&self, expected: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let value = self.scalar().and_then(|scalar| read(&scalar.text));
        if value.is_none() {
            self.report_type(expected);
        }
        value
    }

    pub(super) fn number<T: FromStr>(&self) -> Option<T> {
        self.parse("a whole number", |text| text.parse().ok())
    }

    pub(super) fn boolean(&self) -> Option<bool> {
        self.parse("true or false", |text| text.parse().ok())
    }

    pub(super) fn duration(&self) -> Option<Duration> {
        self.parse("a duration such as 1m30s or 500ms", scalar::duration)
    }

    /// Bytes as a number; `256m` is a short form.
    pub(super) fn bytes(&self) -> Option<i64> {
        let scalar = self.scalar();
        if let Some(bytes) = scalar.and_then(|scalar| scalar::short_bytes(&scalar.text)) {
            self.report_short(Json::String(bytes.to_string()));
            return None;
        }
        self.parse("a number of bytes", |text| text.parse().ok())
    }

    /// One of a few words.
    pub(super) fn choice(&self, choices: &[&str]) -> Option<String> {
        let text = self.text()?;
        if choices.contains(&text.as_str()) {
            return Some(text);
        }
        self.report_type(&keys::one_of(choices));
        None
    }
}

/// Access by key, for mappings.
impl Cursor<'_> {
    pub(super) fn text_at(&self, key: &str) -> Option<String> {
        self.get(key)?.text()
    }

    pub(super) fn number_at<T: FromStr>(&self, key: &str) -> Option<T> {
        self.get(key)?.number()
    }

    pub(super) fn boolean_at(&self, key: &str) -> Option<bool> {
        self.get(key)?.boolean()
    }

    pub(super) fn bytes_at(&self, key: &str) -> Option<i64> {
        self.get(key)?.bytes()
    }

    pub(super) fn duration_at(&self, key: &str) -> Option<Duration> {
        self.get(key)?.duration()
    }

    /// A list of texts; one text alone is a short form.
    pub(super) fn texts_at(&self, key: &str) -> Vec<String> {
        let Some(list) = self.get(key) else { return Vec::new() };
        let items = list.items(long_form::one_item);
        items.iter().filter_map(Self::text).collect()
    }

    /// A mapping to texts; a list of `KEY=VALUE` is a short form.
    pub(super) fn text_map_at(&self, key: &str) -> BTreeMap<String, String> {
        let Some(map) = self.get(key) else { return BTreeMap::new() };
        let entries = map.entries(long_form::assignments);
        let text = |(name, value): (&str, Self)| Some((name.to_owned(), value.text()?));
        entries.into_iter().filter_map(text).collect()
    }

    /// A mapping to texts or nothing.
    pub(super) fn optional_map_at(&self, key: &str) -> BTreeMap<String, Option<String>> {
        let Some(map) = self.get(key) else { return BTreeMap::new() };
        let mut values = BTreeMap::new();
        for (name, value) in map.entries(long_form::assignments) {
            if value.is_null() {
                values.insert(name.to_owned(), (self.context.variables)(name));
            } else if let Some(text) = value.text() {
                values.insert(name.to_owned(), Some(text));
            }
        }
        values
    }

    /// Reports a key that must be there.
    pub(super) fn missing(&self, key: &str, example: &str) {
        self.report(format!("`{key}` is missing; write for example `{key}: {example}`"));
    }
}

/// The beginning of a text, for an error.
fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut short: String = line.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
