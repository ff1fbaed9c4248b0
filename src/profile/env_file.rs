//! Env files: lines of `KEY=value`; blank lines and lines that start with `#` are skipped, values are taken as they are.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::InputError;
use super::finding::Place;
use super::names;
use super::source::Sources;
use super::suggest::quoted;

/// Reads an env file; `name` is relative to `root`.
///
/// # Errors
/// The file cannot be read, or lines of it are not `KEY=value`.
pub fn read_env_file(root: &Path, name: &str) -> Result<BTreeMap<String, String>, InputError> {
    let mut sources = Sources::new(root);
    let variables = sources.open_text(name, None).map(|file| parse(&mut sources, file)).unwrap_or_default();
    sources.into_error().map_or(Ok(variables), Err)
}

/// The variables of a text that was read; what is wrong goes to the findings.
pub(super) fn parse(sources: &mut Sources, file: usize) -> BTreeMap<String, String> {
    let mut variables = BTreeMap::new();
    let mut offset = 0;
    let text = sources.text(file).to_owned();
    for line in text.split_inclusive('\n') {
        let place = Place { file, offset };
        offset += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        match line.split_once('=') {
            Some((key, value)) if names::is_variable(key) => {
                variables.insert(key.to_owned(), value.to_owned());
            }
            Some((key, _)) => {
                let message = format!("{} is not a variable's name", quoted(key));
                sources.findings.add_with_hint(
                    place,
                    message,
                    "write lines like `KEY=value`, without spaces around `=`",
                );
            }
            None => {
                // The line may be a secret, so it is not repeated.
                sources.findings.add_with_hint(place, "the line has no `=`", "write lines like `KEY=value`");
            }
        }
    }
    variables
}
