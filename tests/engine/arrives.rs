//! What a services file says really is in the container.

use serde_json::{Value, json};

use crate::harness::{Project, get_json, sample};

/// Networks, volumes, bind mounts, files, secrets, env files, variables, user and limits arrive.
#[test]
fn every_setting_arrives_in_the_container() {
    let project = Project::new(json!({}));
    let port = project.port;
    project.write("code/text", "of the host");
    project.write("one.env", "FROM_FILE=file\nBOTH=file\n");
    project.write(".gw/secrets/default/env", "TOKEN=very-secret-token\n");
    project.services(&json!({
        "auth": sample(port, json!({
            "user": "1234:1235",
            "envFile": "one.env",
            "env": { "BOTH": "own", "LEVEL": "${env.GWT_ABSENT:-quiet}", "DOLLAR": "$$HOME" },
            "networks": ["side"],
            "volumes": [{ "volume": "data", "target": "/data" }, { "bind": "code", "target": "/code", "readOnly": true }],
            "files": [{ "target": "/etc/app.conf", "content": "name=${self.name} $$x" }],
            "secrets": ["TOKEN"],
            "resources": { "cpus": 0.5, "memory": "64Mi" },
            "restart": "on-failure",
        })),
        "kyc": sample(port + 1, json!({})),
    }));
    project.expect(0, &["up"]);
    let (name, root) = (&project.name, project.root.canonicalize().expect("the root"));
    let inspected =
        |template: &str| -> Value { serde_json::from_str(&project.inspect("auth", template)).expect("JSON") };
    let environment = inspected("{{json .Config.Env}}");
    for variable in ["FROM_FILE=file", "BOTH=own", "LEVEL=quiet", "DOLLAR=$HOME"] {
        assert!(
            environment.as_array().expect("a list").contains(&json!(variable)),
            "{variable}: {environment}"
        );
    }
    let networks = inspected("{{json .NetworkSettings.Networks}}");
    let names: Vec<&String> = networks.as_object().expect("networks").keys().collect();
    assert_eq!(names, [&format!("{name}_default"), &format!("{name}_side")]);
    let host = inspected("{{json .HostConfig}}");
    assert_eq!((&host["NanoCpus"], &host["Memory"]), (&json!(500_000_000), &json!(67_108_864)));
    assert_eq!(host["RestartPolicy"]["Name"], "on-failure");
    assert_eq!(project.inspect("auth", "{{.Config.User}}"), "1234:1235");
    let mounts = inspected("{{json .Mounts}}");
    let mount = |target: &str| {
        mounts
            .as_array()
            .expect("mounts")
            .iter()
            .find(|one| one["Destination"] == target)
            .expect("a mount")
            .clone()
    };
    assert_eq!(
        (&mount("/data")["Name"], &mount("/data")["RW"]),
        (&json!(format!("{name}_data")), &json!(true))
    );
    assert_eq!(mount("/code")["Source"], json!(root.join("code").display().to_string()));
    assert_eq!(mount("/code")["RW"], false);
    // The image has no shell: what is in the container is read from outside.
    let inside = |path: &str| {
        let copied = project.root.join("copied");
        let from = format!("{name}-auth-1:{path}");
        assert_eq!(project.docker(&["cp", &from, &copied.display().to_string()]).code, 0, "{path}");
        std::fs::read_to_string(copied).expect("the file")
    };
    assert_eq!(inside("/etc/app.conf"), "name=auth $x");
    assert_eq!(inside("/run/secrets/TOKEN"), "very-secret-token");
    let rendered = std::fs::read_to_string(project.compose_file()).expect("the Compose file");
    assert!(!rendered.contains("very-secret-token"));
    assert_eq!(get_json(port, "/")["service"], "auth");
}

/// A secret that is yours to fill in and is not there is an error with the file's name, before anything is made.
#[test]
fn a_missing_secret_is_named() {
    let project = Project::new(json!({}));
    project.services(&json!({ "auth": sample(project.port, json!({ "secrets": ["TOKEN"] })) }));
    let ended = project.expect(3, &["up"]);
    assert!(
        ended.stderr.contains("TOKEN") && ended.stderr.contains(".gw/secrets/default/env"),
        "{}",
        ended.stderr
    );
    assert_eq!(project.containers(), Vec::<String>::new());
}
