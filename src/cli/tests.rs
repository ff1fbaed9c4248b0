//! Command lines that are understood, command lines that are not, and the help text as it is committed.

use std::fmt::Write as _;
use std::time::Duration;

use clap::CommandFactory;

use super::value::{ColourValue, MomentValue, OutputValue, ShellValue, TailValue};
use super::{Answer, Cli, Verb, completions, parse, peek};

fn typed(line: &str) -> Result<Cli, Answer> {
    parse(std::iter::once("gw").chain(line.split_whitespace()))
}

fn verb(line: &str) -> Verb {
    match typed(line) {
        Ok(cli) => cli.verb,
        Err(answer) => panic!("`gw {line}`: {}", answer.plain),
    }
}

#[test]
fn the_definition_has_no_contradictions() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_line_that_users_know_is_understood() {
    let lines = "generate; generate --all; generate --check -p test; generate --target docker; \
        up; up -d; up auth kyc; up --build --force-recreate --no-deps auth; up --dry-run --remove-orphans; up --wait; \
        up --keep-orphans; up --timeline up.svg --budget 40s; fresh --timeline x/f.json --budget 1m30s auth; \
        up --take-over; fresh --take-over --dry-run; up --with-shared; fresh --with-shared; down --force; \
        stop --force auth; fresh; fresh -v --no-deps auth; fresh --volumes --dry-run; fresh --keep-orphans; \
        down; down -v; down --volumes --remove-orphans; down --dry-run auth; down --all -v --dry-run; \
        run -- make test; run --isolated -- sh -c x; run auth kyc --isolated=a-1 --build -- ls -l; run --keep-on-failure -- ls; \
        run --report out -- ls; up --isolated; up --isolated auth; fresh --isolated=42 -v; down --isolated; \
        down --isolated=42; down --isolated --all; status --isolated=42; health --isolated; ports --isolated=a auth; \
        env --isolated=a auth; logs --isolated=a -f; exec --isolated=a auth ls; stop --isolated=a; restart --isolated=a; \
        adopt; adopt --from ../old; adopt --host old; adopt --all; gc; gc -y; gc --yes; gc --dry-run; \
        stop; stop auth; restart auth kyc; restart --dry-run; build; build --no-cache --pull auth; \
        status; ps; status auth; health; health auth; logs; logs -f; logs -ft -n 5 auth; logs --tail all; \
        logs --since 10m --until 2026-01-31T08:00:00Z; logs --no-prefix; logs --no-log-prefix; logs --no-color; \
        exec auth ls; exec auth -- ls -l; exec -T --user 1:1 -e A=b -e C -w /tmp --index 2 auth sh; \
        exec --new auth -- sh; secrets list; secrets rotate; secrets rotate A B --dry-run; ports; ports auth; env; env auth --format dotenv; profiles; \
        import compose.yaml; import --dry-run -; -p old import old/compose.yaml; \
        templates list; templates eject compose/compose.yaml.tera; templates pin; doctor; schema; schema images; \
        completions zsh; -p test up; up -p test; --profile=test up; --image-map x.json up; -o json status; \
        status --output json; -q up; --verbose up; --color never up; --colour always up; -C /tmp up; --root /tmp up";
    for line in lines.split(';') {
        if let Err(answer) = typed(line) {
            panic!("`gw {line}`: {}", answer.plain);
        }
    }
}

#[test]
fn a_mistake_ends_with_2_and_says_what_is_wrong() {
    let lines = [
        ("", "Usage: gw [OPTIONS] <COMMAND>"),
        ("upp", "unrecognized subcommand 'upp'"),
        ("upp", "a similar subcommand exists: 'up'"),
        ("up --bild", "a similar argument exists: '--build'"),
        ("up --keep-orphans --remove-orphans", "cannot be used with"),
        ("up --budget soon", "a time above zero is expected: 40s, 2m, 1m30s"),
        ("fresh --budget 0s", "a time above zero is expected: 40s, 2m, 1m30s"),
        ("up --timeline", "a value is required for '--timeline <FILE>'"),
        ("up --dry-run --timeline up.svg", "cannot be used with"),
        ("fresh --budget 2m --dry-run", "cannot be used with"),
        ("down --budget 2m", "unexpected argument '--budget'"),
        ("up -v", "unexpected argument '-v'"),
        ("run", "the following required arguments were not provided"),
        ("run ls", "the following required arguments were not provided"),
        (
            "run --isolated=A_b -- ls",
            "an id of a run is expected: at most 32 lower-case letters, digits and `-`",
        ),
        ("up --isolated=", "an id of a run is expected"),
        ("build --isolated", "unexpected argument '--isolated'"),
        ("restart --force", "unexpected argument '--force'"),
        ("down --all auth", "cannot be used with"),
        ("down --all --keep-orphans", "cannot be used with"),
        ("adopt auth", "unexpected argument 'auth'"),
        ("-q --verbose up", "cannot be used with"),
        ("generate --target kube", "invalid value 'kube' for '--target <TARGET>'"),
        ("--output yaml up", "[possible values: text, json]"),
        ("--color sometimes up", "[possible values: auto, always, never]"),
        ("logs --since yesterday", "a time ago (10m, 1h30m) or a moment"),
        ("logs --since 2026-13-01", "a time ago (10m, 1h30m) or a moment"),
        ("logs -n some", "a number of lines, or `all`, is expected"),
        ("logs -f --until 1m", "cannot be used with"),
        ("exec auth", "<CMD>..."),
        ("exec --index 0 auth ls", "0 is not in 1.."),
        ("exec --index 2 --new auth ls", "cannot be used with"),
        ("exec -e =b auth ls", "NAME=VALUE or NAME is expected"),
        ("env auth kyc", "unexpected argument 'kyc'"),
        ("templates", "list"),
        ("templates eject", "<NAME>"),
        ("schema kube", "[possible values: profile, services, infra, images]"),
        ("completions", "<SHELL>"),
        ("-p", "a value is required for '--profile <NAME>'"),
    ];
    for (line, expected) in lines {
        match typed(line) {
            Ok(cli) => panic!("`gw {line}` is understood: {cli:?}"),
            Err(answer) => {
                assert!(answer.plain.contains(expected), "`gw {line}` says: {}", answer.plain);
                assert_eq!(answer.code, 2, "`gw {line}`");
            }
        }
    }
}

#[test]
fn words_after_the_service_belong_to_the_command() {
    for (line, expected) in [
        ("exec auth ls -p -T --output json", vec!["ls", "-p", "-T", "--output", "json"]),
        ("exec auth -- -x", vec!["-x"]),
        ("exec -T auth -- sh -c true", vec!["sh", "-c", "true"]),
        ("exec auth -- a -- b", vec!["a", "--", "b"]),
        ("exec auth a -- b", vec!["a", "--", "b"]),
    ] {
        let Verb::Exec(exec) = verb(line) else { panic!("`gw {line}` is no exec") };
        assert_eq!(exec.command, expected, "`gw {line}`");
        assert_eq!(exec.service, "auth");
    }
}

#[test]
fn a_variable_without_a_value_is_one_to_hand_on() {
    let Verb::Exec(exec) = verb("exec -e A=b=c -e D= -e E auth ls") else { panic!("no exec") };
    let pair = |name: &str, value: Option<&str>| (name.to_owned(), value.map(ToOwned::to_owned));
    assert_eq!(exec.environment, [pair("A", Some("b=c")), pair("D", Some("")), pair("E", None)]);
}

#[test]
fn moments_are_durations_dates_or_seconds() {
    for (text, expected) in [
        ("90s", MomentValue::Ago(Duration::from_secs(90))),
        ("1h30m", MomentValue::Ago(Duration::from_secs(5400))),
        ("250ms", MomentValue::Ago(Duration::from_millis(250))),
        ("2d", MomentValue::Ago(Duration::from_secs(172_800))),
        ("0", MomentValue::At(0)),
        ("1769846400", MomentValue::At(1_769_846_400)),
        ("1970-01-01", MomentValue::At(0)),
        ("2026-01-31T08:00:00Z", MomentValue::At(1_769_846_400)),
        ("2026-01-31T08:00:00.123456789Z", MomentValue::At(1_769_846_400)),
        ("2026-01-31T10:30:00+02:30", MomentValue::At(1_769_846_400)),
        ("2026-01-31T03:00:00-05:00", MomentValue::At(1_769_846_400)),
        ("2024-02-29", MomentValue::At(1_709_164_800)),
        ("1969-12-31", MomentValue::At(-86_400)),
    ] {
        assert_eq!(text.parse(), Ok(expected), "{text}");
    }
    for text in ["", "m", "10x", "2026-1-31", "2026-01-31T08:00:00", "2026-01-31T25:00:00Z", "1h 2m", "ü"] {
        assert!(text.parse::<MomentValue>().is_err(), "{text}");
    }
    assert_eq!("99999999999999999999d".parse::<MomentValue>().ok(), None);
    assert_eq!("0".parse(), Ok(TailValue::Lines(0)));
}

#[test]
fn what_is_wrong_can_be_shown_as_asked() {
    let peek = |line: &str| peek(&line.split_whitespace().map(Into::into).collect::<Vec<_>>());
    assert_eq!(peek("gw upp --color never -o json"), (Some(ColourValue::Never), Some(OutputValue::Json)));
    assert_eq!(
        peek("gw --output=json --colour=always"),
        (Some(ColourValue::Always), Some(OutputValue::Json))
    );
    assert_eq!(peek("gw --no-color up --output"), (Some(ColourValue::Never), None));
    assert_eq!(peek("gw exec a -- --output json"), (None, None));
}

#[test]
fn help_and_version_end_with_0() {
    for line in ["--help", "-h", "help", "help up", "up --help", "--version", "-V", "help templates eject"] {
        assert_eq!(typed(line).err().map(|answer| answer.code), Some(0), "`gw {line}`");
    }
    let version = typed("--version").err().map(|answer| answer.plain);
    assert_eq!(version, Some(format!("gw {}\n", env!("CARGO_PKG_VERSION"))));
}

/// The words of every command, its parent's first: nothing for `gw` itself, `templates`, `templates list`.
fn every_command() -> Vec<String> {
    fn below(command: &clap::Command, words: &str, all: &mut Vec<String>) {
        all.push(words.to_owned());
        for verb in command.get_subcommands().filter(|verb| words.is_empty() || verb.get_name() != "help") {
            below(verb, format!("{words} {}", verb.get_name()).trim(), all);
        }
    }
    let mut all = Vec::new();
    below(&Cli::command(), "", &mut all);
    all
}

#[test]
fn the_help_is_the_committed_one() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/cli/help.txt");
    let mut all = String::new();
    for name in every_command() {
        let line = format!("{name} --help");
        // A width of its own, so that the terminal that runs the tests does not matter.
        let parsed =
            Cli::command().term_width(100).try_get_matches_from(format!("gw {line}").split_whitespace());
        let help = parsed.err().map(|error| error.render().to_string()).unwrap_or_default();
        let _ = writeln!(all, "$ gw {}\n{help}", line.trim());
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/cli"))
            .expect("a folder");
        std::fs::write(file, &all).expect("the committed help is written");
    }
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    assert_eq!(committed, all, "{file} differs; UPDATE_GOLDEN=1 rewrites it");
}

#[test]
fn completions_know_the_commands() {
    for shell in
        [ShellValue::Bash, ShellValue::Elvish, ShellValue::Fish, ShellValue::PowerShell, ShellValue::Zsh]
    {
        let script = completions(shell);
        for word in ["fresh", "force-recreate", "image-map", "dotenv"] {
            assert!(script.contains(word), "{shell:?} does not know {word}");
        }
    }
}
