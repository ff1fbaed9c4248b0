//! A Redis that becomes a set, and a set that becomes one Redis. Of MongoDB, what a set left is enough to refuse.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Project, eventually, sample};
use crate::owners::ports_are_free;

fn redis(project: &Project, mode: &Value) {
    let mut redis = mode.clone();
    redis["port"] = json!(project.redis_port());
    let after = json!({ "dependsOn": ["redis"] });
    let services = json!({
        "infrastructure": { "redis": redis },
        "services": { "auth": sample(project.port, after) },
    });
    project.write("services.json", &services.to_string());
}

fn single() -> Value {
    json!({ "mode": "single", "auth": true })
}

fn sentinel(replicas: u8) -> Value {
    json!({ "mode": "sentinel", "replicas": replicas, "sentinels": 3, "auth": true })
}

/// What a server answers, through `gw exec`.
fn ask(project: &Project, server: &str, words: &[&str]) -> String {
    let arguments = [&["exec", "-T", server, "--", "redis-cli"], words].concat();
    project.expect(0, &arguments).stdout.trim().to_owned()
}

fn volumes(project: &Project) -> Vec<String> {
    let label = format!("label=com.docker.compose.project={}", project.name);
    let listed = project.docker(&["volume", "ls", "--filter", &label, "--format", "{{.Name}}"]).stdout;
    let mut names: Vec<String> =
        listed.lines().map(|name| name.replace(&format!("{}_", project.name), "")).collect();
    names.sort();
    names
}

const OF_THE_SET: [&str; 6] = [
    "redis",
    "redis-replica-1",
    "redis-replica-2",
    "redis-sentinel-1",
    "redis-sentinel-2",
    "redis-sentinel-3",
];

/// One Redis becomes a set with its data, also under `up`; back is refused with the ways out, and `fresh --volumes` starts empty.
#[test]
fn a_set_takes_the_data_over_and_never_leaves_it_behind() {
    let project = Project::new(json!({}));
    redis(&project, &single());
    project.expect(0, &["up"]);
    assert_eq!(ask(&project, "redis", &["set", "kept", "yes"]), "OK");
    redis(&project, &sentinel(2));
    let up = project.expect(0, &["up"]).stderr;
    assert!(up.contains(&format!("remove container {}-redis-1", project.name)), "{up}");
    assert_eq!(ask(&project, "redis-master", &["get", "kept"]), "yes");
    eventually("the replicas have it", Duration::from_secs(2), || {
        ask(&project, "redis-replica-2", &["get", "kept"]) == "yes"
    });
    assert_eq!(volumes(&project), OF_THE_SET);

    let refused = |mode: &Value, data: &str, rest: &str| {
        redis(&project, mode);
        let before = project.containers();
        let name = &project.name;
        let whole = |list: &str| list.split(' ').map(|volume| format!("{name}_{volume}")).collect::<Vec<_>>();
        let expected = format!(
            "error: Redis of project {name} would start without the volumes of former servers, where its newest data may be: {}\n\
             hint: go back to the servers that it had, or start empty with `gw fresh --volumes`; once you know that nothing\n      \
             in these volumes is needed: `gw down` and `docker volume rm {}`\n",
            whole(data).join(", "),
            whole(rest).join(" ")
        );
        for arguments in [
            &["up"][..],
            &["fresh"],
            &["up", "auth"],
            &["up", "--dry-run"],
            &["fresh", "-v", "--keep-orphans"],
        ] {
            let said = project.expect(5, arguments).stderr;
            assert_eq!(said, expected, "{arguments:?}");
        }
        assert_eq!(
            (project.containers(), volumes(&project)),
            (before, OF_THE_SET.map(str::to_owned).to_vec())
        );
    };
    refused(
        &single(),
        "redis-replica-1 redis-replica-2",
        "redis-replica-1 redis-replica-2 redis-sentinel-1 redis-sentinel-2 redis-sentinel-3",
    );
    refused(&sentinel(1), "redis-replica-2", "redis-replica-2");
    redis(&project, &sentinel(2));
    project.expect(0, &["up"]);
    assert_eq!(ask(&project, "redis-master", &["get", "kept"]), "yes");

    redis(&project, &single());
    project.expect(0, &["fresh", "--volumes"]);
    assert_eq!(ask(&project, "redis", &["get", "kept"]), "");
    assert_eq!(volumes(&project), ["redis"]);
    project.expect(0, &["up"]);
    project.expect(0, &["down", "--volumes"]);
    assert_eq!(volumes(&project), Vec::<String>::new());
    ports_are_free(&project);
}

/// The last way out works too: whoever knows that nothing else is needed removes the volumes, and goes on with the first one's.
#[test]
fn a_set_becomes_one_server_when_the_other_volumes_were_removed_by_hand() {
    let project = Project::new(json!({}));
    redis(&project, &sentinel(1));
    project.expect(0, &["up"]);
    assert_eq!(ask(&project, "redis-master", &["set", "kept", "yes"]), "OK");
    redis(&project, &single());
    let refused = project.expect(5, &["up"]).stderr;
    project.expect(0, &["down"]);
    let command = refused.split("and `").nth(1).and_then(|rest| rest.split('`').next()).expect("a command");
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    assert_eq!(project.docker(&words).code, 0, "{command}");
    project.expect(0, &["up"]);
    assert_eq!(ask(&project, "redis", &["get", "kept"]), "yes");
}

/// One MongoDB does not start beside what a set's other servers left; it does once that is removed, with the first one's data.
#[test]
fn one_mongodb_does_not_start_without_what_a_set_left() {
    let project = Project::new(json!({}));
    let mongodb = json!({ "mode": "single", "auth": true, "port": project.port + 1 });
    project.write(
        "services.json",
        &json!({ "infrastructure": { "mongodb": mongodb }, "services": {} }).to_string(),
    );
    let left = project.volume_of_a_former_server("mongodb", "mongodb-secondary-1");
    for arguments in [&["up"][..], &["fresh"], &["up", "--dry-run"]] {
        let said = project.expect(5, arguments).stderr;
        assert_eq!(
            said,
            format!(
                "error: MongoDB of project {} would start without the volumes of former servers, where its newest data may be: {left}\n\
                 hint: go back to the servers that it had, or start empty with `gw fresh --volumes`; once you know that nothing\n      \
                 in these volumes is needed: `gw down` and `docker volume rm {left}`\n",
                project.name
            ),
            "{arguments:?}"
        );
        assert_eq!(
            (project.containers(), volumes(&project)),
            (vec![], vec!["mongodb-secondary-1".to_owned()])
        );
    }
    project.expect(0, &["down"]);
    project.docker(&["volume", "rm", &left]);
    project.expect(0, &["up"]);
    assert_eq!(volumes(&project), ["mongodb"]);
}

/// Volumes that plain Compose made carry no role of gw's, and are known all the same.
#[test]
fn volumes_that_compose_made_refuse_too() {
    let project = Project::new(json!({}));
    redis(&project, &sentinel(1));
    project.expect(0, &["generate"]);
    let file = project.compose_file();
    let file = file.strip_prefix(&project.root).expect("below").display().to_string();
    let up = ["compose", "--env-file", ".gw/secrets/default/env", "-f", &file, "up", "-d", "--wait"];
    let started = project.docker(&up);
    assert_eq!(started.code, 0, "{}", started.stderr);
    redis(&project, &single());
    let said = project.expect(5, &["up"]).stderr;
    assert!(said.contains(&format!("newest data may be: {}_redis-replica-1\n", project.name)), "{said}");
}
