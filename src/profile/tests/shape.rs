//! Files that are JSON and not what the schema says; each error is compared as a whole.

use super::project::Project;

#[test]
fn unknown_key_names_the_nearest() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "projcet": "p",
  "services": "../s.json"
}"#,
        ),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001 }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:2:3: projcet: unknown key
    did you mean `project`?"
    );
}

#[test]
fn unknown_key_without_a_neighbour_lists_the_known() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "ingress": {}
}"#,
        ),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001 }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:4:3: ingress: unknown key
    known keys: description, gw, infra, infrastructure, strategy, only, sharedInfra, sharedServices, ports, gateway, secrets, compose, kube"
    );
}

#[test]
fn unknown_keys_at_every_depth() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "redy": { "http": "/" }, "resources": { "cpu": 1 }, "kube": { "pod": {} } }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:42: services.a.redy: unknown key
    did you mean `ready`?
s.json:3:82: services.a.resources.cpu: unknown key
    did you mean `cpus`?
s.json:3:104: services.a.kube.pod: unknown key
    known keys: deployment, service, ingress, job, statefulset, configmap"
    );
}

#[test]
fn extends_is_unknown_so_far() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "extends": "default"
}"#,
        ),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001 }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:4:3: extends: unknown key
    known keys: description, gw, infra, infrastructure, strategy, only, sharedInfra, sharedServices, ports, gateway, secrets, compose, kube"
    );
}

#[test]
fn wrong_type() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "gateway": { "port": "9999" }
}"#,
        ),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001 }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:4:24: gateway.port: expected an integer, found a string
    write 9999 without quotes"
    );
}

#[test]
fn wrong_types_of_every_kind() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "env": { "PORT": 1, "DEBUG": true }, "args": "x", "user": null, "replicas": 1.5, "hostNetwork": "yes", "ready": 5, "envFile": 7 }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        r#"s.json:3:59: services.a.env.PORT: expected a string, found the number 1
    write "1"
s.json:3:71: services.a.env.DEBUG: expected a string, found a boolean
    write "true"
s.json:3:87: services.a.args: expected a list, found a string
s.json:3:100: services.a.user: expected a string, found null
    leave the key out
s.json:3:118: services.a.replicas: expected an integer, found the number 1.5
s.json:3:138: services.a.hostNetwork: expected true or false, found a string
s.json:3:154: services.a.ready: expected a string or an object, found the number 5
s.json:3:168: services.a.envFile: expected a string or a list, found the number 7"#
    );
}

#[test]
fn missing_required_key() {
    let project = Project::with(&[(
        "profiles/p.json",
        r#"{
  "project": "p"
}"#,
    )]);
    assert_eq!(project.error("p"), "profiles/p.json:1:1: the key `services` is missing");
}

#[test]
fn missing_project() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "services": "../s.json"
}"#,
        ),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001 }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:1:1: the key `project` is missing
    write it in the profile or in its infra file"
    );
}

#[test]
fn missing_key_inside() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "build": {} }
  }
}"#,
        ),
    ]);
    assert_eq!(project.error("p"), "s.json:3:21: services.a.build: the key `context` is missing");
}

#[test]
fn unknown_value_names_the_nearest() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "restart": "on-failur", "kind": "task" }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:53: services.a.restart: `on-failur` is not a value for this key
    did you mean `on-failure`?
s.json:3:74: services.a.kind: `task` is not a value for this key
    known values: service, job"
    );
}

#[test]
fn port_out_of_range() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "ports": [{ "container": 70000, "host": 0 }] }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:67: services.a.ports[0].container: 70000 is out of range: expected 1 to 65535
s.json:3:82: services.a.ports[0].host: 0 is out of range: expected 1 to 65535"
    );
}

#[test]
fn the_root_must_be_an_object() {
    let project = Project::with(&[("profiles/p.json", "[]")]);
    assert_eq!(project.error("p"), "profiles/p.json:1:1: expected an object, found a list");
}

#[test]
fn probe_port_is_a_number_or_true() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "ready": { "tcp": false, "redis": "6379" } }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:60: services.a.ready.tcp: `false` is not a value for this key
    known values: true
s.json:3:76: services.a.ready.redis: expected an integer or true, found a string
    write 6379 without quotes"
    );
}

#[test]
fn empty_command() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "command": [] }
  }
}"#,
        ),
    ]);
    assert_eq!(project.error("p"), "s.json:3:53: services.a.command: the list is empty");
}

/// What has keys of its own in a profile, or in a service, is none of `compose`.
#[test]
fn compose_of_a_profile_has_four_sections() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "compose": { "services": {} }
}"#,
        ),
        ("s.json", r#"{ "services": { "a": { "image": "a:1", "port": 8001 } } }"#),
    ]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:4:16: compose.services: unknown key
    known keys: networks, volumes, configs, secrets"
    );
}
