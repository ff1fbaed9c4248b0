//! Rules for profiles and for what spans files; each error is compared as a whole.

use super::project::Project;

#[test]
fn host_port_twice_names_both_places() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001 },
    "b": { "image": "a:1", "port": { "container": 80, "host": 8001 } }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:4:63: services.b.port.host: host port 8001 is used twice: by service `b` here and by service `a` at s.json:3:36
    give one of them another port"
    );
}

#[test]
fn gateway_on_a_services_port() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "gateway": { "port": 8001 }
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
        "s.json:3:36: services.a.port: host port 8001 is used twice: by service `a` here and by the gateway at profiles/p.json:4:24
    give one of them another port"
    );
}

#[test]
fn ports_of_a_replica_set_and_its_sentinels() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "gateway": { "port": 27018 },
  "infrastructure": {
    "mongodb": { "mode": "replicaSet", "port": 27017 },
    "redis": { "mode": "sentinel", "port": 60000 }
  }
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
        "profiles/p.json:6:48: infrastructure.mongodb.port: host port 27018 is used twice: by mongodb 2 here and by the gateway at profiles/p.json:4:24
    give one of them another port
profiles/p.json:7:44: infrastructure.redis.port: redis's sentinel would need the host ports 80000 to 80002, out of range: expected 1 to 65535"
    );
}

#[test]
fn offset_beyond_the_last_port() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "ports": { "offset": 60000 }
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
        "s.json:3:36: services.a.port: host port 8001 with the offset 60000 is 68001, out of range: expected 1 to 65535
    lower `ports.offset`, or the port itself"
    );
}

#[test]
fn bad_project_name() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "My Project",
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
        "profiles/p.json:2:14: project: `My Project` is not a name for a project
    use at most 63 lower-case letters, digits, `-` and `_`, a letter or digit first"
    );
}

#[test]
fn range_that_is_none() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "gw": "new"
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
        "profiles/p.json:4:9: gw: `new` is not a range of versions
    write it like `>=0.1, <0.2`"
    );
}

#[test]
fn only_names_an_unknown_service() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "only": ["b", "ab"]
}"#,
        ),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001 },
    "auth": { "image": "a:1" }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:4:12: only[0]: unknown service `b`
    services: a, auth
profiles/p.json:4:17: only[1]: unknown service `ab`
    did you mean `a`?"
    );
}

#[test]
fn depends_on_a_service_that_only_leaves_out() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "only": ["a"]
}"#,
        ),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "dependsOn": ["b"] },
    "b": { "image": "b:1" }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:42: services.a.dependsOn[0]: service `b` is not in this profile: `only` does not name it
    take it in, or borrow it with `sharedServices`"
    );
}

#[test]
fn gateway_default_is_unknown() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "gateway": { "port": 9000, "default": "atuh" }
}"#,
        ),
        (
            "s.json",
            r#"{
  "services": {
    "auth": { "image": "a:1", "port": 1 }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:4:41: gateway.default: unknown service `atuh`
    did you mean `auth`?"
    );
}

#[test]
fn gateway_default_has_no_port() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "gateway": { "port": 9000, "default": "a" }
}"#,
        ),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1" }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:4:41: gateway.default: service `a` has no port that the gateway could ask
    give it a `port`"
    );
}

#[test]
fn gateway_without_port() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "gateway": { "default": "a" }
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
        "profiles/p.json:4:14: gateway: the key `port` is missing
    write it in the profile or in its infra file"
    );
}

#[test]
fn ports_of_what_is_not_there() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "ports": { "ofset": 1, "redis": 6379, "b": 8002 }
}"#,
        ),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001 },
    "c": { "image": "a:1" }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:4:14: ports.ofset: unknown service `ofset`
    did you mean `offset`?
profiles/p.json:4:26: ports.redis: this profile runs no redis of its own
    remove the key; a borrowed one keeps its owner's port
profiles/p.json:4:41: ports.b: unknown service `b`
    services: a, c"
    );
}

/// What a profile says to this `redis`.
fn redis_error(redis: &str) -> String {
    let profile = format!(
        "{{\n  \"project\": \"p\",\n  \"services\": \"../s.json\",\n  \"infrastructure\": {{ \"redis\": {redis} }}\n}}"
    );
    let services = r#"{ "services": { "a": { "image": "a:1", "port": 8001 } } }"#;
    Project::with(&[("profiles/p.json", &profile), ("s.json", services)]).error("p")
}

#[test]
fn bitnamis_flavor_names_its_images() {
    assert_eq!(
        redis_error(r#"{ "flavor": "bitnami" }"#),
        "profiles/p.json:4:44: infrastructure.redis.flavor: this flavor has no image of its own: the free ones move
    write `image` too, for example \"bitnamilegacy/redis:8.2\""
    );
    assert_eq!(
        redis_error(r#"{ "flavor": "bitnami", "mode": "sentinel", "image": "our/store:8" }"#),
        "profiles/p.json:4:84: infrastructure.redis.image: the sentinels' image cannot be told from `our/store:8`
    name one that is called `redis`: beside it stands `redis-sentinel` with the same tag"
    );
}

#[test]
fn even_replica_set() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "infrastructure": { "mongodb": { "mode": "replicaSet", "members": 2, "database": "a b" } }
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
        "profiles/p.json:4:69: infrastructure.mongodb.members: 2 members can split into two halves without a majority
    write 1, 3, 5 or 7
profiles/p.json:4:84: infrastructure.mongodb.database: `a b` is not a database's name
    use at most 38 letters, digits, `_` and `-`"
    );
}

#[test]
fn shared_strategy_and_only() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "strategy": "shared", "only": ["a"]
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
        r#"profiles/p.json:4:34: only[0]: service `a` is not shared, and this profile takes only shared ones
    give the service `"strategy": "shared"`"#
    );
}

#[test]
fn missing_services_file() {
    let project = Project::with(&[(
        "profiles/p.json",
        r#"{
  "project": "p",
  "services": "../nope.json",
  "infra": "../neither.json"
}"#,
    )]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:3:15: services: the file nope.json does not exist
profiles/p.json:4:12: infra: the file neither.json does not exist"
    );
}

#[test]
fn shared_infra_is_unknown() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "sharedInfra": "q"
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
        "profiles/p.json:4:18: sharedInfra: unknown profile `q`
    known profiles: p"
    );
}

#[test]
fn shared_infra_of_itself() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "sharedInfra": "p"
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
        "profiles/p.json:4:18: sharedInfra: these profiles borrow from each other: p -> p
    one of them must run what the others borrow"
    );
}

#[test]
fn shared_infra_in_a_circle() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "sharedInfra": "q"
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
        (
            "profiles/q.json",
            r#"{
  "project": "q",
  "services": "../s.json",
  "sharedInfra": "p"
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "profiles/q.json:4:18: sharedInfra: these profiles borrow from each other: p -> q -> p
    one of them must run what the others borrow"
    );
}

#[test]
fn shared_infra_of_a_borrower() {
    let project = Project::with(&[
        (
            "profiles/o.json",
            r#"{
  "project": "o",
  "services": "../o.services.json",
  "gateway": { "port": 9000 },
  "infrastructure": {
    "mongodb": { "port": 27017 },
    "redis": { "port": 6379 }
  }
}"#,
        ),
        (
            "o.services.json",
            r#"{
  "services": {
    "x": { "image": "x:1", "port": 7001 },
    "y": { "image": "y:1", "port": 7002 }
  }
}"#,
        ),
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "sharedInfra": "q"
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
        (
            "profiles/q.json",
            r#"{
  "project": "q",
  "services": "../s.json",
  "ports": { "offset": 5 },
  "sharedInfra": "o"
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:4:18: sharedInfra: profile `q` has no databases of its own
    it borrows them from `o`: write that"
    );
}

#[test]
fn shared_infra_beside_infrastructure() {
    let project = Project::with(&[
        (
            "profiles/o.json",
            r#"{
  "project": "o",
  "services": "../o.services.json",
  "gateway": { "port": 9000 },
  "infrastructure": {
    "mongodb": { "port": 27017 },
    "redis": { "port": 6379 }
  }
}"#,
        ),
        (
            "o.services.json",
            r#"{
  "services": {
    "x": { "image": "x:1", "port": 7001 },
    "y": { "image": "y:1", "port": 7002 }
  }
}"#,
        ),
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "sharedInfra": "o",
  "infrastructure": { "redis": {} }
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
        "profiles/p.json:5:3: infrastructure: `infrastructure` and `sharedInfra` exclude each other
    remove one of the two"
    );
}

#[test]
fn same_project_as_the_owner() {
    let project = Project::with(&[
        (
            "profiles/o.json",
            r#"{
  "project": "o",
  "services": "../o.services.json",
  "gateway": { "port": 9000 },
  "infrastructure": {
    "mongodb": { "port": 27017 },
    "redis": { "port": 6379 }
  }
}"#,
        ),
        (
            "o.services.json",
            r#"{
  "services": {
    "x": { "image": "x:1", "port": 7001 },
    "y": { "image": "y:1", "port": 7002 }
  }
}"#,
        ),
        (
            "profiles/p.json",
            r#"{
  "project": "o",
  "services": "../s.json",
  "sharedInfra": "o"
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
        "profiles/p.json:2:14: project: profile `o`, which this one borrows from, has the same project
    give each profile a project of its own"
    );
}

#[test]
fn host_port_of_the_owner() {
    let project = Project::with(&[
        (
            "profiles/o.json",
            r#"{
  "project": "o",
  "services": "../o.services.json",
  "gateway": { "port": 9000 },
  "infrastructure": {
    "mongodb": { "port": 27017 },
    "redis": { "port": 6379 }
  }
}"#,
        ),
        (
            "o.services.json",
            r#"{
  "services": {
    "x": { "image": "x:1", "port": 7001 },
    "y": { "image": "y:1", "port": 7002 }
  }
}"#,
        ),
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "sharedInfra": "o"
}"#,
        ),
        (
            "s.json",
            r#"{
  "services": {
    "x": { "image": "x:1", "port": 7001 }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:36: services.x.port: host port 7001 is used twice: by service `x` here and by service `x` of profile `o` at o.services.json:3:36
    give one of them another port"
    );
}

#[test]
fn shared_services_that_the_owner_does_not_run() {
    let project = Project::with(&[
        (
            "profiles/o.json",
            r#"{
  "project": "o",
  "services": "../o.services.json",
  "gateway": { "port": 9000 },
  "infrastructure": {
    "mongodb": { "port": 27017 },
    "redis": { "port": 6379 }
  }
}"#,
        ),
        (
            "o.services.json",
            r#"{
  "services": {
    "x": { "image": "x:1", "port": 7001 },
    "y": { "image": "y:1", "port": 7002 }
  }
}"#,
        ),
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "sharedInfra": "o",
  "sharedServices": ["z"]
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
        "profiles/p.json:5:22: sharedServices[0]: profile `o` runs no service `z`
    its services: x, y"
    );
}

#[test]
fn shared_services_without_a_default_profile() {
    let project = Project::with(&[
        (
            "profiles/o.json",
            r#"{
  "project": "o",
  "services": "../o.services.json",
  "gateway": { "port": 9000 },
  "infrastructure": {
    "mongodb": { "port": 27017 },
    "redis": { "port": 6379 }
  }
}"#,
        ),
        (
            "o.services.json",
            r#"{
  "services": {
    "x": { "image": "x:1", "port": 7001 },
    "y": { "image": "y:1", "port": 7002 }
  }
}"#,
        ),
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "sharedServices": ["x"]
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
        "profiles/p.json:4:21: sharedServices: unknown profile `default`
    known profiles: o, p"
    );
}

#[test]
fn gateway_to_a_third_profile() {
    let project = Project::with(&[
        (
            "profiles/o.json",
            r#"{
  "project": "o",
  "services": "../o.services.json",
  "gateway": { "port": 9000 },
  "infrastructure": {
    "mongodb": { "port": 27017 },
    "redis": { "port": 6379 }
  }
}"#,
        ),
        (
            "o.services.json",
            r#"{
  "services": {
    "x": { "image": "x:1", "port": 7001 },
    "y": { "image": "y:1", "port": 7002 }
  }
}"#,
        ),
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "sharedInfra": "o",
  "gateway": { "port": 9001, "default": { "profile": "p" } }
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
        "profiles/p.json:5:54: gateway.default.profile: this profile borrows from `o`, so its gateway cannot go to `p`
    a profile borrows from one other: write `o` here"
    );
}

#[test]
fn mistake_of_the_owner() {
    let project = Project::with(&[
        (
            "profiles/o.json",
            r#"{
  "project": "O",
  "services": "../o.services.json",
  "gateway": { "port": 9000 },
  "infrastructure": {
    "mongodb": { "port": 27017 },
    "redis": { "port": 6379 }
  }
}"#,
        ),
        (
            "o.services.json",
            r#"{
  "services": {
    "x": { "image": "x:1", "port": 7001 },
    "y": { "image": "y:1", "port": 7002 }
  }
}"#,
        ),
        (
            "profiles/p.json",
            r#"{
  "project": "p",
  "services": "../s.json",
  "sharedInfra": "o"
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
        "profiles/o.json:2:14: project: `O` is not a name for a project
    use at most 63 lower-case letters, digits, `-` and `_`, a letter or digit first"
    );
}

#[test]
fn several_mistakes_in_several_files() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "Bad Name",
  "services": "../s.json",
  "infra": "../i.json",
  "gateway": { "port": "9999" },
  "onyl": ["a"]
}"#,
        ),
        (
            "i.json",
            r#"{
  "strategy": "sharde",
  "infrastructure": { "redis": { "port": 70000 } }
}"#,
        ),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "dependsOn": ["bb"] },
    "b": { "prot": 1 },
    "c": { "image": "c:1", "stopGrace": "soon", "dependsOn": ["c"] }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "i.json:2:15: strategy: `sharde` is not a value for this key
    did you mean `shared`?
i.json:3:42: infrastructure.redis.port: 70000 is out of range: expected 1 to 65535
profiles/p.json:2:14: project: `Bad Name` is not a name for a project
    use at most 63 lower-case letters, digits, `-` and `_`, a letter or digit first
profiles/p.json:5:24: gateway.port: expected an integer, found a string
    write 9999 without quotes
profiles/p.json:6:3: onyl: unknown key
    did you mean `only`?
s.json:3:42: services.a.dependsOn[0]: unknown service `bb`
    did you mean `b`?
s.json:4:12: services.b.prot: unknown key
    did you mean `port`?
s.json:5:41: services.c.stopGrace: `soon` is not a duration
    write a whole number and `ms`, `s`, `m` or `h`, for example `10s`
s.json:5:63: services.c.dependsOn[0]: these wait for each other: c -> c
    remove one of the dependencies"
    );
}

#[test]
fn one_broken_file_does_not_hide_the_others() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "Bad Name",
  "services": "../s.json",
  "infra": "../i.json"
}"#,
        ),
        ("i.json", r#"{ "strategy": }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "stopGrace": "soon" }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "i.json:1:15: expected a value here
profiles/p.json:2:14: project: `Bad Name` is not a name for a project
    use at most 63 lower-case letters, digits, `-` and `_`, a letter or digit first
s.json:3:41: services.a.stopGrace: `soon` is not a duration
    write a whole number and `ms`, `s`, `m` or `h`, for example `10s`"
    );
}

#[test]
fn another_gw() {
    let project = Project::with(&[
        ("profiles/p.json", "{ \"project\": \"p\", \"services\": \"../s.json\", \"gw\": \">=9, <10\" }"),
        ("s.json", "{ \"services\": {} }"),
    ]);
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        project.error("p"),
        format!(
            "profiles/p.json:1:50: gw: this profile is for gw >=9, <10, and this is gw {version}\n    use a gw that fits, or change the range and run `gw generate`"
        )
    );
}
