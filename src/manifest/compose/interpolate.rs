//! `$X`, `${X:-default}` and their like in values, filled in as Compose does.

use super::keys;
use super::lexical::{closing, name};
use super::tree::{Node, Value};
use crate::manifest::error::Problem;

/// Where variables come from.
pub(super) type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// How deep defaults may hold variables with defaults.
const MAXIMUM_DEPTH: usize = 32;

/// Why a value cannot be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    /// `$X` and X is not set.
    Unset(String),
    /// `${X:?message}` and X is not set, or empty.
    Required(String, String),
    /// Braces with something else inside.
    Invalid(String),
}

/// Fills in every value of a tree, except below extensions other than `x-gw`.
pub(super) fn fill(root: &mut Node, variables: Variables<'_>, problems: &mut Vec<Problem>) {
    fill_at(root, "", "", variables, problems);
}

/// Fills in a part; `place` is the path with `*` for names of the user's, as in [`keys::KEYS`].
fn fill_at(node: &mut Node, path: &str, place: &str, variables: Variables<'_>, problems: &mut Vec<Problem>) {
    match &mut node.value {
        Value::Scalar(scalar) if scalar.raw.contains('$') => match substitute(&scalar.raw, variables, 0) {
            Ok(text) => scalar.text = text,
            Err(fault) => {
                let message = explain(&fault);
                problems.push(Problem { position: node.position, path: path.to_owned(), message });
                node.value = Value::Broken;
            }
        },
        Value::Scalar(_) | Value::Broken => {}
        Value::List(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                fill_at(item, &format!("{path}[{index}]"), place, variables, problems);
            }
        }
        Value::Mapping(entries) => {
            let has_fixed_keys = keys::is_place(place);
            for entry in entries {
                if has_fixed_keys && entry.key.starts_with("x-") && entry.key != "x-gw" {
                    continue;
                }
                let key = if has_fixed_keys { entry.key.as_str() } else { "*" };
                let place = if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") };
                let path = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
                fill_at(&mut entry.node, &path, &place, variables, problems);
            }
        }
    }
}

fn explain(fault: &Fault) -> String {
    match fault {
        Fault::Unset(name) => format!(
            "the variable {name} is not set; set it, give a default as in ${{{name}:-default}}, or write $$ for a dollar sign"
        ),
        Fault::Required(name, message) if message.is_empty() => {
            format!("the variable {name} is required and not set; set it")
        }
        Fault::Required(name, message) => format!("the variable {name} is required and not set: {message}"),
        Fault::Invalid(text) => {
            let shown: String = text.chars().take(60).collect();
            format!("`{shown}` is not a variable; write $$ for a dollar sign")
        }
    }
}

/// Fills in one text.
fn substitute(text: &str, variables: Variables<'_>, depth: usize) -> Result<String, Fault> {
    if depth > MAXIMUM_DEPTH {
        return Err(Fault::Invalid(text.to_owned()));
    }
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        output.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        if let Some(after) = tail.strip_prefix('$') {
            output.push('$');
            rest = after;
        } else if let Some(inner) = tail.strip_prefix('{') {
            let end = closing(inner).ok_or_else(|| Fault::Invalid(rest[at..].to_owned()))?;
            output.push_str(&braced(&inner[..end], variables, depth)?);
            rest = &inner[end + 1..];
        } else {
            let (name, after) = name(tail);
            if name.is_empty() {
                // Compose keeps a lone dollar sign.
                output.push('$');
            } else {
                output.push_str(&variables(name).ok_or_else(|| Fault::Unset(name.to_owned()))?);
            }
            rest = after;
        }
    }
    output.push_str(rest);
    Ok(output)
}

fn braced(inner: &str, variables: Variables<'_>, depth: usize) -> Result<String, Fault> {
    let (name, operation) = name(inner);
    let invalid = || Fault::Invalid(format!("${{{inner}}}"));
    if name.is_empty() {
        return Err(invalid());
    }
    let value = variables(name);
    if operation.is_empty() {
        return value.ok_or_else(|| Fault::Unset(name.to_owned()));
    }
    let (present, operation) = match operation.strip_prefix(':') {
        Some(operation) => (value.filter(|value| !value.is_empty()), operation),
        None => (value, operation),
    };
    let mut letters = operation.chars();
    let kind = letters.next().filter(|letter| "-+?".contains(*letter)).ok_or_else(invalid)?;
    // Compose evaluates the other text even where it is not used, so what it requires is required.
    let other = substitute(letters.as_str(), variables, depth + 1);
    if let Err(fault @ (Fault::Required(..) | Fault::Invalid(_))) = other {
        return Err(fault);
    }
    match (kind, present) {
        ('-' | '?', Some(value)) => Ok(value),
        ('+', None) => Ok(String::new()),
        ('?', None) => Err(Fault::Required(name.to_owned(), other?)),
        _ => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<String, Fault> {
        let variables = |name: &str| match name {
            "A" => Some("a".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        substitute(text, &variables, 0)
    }

    /// Each pair was printed by `docker compose config` 2.26.1.
    #[test]
    fn substitute_does_what_compose_does() {
        for (text, expected) in [
            ("a$ b", "a$ b"),
            ("a$1", "a$1"),
            ("a$", "a$"),
            ("x$-$$A$$$A", "x$-$A$a"),
            ("$Aé", "aé"),
            ("{$A}", "{a}"),
            ("$${B}", "${B}"),
            ("${A:?x}${B:-${C:-d}e}-${A+r}-${B+r}-${A:+$A}.$A-x}", "ade-r--a.a-x}"),
            ("${B-x:-y}", "x:-y"),
            ("${B:-{\"a\":1}}", "{\"a\":1}"),
            ("${A:-{x}y}", "a"),
            ("${B:-$${x}y}", "${x}y"),
            ("${B:-a$$b}", "a$b"),
            ("${B:-}x", "x"),
            ("${B:-}}", "}"),
            ("${B:-a?b}", "a?b"),
            ("${B+a:-b}x", "x"),
            ("${A:-$B}", "a"),
            ("${A?$B}", "a"),
            ("${EMPTY:-x}${EMPTY-y}${EMPTY:+z}${EMPTY+w}", "xw"),
        ] {
            assert_eq!(filled(text), Ok(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn substitute_refuses_what_compose_refuses_and_unset_variables() {
        let required = |name: &str, message: &str| Err(Fault::Required(name.into(), message.into()));
        assert_eq!(filled("${B:?${A} no}"), required("B", "a no"));
        assert_eq!(filled("${A:-${B:?no}}"), required("B", "no"));
        assert_eq!(filled("${B:+${C:?e}}"), required("C", "e"));
        assert_eq!(filled("${B?a:-b}"), required("B", "a:-b"));
        assert_eq!(filled("${EMPTY:?}"), required("EMPTY", ""));
        for text in ["${}", "${a.b}", "${A", "${A:x}", "${ A }", "${B:=x}", "${Bé}", "${A:}"] {
            assert_eq!(filled(text), Err(Fault::Invalid(text.into())), "{text}");
        }
        assert_eq!(filled("x $B"), Err(Fault::Unset("B".into())));
        assert_eq!(filled("${B}"), Err(Fault::Unset("B".into())));
        assert_eq!(filled("${C:-${B}}"), Err(Fault::Unset("B".into())));
    }
}
