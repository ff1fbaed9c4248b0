//! What `tests/ground/tools` asks, installs and refuses.

use super::machine::Machine;

const TOOLS: &str = "tests/ground/tools cargo cc jq";
const TOOLS_YES: &str = "tests/ground/tools --yes cargo cc jq";

/// What is said on a Debian without any of the three.
const PLAN: &str =
    "ground: missing commands: cargo cc jq. With apt-get will be installed: cargo-web gcc libc6-dev jq\n";

#[test]
fn what_is_there_needs_no_word() {
    assert_eq!(Machine::debian_13().other_user().all_tools().run(TOOLS), "code 0\n");
}

#[test]
fn no_is_an_answer() {
    let expected = format!("code 1\n{PLAN}ground: go on? [y/N] n\nground: nothing was changed\n");
    assert_eq!(Machine::debian_13().apt().answer(&["n"], TOOLS), expected);
}

#[test]
fn yes_is_typed_given_or_taken_for_granted_without_a_terminal() {
    let machine = || Machine::debian_12().apt_without_network();
    let result = "\
E: Unable to fetch some archives
ground: apt-get update failed
called: apt-get -o DPkg::Lock::Timeout=300 update -qq
wrote: /run/state/apt.log
";
    assert_eq!(machine().answer(&["y"], TOOLS), format!("code 1\n{PLAN}ground: go on? [y/N] y\n{result}"));
    assert_eq!(machine().answer(&[], TOOLS_YES), format!("code 1\n{PLAN}{result}"));
    assert_eq!(machine().run(TOOLS), format!("code 1\n{PLAN}{result}"));
}

#[test]
fn another_user_or_system_is_told_what_is_missing() {
    let expected = "code 1\nground: missing commands: cargo cc jq (Debian packages: cargo-web gcc libc6-dev jq; cargo of \
        Rust 1.90 or newer, also from rustup: https://rustup.rs); nothing was changed\n";
    assert_eq!(Machine::debian_13().other_user().apt().run(TOOLS), expected);
    assert_eq!(Machine::ubuntu().apt().run(TOOLS), expected);
    assert_eq!(Machine::ubuntu().apt().answer(&[], TOOLS_YES), expected);
}

#[test]
fn where_cargo_is_there_nothing_is_said_of_rust() {
    let expected = "code 1\nground: missing commands: docker-registry (Debian packages: docker-registry); \
        nothing was changed\n";
    assert_eq!(Machine::ubuntu().cargo().run("tests/ground/tools cargo docker-registry"), expected);
}

#[test]
fn rust_comes_from_debian() {
    let machine = Machine::debian_12().apt().packaged("cargo-web", "cargo", "").packaged("jq", "jq", "");
    let result = "\
ground: go on? [y/N] y
ground: apt upgrades old from [0.9]
called: apt-get -o DPkg::Lock::Timeout=300 update -qq
called: apt-get -s -o DPkg::Lock::Timeout=300 install -y --no-install-recommends cargo-web gcc libc6-dev jq
called: apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends cargo-web gcc libc6-dev jq
wrote: /run/state/apt.log
wrote: /run/state/created
wrote: /run/state/packages
";
    assert_eq!(machine.answer(&["y"], TOOLS), format!("code 0\n{PLAN}{result}"));
    // A reset takes both the packages and the crates that this cargo fetches.
    assert_eq!(machine.read("after/state/packages"), "first\nsecond\n");
    assert_eq!(machine.read("after/state/created"), "/run/home/.cargo\n/usr/sbin/policy-rc.d\n");
}

#[test]
fn a_debian_whose_rust_is_too_old_installs_nothing() {
    let expected = |known: &str| {
        format!(
            "code 1\n{PLAN}ground: the newest cargo-web that apt knows is {known}, and gw needs Rust 1.90 or newer: add \
            Debian's security suite to apt's sources, or install Rust with rustup (https://rustup.rs); nothing was \
            installed\n\
            called: apt-get -o DPkg::Lock::Timeout=300 update -qq\n\
            wrote: /run/state/apt.log\n"
        )
    };
    let old = Machine::debian_12().apt_knowing("echo '  Candidate: 1.85.0+dfsg3-1~deb12u3'");
    assert_eq!(old.run(TOOLS), expected("1.85.0+dfsg3-1~deb12u3"));
    let none = Machine::debian_12().apt_knowing("echo '  Candidate: (none)'");
    assert_eq!(none.run(TOOLS), expected("not there"));
}

#[test]
fn a_cargo_that_does_not_do_is_left_to_its_owner() {
    let expected = |what: &str| {
        format!(
            "code 1\nground: /run/test/bin/cargo {what}, and gw needs Rust 1.90 or newer; with rustup \
            (https://rustup.rs): rustup toolchain install stable; nothing was changed\n"
        )
    };
    let old = Machine::debian_12().apt().command("cargo", "echo 'cargo 1.65.0'");
    assert_eq!(old.run(TOOLS_YES), expected("is version 1.65.0"));
    let without_toolchain = "echo 'error: rustup could not choose a version of cargo to run' >&2\nexit 1";
    let proxy = Machine::debian_12().apt().command("cargo", without_toolchain);
    assert_eq!(proxy.run(TOOLS_YES), expected("does not run"));
}

#[test]
fn an_unknown_option_is_refused() {
    let expected = "code 1\nground: unknown argument: --force (only --yes is known)\n";
    assert_eq!(Machine::debian_13().apt().run("tests/ground/tools --force jq"), expected);
}
