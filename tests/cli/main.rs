//! The real binary: exit codes, and what goes to which stream. Nothing here needs an engine.

use std::io::Read;
use std::process::{Command, Output, Stdio};

/// gw in the repository, without what the machine's environment says.
fn gw(line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gw"));
    command.args(line.split_whitespace()).current_dir(env!("CARGO_MANIFEST_DIR")).env_clear();
    command
}

fn run(line: &str) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = gw(line).output().expect("gw starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("gw writes UTF-8");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn help_is_data_and_a_mistake_is_not() {
    let (code, out, err) = run("--help");
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("Usage: gw [OPTIONS] <COMMAND>"), "{out}");
    assert_eq!(run("--version"), (Some(0), format!("gw {}\n", env!("CARGO_PKG_VERSION")), String::new()));
    let (code, out, err) = run("upp");
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with("error: unrecognized subcommand 'upp'\n"), "{err}");
}

#[test]
fn a_mistake_in_the_settings_is_one_too() {
    let expected = "error: `--all` and `--profile` exclude each other\n";
    assert_eq!(run("generate --all -p test"), (Some(2), String::new(), expected.to_owned()));
    let (code, out, _) = run("generate --all -p test --output json");
    let object = "{\"version\":1,\"event\":\"error\",\"code\":2,\
        \"problems\":[{\"message\":\"`--all` and `--profile` exclude each other\"}]}\n";
    assert_eq!((code, out.as_str()), (Some(2), object));
    let (code, _, err) = run("-C nowhere profiles");
    assert_eq!((code, err.as_str()), (Some(2), "error: there is no folder nowhere\n"));
}

#[test]
fn colours_appear_only_when_they_are_asked_for() {
    assert!(!run("upp").2.contains('\u{1b}'));
    assert!(run("upp --color always").2.contains('\u{1b}'));
    let forced = gw("upp").env("CLICOLOR_FORCE", "1").output().expect("gw starts");
    assert!(forced.stderr.contains(&0x1b));
    let refused = gw("upp").env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").output().expect("gw starts");
    assert!(!refused.stderr.contains(&0x1b));
}

#[test]
fn completions_are_a_script_on_standard_output() {
    let (code, out, err) = run("completions bash");
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("complete -F _gw"), "{out}");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for line in ["completions zsh", "schema services", "profiles --output json"] {
        let mut child = gw(line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("gw starts");
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("UTF-8");
        assert_eq!((child.wait().expect("gw ends").code(), err.as_str()), (Some(0), ""), "gw {line}");
    }
}
