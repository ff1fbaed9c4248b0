//! `build` and `up --build`.

use serde_json::{Value, json};

use crate::harness::{Project, sample};

/// `auth` and `kyc`, each built from a folder of its own.
pub(crate) fn built(project: &Project) -> Value {
    for name in ["auth", "kyc"] {
        project.dockerfile(name, "one");
    }
    let service = |name: &str, port: u16| {
        let mut service = sample(port, json!({ "build": { "context": name } }));
        service.as_object_mut().expect("a service").remove("image");
        service
    };
    json!({ "auth": service("auth", project.port), "kyc": service("kyc", project.port + 1) })
}

/// The id of a service's image.
pub(crate) fn image(project: &Project, name: &str) -> String {
    let tag = format!("{}-{name}", project.name);
    project.docker(&["image", "inspect", "--format", "{{.Id}}", &tag]).stdout.trim().to_owned()
}

/// `build` makes the images and no container, several at once; a second build of the same gives the same images.
#[test]
fn build_makes_each_image_once() {
    let project = Project::new(json!({}));
    project.services(&built(&project));
    let ended = project.expect(0, &["--output", "json", "build"]);
    let images = || (image(&project, "auth"), image(&project, "kyc"));
    let first = images();
    assert!(
        first.0.starts_with("sha256:") && first.1.starts_with("sha256:") && first.0 != first.1,
        "{first:?}"
    );
    let events: Vec<Value> =
        ended.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let place = |event: &str, image: &str| {
        let operation = format!("build image {}-{image}", project.name);
        let found =
            events.iter().position(|one| one["event"] == event && one["operation"] == operation.as_str());
        found.expect("the event")
    };
    let ends = [place("operation-finished", "auth"), place("operation-finished", "kyc")];
    for name in ["auth", "kyc"] {
        assert!(ends.iter().all(|end| place("operation-started", name) < *end), "{name} waited");
    }
    project.expect(0, &["build"]);
    assert_eq!(images(), first);
    assert_eq!(project.containers(), Vec::<String>::new());
    project.dockerfile("kyc", "two");
    project.expect(0, &["build", "auth"]);
    assert_eq!(images(), first);
    project.expect(0, &["build"]);
    assert_eq!(images().0, first.0);
    assert_ne!(images().1, first.1);
}

/// `up` builds what is missing only; `up --build` builds again and replaces only what that changed.
#[test]
fn up_with_build_replaces_only_what_was_rebuilt() {
    let project = Project::new(json!({}));
    project.services(&built(&project));
    project.expect(0, &["up"]);
    let [auth, kyc] = project.ids(["auth", "kyc"]);
    project.dockerfile("kyc", "two");
    project.expect(0, &["up"]);
    assert_eq!(project.ids(["auth", "kyc"]), [auth.clone(), kyc.clone()]);
    let planned = project.expect(0, &["up", "--build", "--dry-run"]).stdout;
    assert!(
        planned.starts_with(&format!("  1 build   build image {}-auth (build)\n", project.name)),
        "{planned}"
    );
    project.expect(0, &["up", "--build"]);
    let now = project.ids(["auth", "kyc"]);
    assert_eq!(now[0], auth);
    assert_ne!(now[1], kyc);
    assert_eq!(project.inspect("kyc", "{{.Image}}"), image(&project, "kyc"));
}

/// A project without anything to build says so and ends well.
#[test]
fn nothing_to_build_is_said() {
    let project = Project::new(json!({}));
    project.services(&json!({ "auth": sample(project.port, json!({})) }));
    let ended = project.expect(0, &["build"]);
    assert!(ended.stderr.contains("note: no service of the profile is built here"), "{}", ended.stderr);
}
