//! `gw import`: what becomes of Compose files, word for word, and held against `docker compose config`.

mod command;
mod equivalent;
mod mistakes;

use std::path::{Path, PathBuf};

use gw::import::{Imported, Kind, Origin, import};

/// The Compose files, each in a folder of its own with what is expected of it.
const CASES: &[&str] = &["small", "web-db-cache", "build", "conditions"];

fn folder(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import").join(case)
}

/// Compares a text with the committed one, or writes it.
#[track_caller]
fn golden(case: &str, name: &str, text: &str) {
    let path = folder(case).join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).expect("the file can be written");
    }
    assert_eq!(text, std::fs::read_to_string(&path).unwrap_or_default(), "{}", path.display());
}

fn imported(case: &str) -> Imported {
    let text = std::fs::read_to_string(folder(case).join("compose.yaml")).expect("the case is there");
    let origin = Origin { profile: "default", services_file: "../services.json", folder: case, prefix: "" };
    import(&text, origin).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

/// Each form and each setting goes where it belongs; what does not is noted with its place.
#[test]
fn files_and_notes_are_the_committed_ones() {
    for case in CASES {
        let Imported { profile, services, notes } = imported(case);
        let note = |note: &gw::import::Note| {
            let kind = if note.kind == Kind::NotCarriedOver { "not carried over" } else { "to know" };
            let (line, column) = (note.position.line, note.position.column);
            format!("{line}:{column}: {}: {kind}: {}\n", note.path, note.message)
        };
        golden(case, "profile.json", &format!("{profile:#}\n"));
        golden(case, "services.json", &format!("{services:#}\n"));
        golden(case, "notes.txt", &notes.iter().map(note).collect::<String>());
    }
}

/// Paths of a file in a subfolder, or beside the project, are named from the project's root.
#[test]
fn paths_start_at_the_root() {
    let text = "services: {a: {build: ., volumes: ['./x:/x', '/y:/y', '../z:/z'], env_file: e.env}}\n";
    for (prefix, expected) in [
        ("", ["a", ".", "x", "/y", "../z", "e.env"]),
        ("deploy/", ["a", "deploy", "deploy/x", "/y", "z", "deploy/e.env"]),
        ("../", ["a", "..", "../x", "/y", "../../z", "../e.env"]),
    ] {
        let origin = Origin { profile: "p", services_file: "../services.p.json", folder: "My App.", prefix };
        let Imported { profile, services, .. } = import(text, origin).expect("it is a Compose file");
        assert_eq!(profile, serde_json::json!({ "project": "myapp", "services": "../services.p.json" }));
        let service = &services["services"][expected[0]];
        assert_eq!(service["build"]["context"], expected[1]);
        let binds: Vec<&serde_json::Value> =
            service["volumes"].as_array().expect("a list").iter().map(|mount| &mount["bind"]).collect();
        assert_eq!(binds, [expected[2], expected[3], expected[4]]);
        assert_eq!(service["envFile"], serde_json::json!([expected[5]]));
    }
}
