//! Writing and comparing rendered files.

use gw::render::{Rendered, RenderedFile, check, write};

use crate::folder::Folder;
use crate::{profiles, rendered};

const FOLDER: &str = "generated/x";
const FILE: &str = "generated/x/compose.yaml";

fn files(text: &str) -> Rendered {
    Rendered { files: vec![RenderedFile { path: FILE.to_owned(), text: text.to_owned() }] }
}

#[test]
fn write_touches_only_what_changed() {
    let folder = Folder::new();
    let first = write::write(folder.path(), FOLDER, &files("# Rendered by gw\na\n")).unwrap();
    assert_eq!(first.changed, [FILE]);
    let before = std::fs::metadata(folder.path().join(FILE)).unwrap().modified().unwrap();
    let second = write::write(folder.path(), FOLDER, &files("# Rendered by gw\na\n")).unwrap();
    assert_eq!((second.changed.len(), second.unchanged), (0, vec![FILE.to_owned()]));
    assert_eq!(std::fs::metadata(folder.path().join(FILE)).unwrap().modified().unwrap(), before);
    assert_eq!(folder.names(FOLDER), ["compose.yaml"]);
}

#[test]
fn write_removes_what_gw_rendered_once_and_nothing_else() {
    let folder = Folder::new();
    folder.put("generated/x/kube/10-old.yaml", "# Rendered by gw from profile x\nold\n");
    folder.put("generated/x/compose.override.yaml", "services: {}\n");
    let written = write::write(folder.path(), FOLDER, &files("# Rendered by gw\n")).unwrap();
    assert_eq!(written.removed, ["generated/x/kube/10-old.yaml"]);
    assert_eq!(folder.names(FOLDER), ["compose.override.yaml", "compose.yaml", "kube"]);
}

#[test]
fn a_failed_write_leaves_the_old_file_and_nothing_half_written() {
    let folder = Folder::new();
    // A folder in the file's place: everything goes well until the rename.
    folder.put("generated/x/compose.yaml/keep", "mine");
    let error = write::write(folder.path(), FOLDER, &files("new\n")).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot write {}", folder.path().join(FILE).display()));
    assert!(std::error::Error::source(&error).is_some());
    assert_eq!(folder.names(FOLDER), ["compose.yaml"]);
    assert_eq!(folder.get("generated/x/compose.yaml/keep"), "mine");
}

#[test]
fn check_finds_nothing_right_after_writing() {
    let folder = Folder::new();
    let templates = gw::render::Templates::embedded().unwrap();
    let files = gw::render::compose(&rendered::stack(&profiles::small()), &templates, FOLDER).unwrap();
    write::write(folder.path(), FOLDER, &files).unwrap();
    assert_eq!(check::check(folder.path(), FOLDER, &files).unwrap(), []);
}

fn drift(found: &str, expected: &str) -> String {
    let folder = Folder::new();
    folder.put(FILE, found);
    let drifts = check::check(folder.path(), FOLDER, &files(expected)).unwrap();
    drifts.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn check_shows_the_first_line_that_differs() {
    assert_eq!(
        drift("a\nb\nc\n", "a\nB\nC\n"),
        "generated/x/compose.yaml:2: differs\n  file:     b\n  rendered: B"
    );
    assert_eq!(
        drift("a\n", "a\nb\n"),
        "generated/x/compose.yaml:2: differs\n  file:     (end of file)\n  rendered: b"
    );
}

#[test]
fn check_names_both_versions_and_what_else_differs() {
    let version = gw::render::VERSION;
    let current = format!("name: x\nx-gw:\n  version: \"{version}\"\nb\n");
    let found = "name: x\nx-gw:\n  version: \"0.0.9\"\nb\n";
    assert_eq!(
        drift(found, &current),
        format!(
            "generated/x/compose.yaml:3: differs\n  file:       version: \"0.0.9\"\n  rendered:   version: \"{version}\"\n  \
             rendered by gw 0.0.9, this is gw {version}"
        )
    );
    let found = "name: x\nx-gw:\n  version: \"0.0.9\"\na\n";
    assert_eq!(
        drift(found, &current),
        format!(
            "generated/x/compose.yaml:4: differs\n  file:     a\n  rendered: b\n  rendered by gw 0.0.9, this is gw {version}"
        )
    );
}

#[test]
fn check_finds_missing_and_stale_files() {
    let folder = Folder::new();
    folder.put("generated/x/kube/10-old.yaml", "# Rendered by gw from profile x\n");
    let drifts = check::check(folder.path(), FOLDER, &files("a\n")).unwrap();
    let lines: Vec<String> = drifts.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        ["generated/x/compose.yaml: missing", "generated/x/kube/10-old.yaml: no longer rendered"]
    );
}
