//! `.dockerignore`: Docker's own rules, which are not those of `.gitignore`.
//!
//! A pattern counts from the context's root, also without a slash; the last pattern that matches a path or a folder
//! above it decides; `!` takes back. Everything here is text to text; `context.rs` reads the files.

/// The patterns of one file, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Dockerignore {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone)]
struct Rule {
    negated: bool,
    tokens: Vec<Token>,
    /// The characters before the first wildcard.
    literal: String,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Literal(char),
    /// `?`
    One,
    /// `*`
    Run,
    /// `**/`
    Folders,
    /// `**` at the end
    Rest,
    /// `[a-z]`
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Dockerignore {
    /// Reads the text of a file; the error is the line's number and what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, (usize, String)> {
        let mut rules = Vec::new();
        for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            let line = line.trim();
            let (negated, pattern) = match line.strip_prefix('!') {
                Some(rest) => (true, rest.trim()),
                None => (false, line),
            };
            if pattern.is_empty() {
                return Err((index + 1, "`!` without a pattern".to_owned()));
            }
            let cleaned = clean(pattern);
            if cleaned.is_empty() {
                continue;
            }
            let tokens = tokenize(&cleaned).ok_or_else(|| (index + 1, format!("`{line}` is no pattern")))?;
            let literal = tokens
                .iter()
                .map_while(|token| match token {
                    Token::Literal(character) => Some(*character),
                    _ => None,
                })
                .collect();
            rules.push(Rule { negated, tokens, literal });
        }
        Ok(Self { rules })
    }

    /// Whether the path (with slashes, from the context's root) stays out of the context.
    pub(super) fn excludes(&self, path: &str) -> bool {
        let rule = self.rules.iter().rev().find(|rule| {
            let path: Vec<char> = path.chars().collect();
            let folders = path.iter().enumerate().filter(|(_, character)| **character == '/');
            matches(&rule.tokens, &path)
                || folders.map(|(end, _)| &path[..end]).any(|up| matches(&rule.tokens, up))
        });
        rule.is_some_and(|rule| !rule.negated)
    }

    /// Whether something below an excluded folder may be taken back by a `!`.
    pub(super) fn may_include_below(&self, folder: &str) -> bool {
        let below = format!("{folder}/");
        self.rules.iter().filter(|rule| rule.negated).any(|rule| {
            let wild = rule.literal.chars().count() < rule.tokens.len();
            rule.literal.starts_with(&below) || (wild && below.starts_with(&rule.literal))
        })
    }
}

/// Go's `filepath.Clean`, without leading slashes; empty where nothing is left.
fn clean(pattern: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in pattern.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn tokenize(pattern: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        tokens.push(match character {
            '*' if characters.next_if_eq(&'*').is_some() => {
                characters.next_if_eq(&'/');
                if characters.peek().is_none() { Token::Rest } else { Token::Folders }
            }
            '*' => Token::Run,
            '?' => Token::One,
            '\\' => Token::Literal(characters.next()?),
            '[' => {
                let negated = characters.next_if_eq(&'^').is_some();
                let mut ranges = Vec::new();
                loop {
                    let from = match characters.next()? {
                        ']' if ranges.is_empty() => return None,
                        ']' => break,
                        '\\' => characters.next()?,
                        from => from,
                    };
                    let mut to = from;
                    if characters.next_if_eq(&'-').is_some() {
                        to = match characters.next()? {
                            ']' => return None,
                            '\\' => characters.next()?,
                            to => to,
                        };
                    }
                    ranges.push((from, to));
                }
                Token::Class { negated, ranges }
            }
            character => Token::Literal(character),
        });
    }
    Some(tokens)
}

/// Walks the path once per token, with the set of places where the tokens so far may end.
fn matches(tokens: &[Token], path: &[char]) -> bool {
    let mut places = vec![false; path.len() + 1];
    places[0] = true;
    for token in tokens {
        let mut next = vec![false; path.len() + 1];
        for (start, _) in places.iter().enumerate().filter(|(_, reached)| **reached) {
            match token {
                Token::Rest => next[start..].fill(true),
                Token::Run => {
                    let end = path[start..].iter().position(|character| *character == '/');
                    next[start..=end.map_or(path.len(), |end| start + end)].fill(true);
                }
                Token::Folders => {
                    next[start] = true;
                    let slashes =
                        path.iter().enumerate().skip(start).filter(|(_, character)| **character == '/');
                    slashes.for_each(|(slash, _)| next[slash + 1] = true);
                }
                Token::Literal(_) | Token::One | Token::Class { .. } => {
                    if path.get(start).is_some_and(|character| takes(token, *character)) {
                        next[start + 1] = true;
                    }
                }
            }
        }
        places = next;
    }
    places[path.len()]
}

fn takes(token: &Token, character: char) -> bool {
    match token {
        Token::Literal(expected) => *expected == character,
        Token::One => character != '/',
        Token::Class { negated, ranges } => {
            character != '/' && ranges.iter().any(|(from, to)| (*from..=*to).contains(&character)) != *negated
        }
        Token::Run | Token::Folders | Token::Rest => false,
    }
}

#[cfg(test)]
mod tests;
