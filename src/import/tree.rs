//! YAML text as a tree that keeps positions; anchors, aliases and merge keys are resolved.
//!
//! The tree of the read-back (`manifest`) refuses those three: what gw renders has none, and a file written by hand may.

use std::collections::{HashMap, HashSet};

use serde_saphyr::granit_parser::{Event, Marker, Options, Parser, ScalarStyle};

use super::{Mistake, Position};

/// The largest text that is read.
const MAXIMUM_BYTES: usize = 4 * 1024 * 1024;
/// Values of one text with its aliases written out.
const MAXIMUM_NODES: usize = 200_000;
/// The deepest nesting that is read; Compose itself needs eight.
const MAXIMUM_DEPTH: usize = 64;

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) position: Position,
    pub(super) value: Value,
}

/// What stands there.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Text, and whether it has no quotes.
    Scalar(String, bool),
    List(Vec<Node>),
    Mapping(Vec<Entry>),
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
    anchor: usize,
    key: Option<(String, Position)>,
    merged: Vec<Node>,
    seen: HashSet<String>,
}

#[derive(Default)]
struct Builder {
    stack: Vec<Open>,
    root: Option<Node>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
}

/// Reads a text into a tree.
pub(super) fn parse(text: &str) -> Result<Node, Mistake> {
    if text.len() > MAXIMUM_BYTES {
        return Err(mistake(START, format!("the file has more than {MAXIMUM_BYTES} bytes")));
    }
    let mut options = Options::default();
    options.set_emit_comments(false);
    options.flow_nesting_limit = MAXIMUM_DEPTH;
    options.block_nesting_limit = MAXIMUM_DEPTH;
    let mut builder = Builder::default();
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next
            .map_err(|error| mistake(place(error.marker()), format!("this is not YAML: {}", error.info())))?;
        builder.take(event, place(&span.start))?;
    }
    builder.root.ok_or_else(|| mistake(START, "the file is empty; a Compose file has `services`"))
}

const START: Position = Position { line: 1, column: 1 };

fn place(marker: &Marker) -> Position {
    Position { line: marker.line().max(1), column: marker.col() + 1 }
}

fn mistake(position: Position, message: impl Into<String>) -> Mistake {
    Mistake { position, path: String::new(), message: message.into() }
}

impl Builder {
    fn take(&mut self, event: Event<'_>, position: Position) -> Result<(), Mistake> {
        self.nodes += 1;
        match event {
            Event::DocumentStart(..) if self.root.is_some() => {
                return Err(mistake(position, "a second document; a Compose file has one"));
            }
            Event::Scalar(text, style, anchor, tag) => {
                let quoted = match tag.as_deref() {
                    None => false,
                    Some(tag) if tag.is_yaml_core_schema() => tag.suffix() == "str",
                    Some(_) => return Err(own_tag(position)),
                };
                let plain = style == ScalarStyle::Plain && !quoted;
                match self.stack.last_mut() {
                    Some(open) if open.wants_key() => open.key = Some((text.into_owned(), position)),
                    _ => {
                        let value = Value::Scalar(text.into_owned(), plain);
                        self.close(Node { position, value }, anchor)?;
                    }
                }
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.open(
                    Value::List(Vec::new()),
                    position,
                    anchor,
                    tag.is_some_and(|tag| !tag.is_yaml_core_schema()),
                )?;
            }
            Event::MappingStart(_, anchor, tag) => {
                let tagged = tag.is_some_and(|tag| !tag.is_yaml_core_schema());
                self.open(Value::Mapping(Vec::new()), position, anchor, tagged)?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(mut open) = self.stack.pop() {
                    merge(&mut open)?;
                    self.close(open.node, open.anchor)?;
                }
            }
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).cloned();
                let node = node.ok_or_else(|| mistake(position, "an alias inside of what it names"))?;
                self.nodes += count(&node);
                if self.nodes > MAXIMUM_NODES {
                    let message = "with its aliases written out the file is too large to be a Compose file";
                    return Err(mistake(position, message));
                }
                self.close(node, 0)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, value: Value, position: Position, anchor: usize, tagged: bool) -> Result<(), Mistake> {
        if tagged {
            return Err(own_tag(position));
        }
        if self.stack.last().is_some_and(Open::wants_key) {
            return Err(mistake(position, "a key must be text"));
        }
        if self.stack.len() == MAXIMUM_DEPTH {
            return Err(mistake(position, "nested more than 64 levels deep"));
        }
        let node = Node { position, value };
        self.stack.push(Open { node, anchor, key: None, merged: Vec::new(), seen: HashSet::new() });
        Ok(())
    }

    /// Puts a finished value where it belongs.
    fn close(&mut self, node: Node, anchor: usize) -> Result<(), Mistake> {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.stack.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut open.node.value, open.key.take()) {
            (Value::List(items), _) => items.push(node),
            (Value::Mapping(_), Some((key, _))) if key == "<<" => open.merged.push(node),
            (Value::Mapping(entries), Some((key, position))) => {
                if !open.seen.insert(key.clone()) {
                    return Err(mistake(position, format!("\"{key}\" stands twice; keep one")));
                }
                entries.push(Entry { key, position, node });
            }
            (_, None) => return Err(mistake(node.position, "a key must be text")),
            (Value::Scalar(..), _) => {}
        }
        Ok(())
    }
}

impl Open {
    fn wants_key(&self) -> bool {
        matches!(self.node.value, Value::Mapping(_)) && self.key.is_none()
    }
}

fn own_tag(position: Position) -> Mistake {
    let message = "a tag (`!name`), which Compose knows for several files: import what it makes of them, \
                   `docker compose config --no-interpolate --no-path-resolution | gw import -`";
    mistake(position, message)
}

/// Adds what `<<` names: a mapping's own keys win, then the mapping that is named first.
fn merge(open: &mut Open) -> Result<(), Mistake> {
    let Value::Mapping(entries) = &mut open.node.value else { return Ok(()) };
    let mut sources = Vec::new();
    for node in open.merged.drain(..) {
        match node.value {
            Value::List(items) => sources.extend(items),
            _ => sources.push(node),
        }
    }
    for source in sources {
        let Value::Mapping(more) = source.value else {
            return Err(mistake(source.position, "`<<` takes a mapping, or a list of mappings"));
        };
        for entry in more {
            if open.seen.insert(entry.key.clone()) {
                entries.push(entry);
            }
        }
    }
    Ok(())
}

fn count(node: &Node) -> usize {
    match &node.value {
        Value::Scalar(..) => 1,
        Value::List(items) => 1 + items.iter().map(count).sum::<usize>(),
        Value::Mapping(entries) => 1 + entries.iter().map(|entry| count(&entry.node)).sum::<usize>(),
    }
}
