//! Rules for services; each error is compared as a whole.

use super::project::Project;

#[test]
fn neither_image_nor_build() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "port": 8001 }
  }
}"#,
        ),
    ]);
    assert_eq!(project.error("p"), "s.json:3:5: services.a: service `a` has neither `image` nor `build`");
}

#[test]
fn both_image_and_build() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "build": { "context": "." } }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:37: services.a.build: a service has `image` or `build`, not both
    remove one of the two"
    );
}

#[test]
fn unknown_service_in_depends_on() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "auth": { "image": "a:1" },
    "kyc": { "image": "a:1", "dependsOn": ["atuh"] }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:4:44: services.kyc.dependsOn[0]: unknown service `atuh`
    did you mean `auth`?"
    );
}

#[test]
fn unknown_service_in_depends_on_lists_the_known() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "auth": { "image": "a:1" },
    "kyc": { "image": "a:1", "dependsOn": ["billing"] }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:4:44: services.kyc.dependsOn[0]: unknown service `billing`
    services: auth, kyc; also: mongodb, redis"
    );
}

#[test]
fn cycle_of_three_is_printed_whole() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "dependsOn": ["b"] },
    "b": { "image": "a:1", "dependsOn": ["c"] },
    "c": { "image": "a:1", "dependsOn": ["a"] }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:42: services.a.dependsOn[0]: these wait for each other: a -> b -> c -> a
    remove one of the dependencies"
    );
}

#[test]
fn cycle_of_one() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "dependsOn": ["a"] }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:42: services.a.dependsOn[0]: these wait for each other: a -> a
    remove one of the dependencies"
    );
}

#[test]
fn cycle_behind_a_chain() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "dependsOn": ["c"] },
    "b": { "image": "a:1", "dependsOn": ["c"] },
    "c": { "image": "a:1", "dependsOn": ["b"] }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:4:42: services.b.dependsOn[0]: these wait for each other: b -> c -> b
    remove one of the dependencies"
    );
}

#[test]
fn store_that_is_not_there() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "dependsOn": ["mongodb"] }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:56: services.a.dependsOn[0]: this profile has no mongodb
    add `infrastructure.mongodb`, or borrow it with `sharedInfra`"
    );
}

#[test]
fn unknown_reference() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "infrastructure": { "redis": {} },
  "services": {
    "a": { "image": "a:1", "env": { "URL": "${redis.urk}" } }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:4:44: services.a.env.URL: unknown reference `${redis.urk}`
    did you mean `${redis.url}`?"
    );
}

#[test]
fn unknown_reference_without_a_neighbour() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "env": { "URL": "x${HOME}" } }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:58: services.a.env.URL: unknown reference `${HOME}`
    known: `mongodb.uri`, `redis.url`, `services.NAME.url`, `gateway.url`, `self.name`, `secrets.NAME`, `env.NAME`; a dollar that stands for itself is `$$`"
    );
}

#[test]
fn reference_that_is_never_closed() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "env": { "URL": "x${redis.url" } }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:58: services.a.env.URL: `${redis.url` is never closed
    close it with `}`, or write `$${` for the two characters"
    );
}

#[test]
fn reference_to_what_is_not_there() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "env": { "A": "${redis.url}", "B": "${mongodb.uri}", "C": "${gateway.url}", "D": "${services.b.url}" } }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:56: services.a.env.A: `${redis...}` refers to redis, which this profile does not have
    add `infrastructure.redis`, or borrow it with `sharedInfra`
s.json:3:77: services.a.env.B: `${mongodb...}` refers to mongodb, which this profile does not have
    add `infrastructure.mongodb`, or borrow it with `sharedInfra`
s.json:3:100: services.a.env.C: `${gateway...}` refers to the gateway, which this profile does not have
    add `gateway`
s.json:3:123: services.a.env.D: unknown service `b`
    services: a"
    );
}

#[test]
fn reference_to_sentinels_of_a_single_redis() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "infrastructure": { "redis": {} },
  "services": {
    "a": { "image": "a:1", "args": ["${redis.sentinels}"] }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:4:37: services.a.args[0]: `${redis.sentinels}` and `${redis.master}` need sentinels, and redis runs as a single server
    set `infrastructure.redis.mode` to `sentinel`, or use `${redis.url}`"
    );
}

#[test]
fn reference_to_a_service_without_port() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "env": { "B": "${services.b.url}", "P": "${self.port}" } },
    "b": { "image": "b:1" }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:42: services.a.env.B: service `b` has no port to refer to
    give it a `port`
s.json:3:68: services.a.env.P: service `a` has no port to refer to
    give it a `port`"
    );
}

#[test]
fn bad_names() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "Auth": { "image": "a:1" },
    "redis": { "image": "a:1" },
    "mongo-primary": { "image": "a:1" },
    "gateway": { "image": "a:1" }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:5: services.Auth: `Auth` is not a name for a service
    a service's name is a DNS label: at most 63 lower-case letters, digits and `-`, a letter first, no `-` last
s.json:4:5: services.redis: gw itself uses the name `redis`
    choose another, for example `my-redis`
s.json:5:5: services.mongo-primary: gw itself uses the name `mongo-primary`
    choose another, for example `my-mongo-primary`
s.json:6:5: services.gateway: gw itself uses the name `gateway`
    choose another, for example `my-gateway`"
    );
}

#[test]
fn bad_variable_name() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "env": { "A B": "", "1A": "" } }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        r#"s.json:3:51: services.a.env["A B"]: `A B` is not a variable's name
    use letters, digits, `_`, `-` and `.`, no digit first
s.json:3:62: services.a.env.1A: `1A` is not a variable's name
    use letters, digits, `_`, `-` and `.`, no digit first"#
    );
}

#[test]
fn bad_durations() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "stopGrace": "10", "ready": { "deadline": "1 minute" } }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:55: services.a.stopGrace: `10` is not a duration
    write a whole number and `ms`, `s`, `m` or `h`, for example `10s`
s.json:3:84: services.a.ready.deadline: `1 minute` is not a duration
    write a whole number and `ms`, `s`, `m` or `h`, for example `10s`"
    );
}

#[test]
fn no_time_to_be_ready() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "ready": { "deadline": "0s" } }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:65: services.a.ready.deadline: nothing is ready after no time at all"
    );
}

#[test]
fn bad_memory() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "resources": { "memory": "256M" } },
    "b": { "image": "a:1", "resources": { "memory": "lots" } },
    "c": { "image": "a:1", "resources": { "memory": "1Mi" } },
    "d": { "image": "a:1", "resources": { "memory": 4096 } }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:53: services.a.resources.memory: `256M` means different sizes on Docker and on Kubernetes
    write `Ki`, `Mi` or `Gi`
s.json:4:53: services.b.resources.memory: `lots` is not a size of memory
    write a whole number and `Mi` or `Gi`, for example `256Mi`
s.json:5:53: services.c.resources.memory: 1048576 bytes are too few for a container
    engines want at least `6Mi`
s.json:6:53: services.d.resources.memory: 4096 bytes are too few for a container
    engines want at least `6Mi`"
    );
}

#[test]
fn bad_image() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "Mongo:8" },
    "b": { "image": "a b" }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:21: services.a.image: `Mongo:8` is not an image reference
    write it like `name:tag` or `registry.example.com/path/name:tag`
s.json:4:21: services.b.image: `a b` is not an image reference
    write it like `name:tag` or `registry.example.com/path/name:tag`"
    );
}

#[test]
fn bad_user() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "user": "node" }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:50: services.a.user: `node` is not a user
    write ids, `1000` or `1000:1000`: names differ between images"
    );
}

#[test]
fn two_probes() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "ready": { "http": "/", "tcp": true } }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:73: services.a.ready.tcp: `http` and `tcp` are two probes
    keep one of them"
    );
}

#[test]
fn status_without_http() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "ready": { "tcp": true, "status": 200 } }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        r#"s.json:3:76: services.a.ready.status: `status` belongs to the probe `http`
    write `"http": "/path"`, or for another probe its port: `"tcp": 8080`"#
    );
}

#[test]
fn probe_without_port() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "ready": { "http": "/" } }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:47: services.a.ready.http: the service has no port to ask
    name one here, or give it a `port`"
    );
}

#[test]
fn probe_path_without_slash() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "ready": { "http": "health" } }
  }
}"#,
        ),
    ]);
    assert_eq!(project.error("p"), "s.json:3:61: services.a.ready.http: a path starts with `/`");
}

#[test]
fn job_with_probe() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "kind": "job", "ready": { "http": "/" } }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:66: services.a.ready: a job is done when it ends, so it has no probe
    keep only `deadline`"
    );
}

#[test]
fn job_that_never_ends() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "kind": "job", "restart": "always", "replicas": 2 }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:68: services.a.restart: a job that is always started again never ends
    write `no` or `on-failure`
s.json:3:90: services.a.replicas: a job runs once
    remove `replicas`"
    );
}

#[test]
fn copies_with_one_host_port() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "replicas": 2 }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        r#"s.json:3:54: services.a.replicas: several copies cannot all have host port 8001
    write `"port": {"container": N}`: the gateway still reaches it"#
    );
}

#[test]
fn host_network_with_published_port() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "hostNetwork": true, "networks": ["n"], "port": { "container": 80, "host": 8080 } }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:61: services.a.networks: `hostNetwork` and `networks` exclude each other
    remove one of the two
s.json:3:103: services.a.port.host: a port cannot be published from the host's own network
    with `hostNetwork` the service listens on the host itself: leave `host` out"
    );
}

#[test]
fn files_and_volumes() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "files": [{ "target": "x", "content": "" }, { "target": "/y" }, { "target": "/z", "content": "", "source": "z" }], "volumes": [{ "volume": "./data", "target": "/d" }, { "target": "/e" }] }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:64: services.a.files[0].target: `x` is not an absolute path inside the container
    start it with `/`, without `..`
s.json:3:86: services.a.files[1]: a file has either `content` or `source`
    write one of the two
s.json:3:106: services.a.files[2]: a file has either `content` or `source`
    write one of the two
s.json:3:181: services.a.volumes[0].volume: `./data` is not a volume's name
    use letters, digits, `_`, `-` and `.`; for a path write `bind`
s.json:3:209: services.a.volumes[1]: a mount has either `volume` or `bind`
    write one of the two"
    );
}

#[test]
fn bad_secret_and_network() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "secrets": ["a-b"], "networks": ["default", "a b"] }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:54: services.a.secrets[0]: `a-b` is not a secret's name
    use letters, digits and `_`, no digit first
s.json:3:75: services.a.networks[0]: every service is on the network `default`
    remove it from the list
s.json:3:86: services.a.networks[1]: `a b` is not a network's name
    use letters, digits, `_`, `-` and `.`"
    );
}

#[test]
fn bad_address() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "ports": [{ "container": 1, "host": 1, "address": "localhost" }] }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:92: services.a.ports[0].address: `localhost` is not an address
    write an IP address of the host, for example `0.0.0.0` for all"
    );
}

#[test]
fn files_that_are_missing() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "envFile": "a.env", "files": [{ "target": "/x", "source": "x.conf" }] }
  }
}"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "s.json:3:53: services.a.envFile: the file a.env does not exist
s.json:3:100: services.a.files[0].source: the file x.conf does not exist"
    );
}

#[test]
fn env_file_with_bad_lines() {
    let project = Project::with(&[
        ("profiles/p.json", r#"{ "project": "p", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{
  "services": {
    "a": { "image": "a:1", "port": 8001, "envFile": ["a.env"] }
  }
}"#,
        ),
        (
            "a.env",
            "# comment
GOOD=1
the secret
BAD NAME=2
",
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "a.env:3:1: the line has no `=`
    write lines like `KEY=value`
a.env:4:1: `BAD NAME` is not a variable's name
    write lines like `KEY=value`, without spaces around `=`"
    );
}
