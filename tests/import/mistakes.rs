//! What is wrong with a file that is no Compose file, or one that gw cannot take: each with its place.

use std::fmt::Write as _;

use gw::import::{Origin, import};

#[track_caller]
fn said(text: &str, expected: &[&str]) {
    let origin = Origin { profile: "p", services_file: "../services.json", folder: "p", prefix: "" };
    let mistakes = import(text, origin).expect_err(text);
    let line = |mistake: &gw::import::Mistake| {
        let (line, column) = (mistake.position.line, mistake.position.column);
        format!("{line}:{column}: {}: {}", mistake.path, mistake.message)
    };
    let lines: Vec<String> = mistakes.iter().map(line).collect();
    assert_eq!(lines, expected, "{text}");
}

#[test]
fn what_is_no_compose_file_is_said_so() {
    said("", &["1:1: : the file is empty; a Compose file has `services`"]);
    said("a: [", &["1:4: : this is not YAML: unclosed bracket '['"]);
    said("- a\n", &["1:1: : this is not a Compose file: its top level is a mapping with `services`"]);
    said("services: {}\n", &["1:1: : this is not a Compose file: it has no `services`"]);
    said("a: 1\na: 2\n", &["2:1: : \"a\" stands twice; keep one"]);
    said("a: 1\n---\nb: 1\n", &["2:1: : a second document; a Compose file has one"]);
    said(
        "services: {a: !reset null}\n",
        &[
            "1:22: : a tag (`!name`), which Compose knows for several files: import what it makes of them, `docker compose config --no-interpolate --no-path-resolution | gw import -`",
        ],
    );
    said("a: &a [*a]\n", &["1:8: : an alias inside of what it names"]);
    said("a: {<<: 1}\n", &["1:9: : `<<` takes a mapping, or a list of mappings"]);
}

/// All mistakes of a file at once, in its order.
#[test]
fn every_mistake_has_its_place() {
    said(
        "servces: {}\nservices:\n  a:\n    image: x\n    prots: [1]\n    ports: [\"a:b\"]\n    depends_on: {b: {condition: done}, c: {}}\n    networks: [n]\n    volumes: [\"v:/v\"]\n    environment: [\"A=${B\"]\n    mem_limit: much\n    command: a (b)\n  b: {}\n",
        &[
            "1:1: servces: Compose has no key `servces` at the top level",
            "3:3: services.a: there is no network `n` under `networks`",
            "3:3: services.a: there is no volume `v` under `volumes`",
            "5:5: services.a.prots: Compose has no key `prots` for a service",
            "6:13: services.a.ports[0]: `b` is not a port",
            "7:18: services.a.depends_on.b: `done` is not a condition; write `service_started`, `service_healthy` or `service_completed_successfully`",
            "7:40: services.a.depends_on.c: there is no service `c` in this file",
            "10:19: services.a.environment[0]: `${B` is not a variable; write `$$` for a dollar sign",
            "11:5: services.a.mem_limit: this is not a size; write for example `256m`",
            "12:5: services.a.command: Compose cannot split this into words: parentheses and backquotes need quotes around them",
            "13:3: services.b: a service has `image` or `build`",
        ],
    );
}

/// One file must be all: what takes from others is named with the way out.
#[test]
fn several_files_are_refused_with_the_way_out() {
    let way = "it takes from other files or services: import what Compose makes of them, `docker compose config --no-interpolate --no-path-resolution | gw import -`";
    said(
        "include: [b.yaml]\nservices: {a: {image: x, extends: {service: b}}}\n",
        &[&format!("1:1: include: {way}"), &format!("2:26: services.a.extends: {way}")],
    );
}

/// Aliases of aliases grow without an end: they are counted before they are written out.
#[test]
fn a_file_that_grows_is_refused() {
    let mut text = String::from("a0: &a0 x\n");
    for key in 1..60 {
        let before = key - 1;
        writeln!(text, "a{key}: &a{key} [*a{before}, *a{before}]").expect("a text takes it");
    }
    said(&text, &["17:18: : with its aliases written out the file is too large to be a Compose file"]);
}
