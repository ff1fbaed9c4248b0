//! Compares rendered files with those on disk.

use std::path::Path;

use super::compose::Rendered;
use super::error::RenderError;
use super::{VERSION, write};

/// How the line begins that names the version, in the `x-gw` at the top.
const VERSION_LINE: &str = "  version: ";

/// One file that is not what would be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// Its path, relative to the root.
    pub path: String,
    /// How it differs.
    pub kind: DriftKind,
    /// The gw version that rendered it, where it is not this one.
    pub version: Option<String>,
}

/// How a file differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DriftKind {
    /// It is not there.
    Missing,
    /// It was rendered once, but no longer is.
    Stale,
    /// It reads differently.
    Different {
        /// The first line that differs, from 1.
        line: usize,
        /// What stands there; `None` at the end of the file.
        found: Option<String>,
        /// What would be rendered.
        expected: Option<String>,
    },
}

impl std::fmt::Display for Drift {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { path, kind, version } = self;
        match kind {
            DriftKind::Missing => write!(formatter, "{path}: missing")?,
            DriftKind::Stale => write!(formatter, "{path}: no longer rendered")?,
            DriftKind::Different { line, found, expected } => {
                let show = |text: &Option<String>| text.clone().unwrap_or_else(|| "(end of file)".to_owned());
                write!(
                    formatter,
                    "{path}:{line}: differs\n  file:     {}\n  rendered: {}",
                    show(found),
                    show(expected)
                )?;
            }
        }
        match version {
            Some(version) => write!(formatter, "\n  rendered by gw {version}, this is gw {VERSION}"),
            None => Ok(()),
        }
    }
}

/// Returns what differs between `rendered` and the files under `root`; empty where nothing does.
///
/// # Errors
/// A file is there but cannot be read.
pub fn check(root: &Path, folder: &str, rendered: &Rendered) -> Result<Vec<Drift>, RenderError> {
    let mut drifts = Vec::new();
    for file in &rendered.files {
        let path = root.join(&file.path);
        let drift = match std::fs::read(&path) {
            Ok(found) => compare(&file.path, &String::from_utf8_lossy(&found), &file.text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Some(Drift { path: file.path.clone(), kind: DriftKind::Missing, version: None })
            }
            Err(error) => return Err(RenderError::io("read", path)(error)),
        };
        drifts.extend(drift);
    }
    for path in write::stale(root, folder, rendered)? {
        drifts.push(Drift { path, kind: DriftKind::Stale, version: None });
    }
    Ok(drifts)
}

fn compare(path: &str, found: &str, expected: &str) -> Option<Drift> {
    if found == expected {
        return None;
    }
    let version = version(found).filter(|version| *version != VERSION).map(str::to_owned);
    let mut differences = differences(found, expected);
    let first = differences.next()?;
    // Another version is told apart from what else differs, and that is the news.
    let other = differences.find(|_| version.is_some()).filter(|_| is_version(first.1));
    let (line, found, expected) = other.unwrap_or(first);
    let show = |text: Option<&str>| text.map(|text| text.trim_end_matches('\n').to_owned());
    let kind = DriftKind::Different { line, found: show(found), expected: show(expected) };
    Some(Drift { path: path.to_owned(), kind, version })
}

type Difference<'a> = (usize, Option<&'a str>, Option<&'a str>);

fn differences<'a>(found: &'a str, expected: &'a str) -> impl Iterator<Item = Difference<'a>> {
    let (mut left, mut right) = (found.split_inclusive('\n'), expected.split_inclusive('\n'));
    let lines = std::iter::from_fn(move || match (left.next(), right.next()) {
        (None, None) => None,
        pair => Some(pair),
    });
    lines.zip(1..).filter(|((one, other), _)| one != other).map(|((one, other), line)| (line, one, other))
}

fn is_version(line: Option<&str>) -> bool {
    line.is_some_and(|line| line.starts_with(VERSION_LINE))
}

// The version in the file's own `x-gw`.
fn version(text: &str) -> Option<&str> {
    let line = text.lines().find(|line| line.starts_with(VERSION_LINE))?;
    Some(line[VERSION_LINE.len()..].trim_matches(['"', '\'']))
}
