//! What `tests/ground/engine up` uses, asks and installs.

use super::machine::Machine;
use super::stand_ins::{DOCKER, DOCKERD};

const UP: &str = "tests/ground/engine up";

/// What is said on a Debian 13 with nothing.
const PLAN: &str = "\
ground: no complete Docker engine here. With apt-get, from this machine's own Debian mirror, about a minute, will be installed:
ground:   docker.io containerd docker-cli docker-compose docker-buildx iptables iproute2
ground:   and the engine will be started
";

#[test]
fn an_engine_that_answers_is_used() {
    let expected = "code 0\nground: engine 27.5.1 answers\n";
    assert_eq!(Machine::debian_13().engine().apt().run(UP), expected);
    assert_eq!(Machine::debian_13().engine().apt().answer(&[], UP), expected);
    assert_eq!(Machine::debian_13().engine().other_user().run(UP), expected);
    assert_eq!(Machine::ubuntu().engine().run(UP), expected);
}

#[test]
fn an_engine_that_was_chosen_is_named() {
    let machine = Machine::debian_13().engine().variable("DOCKER_HOST", "tcp://engine.example:2375");
    let expected = "code 0\nground: engine 27.5.1 answers at DOCKER_HOST=tcp://engine.example:2375\n";
    assert_eq!(machine.run(UP), expected);
}

#[test]
fn no_is_an_answer() {
    let expected = format!("code 1\n{PLAN}ground: go on? [y/N] n\nground: nothing was changed\n");
    assert_eq!(Machine::debian_13().apt().answer(&["n"], UP), expected);
}

#[test]
fn the_end_of_input_is_no() {
    let expected = format!("code 1\n{PLAN}ground: go on? [y/N] \nground: nothing was changed\n");
    assert_eq!(Machine::debian_13().apt().answer(&[""], UP), expected);
}

#[test]
fn debian_12_says_which_suite_it_adds() {
    let expected = "\
code 1
ground: no complete Docker engine here. With apt-get, from this machine's own Debian mirror, about a minute, will be installed:
ground:   docker.io/trixie containerd/trixie docker-cli/trixie docker-compose/trixie docker-buildx/trixie iptables iproute2
ground:   the suite trixie is added as /etc/apt/sources.list.d/gw-ground-trixie.sources, pinned so that nothing else comes from it
ground:   and the engine will be started
ground: go on? [y/N] n
ground: nothing was changed
";
    assert_eq!(Machine::debian_12().apt().answer(&["n"], UP), expected);
}

#[test]
fn yes_is_typed_given_or_taken_for_granted_without_a_terminal() {
    let machine = || Machine::debian_13().apt_without_network();
    let result = "\
E: Unable to fetch some archives
ground: apt-get update failed
called: apt-get -o DPkg::Lock::Timeout=300 update -qq
wrote: /run/state/apt.log
wrote: /run/state/created
wrote: /run/state/created-group
";
    let asked = format!("code 1\n{PLAN}ground: go on? [y/N] y\n{result}");
    let unasked = format!("code 1\n{PLAN}{result}");
    assert_eq!(machine().answer(&["y"], UP), asked);
    assert_eq!(machine().answer(&[], "tests/ground/engine up --yes"), unasked);
    assert_eq!(machine().run(UP), unasked);
}

#[test]
fn everything_is_installed_and_started() {
    let machine = Machine::debian_12().apt();
    let machine = machine.packaged("docker-cli", "docker", DOCKER).packaged("docker.io", "dockerd", DOCKERD);
    let expected = "\
code 0
ground: no complete Docker engine here. With apt-get, from this machine's own Debian mirror, about a minute, will be installed:
ground:   docker.io/trixie containerd/trixie docker-cli/trixie docker-compose/trixie docker-buildx/trixie iptables iproute2
ground:   the suite trixie is added as /etc/apt/sources.list.d/gw-ground-trixie.sources, pinned so that nothing else comes from it
ground:   and the engine will be started
ground: apt upgrades old from [0.9]
ground: starting dockerd (log: /run/state/engine.log)
ground: engine 27.5.1 runs
called: apt-get -o DPkg::Lock::Timeout=300 update -qq
called: apt-get -s -o DPkg::Lock::Timeout=300 install -y --no-install-recommends docker.io/trixie containerd/trixie docker-cli/trixie docker-compose/trixie docker-buildx/trixie iptables iproute2
called: apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends docker.io/trixie containerd/trixie docker-cli/trixie docker-compose/trixie docker-buildx/trixie iptables iproute2
wrote: /etc/apt/preferences.d/gw-ground-trixie
wrote: /etc/apt/sources.list.d/gw-ground-trixie.sources
wrote: /run/state/apt.log
wrote: /run/state/created
wrote: /run/state/created-group
wrote: /run/state/engine.log
wrote: /run/state/engine.pid
wrote: /run/state/packages
";
    assert_eq!(machine.run(UP), expected);
    let source = "Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie\nComponents: main\n\
        Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n";
    assert_eq!(machine.read("after/apt/sources.list.d/gw-ground-trixie.sources"), source);
    let pin = "Package: *\nPin: release n=trixie\nPin-Priority: 100\n";
    assert_eq!(machine.read("after/apt/preferences.d/gw-ground-trixie"), pin);
    // What a reset takes away: the packages that are new, not the one that was replaced.
    assert_eq!(machine.read("after/state/packages"), "first\nsecond\n");
    // While apt ran no service could start by itself.
    assert!(machine.read("policy").ends_with("exit 101\n"), "{}", machine.read("policy"));
}

#[test]
fn only_what_is_missing_of_a_running_engine_is_installed() {
    let without_compose = DOCKER.replace("'compose version' | ", "");
    let machine = Machine::debian_13().engine().command("docker", &without_compose).apt();
    let machine = machine.packaged("docker-compose", "docker", DOCKER);
    let expected = "\
code 0
ground: no complete Docker engine here. With apt-get, from this machine's own Debian mirror, about a minute, will be installed:
ground:   docker-compose
ground: go on? [y/N] y
ground: apt upgrades old from [0.9]
ground: engine 27.5.1 runs
called: apt-get -o DPkg::Lock::Timeout=300 update -qq
called: apt-get -s -o DPkg::Lock::Timeout=300 install -y --no-install-recommends docker-compose
called: apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends docker-compose
wrote: /run/state/apt.log
wrote: /run/state/created
wrote: /run/state/packages
";
    assert_eq!(machine.answer(&["y"], UP), expected);
    // The engine is the user's: a reset leaves its folders alone.
    assert_eq!(machine.read("after/state/created"), "/run/home/.docker\n/usr/sbin/policy-rc.d\n");
}

#[test]
fn for_a_chosen_engine_only_what_speaks_to_it_is_installed() {
    let machine = Machine::debian_13().apt().packaged("docker-cli", "docker", DOCKER);
    let machine = machine.variable("DOCKER_HOST", "ssh://engine.example");
    let expected = "\
code 1
ground: no complete Docker engine here. With apt-get, from this machine's own Debian mirror, about a minute, will be installed:
ground:   docker-cli docker-compose docker-buildx
ground: apt upgrades old from [0.9]
ground: DOCKER_HOST=ssh://engine.example is chosen, but no engine answers there
called: apt-get -o DPkg::Lock::Timeout=300 update -qq
called: apt-get -s -o DPkg::Lock::Timeout=300 install -y --no-install-recommends docker-cli docker-compose docker-buildx
called: apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends docker-cli docker-compose docker-buildx
wrote: /run/state/apt.log
wrote: /run/state/created
wrote: /run/state/packages
";
    assert_eq!(machine.run(UP), expected);
}

/// Debian 13 with all packages of an engine that does not run.
fn stopped() -> Machine {
    Machine::debian_13().command("docker", DOCKER).command("ip", "").command("iptables", "")
}

#[test]
fn an_installed_engine_is_started_after_a_question() {
    let asked = "ground: the engine is installed but does not run; it will be started\nground: go on? [y/N]";
    let machine = || stopped().recorded("dockerd", DOCKERD);
    let no = format!("code 1\n{asked} n\nground: nothing was changed\n");
    assert_eq!(machine().answer(&["n"], UP), no);
    let yes = format!(
        "code 0\n{asked} yes\n\
        ground: starting dockerd (log: /run/state/engine.log)\n\
        ground: engine 27.5.1 runs\n\
        called: dockerd \n\
        wrote: /run/state/engine.log\n\
        wrote: /run/state/engine.pid\n"
    );
    assert_eq!(machine().answer(&["yes"], UP), yes);
}

#[test]
fn an_engine_that_does_not_start_shows_its_log() {
    let machine = stopped().command("dockerd", "echo 'failed to start daemon: no space left'\nexit 1");
    let expected = "\
code 1
ground: the engine is installed but does not run; it will be started
ground: starting dockerd (log: /run/state/engine.log)
failed to start daemon: no space left
ground: the engine ended, or did not answer within 60 s
wrote: /run/state/engine.log
";
    assert_eq!(machine.run(UP), expected);
}
