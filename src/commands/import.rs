//! `import`: a Compose file becomes a profile and a services file; what exists is never written over.

use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::session::Session;
use crate::error::Error;
use crate::import::{self, Kind, Mistake, Note, Origin};
use crate::profile::{self, InputError, Problem};
use crate::report::view::{Imported, ImportedFile, ImportedNote, NoteKind};
use crate::settings::command::Import;

/// Reads the Compose file, writes the profile and the services file, and shows what is not carried over.
///
/// # Errors
/// Mistakes in the Compose file; a file that would be written is there; what was written is no profile that gw can run.
pub(super) fn import(session: &mut Session, wish: &Import) -> Result<(), Error> {
    let (root, profile) = (session.settings.root.clone(), session.settings.profile.clone());
    let shown = shown(wish, &root);
    if !is_profile(&profile) {
        return Err(Error::Usage(format!(
            "a profile's name has lower-case letters, digits, `-` and `_`: {profile} is none"
        )));
    }
    let services =
        if profile == "default" { "services.json".to_owned() } else { format!("services.{profile}.json") };
    let paths = [format!("profiles/{profile}.json"), services.clone()];
    let text =
        read(wish).map_err(|error| of_file(&shown, format!("the file cannot be read: {error}"), None))?;
    let text =
        String::from_utf8(text).map_err(|_| of_file(&shown, "the file is not UTF-8".to_owned(), None))?;
    let folder = wish.file.as_deref().and_then(Path::parent).unwrap_or(&wish.here);
    let origin = Origin {
        profile: &profile,
        services_file: &format!("../{services}"),
        folder: &folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        prefix: &prefix(&root, folder),
    };
    let imported = import::import(&text, origin).map_err(|mistakes| {
        Error::Input(InputError { problems: mistakes.into_iter().map(|one| problem(&shown, one)).collect() })
    })?;
    let texts = [&imported.profile, &imported.services].map(|value| format!("{value:#}\n"));
    let files: Vec<ImportedFile> =
        paths.into_iter().zip(texts).map(|(path, text)| ImportedFile { path, text }).collect();
    if !wish.dry_run {
        write(&root, &files)?;
    }
    let notes = imported.notes.into_iter().map(note).collect();
    let view = Imported { from: shown, written: !wish.dry_run, files, notes };
    if session.is_json() {
        session.show(&view);
    } else {
        let option = if profile == "default" { String::new() } else { format!(" -p {profile}") };
        session.print(&view.text(&format!("gw{option} generate, read the result, gw{option} up")));
    }
    // What was written is read as any profile is, so that a mistake shows now and not at the first `up`.
    if !wish.dry_run {
        profile::load(&root, &profile)?;
    }
    Ok(())
}

fn read(wish: &Import) -> std::io::Result<Vec<u8>> {
    let Some(file) = &wish.file else {
        let mut text = Vec::new();
        std::io::stdin().lock().read_to_end(&mut text)?;
        return Ok(text);
    };
    std::fs::read(file)
}

/// How messages name the Compose file.
fn shown(wish: &Import, root: &Path) -> String {
    let Some(file) = &wish.file else { return "standard input".to_owned() };
    file.strip_prefix(root).unwrap_or(file).to_string_lossy().into_owned()
}

fn is_profile(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
        && name
            .bytes()
            .all(|other| other.is_ascii_lowercase() || other.is_ascii_digit() || b"-_".contains(&other))
}

/// From the root to a folder: empty, `deploy/`, `../`.
fn prefix(root: &Path, folder: &Path) -> String {
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (root, folder) = (whole(root), whole(folder));
    let common = root.components().zip(folder.components()).take_while(|(one, other)| one == other).count();
    let up = root.components().skip(common).map(|_| Component::ParentDir);
    let path: PathBuf = up.chain(folder.components().skip(common)).collect();
    let text = path.to_string_lossy().into_owned();
    if text.is_empty() { text } else { format!("{text}/") }
}

/// Writes both files or none.
fn write(root: &Path, files: &[ImportedFile]) -> Result<(), Error> {
    let there: Vec<Problem> = files
        .iter()
        .filter(|file| std::fs::symlink_metadata(root.join(&file.path)).is_ok())
        .map(|file| {
            whole(
                &file.path,
                "the file is there already".to_owned(),
                Some("remove it, or import into another profile: gw -p NAME import ...".to_owned()),
            )
        })
        .collect();
    if !there.is_empty() {
        return Err(Error::Input(InputError { problems: there }));
    }
    for file in files {
        let path = root.join(&file.path);
        let failed = |source| Error::File { action: "write", path: path.clone(), source };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        std::fs::write(&path, &file.text).map_err(failed)?;
    }
    Ok(())
}

fn of_file(file: &str, message: String, hint: Option<String>) -> Error {
    Error::Input(InputError { problems: vec![whole(file, message, hint)] })
}

fn whole(file: &str, message: String, hint: Option<String>) -> Problem {
    Problem { file: file.to_owned(), line: 1, column: 1, path: String::new(), message, hint }
}

fn problem(file: &str, mistake: Mistake) -> Problem {
    let Mistake { position, path, message } = mistake;
    Problem { file: file.to_owned(), line: position.line, column: position.column, path, message, hint: None }
}

fn note(note: Note) -> ImportedNote {
    let kind = match note.kind {
        Kind::NotCarriedOver => NoteKind::NotCarriedOver,
        Kind::Remark => NoteKind::Remark,
    };
    let import::Position { line, column } = note.position;
    ImportedNote { kind, line, column, path: note.path, message: note.message }
}
