//! Secrets inside plain strings: a template's variables are strings, so a secret passes through it as a marked name.

use super::model::{Part, Text};

// Two characters of Unicode's private use area: no file of anyone's holds them by accident.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';

/// Returns the mark that stands for a secret in a template's variables.
pub fn secret(name: &str) -> String {
    format!("{OPEN}{name}{CLOSE}")
}

/// Turns rendered text with marks into [`Text`].
pub fn read(rendered: &str) -> Text {
    let mut parts = Vec::new();
    let mut rest = rendered;
    while let Some((before, tail)) = rest.split_once(OPEN) {
        let Some((name, after)) = tail.split_once(CLOSE) else { break };
        if !before.is_empty() {
            parts.push(Part::Literal(before.to_owned()));
        }
        parts.push(Part::Secret(name.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest.to_owned()));
    }
    Text(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_finds_marked_secrets() {
        let text = format!("requirepass {}\nport 1\n", secret("GW_REDIS_PASSWORD"));
        let expected = Text::literal("requirepass ").and(Text::secret("GW_REDIS_PASSWORD")).and("\nport 1\n");
        assert_eq!(read(&text), expected);
    }
}
