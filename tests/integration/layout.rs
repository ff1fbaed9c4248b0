//! The package as a stranger finds it: what is at the top, the README's first screen, and the steps of CI.

use std::path::Path;

fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file can be read")
}

/// The commands of a script that stand at the beginning of a line, in their order.
fn steps(script: &str) -> Vec<String> {
    let named = |line: &str| Some(line.strip_prefix("step '")?.strip_suffix('\'')?.to_owned());
    script.lines().filter_map(named).collect()
}

/// `7` of `scripts/demo` in the README's table: minutes the first time, then the words for the second time.
fn times(readme: &str, script: &str) -> (String, String) {
    let row = readme.lines().find(|line| line.starts_with(&format!("| `{script}` |"))).expect("it has a row");
    let mut cells = row.split('|').map(str::trim).skip(2);
    let first = cells.next().and_then(|cell| cell.split(':').next()).unwrap_or_default().to_owned();
    (first, cells.next().unwrap_or_default().to_owned())
}

#[test]
fn what_belongs_to_the_top_is_there() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in "Cargo.toml src templates profiles services.dev.json services.shared.json infra.shared.json tests README.md \
                 docs schema scripts examples .ci"
        .split_whitespace()
    {
        assert!(top.join(name).exists(), "{name} is not there");
    }
    let main = text("src/main.rs").lines().count();
    assert!(main <= 10, "src/main.rs has {main} lines; what it does belongs into the library");
}

#[test]
fn the_first_screen_has_both_commands_and_the_times_that_they_say_themselves() {
    let readme = text("README.md");
    let screen: Vec<&str> = readme.lines().take(26).collect();
    for script in ["scripts/demo", "scripts/test"] {
        assert!(screen.iter().any(|line| line.starts_with(&format!("{script}  "))), "{script} is not there");
        let (first, again) = times(&screen.join("\n"), script);
        let said = text(script);
        assert!(
            said.contains(&format!("takes about {first}, again about {again}")),
            "{script}: {first}, {again}"
        );
    }
}

#[test]
fn ci_holds_format_lints_docs_licences_and_both_commands_in_this_order() {
    let ci = text(".ci/run");
    let expected = [
        "tools",
        "format",
        "clippy, all and pedantic",
        "documentation",
        "licences, bans, sources, advisories",
        "demo",
        "tests",
    ];
    assert_eq!(steps(&ci), expected);
    for line in [
        "cargo clippy --locked --workspace --all-targets -- -D warnings",
        "RUSTDOCFLAGS='-D warnings' cargo doc --locked --workspace --no-deps --document-private-items",
        "scripts/demo --yes",
        "scripts/test --yes",
    ] {
        assert!(ci.lines().any(|found| found == line), "{line}");
    }
}
