//! Which registries a Dockerfile's base images come from, so that only their logins are looked up; pure.

use std::collections::{BTreeMap, BTreeSet};

use super::credentials_file::registry_of;

/// The registries of `FROM`, `COPY --from` and `# syntax=`; nothing where an argument leaves one open.
pub(super) fn registries(dockerfile: &str, args: &BTreeMap<String, String>) -> Option<BTreeSet<String>> {
    let mut values: BTreeMap<String, String> = BTreeMap::new();
    let mut stages: BTreeSet<String> = BTreeSet::new();
    let mut found = BTreeSet::new();
    for line in joined(dockerfile) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some((instruction, words)) = words.split_first() else { continue };
        let mut references = Vec::new();
        match instruction.to_ascii_uppercase().as_str() {
            "ARG" => {
                for (name, default) in words.iter().map(|word| word.split_once('=').unwrap_or((word, ""))) {
                    let value = args.get(name).map_or_else(|| unquoted(default), String::as_str);
                    values.entry(name.to_owned()).or_insert_with(|| value.to_owned());
                }
            }
            "FROM" => {
                let mut words = words.iter().filter(|word| !word.starts_with("--"));
                references.extend(words.next().copied());
                if let [_, name] = words.collect::<Vec<_>>()[..] {
                    stages.insert(name.to_ascii_lowercase());
                }
            }
            "COPY" | "ADD" | "RUN" => {
                let from = words.iter().filter_map(|word| word.strip_prefix("--from="));
                let mounts = words.iter().filter_map(|word| word.strip_prefix("--mount="));
                references.extend(from);
                references.extend(
                    mounts.flat_map(|mount| mount.split(',')).filter_map(|part| part.strip_prefix("from=")),
                );
            }
            "#SYNTAX" => references.extend(words.first().copied()),
            _ => {}
        }
        for reference in references {
            let reference = filled(unquoted(reference), &values)?;
            let is_stage =
                stages.contains(&reference.to_ascii_lowercase()) || reference.parse::<u32>().is_ok();
            if !is_stage && reference != "scratch" {
                found.insert(registry_of(&reference));
            }
        }
    }
    Some(found)
}

/// The instructions, each on one line, without comments; `# syntax=x` becomes `#SYNTAX x`.
fn joined(dockerfile: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut open = false;
    for line in dockerfile.lines().map(str::trim) {
        if let Some(comment) = line.strip_prefix('#') {
            if let Some(syntax) = comment.trim().strip_prefix("syntax=").filter(|_| lines.is_empty()) {
                lines.push(format!("#SYNTAX {syntax}"));
            }
            continue;
        }
        let (text, goes_on) = line.strip_suffix('\\').map_or((line, false), |text| (text, true));
        match lines.last_mut().filter(|_| open) {
            Some(last) => {
                last.push(' ');
                last.push_str(text);
            }
            None => lines.push(text.to_owned()),
        }
        open = goes_on;
    }
    lines
}

fn unquoted(text: &str) -> &str {
    text.trim_matches(['"', '\''])
}

/// Fills in `$NAME`, `${NAME}` and `${NAME:-default}`.
fn filled(text: &str, values: &BTreeMap<String, String>) -> Option<String> {
    let Some((before, rest)) = text.split_once('$') else { return Some(text.to_owned()) };
    let (value, after) = if let Some(rest) = rest.strip_prefix('{') {
        let (inside, after) = rest.split_once('}')?;
        let (name, default) =
            inside.split_once(":-").map_or((inside, None), |(name, default)| (name, Some(default)));
        let value = values.get(name).map(String::as_str).filter(|value| !value.is_empty()).or(default)?;
        (value, after)
    } else {
        let end = rest.find(|character: char| !(character.is_alphanumeric() || character == '_'));
        let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
        (values.get(name).map(String::as_str).filter(|value| !value.is_empty())?, after)
    };
    Some(format!("{before}{value}{}", filled(after, values)?))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::registries;

    fn of(dockerfile: &str) -> Option<Vec<String>> {
        let args = BTreeMap::from([("GIVEN".to_owned(), "given.test/x".to_owned())]);
        registries(dockerfile, &args).map(|found| found.into_iter().collect())
    }

    #[test]
    fn registries_of_all_bases() {
        let table: &[(&str, &[&str])] = &[
            ("FROM scratch", &[]),
            ("FROM mongo:8.0", &["docker.io"]),
            ("FROM --platform=linux/amd64 ghcr.io/a/b AS base\nFROM base", &["ghcr.io"]),
            (
                "FROM a.test/x as One\nFROM b.test/x\nCOPY --from=one / /\nCOPY --from=0 / /",
                &["a.test", "b.test"],
            ),
            ("FROM scratch\nCOPY --chown=1 --from=c.test/x / /", &["c.test"]),
            ("FROM scratch\nRUN --mount=type=bind,from=d.test/x,target=/x true", &["d.test"]),
            ("# syntax=s.test/frontend:1\nFROM scratch", &["s.test"]),
            ("# FROM no.test/x\nFROM \\\n  yes.test/x", &["yes.test"]),
            ("ARG BASE=e.test/x\nFROM $BASE:1\nFROM ${NONE:-f.test/x}", &["e.test", "f.test"]),
            ("ARG GIVEN=default.test/x\nFROM ${GIVEN}:1", &["given.test"]),
            ("from \"q.test/x\"", &["q.test"]),
        ];
        for (dockerfile, expected) in table {
            assert_eq!(of(dockerfile).expect("known"), *expected, "{dockerfile:?}");
        }
    }

    #[test]
    fn an_open_argument_leaves_it_open() {
        assert_eq!(of("ARG BASE\nFROM $BASE"), None);
        assert_eq!(of("FROM ${UNKNOWN}/x"), None);
    }
}
