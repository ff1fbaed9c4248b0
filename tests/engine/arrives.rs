//! What a services file says really is in the container.

use serde_json::{Value, json};

use crate::harness::{Project, SAMPLE, get_json, sample};

/// Networks, volumes, bind mounts, files, secrets, env files, variables, user and limits arrive.
#[test]
fn every_setting_arrives_in_the_container() {
    let project = Project::new(json!({}));
    let port = project.port;
    project.write("code/text", "of the host");
    project.write("one.env", "FROM_FILE=file\nBOTH=file\n");
    project.secrets("default", "TOKEN=very-secret-token\n");
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

/// The sample service's image is its binary and nothing else: no shell, no folder of a system, and not root.
#[test]
fn the_sample_image_is_one_file_and_not_root() {
    let project = Project::new(json!({}));
    let inspected = project.docker(&["image", "inspect", "--format", "{{json .}}", SAMPLE]).stdout;
    let image: Value = serde_json::from_str(&inspected).expect("JSON");
    assert_eq!(image["Config"]["User"], "65532:65532");
    assert_eq!(image["RootFS"]["Layers"].as_array().map(Vec::len), Some(1), "{image}");
    let (name, label) =
        (format!("{}-sample-1", project.name), format!("com.docker.compose.project={}", project.name));
    assert_eq!(project.docker(&["create", "--name", &name, "--label", &label, SAMPLE]).code, 0);
    let archive = project.root.join("sample.tar");
    assert_eq!(project.docker(&["export", "-o", &archive.display().to_string(), &name]).code, 0);
    let mut archive = tar::Archive::new(std::fs::File::open(archive).expect("the archive"));
    let entries = archive.entries().expect("it has entries").map(|entry| entry.expect("it can be read"));
    // The engine puts empty files where it mounts its own.
    let files = entries.filter(|entry| entry.header().entry_type().is_file() && entry.size() > 0);
    let names: Vec<String> =
        files.map(|entry| entry.path().expect("it has a name").display().to_string()).collect();
    assert_eq!(names, ["sample-service"]);
}
