//! YAML text as a tree that keeps the position of every key and value.
//!
//! It takes less than YAML allows, and all that `docker compose config` prints: one document, no aliases, no tags.

use std::collections::HashMap;

use serde_saphyr::granit_parser::{ErrorKind, Event, Marker, Options, Parser, ScalarStyle};

use crate::manifest::error::{Position, Problem};

/// The largest file that is read: five thousand services make 6 MiB.
const MAXIMUM_BYTES: usize = 32 * 1024 * 1024;
/// The deepest nesting that is read; Compose itself needs eight.
const MAXIMUM_DEPTH: usize = 64;
const TOO_DEEP: &str = "nested more than 64 levels deep";

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) position: Position,
    pub(super) value: Value,
}

/// What stands there.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Scalar(Scalar),
    List(Vec<Node>),
    Mapping(Vec<Entry>),
    /// Already reported; read as nothing.
    Broken,
}

/// A scalar before and after its variables are filled in.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scalar {
    /// As it stands in the file: what errors show, for it holds no secret.
    pub(super) raw: String,
    /// With its variables filled in.
    pub(super) text: String,
    /// Without quotes.
    pub(super) plain: bool,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) position: Position,
    pub(super) node: Node,
}

/// A collection that is not closed yet.
struct Open {
    node: Node,
    key: Option<(String, Position)>,
    /// The keys so far; a list would make a wide mapping slow.
    seen: HashMap<String, Position>,
}

/// Builds the tree from the parser's events.
#[derive(Default)]
struct Builder {
    stack: Vec<Open>,
    root: Option<Node>,
    problems: Vec<Problem>,
}

/// Reads a text into a tree; `None` where a problem leaves nothing to go on with.
pub(super) fn parse(text: &str) -> (Option<Node>, Vec<Problem>) {
    let mut builder = Builder::default();
    if text.len() > MAXIMUM_BYTES {
        let message = format!(
            "the file has {} bytes, more than the {MAXIMUM_BYTES} that gw reads; move large content into files of their own",
            text.len()
        );
        builder.report(Position::START, message);
        return (None, builder.problems);
    }
    let mut options = Options::default();
    options.set_emit_comments(false);
    options.flow_nesting_limit = MAXIMUM_DEPTH;
    options.block_nesting_limit = MAXIMUM_DEPTH;
    for next in Parser::new_from_str_with_options(text, options) {
        match next {
            Ok((event, span)) => {
                if !builder.take(event, place(&span.start)) {
                    return (None, builder.problems);
                }
            }
            Err(error) => {
                let message = match error.kind() {
                    ErrorKind::RecursionLimitExceeded => TOO_DEEP.to_owned(),
                    _ => format!("not YAML: {}", error.info()),
                };
                builder.report(place(error.marker()), message);
                return (None, builder.problems);
            }
        }
    }
    if builder.root.is_none() {
        builder.report(
            Position::START,
            "the file is empty; a Compose file has at least `name` and `services`".to_owned(),
        );
    }
    (builder.root, builder.problems)
}

fn place(marker: &Marker) -> Position {
    Position { line: marker.line().max(1), column: marker.col() + 1 }
}

impl Builder {
    fn report(&mut self, position: Position, message: String) {
        self.problems.push(Problem { position, path: String::new(), message });
    }

    /// Takes one event; false ends the reading.
    fn take(&mut self, event: Event<'_>, position: Position) -> bool {
        match event {
            Event::DocumentStart(..) if self.root.is_some() => {
                self.report(position, "a second document; a Compose file has one".to_owned());
                return false;
            }
            Event::Scalar(text, style, _, tag) => {
                self.refuse_tag(tag.is_some(), position);
                let plain = style == ScalarStyle::Plain;
                let text = text.into_owned();
                if self.wants_key() {
                    self.key(text, position);
                } else {
                    let scalar = Scalar { raw: text.clone(), text, plain };
                    self.close(Node { position, value: Value::Scalar(scalar) });
                }
            }
            Event::SequenceStart(_, _, tag) => {
                return self.open(Value::List(Vec::new()), position, tag.is_some());
            }
            Event::MappingStart(_, _, tag) => {
                return self.open(Value::Mapping(Vec::new()), position, tag.is_some());
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.stack.pop() {
                    self.close(open.node);
                }
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                let message = "an alias (`*name`); write its content out, as `docker compose config` does";
                self.report(position, message.to_owned());
                if self.wants_key() {
                    return false;
                }
                self.close(Node { position, value: Value::Broken });
            }
            _ => {}
        }
        true
    }

    fn refuse_tag(&mut self, tagged: bool, position: Position) {
        if tagged {
            self.report(position, "a tag (`!name`); gw reads values without tags".to_owned());
        }
    }

    fn wants_key(&self) -> bool {
        self.stack
            .last()
            .is_some_and(|open| matches!(open.node.value, Value::Mapping(_)) && open.key.is_none())
    }

    fn open(&mut self, value: Value, position: Position, tagged: bool) -> bool {
        self.refuse_tag(tagged, position);
        if self.wants_key() {
            self.report(position, "a key must be text".to_owned());
            return false;
        }
        if self.stack.len() == MAXIMUM_DEPTH {
            self.report(position, TOO_DEEP.to_owned());
            return false;
        }
        self.stack.push(Open { node: Node { position, value }, key: None, seen: HashMap::new() });
        true
    }

    fn key(&mut self, key: String, position: Position) {
        if key == "<<" {
            let message = "a merge key (`<<`); write its content out, as `docker compose config` does";
            self.report(position, message.to_owned());
        }
        if let Some(open) = self.stack.last_mut() {
            open.key = Some((key, position));
        }
    }

    /// Puts a finished value where it belongs.
    fn close(&mut self, node: Node) {
        let Some(open) = self.stack.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut open.node.value {
            Value::List(items) => items.push(node),
            Value::Mapping(entries) => {
                let Some((key, position)) = open.key.take() else { return };
                match open.seen.get(&key).copied() {
                    Some(first) => self.report(
                        position,
                        format!("\"{key}\" stands twice, first in line {}; keep one", first.line),
                    ),
                    None if key == "<<" => {}
                    None => {
                        open.seen.insert(key.clone(), position);
                        entries.push(Entry { key, position, node });
                    }
                }
            }
            Value::Scalar(_) | Value::Broken => {}
        }
    }
}
