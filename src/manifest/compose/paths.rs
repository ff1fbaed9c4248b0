//! Paths of the host, made absolute without a look at the disk.

use std::path::{Component, Path, PathBuf};

use super::cursor::Context;

/// The absolute path that a text means: from the file's folder, or from home with `~`.
pub(super) fn absolute(context: &Context<'_>, text: &str) -> PathBuf {
    let home = text.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with('/'));
    if let Some(rest) = home
        && let Some(home) = (context.variables)("HOME")
    {
        return normalise(&Path::new(&home).join(rest.trim_start_matches('/')));
    }
    normalise(&context.folder.join(text))
}

/// Takes `.` and `..` out.
fn normalise(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                if !normal.pop() {
                    normal.push("..");
                }
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => normal.push(component),
        }
    }
    normal
}
