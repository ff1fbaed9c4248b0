//! What good inputs become: defaults, precedence, ports, probes and borrowed parts.

use std::time::Duration;

use super::project::Project;
use crate::profile::load;
use crate::profile::model::{
    DefaultRoute, ImageSource, MongoDbMode, MountSource, Port, Probe, Profile, Restart, Service, ServiceKind,
};

fn loaded(project: &Project) -> Profile {
    load(project.root(), "p").unwrap_or_else(|error| panic!("{error}"))
}

fn service(body: &str) -> Service {
    let text = format!("{{ \"services\": {{ \"a\": {body}, \"b\": {{ \"image\": \"b:1\" }} }} }}");
    let mut profile = loaded(&Project::of_services(&text));
    profile.services.swap_remove(0)
}

fn port(container: u16, host: Option<u16>, address: &str, protocol: &str) -> Port {
    Port { container, host, address: address.into(), protocol: protocol.into() }
}

#[test]
fn defaults_lie_below_every_service() {
    let project = Project::of_services(
        r#"{
          "defaults": { "build": { "context": "c", "args": { "X": "1" } }, "env": { "A": "1", "B": "2" },
            "dependsOn": ["c"], "ready": { "http": "/h", "deadline": "5s" }, "port": 80, "ports": [] },
          "services": {
            "a": { "env": { "B": "3" }, "port": 81, "build": { "context": "d" } },
            "b": { "image": "b:1", "dependsOn": [], "ready": { "exec": ["true"] }, "port": 82 },
            "c": { "image": "c:1", "dependsOn": [], "ready": "none", "port": { "container": 83 } }
          }
        }"#,
    );
    let profile = loaded(&project);
    let [a, b, c] = profile.services.as_slice() else { panic!("{profile:#?}") };
    assert_eq!(a.env.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>(), ["A=1", "B=3"]);
    assert_eq!(a.depends_on, ["c"]);
    let ImageSource::Build(build) = &a.source else { panic!("{a:#?}") };
    assert_eq!(
        (build.context.as_str(), build.args["X"].as_str(), build.file.as_str()),
        ("d", "1", "Dockerfile")
    );
    let http = Probe::Http { path: "/h".into(), port: 81, status: None, body: None };
    assert_eq!((&a.ready.probe, a.ready.deadline), (&http, Duration::from_secs(5)));
    assert_eq!(b.source, ImageSource::Image("b:1".into()));
    let exec = Probe::Exec { command: vec!["true".into()] };
    assert_eq!((&b.ready.probe, b.ready.deadline), (&exec, Duration::from_secs(5)));
    assert_eq!((&c.ready.probe, c.ready.deadline), (&Probe::None, Duration::from_secs(60)));
    assert_eq!(c.ports, [port(83, None, "127.0.0.1", "tcp")]);
}

#[test]
fn profile_wins_over_infra_over_services_file() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{ "services": "../s.json", "infra": "../i.json", "gateway": { "port": 1 },
                 "infrastructure": { "mongodb": { "auth": true } } }"#,
        ),
        (
            "i.json",
            r#"{ "project": "fromInfra", "gateway": { "port": 2, "default": "a" },
                 "infrastructure": { "mongodb": { "mode": "replicaSet", "members": 5, "auth": false } } }"#,
        ),
        (
            "s.json",
            r#"{ "infrastructure": { "mongodb": { "mode": "single", "port": 27000 }, "redis": {} },
                 "services": { "a": { "image": "a:1", "port": 3 } } }"#,
        ),
    ]);
    assert_eq!(
        project.error("p"),
        "i.json:1:14: project: `fromInfra` is not a name for a project\n    use at most 63 lower-case letters, digits, `-` and `_`, a letter or digit first"
    );
    let infra = std::fs::read_to_string(project.root().join("i.json")).unwrap();
    project.write("i.json", infra.replace("fromInfra", "from-infra").as_bytes());
    let profile = loaded(&project);
    assert_eq!(profile.project, "from-infra");
    let mongodb = profile.mongodb.unwrap();
    assert_eq!(mongodb.mode, MongoDbMode::ReplicaSet { members: 5 });
    assert_eq!((mongodb.port, mongodb.auth), (Some(27000), true));
    assert_eq!((mongodb.image.as_str(), mongodb.database.as_str()), ("mongo:8.0", "app"));
    let redis = profile.redis.unwrap();
    assert_eq!((redis.image.as_str(), redis.port, redis.auth), ("redis:8", None, false));
    let gateway = profile.gateway.unwrap();
    assert_eq!((gateway.port, gateway.default), (1, DefaultRoute::Service("a".into())));
    assert_eq!(gateway.image, "nginx:1.28");
}

#[test]
fn every_key_of_a_service_arrives() {
    let project = Project::with(&[
        ("profiles/p.json", "{ \"project\": \"p\", \"services\": \"../s.json\", \"gw\": \">=0.1, <0.2\" }"),
        ("a.env", "X=1\n"),
        ("a.conf", "${not.a.reference} $x"),
        (
            "s.json",
            r#"{ "services": { "a": {
              "image": "a:1", "command": ["/a"], "args": ["-x", "${self.name}"], "user": "1:2",
              "port": { "container": 80, "host": 8080, "address": "0.0.0.0" },
              "ports": [{ "container": 53, "host": 5353, "protocol": "udp" }, { "container": 90 }],
              "env": { "A": "${env.HOME:-x}$$" }, "envFile": "a.env",
              "ready": { "http": "/r", "port": 90, "status": 204, "body": "ok", "deadline": "2m" },
              "healthcheck": ["/a", "--health"], "resources": { "cpus": 0.5, "memory": "256Mi" },
              "files": [{ "target": "/f", "content": "${self.port}" }, { "target": "/g", "source": "a.conf" }],
              "secrets": ["KEY"], "networks": ["n"], "restart": "on-failure", "stopGrace": "1s",
              "volumes": [{ "volume": "v", "target": "/v" }, { "bind": "./b", "target": "/b", "readOnly": true }],
              "compose": { "cap_add": ["NET_ADMIN"] }, "kube": { "deployment": { "spec": { "paused": null } } }
            } } }"#,
        ),
    ]);
    let service = &loaded(&project).services[0];
    assert_eq!((service.command.len(), service.args.len(), service.user.as_deref()), (1, 2, Some("1:2")));
    assert_eq!(
        service.ports,
        [
            port(80, Some(8080), "0.0.0.0", "tcp"),
            port(53, Some(5353), "127.0.0.1", "udp"),
            port(90, None, "127.0.0.1", "tcp"),
        ]
    );
    assert_eq!(service.env_files, ["a.env"]);
    let body = Some("ok".to_owned());
    assert_eq!(service.ready.probe, Probe::Http { path: "/r".into(), port: 90, status: Some(204), body });
    assert_eq!(service.ready.deadline, Duration::from_secs(120));
    assert_eq!(service.engine_check.as_deref(), Some(&["/a".to_owned(), "--health".to_owned()][..]));
    assert_eq!((service.resources.cpus, service.resources.memory), (Some(0.5), Some(256 << 20)));
    let files: Vec<_> = service.files.iter().map(|file| file.content.as_str()).collect();
    assert_eq!(files, ["${self.port}", "$${not.a.reference} $$x"]);
    assert_eq!(
        (&service.secrets[..], &service.networks[..]),
        (&["KEY".to_owned()][..], &["n".to_owned()][..])
    );
    assert_eq!((service.restart, service.stop_grace), (Restart::OnFailure, Duration::from_secs(1)));
    assert_eq!(service.volumes[0].source, MountSource::Volume("v".into()));
    assert_eq!(service.volumes[1].source, MountSource::Bind("./b".into()));
    assert_eq!((service.volumes[0].read_only, service.volumes[1].read_only), (false, true));
    assert_eq!(service.compose, Some(serde_json::json!({ "cap_add": ["NET_ADMIN"] })));
    assert_eq!(service.kube, Some(serde_json::json!({ "deployment": { "spec": { "paused": null } } })));
}

#[test]
fn absent_keys_have_their_defaults() {
    let plain = service(r#"{ "image": "a:1" }"#);
    assert_eq!(
        (plain.kind, plain.replicas, plain.restart),
        (ServiceKind::Service, 1, Restart::UnlessStopped)
    );
    assert_eq!((&plain.ready.probe, plain.ready.deadline), (&Probe::None, Duration::from_secs(60)));
    assert_eq!((plain.stop_grace, plain.engine_check), (Duration::from_secs(10), None));
    let udp_first = service(
        r#"{ "image": "a:1", "ports": [{ "container": 53, "protocol": "udp" }, { "container": 80 }] }"#,
    );
    assert_eq!(udp_first.ready.probe, Probe::Tcp { port: 80 });
    let job = service(r#"{ "image": "a:1", "kind": "job", "ready": { "deadline": "1h" } }"#);
    assert_eq!((job.kind, job.restart), (ServiceKind::Job, Restart::No));
    assert_eq!((&job.ready.probe, job.ready.deadline), (&Probe::None, Duration::from_secs(3600)));
    let job = service(r#"{ "image": "a:1", "kind": "job" }"#);
    assert_eq!(job.ready.deadline, Duration::from_secs(300));
}

#[test]
fn probes_ask_the_first_port_or_their_own() {
    let probe =
        |ready: &str| service(&format!(r#"{{ "image": "a:1", "port": 80, "ready": {ready} }}"#)).ready.probe;
    assert_eq!(probe(r#"{ "tcp": true }"#), Probe::Tcp { port: 80 });
    assert_eq!(probe(r#"{ "tcp": 81 }"#), Probe::Tcp { port: 81 });
    assert_eq!(probe(r#"{ "redis": true }"#), Probe::Redis { port: 80 });
    assert_eq!(probe(r#"{ "mongodb": 81 }"#), Probe::MongoDb { port: 81 });
    assert_eq!(probe(r#"{ "deadline": "1s" }"#), Probe::Tcp { port: 80 });
    assert_eq!(probe(r#""none""#), Probe::None);
}

#[test]
fn ports_of_the_profile_win_and_the_gateway_has_no_offset() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{ "project": "p", "services": "../s.json", "gateway": { "port": 9000 },
                 "ports": { "offset": 10, "redis": 6000, "b": 7000 } }"#,
        ),
        (
            "s.json",
            r#"{ "infrastructure": { "mongodb": { "port": 27017 }, "redis": { "port": 6379 } },
                 "services": {
                   "a": { "image": "a:1", "port": 80, "ports": [{ "container": 1, "host": 81 }, { "container": 2 }] },
                   "b": { "image": "b:1", "port": 90, "ports": [{ "container": 3, "host": 91 }] },
                   "c": { "image": "c:1", "port": 95, "hostNetwork": true } } }"#,
        ),
    ]);
    let profile = loaded(&project);
    let hosts: Vec<Vec<_>> =
        profile.services.iter().map(|service| service.ports.iter().map(|port| port.host).collect()).collect();
    assert_eq!(hosts, [vec![Some(90), Some(91), None], vec![Some(7000), Some(101)], vec![None]]);
    assert_eq!(profile.mongodb.unwrap().port, Some(27027));
    assert_eq!(profile.redis.unwrap().port, Some(6000));
    assert_eq!(profile.gateway.unwrap().port, 9000);
}

#[test]
fn ports_on_other_addresses_and_protocols_do_not_collide() {
    let project = Project::of_services(
        r#"{ "services": { "a": { "image": "a:1", "ports": [
          { "container": 1, "host": 80 }, { "container": 1, "host": 80, "address": "127.0.0.2" },
          { "container": 1, "host": 80, "protocol": "udp" } ] } } }"#,
    );
    assert_eq!(loaded(&project).services[0].ports.len(), 3);
    let everywhere = Project::of_services(
        "{ \"services\": { \"a\": { \"image\": \"a:1\", \"ports\": [\n{ \"container\": 1, \"host\": 80 },\n{ \"container\": 1, \"host\": 80, \"address\": \"0.0.0.0\" } ] } } }",
    );
    assert_eq!(
        everywhere.error("p"),
        "s.json:3:27: services.a.ports[1].host: host port 80 is used twice: by service `a` here and by service `a` at s.json:2:27\n    give one of them another port"
    );
}

#[test]
fn services_and_stores_of_another_profile_are_borrowed() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{ "project": "p", "services": "../s.json", "sharedInfra": "o", "sharedServices": ["auth"],
                 "ports": { "offset": 100 }, "gateway": { "port": 9001, "default": "auth" } }"#,
        ),
        ("profiles/o.json", r#"{ "project": "o", "services": "../s.json", "gateway": { "port": 9000 } }"#),
        (
            "s.json",
            r#"{ "infrastructure": { "redis": { "port": 6379 } }, "services": {
              "auth": { "image": "a:1", "port": 8001, "dependsOn": ["redis"] },
              "kyc": { "image": "k:1", "port": 8002, "dependsOn": ["auth", "redis"],
                "env": { "AUTH": "${services.auth.url}", "REDIS": "${redis.url}" } } } }"#,
        ),
    ]);
    let profile = loaded(&project);
    let names: Vec<_> = profile.services.iter().map(|service| service.name.as_str()).collect();
    assert_eq!((names, profile.redis, profile.mongodb), (vec!["kyc"], None, None));
    let borrowed = profile.borrowed.unwrap();
    assert_eq!((borrowed.profile.as_str(), borrowed.project.as_str()), ("o", "o"));
    assert_eq!(borrowed.services[0].ports[0].host, Some(8001));
    assert_eq!((borrowed.redis.unwrap().port, borrowed.mongodb, borrowed.gateway), (Some(6379), None, None));
}

#[test]
fn shared_services_come_from_the_default_profile() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{ "project": "p", "services": "../s.json", "sharedServices": ["auth"], "ports": { "offset": 100 } }"#,
        ),
        ("profiles/default.json", r#"{ "project": "ms", "services": "../s.json" }"#),
        (
            "s.json",
            r#"{ "services": { "auth": { "image": "a:1", "port": 1 }, "kyc": { "image": "k:1", "port": 2 } } }"#,
        ),
    ]);
    let borrowed = loaded(&project).borrowed.unwrap();
    assert_eq!((borrowed.profile.as_str(), borrowed.services.len()), ("default", 1));
}
