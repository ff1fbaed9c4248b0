//! `tests/ground/up`, `scripts/demo` and `scripts/test` as a user types them on a machine that may lack all they need.

use super::machine::Machine;
use super::stand_ins::{DOCKER, DOCKERD};

/// What a script says before anything else.
fn introduction(script: &str) -> &str {
    let text = script.split("<<'TEXT'\n").nth(1).and_then(|rest| rest.split("TEXT\n").next());
    text.expect("a script introduces itself")
}

/// The screen of `scripts/demo` that ends in its first step, saying this.
fn demo(ground: &str) -> String {
    let introduction = introduction(include_str!("../../../scripts/demo"));
    format!("code 1\n{introduction}\n== ground: engine and images (N s since the start)\n{ground}")
}

/// The screen of `scripts/test` that ends in its first part, saying this.
fn test(ground: &str) -> String {
    let introduction = introduction(include_str!("../../../scripts/test"));
    format!("code 1\n{introduction}\n== ground\n{ground}\n== parts\nground FAILED N s\ntotal N s\n")
}

/// The screen with `N s` for how long something took.
fn without_times(screen: &str) -> String {
    let line = |line: &str| match line.split_once(" (") {
        Some((step, rest)) if rest.ends_with(" s since the start)") => {
            format!("{step} (N s since the start)\n")
        }
        _ if line.ends_with(" s") => {
            let words: Vec<&str> =
                line.split_whitespace().filter(|word| word.parse::<u32>().is_err()).collect();
            format!("{}\n", words.join(" ").replace(" s", " N s"))
        }
        _ => format!("{line}\n"),
    };
    screen.lines().map(line).collect()
}

const NO_ENGINE: &str = "\
ground: no Docker engine with the compose plugin answers, and only on Debian as root can it be installed from here; \
missing: docker.io containerd docker-cli docker-compose docker-buildx iptables; nothing was changed
";

const NO_ENGINE_PLAN: &str = "\
ground: no complete Docker engine here. With apt-get, from this machine's own Debian mirror, about a minute, will be installed:
ground:   docker.io containerd docker-cli docker-compose docker-buildx iptables
ground:   and the engine will be started
ground: where no image registry answers, also what stand-in images are made with (debootstrap, Go)
";

#[test]
fn the_demo_stops_before_it_compiles() {
    let other_user = Machine::debian_13().other_user().all_tools();
    assert_eq!(without_times(&other_user.run("scripts/demo")), demo(NO_ENGINE));
    let other_system = Machine::ubuntu().all_tools();
    assert_eq!(without_times(&other_system.answer(&[], "scripts/demo --yes")), demo(NO_ENGINE));
}

#[test]
fn the_tests_stop_before_they_compile() {
    let machine = Machine::debian_13().other_user().all_tools();
    assert_eq!(without_times(&machine.run("scripts/test")), test(NO_ENGINE));
}

#[test]
fn all_that_is_missing_is_said_at_once() {
    let said = "\
        ground: missing commands: cargo cc curl jq (Debian packages: cargo-web gcc libc6-dev curl jq; cargo of Rust 1.90 or \
        newer, also from rustup: https://rustup.rs); nothing was changed\n\
        ground: no Docker engine with the compose plugin answers, and only on Debian as root can it be installed from \
        here; missing: docker.io containerd docker-cli docker-compose docker-buildx iptables iproute2; nothing was \
        changed\n";
    assert_eq!(without_times(&Machine::ubuntu().apt().run("scripts/demo")), demo(said));
}

#[test]
fn the_demo_and_the_tests_take_no_for_an_answer() {
    let refused = format!("{NO_ENGINE_PLAN}ground: go on? [y/N] n\nground: nothing was changed\n");
    let machine = || Machine::debian_13().all_tools().apt();
    assert_eq!(without_times(&machine().answer(&["n"], "scripts/demo")), demo(&refused));
    assert_eq!(without_times(&machine().answer(&["n"], "scripts/test")), test(&refused));
}

#[test]
fn an_unknown_word_is_not_taken_for_a_package() {
    let machine = Machine::debian_13().all_tools().engine().apt();
    let expected = demo("ground: unknown argument: jes (only --yes is known)\n");
    assert_eq!(without_times(&machine.run("scripts/demo jes")), expected);
}

#[test]
fn nothing_is_installed_for_an_engine_that_does_not_answer() {
    let machine = Machine::debian_13().apt().command("docker", DOCKER);
    let machine = machine.variable("DOCKER_HOST", "unix:///run/nobody.sock");
    let expected = "code 1\nground: DOCKER_HOST=unix:///run/nobody.sock is chosen, but no engine answers there; \
        nothing was changed\n";
    assert_eq!(machine.run("tests/ground/up --yes -- jq"), expected);
}

#[test]
fn all_that_will_be_installed_is_said_and_asked_once() {
    let machine = Machine::debian_13().apt().variable("TEST_PUBLIC_IMAGES", "yes").packaged("jq", "jq", "");
    let machine = machine.packaged("docker-cli", "docker", DOCKER).packaged("docker.io", "dockerd", DOCKERD);
    let expected = "\
code 0
ground: missing commands: jq. With apt-get will be installed: jq
ground: no complete Docker engine here. With apt-get, from this machine's own Debian mirror, about a minute, will be installed:
ground:   docker.io containerd docker-cli docker-compose docker-buildx iptables iproute2
ground:   and the engine will be started
ground: where no image registry answers, also what stand-in images are made with (debootstrap, Go)
ground: go on? [y/N] y
ground: apt upgrades old from [0.9]
ground: apt upgrades old from [0.9]
ground: starting dockerd (log: /run/state/engine.log)
ground: engine 27.5.1 runs
ground: images: public
called: apt-get -o DPkg::Lock::Timeout=300 update -qq
called: apt-get -s -o DPkg::Lock::Timeout=300 install -y --no-install-recommends jq
called: apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends jq
called: apt-get -o DPkg::Lock::Timeout=300 update -qq
called: apt-get -s -o DPkg::Lock::Timeout=300 install -y --no-install-recommends docker.io containerd docker-cli docker-compose docker-buildx iptables iproute2
called: apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends docker.io containerd docker-cli docker-compose docker-buildx iptables iproute2
wrote: /run/state/apt.log
wrote: /run/state/created
wrote: /run/state/created-group
wrote: /run/state/engine.log
wrote: /run/state/engine.pid
wrote: /run/state/images
wrote: /run/state/packages
";
    assert_eq!(machine.answer(&["y"], "tests/ground/up -- jq"), expected);
}

#[test]
fn an_engine_with_images_is_used_as_it_is() {
    let machine = || Machine::ubuntu().engine().command("jq", "").variable("TEST_PUBLIC_IMAGES", "yes");
    let expected =
        "code 0\nground: engine 27.5.1 answers\nground: images: public\nwrote: /run/state/images\n";
    assert_eq!(machine().run("tests/ground/up -- jq"), expected);
    assert_eq!(machine().other_user().answer(&[], "tests/ground/up -- jq"), expected);
}

#[test]
fn where_stand_ins_cannot_be_made_nothing_is_changed() {
    let expected = "code 1\nground: engine 27.5.1 answers\nground: no image registry answers, and stand-in images can \
        only be made on Debian as root; nothing was changed\n";
    assert_eq!(Machine::ubuntu().engine().run("tests/ground/up --yes"), expected);
    assert_eq!(Machine::debian_13().engine().other_user().run("tests/ground/up"), expected);
}
