//! A parsed JSON tree that knows where each value was written, whatever file it came from.

use serde_json::{Map, Number};

use super::finding::Place;

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// Its first byte.
    pub(super) place: Place,
    /// The byte after its last, in the same file.
    pub(super) end: usize,
    /// The value.
    pub(super) value: Value,
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(String),
    /// A list.
    Array(Vec<Node>),
    /// An object, in the order of the file.
    Object(Vec<Member>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member {
    /// The key.
    pub(super) key: String,
    /// Where the key was written.
    pub(super) key_place: Place,
    /// Its value.
    pub(super) node: Node,
}

/// A step from a value to one inside it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    /// The value of a key.
    Key(&'a str),
    /// An item of a list.
    Index(usize),
}

impl<'a> From<&'a str> for Step<'a> {
    fn from(key: &'a str) -> Self {
        Self::Key(key)
    }
}

impl<'a> From<&'a String> for Step<'a> {
    fn from(key: &'a String) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Step<'_> {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

impl Node {
    /// The members of an object; empty for anything else.
    pub(super) fn members(&self) -> &[Member] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// The member with a key.
    pub(super) fn member(&self, key: &str) -> Option<&Member> {
        self.members().iter().find(|member| member.key == key)
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.member(key).map(|member| &member.node)
    }

    /// The text of a string.
    pub(super) fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Where the value at some steps was written, or the nearest value around it.
    pub(super) fn place_of(&self, steps: &[Step<'_>]) -> Place {
        let mut node = self;
        for step in steps {
            let next = match (step, &node.value) {
                (Step::Key(key), Value::Object(_)) => node.get(key),
                (Step::Index(index), Value::Array(items)) => items.get(*index),
                _ => None,
            };
            match next {
                Some(inner) => node = inner,
                None => break,
            }
        }
        node.place
    }

    /// Where the key at the end of some steps was written, or the nearest value around it.
    pub(super) fn key_place_of(&self, steps: &[Step<'_>], key: &str) -> Place {
        let mut node = self;
        for step in steps {
            match step {
                Step::Key(name) => match node.get(name) {
                    Some(inner) => node = inner,
                    None => return node.place,
                },
                Step::Index(_) => return node.place,
            }
        }
        node.member(key).map_or(node.place, |member| member.key_place)
    }

    /// The same value without places.
    pub(super) fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => serde_json::Value::Bool(*value),
            Value::Number(number) => serde_json::Value::Number(number.clone()),
            Value::String(text) => serde_json::Value::String(text.clone()),
            Value::Array(items) => serde_json::Value::Array(items.iter().map(Self::to_json).collect()),
            Value::Object(members) => serde_json::Value::Object(
                members
                    .iter()
                    .map(|member| (member.key.clone(), member.node.to_json()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }

    /// What kind of value this is, with its article.
    pub(super) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        }
    }
}
