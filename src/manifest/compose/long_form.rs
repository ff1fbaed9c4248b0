//! The long form of what Compose allows to write short, filled in with the user's values for the error message.
//!
//! It works on the text before variables are filled in: what it shows can be pasted, and holds no secret.

use serde_json::{Map, Value as Json, json};

use super::cursor::Cursor;
use super::lexical;
use super::tree::{Node, Value};

/// A key and its value as YAML, indented for a message.
pub(super) fn yaml(key: &str, value: &Json) -> String {
    let mut object = Map::new();
    object.insert(key.to_owned(), value.clone());
    let text = serde_saphyr::to_string(&Json::Object(object)).unwrap_or_default();
    let lines: Vec<String> = text.trim_end().lines().map(|line| format!("    {line}")).collect();
    lines.join("\n")
}

/// Short forms have no long form here.
pub(super) fn none(_: &Cursor<'_>) -> Option<Json> {
    None
}

fn raw<'a>(cursor: &Cursor<'a>) -> Option<&'a str> {
    cursor.scalar().map(|scalar| scalar.raw.as_str())
}

/// The texts of a list that holds nothing else.
fn raw_items(node: &Node) -> Option<Vec<String>> {
    let Value::List(items) = &node.value else { return None };
    let raw = |item: &Node| match &item.value {
        Value::Scalar(scalar) => Some(scalar.raw.clone()),
        _ => None,
    };
    items.iter().map(raw).collect()
}

/// `a` to `[a]`.
pub(super) fn one_item(cursor: &Cursor<'_>) -> Option<Json> {
    Some(json!([raw(cursor)?]))
}

/// One short item where a list is expected.
pub(super) fn in_list(cursor: &Cursor<'_>, one: impl FnOnce(&Cursor<'_>) -> Option<Json>) -> Option<Json> {
    let long = one(cursor)?;
    Some(if long.is_array() { long } else { Json::Array(vec![long]) })
}

/// `[A=1, B]` to `{A: "1", B: null}`.
pub(super) fn assignments(cursor: &Cursor<'_>) -> Option<Json> {
    let pair = |item: String| match item.split_once('=') {
        Some((name, value)) => (name.to_owned(), json!(value)),
        None => (item, Json::Null),
    };
    Some(Json::Object(raw_items(cursor.node)?.into_iter().map(pair).collect()))
}

/// `[a, b]` to a mapping of each to the same value.
pub(super) fn names(cursor: &Cursor<'_>, value: &Json) -> Option<Json> {
    Some(Json::Object(raw_items(cursor.node)?.into_iter().map(|name| (name, value.clone())).collect()))
}

/// `{name: address}` to `[name=address]`.
pub(super) fn hosts(cursor: &Cursor<'_>) -> Option<Json> {
    let Value::Mapping(entries) = &cursor.node.value else { return one_item(cursor) };
    let line = |(name, value): (&str, &str)| json!(format!("{name}={value}"));
    let pairs = entries.iter().filter_map(|entry| match &entry.node.value {
        Value::Scalar(scalar) => Some((entry.key.as_str(), scalar.raw.as_str())),
        _ => None,
    });
    Some(Json::Array(pairs.map(line).collect()))
}

/// A command line to its words, as a shell splits them.
pub(super) fn command(cursor: &Cursor<'_>) -> Option<Json> {
    let text = raw(cursor)?;
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            (letter, Some(open)) if letter == open => quote = None,
            ('\'' | '"', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            ('\\', None | Some('"')) => word.get_or_insert_default().extend(letters.next()),
            (letter, None) if letter.is_whitespace() => words.extend(word.take()),
            (letter, _) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    Some(json!(words))
}

/// `curl x` to `[CMD-SHELL, curl x]`.
pub(super) fn health_test(cursor: &Cursor<'_>) -> Option<Json> {
    Some(json!(["CMD-SHELL", raw(cursor)?]))
}

/// `.` to `{context: ., dockerfile: Dockerfile}`.
pub(super) fn build(cursor: &Cursor<'_>) -> Option<Json> {
    Some(json!({ "context": raw(cursor)?, "dockerfile": "Dockerfile" }))
}

/// `name` to `{source: name}`.
pub(super) fn file(cursor: &Cursor<'_>) -> Option<Json> {
    Some(json!({ "source": raw(cursor)? }))
}

/// `[IP:][PUBLISHED:]TARGET[/PROTOCOL]` to its parts.
pub(super) fn port(cursor: &Cursor<'_>) -> Option<Json> {
    let text = raw(cursor)?;
    let (text, protocol) = text.rsplit_once('/').unwrap_or((text, "tcp"));
    let mut parts = lexical::parts(text);
    let target = parts.pop()?;
    let published = parts.pop();
    let host = (!parts.is_empty()).then(|| parts.join(":"));
    let one = |target: &str, published: Option<&str>| one_port(target, published, host.as_deref(), protocol);
    let Some((first, last)) = range(target) else { return Some(one(target, published)) };
    let offset = published.and_then(range).map(|(published, _)| published);
    let each = |port: u16| {
        one(&port.to_string(), offset.map(|offset| (offset + port - first).to_string()).as_deref())
    };
    Some(Json::Array((first..=last).map(each).collect()))
}

/// `9000-9001` to its ends; nothing for ranges that cannot be shown.
fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-')?;
    let (first, last) = (first.parse::<u16>().ok()?, last.parse::<u16>().ok()?);
    (first <= last && last - first < 32 && last < u16::MAX - 32).then_some((first, last))
}

fn one_port(target: &str, published: Option<&str>, host: Option<&str>, protocol: &str) -> Json {
    let mut long = Map::new();
    long.insert("mode".into(), json!("ingress"));
    if let Some(host) = host {
        long.insert("host_ip".into(), json!(host.trim_matches(['[', ']'])));
    }
    long.insert("target".into(), target.parse::<u16>().map_or_else(|_| json!(target), Json::from));
    if let Some(published) = published.filter(|published| !published.is_empty()) {
        long.insert("published".into(), json!(published));
    }
    long.insert("protocol".into(), json!(protocol));
    Json::Object(long)
}

/// `SOURCE:TARGET[:ro]` to its parts.
pub(super) fn mount(cursor: &Cursor<'_>) -> Option<Json> {
    let mut parts = lexical::parts(raw(cursor)?).into_iter();
    let (first, second) = (parts.next()?, parts.next());
    let (source, target) = second.map_or((None, first), |target| (Some(first), target));
    let options = parts.next().unwrap_or_default();
    let is_path = source.is_some_and(|source| source.starts_with(['.', '/', '~', '$']));
    let mut long = Map::new();
    long.insert("type".into(), json!(if is_path { "bind" } else { "volume" }));
    if let Some(source) = source {
        long.insert("source".into(), json!(source));
    }
    long.insert("target".into(), json!(target));
    if options.split(',').any(|option| option == "ro") {
        long.insert("read_only".into(), json!(true));
    }
    if is_path {
        long.insert("bind".into(), json!({ "create_host_path": true }));
    }
    Some(Json::Object(long))
}

/// `HOST[:CONTAINER[:rwm]]` to its parts.
pub(super) fn device(cursor: &Cursor<'_>) -> Option<Json> {
    let mut parts = lexical::parts(raw(cursor)?).into_iter();
    let source = parts.next()?;
    let target = parts.next().unwrap_or(source);
    let permissions = parts.next().unwrap_or("rwm");
    Some(json!({ "source": source, "target": target, "permissions": permissions }))
}
