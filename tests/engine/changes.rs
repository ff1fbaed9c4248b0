//! What replaces a container, and that it replaces no other.

use serde_json::{Value, json};

use crate::harness::{Project, sample};
use crate::selection::trio;

/// Another image, with the sample's program.
fn other_image(project: &Project) -> String {
    let image = format!("gw.test/{}:other", project.name);
    project.dockerfile("other", "one");
    let built = project.docker(&["build", "-q", "-t", &image, "other"]);
    assert_eq!(built.code, 0, "{}", built.stderr);
    image
}

/// Each change of a service's configuration replaces its container and leaves the other services' as they are.
#[test]
fn a_change_replaces_just_its_container() {
    let project = Project::new(json!({}));
    let (port, image) = (project.port, other_image(&project));
    project.write("code/text", "one");
    let file = |content: &str| json!({ "files": [{ "target": "/etc/app.conf", "content": content }] });
    let mut auth = json!({});
    let mut before: Option<[String; 3]> = None;
    let changes: [(&str, Value); 9] = [
        ("nothing", json!({})),
        ("env", json!({ "env": { "GREETING": "hello" } })),
        ("image", json!({ "image": image })),
        ("files", file("one")),
        ("their content", file("two")),
        ("mount", json!({ "volumes": [{ "bind": "code", "target": "/code", "readOnly": true }] })),
        ("port", json!({ "ports": [{ "container": 9000, "host": port + 9 }] })),
        ("user", json!({ "user": "1234:1234" })),
        ("resources", json!({ "resources": { "memory": "64Mi" } })),
    ];
    for (what, change) in changes {
        for (key, value) in change.as_object().expect("an object") {
            auth[key] = value.clone();
        }
        project.services(&json!({
            "auth": sample(port, auth.clone()),
            "kyc": sample(port + 1, json!({ "dependsOn": ["auth"] })),
            "account": sample(port + 2, json!({})),
        }));
        project.expect(0, &["up"]);
        let now = project.ids(["auth", "kyc", "account"]);
        if let Some(before) = before {
            assert_ne!(before[0], now[0], "{what}");
            assert_eq!(before[1..], now[1..], "{what}");
        }
        project.expect(0, &["up"]);
        assert_eq!(project.ids(["auth", "kyc", "account"]), now, "{what}, again");
        before = Some(now);
    }
}

/// An image whose tag moved on the engine replaces the containers that were made from the old one.
#[test]
fn a_moved_tag_replaces_the_container() {
    let project = Project::new(json!({}));
    let image = other_image(&project);
    project.services(&json!({
        "auth": sample(project.port, json!({ "image": image })),
        "kyc": sample(project.port + 1, json!({})),
    }));
    project.expect(0, &["up"]);
    let before = project.ids(["auth", "kyc"]);
    project.dockerfile("other", "two");
    assert_eq!(project.docker(&["build", "-q", "-t", &image, "other"]).code, 0);
    let planned = project.expect(0, &["up", "--dry-run"]).stdout;
    assert!(
        planned.contains(&format!("remove container {}-auth-1 (its image changed)", project.name)),
        "{planned}"
    );
    project.expect(0, &["up"]);
    let now = project.ids(["auth", "kyc"]);
    assert_ne!(now[0], before[0]);
    assert_eq!(now[1], before[1]);
}

/// A variable that the profile takes from gw's environment replaces the container when it changes.
#[test]
fn a_changed_variable_of_the_environment_replaces_the_container() {
    let project = Project::new(json!({}));
    let env = json!({ "env": { "LEVEL": "${env.GWT_LEVEL:-quiet}" } });
    project
        .services(&json!({ "auth": sample(project.port, env), "kyc": sample(project.port + 1, json!({})) }));
    let up = |level: &str| {
        let ended = project.command(&["up"]).env("GWT_LEVEL", level).output().expect("gw runs");
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    };
    project.expect(0, &["up"]);
    let [auth, kyc] = project.ids(["auth", "kyc"]);
    assert!(project.inspect("auth", "{{.Config.Env}}").contains("LEVEL=quiet"));
    up("loud");
    assert!(project.inspect("auth", "{{.Config.Env}}").contains("LEVEL=loud"));
    let loud = project.id("auth");
    assert_ne!(loud, auth);
    up("loud");
    assert_eq!(project.ids(["auth", "kyc"]), [loud, kyc]);
}

/// A container that somebody removed by hand is made again, and nothing else is touched.
#[test]
fn a_container_removed_by_hand_is_made_again() {
    let project = Project::of(trio);
    project.expect(0, &["up"]);
    let (auth, others) = (project.id("auth"), project.ids(["kyc", "account"]));
    assert_eq!(project.docker(&["rm", "-f", &auth]).code, 0);
    project.expect(8, &["health"]);
    project.expect(0, &["up"]);
    project.expect(0, &["health"]);
    assert_ne!(project.id("auth"), auth);
    assert_eq!(project.ids(["kyc", "account"]), others);
}

/// `--force-recreate` replaces what was named also where nothing changed.
#[test]
fn force_recreate_replaces_unchanged_containers() {
    let project = Project::new(json!({}));
    project.services(&json!({
        "auth": sample(project.port, json!({})),
        "kyc": sample(project.port + 1, json!({})),
    }));
    project.expect(0, &["up"]);
    let [auth, kyc] = project.ids(["auth", "kyc"]);
    project.expect(0, &["up", "--force-recreate", "auth"]);
    let [again, same] = project.ids(["auth", "kyc"]);
    assert_ne!(again, auth);
    assert_eq!(same, kyc);
}

/// Fewer replicas remove the surplus, more add to them, and the first one stays.
#[test]
fn replicas_come_and_go() {
    let project = Project::new(json!({}));
    let with = |replicas: u32| {
        let mut service = sample(project.port, json!({ "replicas": replicas }));
        service["port"] = json!({ "container": 8080 });
        project.services(&json!({ "auth": service }));
        project.expect(0, &["up"]);
        project.containers()
    };
    let names = |numbers: &[u32]| -> Vec<String> {
        numbers.iter().map(|number| format!("{}-auth-{number} running", project.name)).collect()
    };
    assert_eq!(with(2), names(&[1, 2]));
    let health = project.view(0, &["health"]);
    assert_eq!(health["components"][0]["component"], "auth-1");
    assert_eq!(health["components"][1]["component"], "auth-2");
    assert_eq!(with(3), names(&[1, 2, 3]));
    assert_eq!(with(1), names(&[1]));
}
