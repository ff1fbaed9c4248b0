//! `build` and `up --build`.

use serde_json::{Value, json};

use crate::harness::{PROJECT_LABEL, Project, SAMPLE, sample};

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

/// `build --dry-run` says which images would be built, and builds none.
#[test]
fn build_dry_run_prints_the_plan_and_builds_nothing() {
    let project = Project::new(json!({}));
    project.services(&built(&project));
    let plan = project.expect(0, &["build", "--dry-run"]).stdout;
    let name = &project.name;
    assert_eq!(
        plan,
        format!("  1 build   build image {name}-auth (build)\n  2 build   build image {name}-kyc (build)\n")
    );
    assert_eq!(image(&project, "auth"), "");
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

/// An image that somebody built by hand under a service's name stays, without that name, when a build takes its place.
#[test]
fn a_build_leaves_the_image_that_somebody_made_by_hand() {
    let project = Project::new(json!({}));
    project.services(&built(&project));
    let by_hand = ["build", "-q", "-t", &format!("{}-kyc", project.name), "auth"];
    let made = project.docker(&by_hand);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let before = image(&project, "kyc");
    project.expect(0, &["fresh"]);
    assert_ne!(image(&project, "kyc"), before);
    assert_eq!(project.docker(&["image", "inspect", &before]).code, 0, "it is somebody's");
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

/// What a services file says of a build decides on it: file, target, arguments and network; a job's `args` are its command's.
#[test]
fn what_the_profile_says_of_a_build_arrives() {
    let project = Project::new(json!({}));
    let build = json!({
        "context": "app", "file": "Other", "target": "wanted", "args": { "GREETING": "hello, $you \"there\"" }, "network": "none",
    });
    let job = json!({ "kind": "job", "build": build, "args": ["--version"] });
    project.services(&json!({ "version": job }));
    let label = format!("LABEL {PROJECT_LABEL}={}", project.name);
    let other = format!(
        "FROM {SAMPLE} AS wanted\nARG GREETING=none\n{label} greeting=$GREETING stage=wanted\nFROM wanted\nLABEL stage=last\n"
    );
    project.write("app/Other", &other);
    project.write("app/Dockerfile", &format!("FROM {SAMPLE}\n{label} stage=other-file\n"));
    project.expect(0, &["up"]);
    let label = |name: &str| {
        let template = format!("{{{{index .Config.Labels \"{name}\"}}}}");
        let image = format!("{}-version", project.name);
        project.docker(&["image", "inspect", "--format", &template, &image]).stdout.trim().to_owned()
    };
    assert_eq!((label("stage").as_str(), label("greeting").as_str()), ("wanted", "hello, $you \"there\""));
    let rendered = std::fs::read_to_string(project.compose_file()).expect("the rendered file");
    assert!(rendered.contains("\n      network: none\n"), "{rendered}");
    let said = project.expect(0, &["logs", "--no-prefix"]).stdout;
    assert!(said.starts_with("sample-service ") && said.lines().count() == 1, "{said}");
}

/// A project without anything to build says so and ends well.
#[test]
fn nothing_to_build_is_said() {
    let project = Project::new(json!({}));
    project.services(&json!({ "auth": sample(project.port, json!({})) }));
    let ended = project.expect(0, &["build"]);
    assert!(ended.stderr.contains("note: no service of the profile is built here"), "{}", ended.stderr);
}
