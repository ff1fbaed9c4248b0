//! Where the values of secrets come from: each from one place, under a name that means something.

use std::collections::BTreeMap;

use super::super::finding::{Findings, Place};
use super::super::load::Parts;
use super::super::model::{Borrowed, SecretSource};
use super::super::names;
use super::super::node::Step;
use super::super::raw::secret::Secret;
use super::super::store_secrets::{self, PREFIX};
use super::super::suggest::{self, quoted};

/// The sources of a profile's secrets.
pub(in super::super) fn secrets(
    parts: &Parts<'_>,
    borrowed: Option<&Borrowed>,
    findings: &mut Findings,
) -> BTreeMap<String, SecretSource> {
    let lent = borrowed.map_or_else(Vec::new, |borrowed| {
        store_secrets::of(borrowed.mongodb.as_ref(), borrowed.redis.as_ref())
    });
    let mut sources = BTreeMap::new();
    for (name, written) in &parts.raw.secrets {
        let place = parts.merged.key_place_of(&["secrets".into()], name);
        check_name(name, place, findings);
        if let Some(borrowed) = borrowed.filter(|_| lent.contains(&name.as_str())) {
            let owner = &borrowed.profile;
            let hint = format!("say in profile `{owner}` where it comes from");
            findings.add_with_hint(place, format!("`{name}` is of a store that `{owner}` lends"), hint);
        }
        let at = |steps: &[Step<'_>]| {
            let all = ["secrets".into(), name.into()].into_iter().chain(steps.iter().copied());
            parts.merged.place_of(&all.collect::<Vec<_>>())
        };
        if let Some(source) = source(written, &at, findings) {
            sources.insert(name.clone(), source);
        }
    }
    sources
}

fn check_name(name: &str, place: Place, findings: &mut Findings) {
    if !names::is_secret(name) {
        let message = format!("{} is not a secret's name", quoted(name));
        findings.add_with_hint(place, message, "use letters, digits and `_`, no digit first");
    } else if let Some((message, hint)) = unknown(name) {
        findings.add_with_hint(place, message, hint);
    }
}

/// Why a name that begins as gw's own do is none, and what to do.
pub(super) fn unknown(name: &str) -> Option<(String, String)> {
    let known = store_secrets::ALL;
    (name.starts_with(PREFIX) && !known.contains(&name)).then(|| {
        let message = format!("{} begins as gw's own secrets do, and is none of them", quoted(name));
        (message, suggest::hint(name, "gw's own", known))
    })
}

fn source(
    written: &Secret,
    at: &dyn Fn(&[Step<'_>]) -> Place,
    findings: &mut Findings,
) -> Option<SecretSource> {
    let Secret { env, file, command, generate } = written;
    let said = [env.is_some(), file.is_some(), command.is_some(), generate.is_some()];
    if said.iter().filter(|said| **said).count() != 1 {
        let message = "a secret comes from one place: `env`, `file`, `command` or `generate`";
        findings.add_with_hint(at(&[]), message, "write exactly one of them");
        return None;
    }
    let mut wrong = |key: &str, index: Option<usize>, message: String, hint: &str| {
        let steps: Vec<Step<'_>> = std::iter::once(key.into()).chain(index.map(Step::Index)).collect();
        findings.add_with_hint(at(&steps), message, hint);
    };
    if let Some(variable) = env {
        if !names::is_variable(variable) {
            let message = format!("{} is not a variable's name", quoted(variable));
            wrong("env", None, message, "use letters, digits, `_`, `-` and `.`, no digit first");
        }
        return Some(SecretSource::Environment(variable.clone()));
    }
    if let Some(path) = file {
        if path.is_empty() || path.ends_with('/') || path.contains('\0') {
            wrong("file", None, format!("{} is not a file", quoted(path)), "write the path of a file");
        }
        return Some(SecretSource::File(path.clone()));
    }
    if let Some(words) = command {
        if words.first().is_some_and(String::is_empty) {
            wrong("command", Some(0), "the command has no name".to_owned(), "write the program first");
        }
        if let Some(index) = words.iter().position(|word| word.contains('\0')) {
            wrong("command", Some(index), "no word of a command can hold NUL".to_owned(), "remove it");
        }
        return Some(SecretSource::Command(words.clone()));
    }
    generate.map(|length| SecretSource::Generated(length.into()))
}
