//! The secrets of a profile: an env file in `.gw/secrets/PROFILE/`, made once and kept.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::error::RenderError;
use super::write;
use crate::stack::model::{SecretNeed, SecretSource, Stack};

/// The folder below the project's root that holds each profile's secrets; nobody else may look into it.
const FOLDER: &str = ".gw/secrets";
const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
/// What passwords are made of: nothing that a URI, a shell or Compose would read as something else.
const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// Bytes from here on would make the first letters likelier than the last.
const FAIR: u8 = 248;

/// Where a profile's env file is.
pub fn path(root: &Path, profile: &str) -> PathBuf {
    root.join(FOLDER).join(profile).join("env")
}

/// Makes what a stack needs and is not there yet, writes the env file and returns all its values.
///
/// `random` fills a buffer with random bytes. Where the stack borrows, what the owner does not have yet is made in the
/// owner's file: both have the same values, whoever comes first.
///
/// # Errors
/// A file cannot be read or written, or values that only the user has are missing.
pub fn ensure(
    root: &Path,
    stack: &Stack,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<BTreeMap<String, String>, RenderError> {
    let values = make(root, stack, random)?;
    missing(stack, &values)?;
    Ok(values)
}

/// As [`ensure`], but leaves what only others can give for later.
///
/// The file is there afterwards also where it has no line: `docker compose --env-file` wants one.
///
/// # Errors
/// A file cannot be read or written.
pub fn make(
    root: &Path,
    stack: &Stack,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<BTreeMap<String, String>, RenderError> {
    let file = path(root, &stack.profile);
    let existing = read(&file)?;
    let owners = owners(root, stack, random)?;
    for owner in owners.values().filter(|owner| owner.text != owner.existing) {
        write::replace_with_mode(&owner.file, &owner.text, FILE_MODE, FOLDER_MODE)?;
    }
    let text = wanted(stack, &existing, &owners, random)?;
    let values = values(&file, &text)?;
    if text != existing || !file.exists() {
        write::replace_with_mode(&file, &text, FILE_MODE, FOLDER_MODE)?;
    }
    Ok(values)
}

/// Returns what [`ensure`] would, and writes nothing: what is missing is made in memory only.
///
/// # Errors
/// A file cannot be read, or values that only the user has are missing.
pub fn peek(
    root: &Path,
    stack: &Stack,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<BTreeMap<String, String>, RenderError> {
    let file = path(root, &stack.profile);
    let owners = owners(root, stack, random)?;
    let values = values(&file, &wanted(stack, &read(&file)?, &owners, random)?)?;
    missing(stack, &values)?;
    Ok(values)
}

/// An owner's env file as it is and as it should be.
struct OwnersFile {
    file: PathBuf,
    existing: String,
    text: String,
}

/// The files of the profiles that the stack takes secrets from.
fn owners(
    root: &Path,
    stack: &Stack,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<BTreeMap<String, OwnersFile>, RenderError> {
    let mut needs: BTreeMap<&String, Vec<SecretNeed>> = BTreeMap::new();
    for need in &stack.secrets {
        if let SecretSource::Profile { name, length } = &need.source {
            let source = SecretSource::Generated { length: *length };
            needs.entry(name).or_default().push(SecretNeed { source, ..need.clone() });
        }
    }
    let mut owners = BTreeMap::new();
    for (owner, needs) in needs {
        let file = path(root, owner);
        let existing = read(&file)?;
        let text = complete(&existing, &needs, &BTreeMap::new(), random);
        owners.insert(owner.clone(), OwnersFile { file, existing, text });
    }
    Ok(owners)
}

/// The text that the env file should have.
fn wanted(
    stack: &Stack,
    existing: &str,
    owners: &BTreeMap<String, OwnersFile>,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<String, RenderError> {
    let mut known = BTreeMap::new();
    for (name, owner) in owners {
        known.insert(name.clone(), values(&owner.file, &owner.text)?);
    }
    Ok(complete(existing, &stack.secrets, &known, random))
}

/// Reads a profile's values; empty where there is no file.
///
/// # Errors
/// The file cannot be read, or a line of it is not `NAME=value`.
pub fn load(root: &Path, profile: &str) -> Result<BTreeMap<String, String>, RenderError> {
    let file = path(root, profile);
    values(&file, &read(&file)?)
}

/// Returns the text of the env file: the user's own lines as they are, then what is missing, sorted, each with a comment.
pub fn complete(
    existing: &str,
    needs: &[SecretNeed],
    owners: &BTreeMap<String, BTreeMap<String, String>>,
    random: &mut dyn FnMut(&mut [u8]),
) -> String {
    let mut lines: Vec<String> = existing.lines().map(str::to_owned).collect();
    let mut sorted: Vec<&SecretNeed> = needs.iter().collect();
    sorted.sort_by(|one, other| one.variable.cmp(&other.variable));
    for need in sorted {
        let place = lines.iter().position(|line| name(line) == Some(need.variable.as_str()));
        let value = match &need.source {
            SecretSource::Generated { length } if place.is_none() => generate(*length, random),
            // The owner's value is the one that counts, also after it changed.
            SecretSource::Profile { name, .. } => {
                match owners.get(name).and_then(|values| values.get(&need.variable)) {
                    Some(value) => value.clone(),
                    None => continue,
                }
            }
            SecretSource::Generated { .. } | SecretSource::Given => continue,
        };
        let line = format!("{}={value}", need.variable);
        match place {
            Some(place) => lines[place] = line,
            None => lines.extend([format!("# {}", comment(need)), line]),
        }
    }
    if lines.is_empty() { String::new() } else { lines.join("\n") + "\n" }
}

fn comment(need: &SecretNeed) -> String {
    match &need.source {
        SecretSource::Profile { name, .. } => format!("{}, of profile {name}", need.purpose),
        SecretSource::Generated { .. } | SecretSource::Given => need.purpose.clone(),
    }
}

fn missing(stack: &Stack, values: &BTreeMap<String, String>) -> Result<(), RenderError> {
    let lacks = |need: &&SecretNeed| values.get(&need.variable).is_none_or(String::is_empty);
    let missing: Vec<&SecretNeed> = stack.secrets.iter().filter(lacks).collect();
    let Some(first) = missing.first() else { return Ok(()) };
    let profile = match &first.source {
        SecretSource::Profile { name, .. } => name,
        SecretSource::Generated { .. } | SecretSource::Given => &stack.profile,
    };
    let variables = missing.iter().map(|need| need.variable.clone()).collect();
    Err(RenderError::Missing { file: path(Path::new(""), profile), variables })
}

fn generate(length: usize, random: &mut dyn FnMut(&mut [u8])) -> String {
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

fn read(file: &Path) -> Result<String, RenderError> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(text.replace("\r\n", "\n")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(RenderError::io("read", file)(error)),
    }
}

fn values(file: &Path, text: &str) -> Result<BTreeMap<String, String>, RenderError> {
    let mut values = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let Some((name, value)) =
            name(line).zip(line.split_once('=')).map(|(name, (_, value))| (name, value.trim()))
        else {
            let message = format!(
                "not a line of the form NAME=value: {}",
                trimmed.split('=').next().unwrap_or_default()
            );
            return Err(RenderError::EnvFile { file: file.to_owned(), line: number, message });
        };
        values.insert(name.to_owned(), unquote(value).to_owned());
    }
    Ok(values)
}

fn name(line: &str) -> Option<&str> {
    let (name, _) = line.split_once('=')?;
    let name = name.trim().trim_start_matches("export ").trim();
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    (!name.is_empty() && name.chars().all(fits)).then_some(name)
}

fn unquote(value: &str) -> &str {
    ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote)).unwrap_or(value)
}
