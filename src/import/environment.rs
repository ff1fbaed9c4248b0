//! Environment, env files, command and entry point.

use serde_json::{Value, json};

use super::at::At;
use super::service::Draft;
use super::{variables, words};

/// Parts of names whose values are usually secret.
const SECRET: &[&str] =
    &["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "PRIVATE_KEY", "ACCESS_KEY"];

/// Reads `environment`.
pub(super) fn environment(at: &At<'_>, draft: &mut Draft) {
    for (name, value, at) in at.assignments() {
        let Some(value) = value else {
            at.remark(format!(
                "`{name}` comes from outside: empty where it is not set, while Compose leaves it out then"
            ));
            at.context.variables.borrow_mut().insert(name.clone());
            draft.set_in("env", &name, json!(format!("${{env.{name}:-}}")));
            continue;
        };
        let pieces = at.pieces(&value);
        if let Some(text) = variables::literal(&pieces).filter(|text| is_secret(&name, text)) {
            let what = if text.contains("://") { "holds a password" } else { "looks like a secret" };
            at.remark(format!(
                "`{name}` {what}, and its value stands in the files as it does here; better: `\"${{secrets.{name}}}\"`, \
                 and the value in .gw/secrets/{}/env",
                at.context.origin.profile
            ));
        }
        match variables::references(&pieces).filter(|_| is_variable(&name)) {
            Some(text) => draft.set_in("env", &name, json!(text)),
            None => draft.patch_in(&["environment", &name], json!(variables::patch(&pieces))),
        }
    }
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || "_-.".contains(first))
        && name.bytes().all(|other| other.is_ascii_alphanumeric() || b"_-.".contains(&other))
}

/// Whether a value that stands in the file is better kept out of it.
fn is_secret(name: &str, value: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let by_name = SECRET.iter().any(|part| upper.contains(part)) && !upper.ends_with("_FILE");
    let login = value.split_once("://").and_then(|(_, rest)| rest.split_once('@')).map(|(login, _)| login);
    let by_value = login.is_some_and(|login| {
        !login.contains('/') && login.split_once(':').is_some_and(|(_, word)| !word.is_empty())
    });
    !value.is_empty() && (by_name || by_value)
}

/// Reads `env_file`.
pub(super) fn files(at: &At<'_>, draft: &mut Draft) {
    let many = if at.is_mapping() { vec![at.clone()] } else { at.one_or_many() };
    let mut paths = Vec::new();
    for at in many {
        let path = if at.is_mapping() { at.get("path") } else { Some(at.clone()) };
        let optional = at.get("required").and_then(|at| at.raw()).is_some_and(|text| text == "false");
        let Some(path) = path.and_then(|at| at.literal()) else {
            at.lost("its path is a variable; name the file in `envFile`");
            continue;
        };
        if optional {
            at.lost(format!(
                "gw has no env files that may be absent; where {path} exists, add it to `envFile`"
            ));
            continue;
        }
        at.remark(format!(
            "gw takes each line of {path} as it is, without quotes and variables, and its values stand in the rendered \
             file; a secret belongs into .gw/secrets/{}/env",
            at.context.origin.profile
        ));
        paths.push(json!(at.seen_from_root(&path)));
    }
    if !paths.is_empty() {
        draft.set("envFile", Value::Array(paths));
    }
}

/// Reads `command` or `entrypoint`; `own` is the profile's key for it.
pub(super) fn command(at: &At<'_>, own: &str, draft: &mut Draft) {
    let key = at.key().to_owned();
    let texts: Vec<String> = if at.is_list() {
        at.items().iter().filter_map(At::raw).collect()
    } else {
        let Some(text) = at.raw() else { return };
        match words::split(&text) {
            Ok((words, rest)) => {
                if !rest.is_empty() {
                    at.remark(format!("Compose leaves out everything from `{rest}` on, and so does the import; for a shell write [\"sh\", \"-c\", ...]"));
                }
                if words.iter().any(|word| variables::literal(&at.pieces(word)).is_none()) {
                    at.remark(
                        "a variable is one word here, also where its value has spaces; Compose splits it",
                    );
                }
                words
            }
            Err(why) => return at.mistake(format!("Compose cannot split this into words: {why}")),
        }
    };
    let pieces: Vec<_> = texts.iter().map(|text| at.pieces(text)).collect();
    let references: Option<Vec<String>> = pieces.iter().map(|pieces| variables::references(pieces)).collect();
    match references.filter(|words| !words.is_empty()) {
        Some(words) => draft.set(own, json!(words)),
        // An empty list takes the image's own away; a profile keeps it then.
        None => {
            draft
                .patch(&key, json!(pieces.iter().map(|pieces| variables::patch(pieces)).collect::<Vec<_>>()));
        }
    }
}
