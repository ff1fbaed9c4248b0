//! Every kind of mistake in an input file, through the real binary: code 3, the place first, and nothing done.

use crate::project::Project;

/// Stands before the place that gw must name; it is not written.
const HERE: &str = "«";

/// Kind, file, text. What cannot be said here has a test of its own in `cli.rs`: a profile that is not there, a file that may not be
/// read, several mistakes in several files.
const MISTAKES: &[(&str, &str, &str)] = &[
    (
        "unknown key",
        "profiles/default.json",
        r#"{ "project": "one", «"servises": "../services.json", "services": "../services.json" }"#,
    ),
    ("wrong type", "services.json", r#"{ "services": { "auth": { "image": «3 } } }"#),
    ("missing key", "services.json", r#"{ "services": { «"auth": { "port": 9001 } } }"#),
    (
        "missing file",
        "profiles/default.json",
        "{ \"project\": \"one\",\n  \"services\": «\"../nowhere.json\" }",
    ),
    ("empty file", "services.json", "«"),
    ("empty profile", "profiles/default.json", "«\n"),
    ("not JSON", "services.json", "{ \"services\": {\n  \"auth\": «nginx\n} }"),
    (
        "duplicate key",
        "services.json",
        "{ \"services\": {\n  \"auth\": { \"image\": \"a\" },\n  «\"auth\": { \"image\": \"b\" }\n} }",
    ),
    (
        "unknown service in dependsOn",
        "services.json",
        r#"{ "services": { "auth": { "image": "a", "dependsOn": [«"kcy"] } } }"#,
    ),
    (
        "cycle",
        "services.json",
        "{ \"services\": {\n  \"a\": { \"image\": \"a\", \"dependsOn\": [«\"b\"] },\n  \"b\": { \"image\": \"a\", \"dependsOn\": [\"a\"] }\n} }",
    ),
    (
        "port used twice",
        "services.json",
        "{ \"services\": {\n  \"a\": { \"image\": \"a\", \"port\": 9001 },\n  \"b\": { \"image\": \"a\", \"port\": «9001 }\n} }",
    ),
    ("port out of range", "services.json", r#"{ "services": { "auth": { "image": "a", "port": «65536 } } }"#),
    (
        "bad project name",
        "profiles/default.json",
        r#"{ "project": «"My Project", "services": "../services.json" }"#,
    ),
    (
        "unknown reference",
        "services.json",
        r#"{ "services": { "auth": { "image": "a", "env": { "URL": «"${redis.url}" } } } }"#,
    ),
    ("nothing to map", "images.json", "«{}"),
    ("mapped to nothing", "images.json", r#"{ "images": { "nginx:1.28": «"" } }"#),
];

/// Files that no input may be: kind, bytes, line and column of the mistake.
fn monsters() -> [(&'static str, Vec<u8>, &'static str); 3] {
    [
        ("a byte that is no UTF-8", b"{\n  \"a\": \"\xff\" }".to_vec(), "2:9"),
        ("10 MB", vec![b' '; 10_000_000], "1:1"),
        ("100,000 brackets", vec![b'['; 100_000], "1:101"),
    ]
}

/// Panics unless `generate` and `up` end with 3, name the place first, and do nothing.
fn refused(project: &Project, kind: &str, place: &str) {
    for command in ["generate", "up"] {
        let shown = project.gw(&[command]);
        let first = format!("code 3\n---\nerror: {place}: ");
        assert!(shown.starts_with(&first), "{kind}: {command}: expected {first:?}\n{shown}");
        assert!(shown.len() < 1000 && !shown.contains("panicked"), "{kind}: {command}\n{shown}");
        for folder in ["generated", ".gw"] {
            assert!(!project.root.join(folder).exists(), "{kind}: {command} made {folder}");
        }
    }
}

#[test]
fn every_kind_of_mistake_ends_with_3_and_its_place() {
    for (kind, file, text) in MISTAKES {
        let (before, after) = text.split_once(HERE).expect("the place is marked");
        let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
        let place = format!("{file}:{}:{column}", before.lines().count().max(1));
        let project = Project::new(&[(file, &format!("{before}{after}"))]);
        refused(&project, kind, &place);
    }
}

#[test]
fn a_file_that_no_input_may_be_ends_with_3_whichever_it_is() {
    let profile = r#"{ "project": "one", "services": "../services.json", "infra": "../infra.json" }"#;
    let infra = r#"{ "infrastructure": { "redis": { "mode": "single", "port": 6379 } } }"#;
    for file in ["profiles/default.json", "services.json", "infra.json", "images.json"] {
        for (kind, bytes, place) in monsters() {
            let project = Project::new(&[("profiles/default.json", profile), ("infra.json", infra)]);
            std::fs::write(project.root.join(file), bytes).expect("the file can be written");
            refused(&project, &format!("{kind} in {file}"), &format!("{file}:{place}"));
        }
    }
}
