//! A place in the tree with its path; reads values as Compose does, and notes what is wrong or lost there.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::tree::{Node, Value};
use super::variables::{self, Piece};
use super::{Kind, Mistake, Note, Origin, Position, scalar};

/// What reading needs to know, and what it found.
pub(super) struct Context<'a> {
    pub(super) origin: Origin<'a>,
    pub(super) notes: RefCell<Vec<Note>>,
    pub(super) mistakes: RefCell<Vec<Mistake>>,
    /// Names of variables.
    pub(super) variables: RefCell<BTreeSet<String>>,
    /// From the name of a service in the file to the one in the profile, where they differ.
    pub(super) renamed: RefCell<BTreeMap<String, String>>,
}

/// A value and where it stands.
#[derive(Clone)]
pub(super) struct At<'a> {
    pub(super) node: &'a Node,
    pub(super) context: &'a Context<'a>,
    pub(super) path: String,
    /// Where notes point: at the key where there is one.
    position: Position,
}

impl<'a> At<'a> {
    pub(super) fn root(node: &'a Node, context: &'a Context<'a>) -> Self {
        Self { node, context, path: String::new(), position: node.position }
    }

    /// Something is wrong here.
    pub(super) fn mistake(&self, message: impl Into<String>) {
        let (position, path, message) = (self.position, self.path.clone(), message.into());
        self.context.mistakes.borrow_mut().push(Mistake { position, path, message });
    }

    /// The result does not have what stands here.
    pub(super) fn lost(&self, message: impl Into<String>) {
        self.note(Kind::NotCarriedOver, message.into());
    }

    /// There is something to know about what stands here.
    pub(super) fn remark(&self, message: impl Into<String>) {
        self.note(Kind::Remark, message.into());
    }

    fn note(&self, kind: Kind, message: String) {
        let note = Note { position: self.position, path: self.path.clone(), kind, message };
        self.context.notes.borrow_mut().push(note);
    }

    /// The last key of the path.
    pub(super) fn key(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }

    fn expected(&self, what: &str) {
        let found = match &self.node.value {
            Value::Scalar(..) if self.is_null() => "nothing",
            Value::Scalar(..) => "text",
            Value::List(_) => "a list",
            Value::Mapping(_) => "a mapping",
        };
        self.mistake(format!("expected {what}, found {found}"));
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(&self.node.value, Value::Scalar(text, true) if scalar::plain(text).is_none())
    }

    /// Nothing, or a mapping without keys: what `docker compose config` prints where nothing is said.
    pub(super) fn is_empty(&self) -> bool {
        self.is_null() || matches!(&self.node.value, Value::Mapping(entries) if entries.is_empty())
    }

    pub(super) fn is_mapping(&self) -> bool {
        matches!(self.node.value, Value::Mapping(_))
    }

    pub(super) fn is_list(&self) -> bool {
        matches!(self.node.value, Value::List(_))
    }

    /// The entries of a mapping; nothing has none.
    pub(super) fn entries(&self) -> Vec<(&'a str, Self)> {
        let Value::Mapping(entries) = &self.node.value else {
            if !self.is_null() {
                self.expected("a mapping");
            }
            return Vec::new();
        };
        let join =
            |key: &str| if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        let child = |entry: &'a super::tree::Entry| Self {
            node: &entry.node,
            context: self.context,
            path: join(&entry.key),
            position: entry.position,
        };
        entries.iter().map(|entry| (entry.key.as_str(), child(entry))).collect()
    }

    /// The value of a key; nothing for a missing one and for `null`.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        if !self.is_mapping() {
            return None;
        }
        self.entries().into_iter().find(|(name, _)| *name == key).map(|(_, at)| at).filter(|at| !at.is_null())
    }

    /// The items of a list; nothing has none.
    pub(super) fn items(&self) -> Vec<Self> {
        let Value::List(items) = &self.node.value else {
            if !self.is_null() {
                self.expected("a list");
            }
            return Vec::new();
        };
        let item = |(index, node): (usize, &'a Node)| Self {
            node,
            context: self.context,
            path: format!("{}[{index}]", self.path),
            position: node.position,
        };
        items.iter().enumerate().map(item).collect()
    }

    /// The items of a list, or the one value that stands in its place.
    pub(super) fn one_or_many(&self) -> Vec<Self> {
        if matches!(self.node.value, Value::Scalar(..)) && !self.is_null() {
            return vec![self.clone()];
        }
        self.items()
    }

    /// The text as it stands in the file, in the form that Compose uses.
    pub(super) fn raw(&self) -> Option<String> {
        match &self.node.value {
            Value::Scalar(text, true) => Some(scalar::plain(text).unwrap_or_default()),
            Value::Scalar(text, false) => Some(text.clone()),
            _ => {
                self.expected("text");
                None
            }
        }
    }

    /// The parts of a text; notes its variables.
    pub(super) fn pieces<'t>(&self, text: &'t str) -> Vec<Piece<'t>> {
        let pieces = variables::parse(text).unwrap_or_else(|part| {
            self.mistake(format!("`{part}` is not a variable; write `$$` for a dollar sign"));
            Vec::new()
        });
        for piece in &pieces {
            if let Piece::Variable { name, .. } = piece {
                self.context.variables.borrow_mut().insert((*name).to_owned());
            }
        }
        pieces
    }

    /// The text, where it has no variables.
    pub(super) fn literal(&self) -> Option<String> {
        variables::literal(&self.pieces(&self.raw()?))
    }

    /// The text in Compose's own language.
    pub(super) fn patch(&self) -> Option<String> {
        Some(variables::patch(&self.pieces(&self.raw()?)))
    }

    /// `NAME=value` items, or a mapping, as pairs in the order of the file; `None` is a name without a value.
    pub(super) fn assignments(&self) -> Vec<(String, Option<String>, Self)> {
        if self.is_mapping() {
            let pair = |(name, at): (&str, Self)| {
                let value = if at.is_null() { None } else { Some(at.raw()?) };
                Some((name.to_owned(), value, at))
            };
            return self.entries().into_iter().filter_map(pair).collect();
        }
        let pair = |at: Self| {
            let text = at.raw()?;
            Some(match text.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned()), at),
                None => (text, None, at),
            })
        };
        self.items().into_iter().filter_map(pair).collect()
    }

    /// A path of the file as seen from the root of the project.
    pub(super) fn seen_from_root(&self, path: &str) -> String {
        from_root(self.context.origin.prefix, path)
    }

    /// A path of the file as seen from the rendered one.
    pub(super) fn seen_from_rendered(&self, path: &str) -> String {
        if path.starts_with(['/', '~', '$']) {
            path.to_owned()
        } else {
            format!("../../{}", self.seen_from_root(path))
        }
    }

    /// The name of a service in the profile.
    pub(super) fn service(&self, name: &str) -> String {
        self.context.renamed.borrow().get(name).cloned().unwrap_or_else(|| name.to_owned())
    }
}

fn from_root(prefix: &str, path: &str) -> String {
    if path.starts_with(['/', '~', '$']) {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in prefix.split('/').chain(path.split('/')) {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}
