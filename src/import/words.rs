//! A command in one text, split into words as Compose does it.

/// The words, and what Compose leaves out at the end: it stops at the first `;`, `&`, `|`, `<` or `>` outside of quotes.
///
/// # Errors
/// A quote or a parenthesis that Compose refuses too.
pub(super) fn split(text: &str) -> Result<(Vec<String>, &str), &'static str> {
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let (mut quote, mut depth) = (None, 0_usize);
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match (letter, quote) {
            (letter, Some(open)) if letter == open => quote = None,
            ('\\', None | Some('"')) => {
                word.get_or_insert_default().extend(letters.next().map(|(_, next)| next));
            }
            // A variable is one word, whatever stands in its braces.
            ('{', _) if depth > 0 || text[..at].ends_with('$') => {
                depth += 1;
                word.get_or_insert_default().push(letter);
            }
            ('}', _) if depth > 0 => {
                depth -= 1;
                word.get_or_insert_default().push(letter);
            }
            (letter, _) if depth > 0 => word.get_or_insert_default().push(letter),
            ('\'' | '"', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (';' | '&' | '|' | '<' | '>', None) => {
                words.extend(word);
                return Ok((words, &text[at..]));
            }
            ('(' | ')' | '`', None) => return Err("parentheses and backquotes need quotes around them"),
            (letter, None) if letter.is_whitespace() => words.extend(word.take()),
            (letter, _) => word.get_or_insert_default().push(letter),
        }
    }
    if quote.is_some() {
        return Err("a quote is not closed");
    }
    words.extend(word);
    Ok((words, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_compose_does() {
        for (text, words, rest) in [
            ("a \"b c\" 'd $$e' f\\ g | h", &["a", "b c", "d $$e", "f g"][..], "| h"),
            ("sh -c \"a; b && c\"", &["sh", "-c", "a; b && c"], ""),
            ("a ${X:-b c} ''", &["a", "${X:-b c}", ""], ""),
            ("  ", &[], ""),
        ] {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(split(text), Ok((words, rest)), "{text}");
        }
        assert!(split("a (b)").is_err() && split("a 'b").is_err());
    }
}
