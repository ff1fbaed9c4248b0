//! The secrets of a profile: an env file in `.gw/secrets/PROFILE/`. What gw makes is made once and kept; what comes from
//! elsewhere is fetched at each run and kept as it was last, for who runs the files without gw.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::error::RenderError;
use super::write;
use crate::profile::store_secrets;
use crate::stack::model::{SecretNeed, SecretSource, Stack};

pub mod env_file;
mod fetch;
pub(super) mod privacy;
pub mod rotation;

pub use privacy::Exposed;

/// The folder below the project's root that holds each profile's secrets; nobody else may look into it.
const FOLDER: &str = ".gw/secrets";
const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

/// Where values come from that are not in a file yet.
pub struct Supply<'a> {
    /// Fills a buffer with random bytes.
    pub random: &'a mut dyn FnMut(&mut [u8]),
    /// Looks a variable of the environment up.
    pub environment: &'a dyn Fn(&str) -> Option<OsString>,
    /// What was fetched before is fetched again; else only what the file does not have.
    pub again: bool,
}

/// The values of a profile's secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// All of them, by name.
    pub now: BTreeMap<String, String>,
    /// Those that were fetched, differ from what the file has, and must not replace it before it is known that the stores
    /// have them too.
    pub unproven: BTreeMap<String, String>,
}

/// Where a profile's env file is.
pub fn path(root: &Path, profile: &str) -> PathBuf {
    root.join(FOLDER).join(profile).join("env")
}

/// Makes and fetches what a stack needs, writes the env file and returns all its values.
///
/// Where the stack borrows, what the owner does not have yet is made in the owner's file: both have the same values, whoever
/// comes first.
///
/// # Errors
/// A file cannot be read or written, others may read it, or values are missing or cannot be used: all of them at once.
pub fn ensure(root: &Path, stack: &Stack, supply: &mut Supply<'_>) -> Result<Values, RenderError> {
    let survey = survey(root, stack, supply)?;
    survey.check(stack)?;
    survey.store()?;
    survey.values()
}

/// As [`ensure`], but leaves what only others can give for later.
///
/// The file is there afterwards also where it has no line: `docker compose --env-file` wants one.
///
/// # Errors
/// A file cannot be read or written, or others may read it.
pub fn make(root: &Path, stack: &Stack, supply: &mut Supply<'_>) -> Result<Values, RenderError> {
    let survey = survey(root, stack, supply)?;
    survey.store()?;
    survey.values()
}

/// Returns what [`ensure`] would, and writes nothing: what is missing is made in memory only.
///
/// # Errors
/// As [`ensure`].
pub fn peek(root: &Path, stack: &Stack, supply: &mut Supply<'_>) -> Result<Values, RenderError> {
    let survey = survey(root, stack, supply)?;
    survey.check(stack)?;
    survey.values()
}

/// Reads a profile's values; empty where there is no file.
///
/// # Errors
/// The file cannot be read, others may read it, or a line of it is not `NAME=value`.
pub fn load(root: &Path, profile: &str) -> Result<BTreeMap<String, String>, RenderError> {
    let file = path(root, profile);
    values(&file, &read(root, profile)?)
}

/// Puts values into a profile's env file, in place of those that are there.
///
/// # Errors
/// The file cannot be read or written, or others may read it.
pub fn set(root: &Path, profile: &str, values: &BTreeMap<String, String>) -> Result<(), RenderError> {
    let existing = read(root, profile)?;
    let text = env_file::replaced(&existing, values);
    if text == existing {
        return Ok(());
    }
    write::replace_with_mode(&path(root, profile), &text, FILE_MODE, FOLDER_MODE)
}

/// A password of so many letters and digits.
pub fn generate(length: usize, random: &mut dyn FnMut(&mut [u8])) -> String {
    env_file::generate(length, random)
}

/// Fetches the value that a source has now; `None` where it is none that can be asked.
pub fn fetch(source: &SecretSource, root: &Path, supply: &Supply<'_>) -> Option<Result<String, String>> {
    fetch::fetch(source, root, supply.environment)
}

/// An env file as it is and as it should be.
struct EnvFile {
    path: PathBuf,
    existing: String,
    text: String,
}

/// Everything that is known of a stack's secrets before anything is written.
struct Survey {
    owners: BTreeMap<String, EnvFile>,
    own: EnvFile,
    unproven: BTreeMap<String, String>,
    faults: Vec<String>,
}

fn survey(root: &Path, stack: &Stack, supply: &mut Supply<'_>) -> Result<Survey, RenderError> {
    let mut faults = Vec::new();
    let owners = owners(root, stack, supply, &mut faults)?;
    let path = path(root, &stack.profile);
    let existing = read(root, &stack.profile)?;
    let there = values(&path, &existing)?;
    let mut known = BTreeMap::new();
    for need in &stack.secrets {
        if let SecretSource::Profile { name, .. } = &need.source {
            // The owner's value is the one that counts, also after it changed.
            let owner = owners.get(name).map(|owner| values(&owner.path, &owner.text)).transpose()?;
            let value = owner.and_then(|mut values| values.remove(&need.variable));
            known.extend(value.map(|value| (need.variable.clone(), value)));
        } else if supply.again || !there.contains_key(&need.variable) {
            known.extend(fetched(need, root, supply, &mut faults));
        }
    }
    let mut unproven = BTreeMap::new();
    if let Some(value) = known.get(store_secrets::MONGODB_ROOT)
        && there.get(store_secrets::MONGODB_ROOT).is_some_and(|old| old != value)
        && !is_borrowed(stack, store_secrets::MONGODB_ROOT)
    {
        unproven.extend(known.remove_entry(store_secrets::MONGODB_ROOT));
    }
    let text = env_file::complete(&existing, &stack.secrets, &known, supply.random);
    Ok(Survey { owners, own: EnvFile { path, existing, text }, unproven, faults })
}

fn is_borrowed(stack: &Stack, variable: &str) -> bool {
    let mut needs = stack.secrets.iter().filter(|need| need.variable == variable);
    needs.any(|need| matches!(need.source, SecretSource::Profile { .. }))
}

fn fetched(
    need: &SecretNeed,
    root: &Path,
    supply: &Supply<'_>,
    faults: &mut Vec<String>,
) -> Option<(String, String)> {
    match fetch::fetch(&need.source, root, supply.environment)? {
        Ok(value) => Some((need.variable.clone(), value)),
        Err(why) => {
            faults.push(format!("no value for {} from {}: {why}", need.variable, need.source));
            None
        }
    }
}

/// The files of the profiles that the stack takes secrets from; what they have is not fetched again.
fn owners(
    root: &Path,
    stack: &Stack,
    supply: &mut Supply<'_>,
    faults: &mut Vec<String>,
) -> Result<BTreeMap<String, EnvFile>, RenderError> {
    let mut needs: BTreeMap<&String, Vec<SecretNeed>> = BTreeMap::new();
    for need in &stack.secrets {
        if let SecretSource::Profile { name, source } = &need.source {
            needs.entry(name).or_default().push(SecretNeed { source: (**source).clone(), ..need.clone() });
        }
    }
    let mut owners = BTreeMap::new();
    for (owner, needs) in needs {
        let (path, existing) = (path(root, owner), read(root, owner)?);
        let there = values(&path, &existing)?;
        let absent = needs.iter().filter(|need| !there.contains_key(&need.variable));
        let known = absent.filter_map(|need| fetched(need, root, supply, faults)).collect();
        let text = env_file::complete(&existing, &needs, &known, supply.random);
        owners.insert(owner.clone(), EnvFile { path, existing, text });
    }
    Ok(owners)
}

impl EnvFile {
    fn store(&self) -> Result<(), RenderError> {
        if self.text == self.existing && self.path.exists() {
            return Ok(());
        }
        write::replace_with_mode(&self.path, &self.text, FILE_MODE, FOLDER_MODE)
    }
}

impl Survey {
    fn store(&self) -> Result<(), RenderError> {
        self.owners.values().filter(|owner| owner.text != owner.existing).try_for_each(EnvFile::store)?;
        self.own.store()
    }

    fn values(self) -> Result<Values, RenderError> {
        let mut now = values(&self.own.path, &self.own.text)?;
        now.extend(self.unproven.clone());
        Ok(Values { now, unproven: self.unproven })
    }

    fn check(&self, stack: &Stack) -> Result<(), RenderError> {
        let mut values = values(&self.own.path, &self.own.text)?;
        values.extend(self.unproven.clone());
        let mut faults = self.faults.clone();
        faults.extend(missing(stack, &values));
        let unsuited = stack
            .secrets
            .iter()
            .filter(|need| values.get(&need.variable).is_some_and(|value| !suits(&need.variable, value)));
        faults.extend(unsuited.map(|need| {
            let variable = &need.variable;
            let letters = if variable == store_secrets::MONGODB_KEYFILE { "`+`, `/` and `=`" } else { "`-`, `.`, `_` and `~`" };
            format!("{variable} has other characters than letters, digits, {letters}: it goes into addresses and files of the store")
        }));
        if faults.is_empty() { Ok(()) } else { Err(RenderError::Secrets(faults)) }
    }
}

/// Whether a store's own files and addresses can hold a value.
fn suits(variable: &str, value: &str) -> bool {
    let others = match variable {
        store_secrets::MONGODB_KEYFILE => "+/=",
        own if store_secrets::ALL.contains(&own) => "-._~",
        _ => return true,
    };
    value.chars().all(|letter| letter.is_ascii_alphanumeric() || others.contains(letter))
}

/// What nobody gave a value for, in words.
fn missing(stack: &Stack, values: &BTreeMap<String, String>) -> Option<String> {
    let is_there = |need: &&SecretNeed| values.get(&need.variable).is_some_and(|value| !value.is_empty());
    // Whose source cannot be asked is said already.
    let whose = |need: &&SecretNeed| match &need.source {
        SecretSource::Given | SecretSource::Generated { .. } => true,
        SecretSource::Profile { source, .. } => matches!(**source, SecretSource::Generated { .. }),
        _ => false,
    };
    let missing: Vec<&SecretNeed> =
        stack.secrets.iter().filter(whose).filter(|need| !is_there(need)).collect();
    let profile = match &missing.first()?.source {
        SecretSource::Profile { name, .. } => name,
        _ => &stack.profile,
    };
    let variables: Vec<&str> = missing.iter().map(|need| need.variable.as_str()).collect();
    let file = path(Path::new(""), profile);
    Some(format!("{}: no value for {}; add a line NAME=value for each", file.display(), variables.join(", ")))
}

/// The text of a profile's env file; empty where there is none.
fn read(root: &Path, profile: &str) -> Result<String, RenderError> {
    read_private(root, profile, &path(root, profile))
}

fn read_private(root: &Path, profile: &str, file: &Path) -> Result<String, RenderError> {
    let all = root.join(FOLDER);
    let exposed = privacy::exposed(&[&all, &all.join(profile)], &[file]);
    if !exposed.is_empty() {
        return Err(RenderError::Exposed(exposed));
    }
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(text.replace("\r\n", "\n")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(RenderError::io("read", file)(error)),
    }
}

fn values(file: &Path, text: &str) -> Result<BTreeMap<String, String>, RenderError> {
    env_file::values(text).map_err(|(line, message)| RenderError::EnvFile {
        file: file.to_owned(),
        line,
        message: message.to_owned(),
    })
}
