//! The text of an env file of secrets: read as Compose reads it, written so that Compose reads the same. Pure.
//!
//! A line is `NAME=value`; a value in quotes may go over several lines. Between single quotes everything is as it is, between
//! double ones `\\`, `\"`, `\$`, `\n`, `\r` and `\t` stand for what they do in Compose (seen with Compose 2.26).

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Lines;

use crate::stack::model::{SecretNeed, SecretSource};

/// What passwords are made of: nothing that a URI, a shell or Compose would read as something else.
const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// Bytes from here on would make the first letters likelier than the last.
const FAIR: u8 = 248;

/// A part of the file.
enum Entry {
    /// A value, and its lines.
    Value { name: String, value: String, text: String },
    /// A line that holds none: a comment, or nothing.
    Other(String),
    /// Lines from this one on (from 1) that cannot be read, and why.
    Unreadable { line: usize, message: &'static str, text: String },
}

/// Reads the values of a file.
///
/// # Errors
/// The first line (from 1) that cannot be read, and why, without the line itself: it may be a secret.
pub fn values(text: &str) -> Result<BTreeMap<String, String>, (usize, &'static str)> {
    let mut values = BTreeMap::new();
    for entry in entries(text) {
        match entry {
            Entry::Value { name, value, .. } => {
                values.insert(name, value);
            }
            Entry::Unreadable { line, message, .. } => return Err((line, message)),
            Entry::Other(_) => {}
        }
    }
    Ok(values)
}

/// Returns the text that the file should have: the user's own lines as they are; what is in `known` replaces its line, and
/// what gw makes and is missing is added, sorted, each with a comment.
pub fn complete(
    existing: &str,
    needs: &[SecretNeed],
    known: &BTreeMap<String, String>,
    random: &mut dyn FnMut(&mut [u8]),
) -> String {
    let mut lines: Vec<Entry> = entries(existing).collect();
    let mut sorted: Vec<&SecretNeed> = needs.iter().collect();
    sorted.sort_by(|one, other| one.variable.cmp(&other.variable));
    for need in sorted {
        let there = lines.iter().any(|entry| is(entry, &need.variable));
        let value = match (known.get(&need.variable), &need.source) {
            (Some(value), _) => value.clone(),
            (None, SecretSource::Generated { length }) if !there => generate(*length, random),
            _ => continue,
        };
        if !there {
            lines.push(Entry::Other(format!("# {}", comment(need))));
        }
        put(&mut lines, &need.variable, &value);
    }
    written(&lines)
}

/// Returns the text with these values in place of those that are there.
pub(super) fn replaced(existing: &str, values: &BTreeMap<String, String>) -> String {
    let mut lines: Vec<Entry> = entries(existing).collect();
    for (name, value) in values {
        put(&mut lines, name, value);
    }
    written(&lines)
}

/// So many letters and digits.
pub(super) fn generate(length: usize, random: &mut dyn FnMut(&mut [u8])) -> String {
    let mut value = String::with_capacity(length);
    let mut bytes = [0_u8; 64];
    while value.len() < length {
        random(&mut bytes);
        let letters = bytes.iter().filter(|byte| **byte < FAIR);
        let letters = letters.map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
        value.extend(letters.take(length - value.len()));
    }
    value
}

fn is(entry: &Entry, variable: &str) -> bool {
    matches!(entry, Entry::Value { name, .. } if name == variable)
}

fn put(lines: &mut Vec<Entry>, name: &str, value: &str) {
    // The last line of a name is the one that counts.
    let place = lines.iter().rposition(|entry| is(entry, name));
    if place.is_some_and(|place| matches!(&lines[place], Entry::Value { value: old, .. } if old == value)) {
        return;
    }
    let text = format!("{name}={}", quoted(value));
    let entry = Entry::Value { name: name.to_owned(), value: value.to_owned(), text };
    match place {
        Some(place) => lines[place] = entry,
        None => lines.push(entry),
    }
}

fn written(lines: &[Entry]) -> String {
    let texts = lines.iter().map(|entry| match entry {
        Entry::Value { text, .. } | Entry::Other(text) | Entry::Unreadable { text, .. } => text.as_str(),
    });
    let texts: Vec<&str> = texts.collect();
    if texts.is_empty() { String::new() } else { texts.join("\n") + "\n" }
}

fn comment(need: &SecretNeed) -> String {
    let purpose = &need.purpose;
    match &need.source {
        SecretSource::Profile { name, .. } => format!("{purpose}, of profile {name}"),
        SecretSource::Generated { .. } | SecretSource::Given => purpose.clone(),
        source => format!("{purpose}, from {source}"),
    }
}

/// A value as a file holds it.
fn quoted(value: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./:@%+,=~".contains(letter);
    if value.chars().all(plain) {
        value.to_owned()
    } else if !value.contains('\'') && !value.ends_with('\\') {
        format!("'{value}'")
    } else {
        let escaped = value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
        format!("\"{escaped}\"")
    }
}

fn entries(text: &str) -> impl Iterator<Item = Entry> {
    let mut lines = text.lines().peekable();
    let mut number = 0;
    std::iter::from_fn(move || {
        let line = lines.next()?;
        let first = number + 1;
        number = first;
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            return Some(Entry::Other(line.to_owned()));
        }
        let unreadable =
            |message, text: &str| Some(Entry::Unreadable { line: first, message, text: text.to_owned() });
        let Some((name, rest)) = split(line) else {
            return unreadable("not a line of the form NAME=value", line);
        };
        let rest = rest.trim();
        let Some(quote) = rest.chars().next().filter(|letter| matches!(letter, '"' | '\'')) else {
            return Some(Entry::Value { name, value: rest.to_owned(), text: line.to_owned() });
        };
        let mut text = line.to_owned();
        let mut body = rest[1..].to_owned();
        loop {
            if let Some(value) = closed(&body, quote) {
                return Some(Entry::Value { name, value, text });
            }
            let Some(next) = next_line(&mut lines, &mut number) else {
                return unreadable("the quote of its value is never closed, or something follows it", &text);
            };
            text = format!("{text}\n{next}");
            body = format!("{body}\n{}", next.trim_end());
        }
    })
}

fn next_line<'a>(lines: &mut Peekable<Lines<'a>>, number: &mut usize) -> Option<&'a str> {
    let next = lines.next()?;
    *number += 1;
    Some(next)
}

/// The value, where the text behind an opening quote ends with the closing one.
fn closed(body: &str, quote: char) -> Option<String> {
    let mut value = String::new();
    let mut letters = body.chars();
    while let Some(letter) = letters.next() {
        if letter == quote {
            let rest = letters.as_str().trim_start();
            return (rest.is_empty() || rest.starts_with('#')).then_some(value);
        }
        if letter != '\\' {
            value.push(letter);
            continue;
        }
        match (quote, letters.clone().next()) {
            ('"', Some(escaped @ ('\\' | '"' | '$'))) => value.push(escaped),
            ('"', Some('n')) => value.push('\n'),
            ('"', Some('r')) => value.push('\r'),
            ('"', Some('t')) => value.push('\t'),
            ('\'', Some('\'')) if letters.as_str().len() > 1 => value.push('\''),
            _ => {
                value.push('\\');
                continue;
            }
        }
        letters.next();
    }
    None
}

fn split(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim().trim_start_matches("export ").trim();
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    (!name.is_empty() && name.chars().all(fits)).then(|| (name.to_owned(), value))
}

#[cfg(test)]
mod tests;
