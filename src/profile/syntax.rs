//! Text to [`Node`] tree: strict JSON, with the place of everything, and no input that can break it.

use jsonc_parser::ast::{ObjectPropName, Value as Ast};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::finding::{Findings, LIMIT, Place};
use super::node::{Member, Node, Value};
use super::suggest::quoted;

/// Brackets that may be open at once. No input needs more, and everything after this walks the tree by recursion.
const DEPTH_LIMIT: usize = 100;

/// Parses strict JSON; what is wrong goes to the findings. `None` means that there is no tree to go on with.
pub(super) fn parse(
    file: usize,
    text: &str,
    line_of: &dyn Fn(usize) -> String,
    findings: &mut Findings,
) -> Option<Node> {
    let start = Place { file, offset: 0 };
    if text.starts_with('\u{feff}') {
        findings.add_with_hint(
            start,
            "the file starts with a byte order mark, which JSON does not allow",
            "save it as UTF-8 without BOM",
        );
        return None;
    }
    if text.trim().is_empty() {
        findings.add_with_hint(start, "the file is empty", "it must hold one JSON object: { ... }");
        return None;
    }
    if let Some(offset) = too_deep(text) {
        findings.add(
            Place { file, offset },
            format!("brackets are nested deeper than {DEPTH_LIMIT}, which no input of gw needs"),
        );
        return None;
    }
    let parsed = match parse_to_ast(text, &CollectOptions::default(), &strict()) {
        Ok(parsed) => parsed,
        Err(error) => {
            let offset = error.range().start.min(text.len());
            let (message, hint) = words(error.kind(), text, offset);
            findings.push(Place { file, offset }, message, hint);
            return None;
        }
    };
    // What the first parser lets through although it is not JSON (control characters, lone surrogates, 01).
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let offset = offset_of(text, error.line(), error.column());
        findings.add(Place { file, offset }, format!("not JSON: {}", without_position(&error)));
        return None;
    }
    let mut reader = Reader { file, line_of, findings, duplicates: 0, readable: true };
    let tree = parsed.value.map(|value| reader.node(value));
    tree.filter(|_| reader.readable)
}

fn strict() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// The first bracket that is nested too deep, found without recursion.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut inside_string, mut escaped) = (0_usize, false, false);
    for (offset, byte) in text.bytes().enumerate() {
        if inside_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => inside_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => inside_string = true,
            b'[' | b'{' => {
                depth += 1;
                if depth > DEPTH_LIMIT {
                    return Some(offset);
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn words(kind: &ParseErrorKind, text: &str, offset: usize) -> (String, Option<String>) {
    use ParseErrorKind as Kind;
    let (message, hint) = match kind {
        Kind::CommentsNotAllowed => ("comments are not JSON", Some("remove it")),
        Kind::TrailingCommasNotAllowed => ("a comma with nothing after it", Some("remove the comma")),
        Kind::ExpectedComma
            if text[..offset].ends_with('0') && text[offset..].starts_with(char::is_numeric) =>
        {
            ("a number does not start with 0", None)
        }
        Kind::UnexpectedWord => ("expected a value: text stands in double quotes", None),
        Kind::UnexpectedCloseBrace
        | Kind::UnexpectedCloseBracket
        | Kind::UnexpectedComma
        | Kind::UnexpectedColon => ("expected a value here", None),
        Kind::ExpectedComma => ("a comma is missing here", None),
        Kind::SingleQuotedStringsNotAllowed => ("strings stand in double quotes", None),
        Kind::ExpectedStringObjectProperty | Kind::UnexpectedTokenInObject => {
            ("expected a key in double quotes", None)
        }
        Kind::ExpectedColonAfterObjectKey => ("expected a colon after the key", None),
        Kind::ExpectedObjectValue => ("expected a value after the colon", None),
        Kind::UnterminatedObject => ("this `{` is never closed", None),
        Kind::UnterminatedArray => ("this `[` is never closed", None),
        Kind::MultipleRootJsonValues => ("the file must end after its first value", None),
        other => return (format!("not JSON: {}", lower_first(&other.to_string())), None),
    };
    (message.to_owned(), hint.map(ToOwned::to_owned))
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

/// `serde_json` says line and byte column, both from 1, or 0 for the end of a line.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut offset = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rfind(" at line ").map_or_else(|| text.clone(), |at| text[..at].to_owned())
}

struct Reader<'a> {
    file: usize,
    line_of: &'a dyn Fn(usize) -> String,
    findings: &'a mut Findings,
    duplicates: usize,
    readable: bool,
}

impl Reader<'_> {
    fn node(&mut self, ast: Ast<'_>) -> Node {
        let (start, end) = (ast.start(), ast.end());
        let place = Place { file: self.file, offset: start };
        let value = match ast {
            Ast::NullKeyword(_) => Value::Null,
            Ast::BooleanLit(literal) => Value::Bool(literal.value),
            Ast::StringLit(literal) => Value::String(literal.value.into_owned()),
            Ast::NumberLit(literal) => {
                if let Ok(number) = literal.value.parse() {
                    Value::Number(number)
                } else {
                    self.findings.add(place, format!("the number {} is out of range", quoted(literal.value)));
                    self.readable = false;
                    Value::Null
                }
            }
            Ast::Array(array) => {
                Value::Array(array.elements.into_iter().map(|item| self.node(item)).collect())
            }
            Ast::Object(object) => self.object(object),
        };
        Node { place, end, value }
    }

    fn object(&mut self, object: jsonc_parser::ast::Object<'_>) -> Value {
        let mut members: Vec<Member> = Vec::with_capacity(object.properties.len());
        let mut seen = std::collections::HashMap::new();
        for property in object.properties {
            let key_place = Place { file: self.file, offset: property.name.start() };
            let key = match property.name {
                ObjectPropName::String(literal) => literal.value.into_owned(),
                ObjectPropName::Word(literal) => literal.value.to_owned(),
            };
            let node = self.node(property.value);
            if let Some(first) = seen.get(&key) {
                if self.duplicates <= LIMIT {
                    let first = (self.line_of)(*first);
                    self.findings.add_with_hint(
                        key_place,
                        format!("the key {} is here twice: first at {first}", quoted(&key)),
                        "remove one of the two",
                    );
                }
                self.duplicates += 1;
                continue;
            }
            seen.insert(key.clone(), key_place.offset);
            members.push(Member { key, key_place, node });
        }
        Value::Object(members)
    }
}
