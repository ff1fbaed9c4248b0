//! Secrets that others may read are none: folders are 0700 and files 0600, or gw does not read them.

use std::path::{Path, PathBuf};

/// A folder or file that others may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposed {
    /// Where it is.
    pub path: PathBuf,
    /// Its permission bits.
    pub mode: u32,
    /// What they should be at most.
    pub wanted: u32,
}

/// In one line: where, and what its mode is.
impl std::fmt::Display for Exposed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} has mode {:04o}", self.path.display(), self.mode)
    }
}

/// The commands that close them.
pub(in super::super) fn remedy(exposed: &[Exposed]) -> String {
    let commands = [super::FOLDER_MODE, super::FILE_MODE].map(|mode| {
        let paths = exposed.iter().filter(|one| one.wanted == mode);
        let paths: Vec<String> = paths.map(|one| shell_word(&one.path.display().to_string())).collect();
        (!paths.is_empty()).then(|| format!("chmod {mode:o} {}", paths.join(" ")))
    });
    commands.into_iter().flatten().collect::<Vec<_>>().join(" && ")
}

fn shell_word(text: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "/._-+".contains(letter);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// Those of these paths that are there and that others may use.
#[cfg(unix)]
pub(super) fn exposed(folders: &[&Path], files: &[&Path]) -> Vec<Exposed> {
    use std::os::unix::fs::PermissionsExt;
    let all = folders.iter().map(|path| (path, super::FOLDER_MODE));
    let all = all.chain(files.iter().map(|path| (path, super::FILE_MODE)));
    let found = all.filter_map(|(path, wanted)| {
        let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o7777;
        (mode & 0o777 & !wanted != 0).then(|| Exposed { path: path.to_path_buf(), mode, wanted })
    });
    found.collect()
}

/// Other systems keep rights in other ways.
#[cfg(not(unix))]
pub(super) fn exposed(_: &[&Path], _: &[&Path]) -> Vec<Exposed> {
    Vec::new()
}
