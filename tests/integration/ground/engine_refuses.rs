//! Where `tests/ground/engine up` stops, changes nothing, and says what is missing.

use super::machine::Machine;
use super::stand_ins::DOCKER;

const UP: &str = "tests/ground/engine up";
const UP_YES: &str = "tests/ground/engine up --yes";

/// The refusal that names these packages.
fn missing(names: &str) -> String {
    format!(
        "code 1\nground: no Docker engine with the compose plugin answers, and only on Debian as root can it be \
        installed from here; missing: {names}; nothing was changed\n"
    )
}

#[test]
fn another_user_than_root() {
    let expected = missing(
        "docker.io/trixie containerd/trixie docker-cli/trixie docker-compose/trixie docker-buildx/trixie iptables \
        iproute2",
    );
    assert_eq!(Machine::debian_12().other_user().apt().run(UP_YES), expected);
}

#[test]
fn another_system_than_debian() {
    let names = "docker.io containerd docker-cli docker-compose docker-buildx iptables iproute2";
    assert_eq!(Machine::ubuntu().apt().run(UP_YES), missing(names));
    assert_eq!(Machine::ubuntu().apt().answer(&[], UP), missing(names), "on a terminal");
}

#[test]
fn an_installed_engine_that_another_user_may_not_start() {
    let machine = Machine::debian_13().other_user().command("docker", DOCKER).recorded("dockerd", "");
    let machine = machine.command("iptables", "").command("ip", "");
    assert_eq!(machine.run(UP), missing("a running engine"));
}

#[test]
fn an_engine_without_compose_for_another_user() {
    let without_compose = DOCKER.replace("'compose version' | ", "");
    let machine = Machine::debian_13().other_user().engine().command("docker", &without_compose);
    assert_eq!(machine.run(UP), missing("docker-compose"));
}

#[test]
fn a_socket_that_this_user_may_not_use() {
    let machine = Machine::debian_13().other_user().silent_socket().command("docker", DOCKER);
    let expected = "code 1\nground: this user may not use the engine at /var/run/docker.sock (its group is other); \
        nothing was changed\n";
    assert_eq!(machine.run(UP), expected);
}

#[test]
fn a_chosen_socket_where_nobody_answers() {
    let chosen = || Machine::debian_13().apt().variable("DOCKER_HOST", "unix:///run/nobody.sock");
    let expected = "code 1\nground: DOCKER_HOST=unix:///run/nobody.sock is chosen, but no engine answers there; \
        nothing was changed\n";
    assert_eq!(chosen().command("docker", DOCKER).run(UP_YES), expected);
    assert_eq!(chosen().run(UP_YES), expected, "without the command docker");
}

#[test]
fn a_chosen_port_where_nobody_answers() {
    let chosen = || Machine::debian_13().apt().variable("DOCKER_HOST", "tcp://127.0.0.1:1");
    let expected = "code 1\nground: DOCKER_HOST=tcp://127.0.0.1:1 is chosen, but no engine answers there; \
        nothing was changed\n";
    assert_eq!(chosen().command("docker", DOCKER).answer(&[], UP), expected);
    assert_eq!(chosen().answer(&[], UP), expected, "without the command docker");
}

#[test]
fn a_docker_context_where_nobody_answers() {
    let machine = Machine::debian_13().apt().command("docker", DOCKER).variable("TEST_CONTEXT", "office");
    let expected =
        "code 1\nground: docker context office is chosen, but no engine answers there; nothing was changed\n";
    assert_eq!(machine.run(UP_YES), expected);
}
