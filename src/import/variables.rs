//! Compose's `$X`, `${X:-default}` and their like, carried over and never filled in.
//!
//! Where a profile takes references they become `${env.X:-default}`; in a `compose` patch they stay Compose's own. Compose
//! takes an empty text for a variable that is not set, and gw an error: so each without a default gets an empty one.

use crate::manifest::compose::lexical;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Characters as they are, `$$` already one dollar.
    Literal(String),
    /// A variable.
    Variable {
        /// Its name.
        name: &'a str,
        /// What follows the name: `:-default`, `?message`; empty for `$X` and `${X}`.
        operation: &'a str,
    },
}

/// The parts of a text; an error is the part that Compose refuses too.
pub(super) fn parse(text: &str) -> Result<Vec<Piece<'_>>, String> {
    let (mut pieces, mut literal, mut rest) = (Vec::new(), String::new(), text);
    while let Some(at) = rest.find('$') {
        literal.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let (name, operation, after) = if let Some(after) = tail.strip_prefix('$') {
            ("", "", after)
        } else if let Some(inner) = tail.strip_prefix('{') {
            let end = lexical::closing(inner).ok_or_else(|| rest[at..].to_owned())?;
            let (name, operation) = lexical::name(&inner[..end]);
            let known = operation.is_empty()
                || operation.strip_prefix(':').unwrap_or(operation).starts_with(['-', '+', '?']);
            if name.is_empty() || !known {
                return Err(format!("${{{}}}", &inner[..end]));
            }
            (name, operation, &inner[end + 1..])
        } else {
            let (name, after) = lexical::name(tail);
            (name, "", after)
        };
        if name.is_empty() {
            literal.push('$');
        } else {
            if !literal.is_empty() {
                pieces.push(Piece::Literal(std::mem::take(&mut literal)));
            }
            pieces.push(Piece::Variable { name, operation });
        }
        rest = after;
    }
    literal.push_str(rest);
    if !literal.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Ok(pieces)
}

/// The text, where it has no variables.
pub(super) fn literal(pieces: &[Piece<'_>]) -> Option<String> {
    pieces
        .iter()
        .map(|piece| if let Piece::Literal(text) = piece { Some(text.as_str()) } else { None })
        .collect()
}

/// The text with gw's references; `None` where one of its variables says more than those can.
pub(super) fn references(pieces: &[Piece<'_>]) -> Option<String> {
    let one = |piece: &Piece<'_>| match piece {
        Piece::Literal(text) => Some(text.replace('$', "$$")),
        Piece::Variable { name, operation: "" } => Some(format!("${{env.{name}:-}}")),
        Piece::Variable { name, operation } if operation.starts_with(":?") => {
            Some(format!("${{env.{name}}}"))
        }
        Piece::Variable { name, operation } => {
            let default = operation.strip_prefix(":-").filter(|default| !default.contains(['$', '}']))?;
            Some(format!("${{env.{name}:-{default}}}"))
        }
    };
    pieces.iter().map(one).collect()
}

/// The text in Compose's own language, for a patch.
pub(super) fn patch(pieces: &[Piece<'_>]) -> String {
    let one = |piece: &Piece<'_>| match piece {
        Piece::Literal(text) => text.replace('$', "$$"),
        Piece::Variable { name, operation: "" } => format!("${{{name}:-}}"),
        Piece::Variable { name, operation } => format!("${{{name}{operation}}}"),
    };
    pieces.iter().map(one).collect()
}

/// The text with the defaults that stand in it, and nothing for what has none: to show, never to use.
pub(super) fn defaults(pieces: &[Piece<'_>]) -> String {
    let one = |piece: &Piece<'_>| match piece {
        Piece::Literal(text) => text.clone(),
        Piece::Variable { operation, .. } => {
            operation.trim_start_matches(':').strip_prefix('-').unwrap_or_default().to_owned()
        }
    };
    pieces.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text as a literal, with references, and in a patch.
    fn all(text: &str) -> (Option<String>, Option<String>, String) {
        let pieces = parse(text).unwrap();
        (literal(&pieces), references(&pieces), patch(&pieces))
    }

    #[test]
    fn a_variable_is_carried_over_and_a_dollar_stays_one() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(all("a$$b$"), (text("a$b$"), text("a$$b$$"), "a$$b$$".into()));
        assert_eq!(all("$$X"), (text("$X"), text("$$X"), "$$X".into()));
        assert_eq!(all("$X-${Y}"), (None, text("${env.X:-}-${env.Y:-}"), "${X:-}-${Y:-}".into()));
        assert_eq!(all("${X:-d}"), (None, text("${env.X:-d}"), "${X:-d}".into()));
        assert_eq!(all("${X:?why}"), (None, text("${env.X}"), "${X:?why}".into()));
        for only_compose in ["${X-d}", "${X:+d}", "${X:-${Y}}", "${X:-a$$b}"] {
            assert_eq!(all(only_compose), (None, None, only_compose.into()));
        }
        assert_eq!(parse("${X:=1}"), Err("${X:=1}".into()));
        assert_eq!(parse("${X"), Err("${X".into()));
        assert_eq!(defaults(&parse("app:${TAG:-1.2}${X}").unwrap()), "app:1.2");
    }
}
