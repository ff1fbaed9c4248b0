//! Which part of gw may know of which: plain text search over `src/`, so that an edge that nobody decided fails here.

use std::path::{Path, PathBuf};

/// A folder or file of `src/`, and what it may name of ours beside itself.
const MAY_USE: &[(&str, &[&str])] = &[
    // Decisions are pure: plain data in, plain data out.
    ("plan", &[]),
    ("env_vars", &[]),
    ("cli", &[]),
    ("event", &["plan"]),
    ("host", &["plan"]),
    ("profile", &[]),
    ("stack", &["profile"]),
    // `x-gw` is written with the types that the read-back reads.
    ("render", &["stack", "profile", "plan"]),
    ("manifest", &["plan"]),
    // For the names that a profile can have, and Compose's rules for texts.
    ("import", &["manifest", "profile"]),
    // An engine cannot print.
    ("engine", &["plan", "event"]),
    // A reporter cannot call an engine.
    ("report", &["event", "plan"]),
    // `report` for how output is wished: its mode, colour and verbosity.
    ("settings", &["cli", "env_vars", "report"]),
    ("error", &["engine", "manifest", "plan", "profile", "render"]),
    (
        "commands",
        &[
            "engine", "env_vars", "error", "event", "host", "import", "manifest", "plan", "profile",
            "render", "report", "settings", "stack",
        ],
    ),
    ("run", &["cli", "commands", "env_vars", "error", "report", "settings"]),
];

/// Crates that only one part knows.
const ONLY_IN: &[(&str, &str)] = &[
    ("bollard", "src/engine/docker/"),
    ("mongodb", "src/engine/"),
    ("redis", "src/engine/probe/"),
    ("tera", "src/render/"),
    ("clap", "src/cli/"),
    ("indicatif", "src/report/"),
];

/// Where files are read or written: what a user wrote, what gw renders, what it keeps in `.gw/`, the docker client's settings.
const FILES: &[&str] = &["src/profile/", "src/render/", "src/commands/", "src/engine/docker/", "src/host/"];

/// Where something is printed.
const PRINTS: &str = "src/report/";

/// The user's streams, handed through to a command in a container: nothing of gw's own is printed there.
const HANDS_THROUGH: &[&str] = &["src/engine/docker/exec_streams.rs", "src/engine/docker/exec_terminal.rs"];

/// Lines of a file, its tests not counted.
const LONGEST: usize = 400;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Every file of `src/` that is no test: its path, and its lines without comments and without its tests.
fn sources() -> Vec<(String, Vec<String>)> {
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    files.sort();
    let path =
        |file: &Path| file.strip_prefix(root()).expect("below the root").to_string_lossy().into_owned();
    let is_test =
        |path: &str| path.contains("/tests/") || path.ends_with("/tests.rs") || path.ends_with("/fixture.rs");
    let read = |file: PathBuf| {
        let text = std::fs::read_to_string(&file).expect("the file can be read");
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        (path(&file), code.lines().map(str::to_owned).collect())
    };
    files.into_iter().filter(|file| !is_test(&path(file))).map(read).collect()
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// The identifiers that follow `prefix` in a line.
fn after<'a>(line: &'a str, prefix: &str) -> Vec<&'a str> {
    let identifier = |rest: &'a str| {
        let end = rest
            .find(|character: char| !character.is_alphanumeric() && character != '_')
            .unwrap_or(rest.len());
        &rest[..end]
    };
    line.match_indices(prefix).map(|(at, _)| identifier(&line[at + prefix.len()..])).collect()
}

/// Whether a line names something of a crate.
fn names(line: &str, library: &str) -> bool {
    line.match_indices(&format!("{library}::")).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|character| !character.is_alphanumeric() && !['_', ':'].contains(&character))
    })
}

/// The names below `[dependencies]` in a package's `Cargo.toml`.
fn dependencies(package: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(package).join("Cargo.toml")).expect("it can be read");
    let lines = text.lines().skip_while(|line| *line != "[dependencies]").skip(1);
    let lines = lines.take_while(|line| !line.starts_with('['));
    lines.filter_map(|line| Some(line.split_once(" = ")?.0.to_owned())).collect()
}

/// `plan` for `src/plan/graph.rs` and for `src/plan.rs`.
fn part(path: &str) -> &str {
    let below = path.strip_prefix("src/").unwrap_or(path);
    below.split('/').next().unwrap_or(below).trim_end_matches(".rs")
}

#[track_caller]
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_part_names_another_that_it_may_not_know() {
    let mut faults = Vec::new();
    for (path, lines) in sources() {
        let own = part(&path);
        if ["lib", "main"].contains(&own) {
            continue;
        }
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == own) else {
            faults.push(format!("{path}: {own} has no row in MAY_USE: decide what it may know"));
            continue;
        };
        for (number, line) in lines.iter().enumerate().filter(|(_, line)| !is_comment(line)) {
            for other in after(line, "crate::") {
                if other != own && !allowed.contains(&other) {
                    faults.push(format!(
                        "{path}:{}: {own} may not know of {other:?}: {}",
                        number + 1,
                        line.trim()
                    ));
                }
            }
        }
    }
    none(&faults);
}

#[test]
fn every_row_names_a_part_that_exists_and_an_edge_that_is_used() {
    let sources = sources();
    let used = |own: &str, other: &str| {
        let mut lines = sources.iter().filter(|(path, _)| part(path) == own).flat_map(|(_, lines)| lines);
        lines.any(|line| !is_comment(line) && after(line, "crate::").contains(&other))
    };
    let mut faults = Vec::new();
    for (own, allowed) in MAY_USE {
        if !sources.iter().any(|(path, _)| part(path) == *own) {
            faults.push(format!("there is no {own}"));
        }
        let unused = allowed.iter().filter(|other| *own != "commands" && !used(own, other));
        faults.extend(unused.map(|other| format!("{own} does not use {other}: take it out")));
    }
    none(&faults);
}

#[test]
fn a_client_library_is_known_in_one_place() {
    let mut faults = Vec::new();
    for (path, lines) in sources() {
        for (library, place) in ONLY_IN.iter().filter(|(_, place)| !path.starts_with(place)) {
            // A module of ours may have a library's name: then it is declared or imported by its path.
            let ours = |line: &String| {
                line.contains(&format!("mod {library};"))
                    || line.contains(&format!("super::{library}"))
                    || line.contains("super::{") && line.contains(library)
            };
            if let Some(line) =
                lines.iter().filter(|line| !is_comment(line)).find(|line| names(line, library))
                && !lines.iter().any(ours)
            {
                faults.push(format!("{path}: {library} belongs to {place}: {}", line.trim()));
            }
        }
    }
    none(&faults);
}

#[test]
fn every_dependency_is_used_and_the_sample_services_web_framework_is_none() {
    let (own, sample) = (dependencies("."), dependencies("examples/sample-service"));
    assert!(own.len() > 20 && sample.contains(&"axum".to_owned()), "{own:?} {sample:?}");
    assert!(!own.contains(&"axum".to_owned()), "gw serves nothing");
    let sources = sources();
    let used = |name: &str| {
        let name = name.replace('-', "_");
        let mut lines = sources.iter().flat_map(|(_, lines)| lines);
        lines.any(|line| !is_comment(line) && names(line, &name))
    };
    let unused = own.iter().filter(|name| !used(name));
    none(
        &unused
            .map(|name| format!("nothing in src/ uses {name}: take it out of Cargo.toml"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn only_reporters_print() {
    let mut faults = Vec::new();
    for (path, lines) in sources() {
        let macros = ["println!", "eprintln!", "print!(", "eprint!(", "dbg!("];
        let streams = ["io::stdout", "io::stderr"];
        for (number, line) in lines.iter().enumerate().filter(|(_, line)| !is_comment(line)) {
            let prints = macros.iter().any(|name| line.contains(name));
            let own = path.starts_with(PRINTS) || HANDS_THROUGH.contains(&path.as_str());
            let opens = streams.iter().any(|name| line.contains(name)) && !own;
            if prints || opens {
                faults.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    none(&faults);
}

#[test]
fn files_are_touched_only_where_that_is_the_work() {
    let mut faults = Vec::new();
    for (path, lines) in
        sources().into_iter().filter(|(path, _)| !FILES.iter().any(|place| path.starts_with(place)))
    {
        let touches =
            |line: &&String| !is_comment(line) && (line.contains("std::fs") || line.contains("tokio::fs"));
        faults.extend(lines.iter().find(touches).map(|line| format!("{path}: {}", line.trim())));
    }
    none(&faults);
}

#[test]
fn no_file_is_longer_than_can_be_read_at_once() {
    let long = |(path, lines): &(String, Vec<String>)| {
        (lines.len() > LONGEST).then(|| format!("{path}: {} lines", lines.len()))
    };
    none(&sources().iter().filter_map(long).collect::<Vec<_>>());
}

#[test]
fn the_search_finds_what_it_looks_for() {
    assert_eq!(after("use crate::plan::graph; crate::event::Event", "crate::"), ["plan", "event"]);
    assert_eq!(after("use crate::{plan, event};", "crate::"), [""]);
    assert_eq!((part("src/plan/graph.rs"), part("src/error.rs")), ("plan", "error"));
    assert!(sources().len() > 100);
    assert!(names("use time::Date;", "time") && names("#[derive(time::Of)]", "time"));
    assert!(!names("use std::time::Duration;", "time") && !names("lifetime::of()", "time"));
}
