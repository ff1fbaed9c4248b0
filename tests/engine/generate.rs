//! `gw generate`: the same bytes each time, whole files only, and files that plain Compose runs.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::harness::{Project, sample};
use crate::repository::{EIGHT, compose, copied, five_work_behind, here, moved, plain, rendered};

const FOUR: [&str; 4] = ["combo", "default", "shared", "test"];

fn text(project: &Project, path: &str) -> String {
    std::fs::read_to_string(project.root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn committed(profile: &str) -> String {
    std::fs::read_to_string(here().join(file(profile))).expect("the file is committed")
}

fn file(profile: &str) -> String {
    format!("generated/{profile}/compose.yaml")
}

/// In any folder the four profiles give the committed bytes, again and again, and `--check` agrees, until somebody touches a file:
/// then it ends 10, names file and line, and changes nothing.
#[test]
fn the_four_profiles_give_the_committed_files_byte_for_byte() {
    let project = copied();
    let said = plain(&project, 0, &["generate", "--all"]);
    assert_eq!(said.stdout, "");
    for profile in FOUR {
        assert!(said.stderr.contains(&format!("wrote {}", file(profile))), "{}", said.stderr);
        assert!(
            text(&project, &file(profile)) == committed(profile),
            "{profile} differs from what is committed"
        );
    }
    let again = plain(&project, 0, &["generate", "--all"]);
    for profile in FOUR {
        assert!(again.stderr.contains(&format!("{} is up to date", file(profile))), "{}", again.stderr);
        assert!(text(&project, &file(profile)) == committed(profile), "{profile} differs the second time");
    }
    let checked = plain(&project, 0, &["generate", "--all", "--check"]);
    assert_eq!(checked.stdout, "");

    let touched = committed("test").replacen("    image: mongo:8.0\n", "    image: mongo:7.0\n", 1);
    let line =
        1 + touched.lines().position(|line| line == "    image: mongo:7.0").expect("the line is there");
    project.write(&file("test"), &touched);
    std::fs::remove_file(project.root.join(file("combo"))).expect("the file can be removed");
    let checked = plain(&project, 10, &["generate", "--all", "--check"]);
    for expected in [
        format!("{}:{line}: differs\n", file("test")),
        "image: mongo:7.0\n".to_owned(),
        "image: mongo:8.0\n".to_owned(),
        format!("{}: missing\n", file("combo")),
    ] {
        assert!(checked.stderr.contains(&expected), "{expected}\n{}", checked.stderr);
    }
    assert!(text(&project, &file("test")) == touched, "--check changed a file");
    assert!(!project.root.join(file("combo")).exists(), "--check wrote a file");
    plain(&project, 0, &["generate", "--check"]);
    plain(&project, 10, &["generate", "--check", "-p", "test"]);
    plain(&project, 0, &["generate", "-p", "test"]);
    plain(&project, 0, &["generate", "--check", "-p", "test"]);
}

/// `--check` makes nothing, not even a secret; `generate` makes each secret once, for its owner's eyes only, and in no file that is
/// committed.
#[test]
fn secrets_are_made_once_and_are_in_no_rendered_file() {
    let project = copied();
    plain(&project, 10, &["generate", "--all", "--check"]);
    assert!(!project.root.join(".gw/secrets").exists(), "--check made secrets");
    plain(&project, 0, &["generate", "--all"]);
    let env = text(&project, ".gw/secrets/shared/env");
    let values: Vec<&str> =
        env.lines().filter_map(|line| line.split_once('=')).map(|(_, value)| value).collect();
    assert_eq!(values.len(), 4, "two passwords of MongoDB's, its key, and Redis's");
    for profile in FOUR {
        let text = text(&project, &file(profile));
        assert!(values.iter().all(|value| !text.contains(value)), "a secret is in {}", file(profile));
        let mode =
            |path: &str| std::fs::metadata(project.root.join(path)).expect("it is there").mode() & 0o777;
        assert_eq!(mode(&format!(".gw/secrets/{profile}")), 0o700);
        assert_eq!(mode(&format!(".gw/secrets/{profile}/env")), 0o600);
    }
    plain(&project, 0, &["generate", "--all"]);
    assert_eq!(text(&project, ".gw/secrets/shared/env"), env);
}

/// Every rendered file is one that plain Compose takes: the four profiles, and the four combinations of store modes.
#[test]
fn compose_accepts_every_rendered_file() {
    let project = copied();
    for (first, mongodb) in
        [("single", json!({ "mode": "single" })), ("replica", json!({ "mode": "replicaSet", "members": 3 }))]
    {
        for (second, redis) in [
            ("single", json!({ "mode": "single" })),
            ("sentinel", json!({ "mode": "sentinel", "replicas": 2, "sentinels": 3 })),
        ] {
            let (mut mongodb, mut redis) = (mongodb.clone(), redis.clone());
            (mongodb["auth"], mongodb["port"]) = (json!(true), json!(27019));
            (redis["auth"], redis["port"]) = (json!(true), json!(6381));
            let profile = json!({
                "project": "modes", "services": "../services.shared.json", "gateway": { "port": 9996, "default": "auth" },
                "infrastructure": { "mongodb": mongodb, "redis": redis },
            });
            project.write(&format!("profiles/{first}-{second}.json"), &profile.to_string());
        }
    }
    plain(&project, 0, &["generate", "--all"]);
    let combinations = ["single-single", "single-sentinel", "replica-single", "replica-sentinel"];
    for profile in FOUR.into_iter().chain(combinations) {
        let said = compose(&project, profile, Path::new(&file(profile)), &["config", "-q"]);
        assert_eq!((said.stdout.as_str(), said.stderr.as_str()), ("", ""), "{profile}");
    }
}

/// A file is replaced by another one, never written over: who reads it meanwhile has the old or the new text, whole; and one that
/// stays the same is not touched.
#[test]
fn a_file_is_replaced_whole() {
    let project = copied();
    let path = project.root.join(file("default"));
    let profile = |port: u16| json!({ "project": "ms", "services": "../services.dev.json", "gateway": { "port": port } });
    let render = |port: u16| {
        project.write("profiles/default.json", &profile(port).to_string());
        plain(&project, 0, &["generate"]);
        (
            std::fs::read_to_string(&path).expect("it is there"),
            std::fs::metadata(&path).expect("it is there").ino(),
        )
    };
    let (one, first) = render(9100);
    assert_eq!(render(9100), (one.clone(), first), "the same text is left alone");
    let (other, second) = render(9200);
    assert_ne!(first, second, "another text is another file");
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let mut reads = 0;
            while !done.load(Ordering::Relaxed) {
                let read = std::fs::read_to_string(&path).expect("it is always there");
                assert!(read == one || read == other, "half a file of {} bytes", read.len());
                reads += 1;
            }
            reads
        });
        for port in [9100, 9200].into_iter().cycle().take(20) {
            render(port);
        }
        done.store(true, Ordering::Relaxed);
        assert!(reading.join().expect("every read was whole") > 20);
    });
    let beside: Vec<_> =
        std::fs::read_dir(project.root.join("generated/default")).expect("it is there").collect();
    assert_eq!(beside.len(), 1, "{beside:?}");
}

/// A profile for another gw is refused, with both versions and the place.
#[test]
fn a_profile_for_another_gw_is_refused() {
    let project =
        Project::with(json!({ "gw": ">=9" }), json!({ "services": { "auth": sample(20_000, json!({})) } }));
    let version = env!("CARGO_PKG_VERSION");
    for arguments in [&["generate"][..], &["generate", "--check"], &["up"]] {
        let said = project.expect(3, arguments);
        assert!(said.stderr.contains("profiles/default.json:1:"), "{}", said.stderr);
        let expected = format!("this profile is for gw >=9, and this is gw {version}");
        assert!(said.stderr.contains(&expected), "{}", said.stderr);
    }
    assert!(!project.root.join("generated").exists());
}

/// Without gw, from the files alone: `docker compose up --wait` brings the profiles default and test up, healthy, and the gateway
/// leads to each of the five services.
#[test]
fn compose_alone_brings_default_and_test_up() {
    for profile in ["default", "test"] {
        let project = copied();
        let gateway = moved(&project, profile);
        project.expect(0, &["generate", "-p", profile]);
        compose(&project, profile, &rendered(profile), &["up", "--wait", "--quiet-pull"]);
        let format = ["ps", "--format", "{{.Service}} {{.Health}}"];
        let listed = compose(&project, profile, &rendered(profile), &format).stdout;
        let mut states: Vec<&str> = listed.lines().collect();
        states.sort_unstable();
        assert_eq!(states, EIGHT.map(|component| format!("{component} healthy")));
        five_work_behind(gateway);
    }
}
