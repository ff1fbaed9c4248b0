//! What README and docs say is true: commands parse, files are there, exit codes are those of the program.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use gw::engine::backend::Trouble;
use gw::error::Error;
use gw::plan::diagnosis::{Diagnosis, Reason};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// README (where it is written already) and every page of `docs/`.
fn pages() -> Vec<(String, String)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(root().join("docs"))
        .expect("there are docs")
        .map(|entry| entry.expect("the entry can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    paths.sort();
    paths.extend(Some(root().join("README.md")).filter(|path| path.is_file()));
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("the page can be read");
        (path.strip_prefix(root()).expect("below the root").display().to_string(), text)
    };
    paths.into_iter().map(read).collect()
}

/// Lines of the blocks that are for a shell, without prompts and comments.
fn shell_lines(text: &str) -> Vec<String> {
    let (mut lines, mut fence) = (Vec::new(), None);
    for line in text.lines() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            fence = if fence.is_some() { None } else { Some(language.to_owned()) };
        } else if fence
            .as_deref()
            .is_some_and(|language| ["sh", "bash", "shell", "console"].contains(&language))
        {
            let line = line.trim().trim_start_matches("$ ");
            lines.push(line.split(" #").next().unwrap_or_default().trim().to_owned());
        }
    }
    lines
}

/// What is wrong with a line that begins with `gw`; other programs are none of ours.
fn mistake(line: &str) -> Option<String> {
    let command = line.split(" | ").next()?.split(" > ").next()?.split(" && ").next()?;
    let words: Vec<String> =
        command.split_whitespace().map(|word| word.trim_matches(['"', '\'']).to_owned()).collect();
    if words.first().is_none_or(|word| word != "gw") {
        return None;
    }
    let answer = gw::cli::parse(words).err().filter(|answer| answer.code != 0)?;
    Some(format!("{line}: {}", answer.plain))
}

#[test]
fn commands_in_pages_parse() {
    for (page, text) in pages() {
        let mistakes: Vec<String> = shell_lines(&text).iter().filter_map(|line| mistake(line)).collect();
        assert!(mistakes.is_empty(), "{page}\n{}", mistakes.join("\n"));
    }
}

/// Every command with those below it, in words; not what clap adds for help.
fn commands(command: &clap::Command, words: &str) -> Vec<String> {
    let verbs = command.get_subcommands().filter(|verb| verb.get_name() != "help");
    let below = verbs.flat_map(|verb| commands(verb, &format!("{words} {}", verb.get_name())));
    std::iter::once(words.to_owned()).chain(below).collect()
}

#[test]
fn examples_in_help_parse() {
    let mut found = 0;
    for verb in commands(&gw::cli::Cli::command(), "gw") {
        let words = verb.split(' ').chain(["--help"]);
        let help = gw::cli::parse(words).expect_err("help is an answer").plain;
        let examples = help.split("Examples:").nth(1).unwrap_or_else(|| panic!("{verb} has examples"));
        for line in examples.lines().map(str::trim).filter(|line| line.starts_with("gw ")) {
            let command = line.split("  ").next().unwrap_or(line);
            assert_eq!(mistake(command), None, "{verb} --help");
            found += 1;
        }
    }
    assert!(found > 20, "{found}");
}

/// Commands in running text and in tables: `gw ...` between backticks, without placeholders.
#[test]
fn commands_between_backticks_parse() {
    let placeholder = |word: &str| {
        word.contains("...") || word.contains('|') || word.trim_matches('[').starts_with(char::is_uppercase)
    };
    for (page, text) in pages().into_iter().filter(|(page, _)| page != "docs/design.md") {
        let spans = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
        let commands = spans.filter(|span| span.starts_with("gw ") && !span.split(' ').any(placeholder));
        let mistakes: Vec<String> = commands.filter_map(mistake).collect();
        assert!(mistakes.is_empty(), "{page}\n{}", mistakes.join("\n"));
    }
}

/// What `gw profiles --markdown` prints stands in the pages between two marks; `UPDATE_GOLDEN=1` puts it there.
#[test]
fn profile_tables_are_those_of_the_program() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_gw"))
        .args(["-C", env!("CARGO_MANIFEST_DIR"), "profiles", "--markdown"])
        .output()
        .expect("gw runs");
    let table = String::from_utf8(output.stdout).expect("it is text");
    assert_eq!(table.lines().count(), 6, "{table}");
    let (begin, end) = ("<!-- gw profiles -->\n", "<!-- /gw profiles -->");
    for (page, text) in
        pages().into_iter().filter(|(page, _)| ["README.md", "docs/status.md"].contains(&page.as_str()))
    {
        let (before, rest) = text.split_once(begin).unwrap_or_else(|| panic!("{page} has the table"));
        let (found, after) = rest.split_once(end).unwrap_or_else(|| panic!("{page}: the table ends"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(root().join(&page), format!("{before}{begin}{table}{end}{after}"))
                .expect("it can be written");
        } else {
            assert_eq!(found, table, "{page}: UPDATE_GOLDEN=1 writes it");
        }
    }
}

#[test]
fn a_wrong_command_would_be_found() {
    let page = "```sh\n$ gw up --no-such-flag  # why\n```\n";
    assert!(shell_lines(page).iter().any(|line| mistake(line).is_some()));
}

/// The parts of a page between backticks, and the targets of its links.
fn named(text: &str) -> Vec<&str> {
    let spans = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    spans.chain(links).collect()
}

/// A path of this repository: below one of its folders, and no pattern or placeholder.
fn is_path(name: &str) -> bool {
    let folders =
        [".ci", "benches", "docs", "examples", "profiles", "schema", "scripts", "src", "templates", "tests"];
    let is_plain = |character: char| {
        character.is_ascii_lowercase() || character.is_ascii_digit() || "._-/".contains(character)
    };
    let below = |name: &str| {
        name.split_once('/').is_some_and(|(first, rest)| folders.contains(&first) && !rest.is_empty())
    };
    below(name) && name.chars().all(is_plain)
}

#[test]
fn files_that_pages_name_are_there() {
    let mut missing = Vec::new();
    for (page, text) in pages().into_iter().filter(|(page, _)| page != "docs/design.md") {
        let absent = named(&text).into_iter().filter(|name| is_path(name) && !root().join(name).exists());
        missing.extend(absent.map(|name| format!("{page}: {name}")));
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// One error of every kind.
fn errors() -> Vec<Error> {
    let component = |reason| {
        Trouble::Component(Box::new(Diagnosis {
            component: String::new(),
            container: String::new(),
            reason,
            probe: None,
            answers: Vec::new(),
            state: String::new(),
            exit_code: None,
            out_of_memory: false,
            logs: Vec::new(),
            waiting: Vec::new(),
        }))
    };
    let text = String::new;
    let troubles = [
        Trouble::EngineLost(text()),
        Trouble::Refused(text()),
        Trouble::Conflict(text()),
        Trouble::Image { message: text(), hint: None },
        component(Reason::Removed),
        component(Reason::NotReady { deadline: std::time::Duration::ZERO }),
        Trouble::NotRemoved(text()),
    ];
    let own = [
        Error::Defect(text()),
        Error::Usage(text()),
        Error::File { action: "", path: PathBuf::new(), source: std::io::ErrorKind::Other.into() },
        Error::Differs(text()),
        Error::Interrupted,
        Error::InRun(Box::new(Error::Usage(text()))),
        Error::OverBudget { spent: text(), troubles: Vec::new(), evidence: None },
    ];
    own.into_iter().chain(troubles.map(Error::Trouble)).collect()
}

#[test]
fn exit_codes_in_the_readme_and_in_help_are_those_of_the_program() {
    let codes: BTreeSet<u8> = errors().iter().map(Error::exit_code).chain([0]).collect();
    let help = gw::cli::parse(["gw", "--help"]).expect_err("help is an answer").plain;
    let table = help.split("Exit codes:").nth(1).expect("help has the table");
    let first = |entry: &str| entry.split_whitespace().next().and_then(|word| word.parse().ok());
    let told: BTreeSet<u8> = table.split(',').filter_map(first).collect();
    assert_eq!(told, codes, "gw --help");
    for (page, text) in pages().into_iter().filter(|(page, _)| page == "README.md") {
        let section = text.split("## Exit codes").nth(1).expect("README has the table");
        let rows = section
            .split("\n## ")
            .next()
            .unwrap_or_default()
            .lines()
            .filter_map(|line| line.strip_prefix('|'));
        let told: BTreeSet<u8> = rows.filter_map(first).collect();
        assert_eq!(told, codes, "{page}");
    }
}

/// The text of every file below a folder of tests.
fn tests_below(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).expect("the folder can be read").flatten();
    let text = |path: PathBuf| {
        if path.is_dir() { tests_below(&path) } else { std::fs::read_to_string(path).unwrap_or_default() }
    };
    entries.map(|entry| text(entry.path())).collect()
}

#[test]
fn tests_that_the_page_of_engines_names_are_there() {
    let page = std::fs::read_to_string(root().join("docs/engines.md")).expect("the page can be read");
    let tests = tests_below(&root().join("tests/engine/engines"));
    let sentence = |name: &str| name.matches('_').count() > 2 && !name.contains(['/', '.', '=']);
    let named: BTreeSet<&str> = named(&page).into_iter().filter(|name| sentence(name)).collect();
    let missing: Vec<&str> =
        named.iter().copied().filter(|name| !tests.contains(&format!("fn {name}("))).collect();
    assert_eq!(missing, Vec::<&str>::new());
    assert!(named.len() > 20, "{named:?}");
}
