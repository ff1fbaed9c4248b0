//! What is not gw's and touches what is: containers, networks and volumes that somebody made by hand.

use serde_json::json;

use crate::harness::{Project, SAMPLE, get, sample};
use crate::owners::{ports_are_free, running};

/// A container that somebody made by hand; it goes with the test.
struct ByHand<'a>(&'a Project, String);

impl<'a> ByHand<'a> {
    fn run(project: &'a Project, image: &str, options: &[&str]) -> Self {
        let container = Self(project, format!("{}-by-hand", project.name));
        let all = [&["run", "-d", "--name", &container.1], options, &[image]].concat();
        let made = project.docker(&all);
        assert_eq!(made.code, 0, "{}", made.stderr);
        container
    }

    fn runs(&self) -> bool {
        self.0.docker(&["inspect", "--format", "{{.State.Running}}", &self.1]).stdout == "true\n"
    }
}

impl Drop for ByHand<'_> {
    fn drop(&mut self) {
        self.0.docker(&["rm", "-f", "-v", &self.1]);
    }
}

/// `down` leaves a container that was attached by hand, names it, leaves the network that it is on, and takes everything else.
#[test]
fn a_container_that_was_attached_by_hand_keeps_its_network() {
    let project = running();
    let network = format!("{}_default", project.name);
    let stranger = ByHand::run(&project, SAMPLE, &["--network", &network]);
    let note = format!("note: network {network} stays: container {} is attached to it\n", stranger.1);
    for _ in 0..2 {
        let said = project.expect(0, &["down", "--volumes"]).stderr;
        assert!(said.contains(&note), "{said}");
        assert_eq!((project.containers(), project.networks()), (Vec::new(), vec![network.clone()]));
        assert!(stranger.runs());
    }
    ports_are_free(&project);
    project.expect(0, &["up"]);
    assert!(stranger.runs());
    drop(stranger);
    assert!(!project.expect(0, &["down"]).stderr.contains("note:"));
    project.nothing_half_made();
}

/// A container that somebody made of an image that gw built has that image's labels, and is no part of the project all the same.
#[test]
fn a_container_of_a_built_image_is_its_makers() {
    let project = Project::new(json!({}));
    project.dockerfile("app", "one");
    let mut service = sample(project.port, json!({ "build": { "context": "app" } }));
    service.as_object_mut().expect("a service").remove("image");
    project.services(&json!({ "auth": service }));
    project.expect(0, &["up"]);
    let stranger = ByHand::run(&project, &format!("{}-auth", project.name), &[]);
    project.expect(0, &["up"]);
    project.expect(0, &["fresh"]);
    project.expect(0, &["down"]);
    assert!(stranger.runs());
}

/// A volume and a network of the stack's names that somebody else made are used, as Compose uses them, and named; nothing removes them.
#[test]
fn what_has_a_name_of_the_stack_and_no_label_is_used_and_stays() {
    let volume = json!({ "volumes": [{ "volume": "data", "target": "/data" }] });
    let project = Project::of(|port| json!({ "auth": sample(port, volume) }));
    let (data, network) = (format!("{}_data", project.name), format!("{}_default", project.name));
    project.docker(&["volume", "create", &data]);
    project.docker(&["network", "create", &network]);
    let used = |what: &str| {
        format!("note: {what} was not made for this project: it is used as it is, and gw never removes it\n")
    };
    for arguments in [&["up"][..], &["fresh", "--volumes"]] {
        let said = project.expect(0, arguments).stderr;
        for what in [format!("volume {data}"), format!("network {network}")] {
            assert!(said.contains(&used(&what)), "{arguments:?} {said}");
        }
        assert!(!said.contains("remove volume"), "{said}");
    }
    assert_eq!(get(project.port, "/health", &[]).0, 200);
    let said = project.expect(0, &["down", "--volumes"]).stderr;
    for what in [format!("volume {data}"), format!("network {network}")] {
        let note = format!("note: {what} stays: it was not made for this project\n");
        assert!(said.contains(&note), "{said}");
    }
    assert_eq!(project.docker(&["volume", "rm", &data]).code, 0);
    assert_eq!(project.docker(&["network", "rm", &network]).code, 0);
    assert_eq!(project.containers(), Vec::<String>::new());
    ports_are_free(&project);
}

/// A volume of the project that a container made by hand uses stays with it and is named.
#[test]
fn a_volume_that_a_stranger_uses_stays() {
    let project = running();
    let data = format!("{}_data", project.name);
    let stranger = ByHand::run(&project, SAMPLE, &["-v", &format!("{data}:/data")]);
    let note = format!("note: volume {data} stays: container {} uses it\n", stranger.1);
    for arguments in [&["fresh", "--volumes"][..], &["down", "auth", "-v"], &["down", "--volumes"]] {
        let said = project.expect(0, arguments).stderr;
        assert!(said.contains(&note), "{arguments:?} {said}");
    }
    drop(stranger);
    project.expect(0, &["down", "--volumes"]);
    assert_eq!(project.docker(&["volume", "inspect", &data]).code, 1);
}

/// `down` twice and `down` of nothing say that there was nothing to do; `down -v SERVICE` takes that service's data and no other.
#[test]
fn down_says_what_it_did() {
    let project = running();
    let nothing = format!("down {}: nothing to do (", project.name);
    let data = format!("{}_data", project.name);
    project.expect(0, &["down", "--volumes", "kyc"]);
    assert_eq!(project.docker(&["volume", "inspect", &data]).code, 0);
    project.expect(0, &["down", "--volumes", "auth"]);
    assert_eq!(project.docker(&["volume", "inspect", &data]).code, 1);
    let done = project.expect(0, &["down"]).stderr;
    assert!(done.contains(&format!("down {}: done in ", project.name)), "{done}");
    for arguments in [&["down"][..], &["down", "--volumes"], &["down", "auth"]] {
        let said = project.expect(0, arguments).stderr;
        assert!(said.starts_with(&nothing), "{arguments:?} {said}");
    }
    let events = project.expect(0, &["-o", "json", "down"]).stdout;
    assert!(events.contains(r#""outcome":"unchanged""#), "{events}");
    ports_are_free(&project);
}
