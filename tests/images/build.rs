//! Builds: what they make, what of the context they see, how they fail and end.

use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::time::{Duration, SystemTime};

use gw::engine::docker::build::{BuildOptions, BuildResult, Builder, build};
use gw::engine::docker::build_failure::BuildFailure;
use gw::engine::docker::credentials::Credentials;
use gw::plan::desired::Build;

use crate::engine::{Events, Place, base, docker, output, run};

async fn built(place: &Place, build_of: &Build, options: &BuildOptions) -> Result<BuildResult, BuildFailure> {
    build(&docker(), &place.name, build_of, options, &Credentials::default(), &|_| ()).await
}

/// The text of a file in an image.
fn file(image: &str, path: &str) -> String {
    let container = output(&["create", "--name", &format!("{image}-file"), image, "none"]);
    let archive = run(&["cp", &format!("{container}:{path}"), "-"]).stdout;
    output(&["rm", &container]);
    let mut archive = tar::Archive::new(&archive[..]);
    let mut entries = archive.entries().expect("entries");
    let entry = entries.next().expect("a file").expect("an entry");
    std::io::read_to_string(entry).expect("text")
}

/// The paths in an image.
fn paths(image: &str) -> Vec<String> {
    let container = output(&["create", "--name", &format!("{image}-paths"), image, "none"]);
    let archive = run(&["export", &container]).stdout;
    output(&["rm", &container]);
    let mut archive = tar::Archive::new(&archive[..]);
    let entries = archive.entries().expect("entries").map(|entry| entry.expect("an entry"));
    let paths = entries.map(|entry| entry.path().expect("a path").display().to_string());
    paths.filter(|path| path.starts_with("in/")).collect()
}

#[tokio::test]
async fn second_build_of_the_same_files_gives_the_same_image() {
    for builder in [Builder::Engine, Builder::Classic] {
        let place = Place::new("cached");
        place.write("Dockerfile", "FROM scratch\nCOPY text /text\nLABEL a=b\n");
        let text = place.write("text", &place.name);
        let labels = BTreeMap::from([("gw.owner".to_owned(), place.name.clone())]);
        let options = BuildOptions { labels, builder, ..BuildOptions::default() };
        let first = built(&place, &place.build(), &options).await.expect("an image");
        let inspected = output(&["image", "inspect", "--format", "{{.Id}} {{.Config.Labels}}", &place.name]);
        assert_eq!(inspected, format!("{} map[a:b gw.owner:{}]", first.image_id, place.name));
        // Another checkout of the same files: other times, another owner.
        let file = std::fs::File::options().write(true).open(&text).expect("the file");
        file.set_modified(SystemTime::now() - Duration::from_secs(86_400)).expect("a time");
        // Only root may give files away; for others the time has to do.
        let _ = chown(&text, Some(12_345), Some(12_345));
        let second = built(&place, &place.build(), &options).await.expect("an image");
        assert_eq!(first, second, "{builder:?}");
        place.write("text", "other");
        let third = built(&place, &place.build(), &options).await.expect("an image");
        assert_ne!(first, third, "{builder:?}");
    }
}

#[tokio::test]
async fn arguments_target_and_network_arrive() {
    let (place, base) = (Place::new("arguments"), base());
    let dockerfile = format!(
        "FROM {base} AS wanted\nARG GREETING=none\nRUN echo $GREETING > /greeting && cat /etc/hostname /proc/net/dev > \
         /net\nFROM wanted\nRUN false\n"
    );
    place.write("Dockerfile", &dockerfile);
    let build = Build {
        target: Some("wanted".to_owned()),
        args: BTreeMap::from([("GREETING".to_owned(), place.name.clone())]),
        network: Some("host".to_owned()),
        ..place.build()
    };
    built(&place, &build, &BuildOptions::default()).await.expect("an image");
    assert_eq!(file(&place.name, "/greeting").trim(), place.name);
    assert!(file(&place.name, "/net").contains("docker0"), "the host's network has the engine's bridge");
}

#[tokio::test]
async fn dockerignore_decides_what_the_build_sees() {
    for builder in [Builder::Engine, Builder::Classic] {
        let place = Place::new("ignored");
        place.write("Dockerfile", "FROM scratch\nCOPY . /in\n");
        place.write(".dockerignore", "# secrets\n**/*.key\nnode_modules\n!keep.key\n*.md\n!README.md\n");
        for path in
            ["a.key", "deep/er/b.key", "keep.key", "node_modules/x/y", "README.md", "NOTES.md", "src/main"]
        {
            place.write(path, path);
        }
        let main = place.folder.join("src/main");
        std::fs::set_permissions(&main, std::fs::Permissions::from_mode(0o750)).expect("a mode");
        std::os::unix::fs::symlink("main", place.folder.join("src/link")).expect("a link");
        let options = BuildOptions { builder, ..BuildOptions::default() };
        built(&place, &place.build(), &options).await.expect("an image");
        assert_eq!(
            paths(&place.name),
            [
                "in/",
                "in/.dockerignore",
                "in/Dockerfile",
                "in/README.md",
                "in/deep/",
                "in/deep/er/",
                "in/keep.key",
                "in/src/",
                "in/src/link",
                "in/src/main",
            ],
            "{builder:?}"
        );
    }
}

#[tokio::test]
async fn failure_shows_step_output_and_hint() {
    for (builder, step) in [
        (Builder::Engine, "[2/2] RUN for i in $(seq 50); do echo line $i; done; echo broken >&2; exit 3"),
        (
            Builder::Classic,
            "Step 2/2 : RUN for i in $(seq 50); do echo line $i; done; echo broken >&2; exit 3",
        ),
    ] {
        let place = Place::new("fails");
        let run = "for i in $(seq 50); do echo line $i; done; echo broken >&2; exit 3";
        place.write("Dockerfile", &format!("FROM {}\nRUN {run}\n", base()));
        let build_of = Build { hint: Some("call the author".to_owned()), ..place.build() };
        let events = Events::default();
        let options = BuildOptions { builder, no_cache: true, ..BuildOptions::default() };
        let failed =
            build(&docker(), &place.name, &build_of, &options, &Credentials::default(), &events.sink()).await;
        let failure = failed.expect_err("a failure");
        assert_eq!(failure.step.as_deref(), Some(step));
        assert!(
            failure.problem.to_string().ends_with(": exit code: 3") || builder == Builder::Classic,
            "{failure}"
        );
        assert_eq!(failure.output.len(), 40);
        assert_eq!(failure.to_string().lines().last(), Some("  call the author"));
        for told in ["> line 1", "> broken", step] {
            assert!(events.told().contains(&told.to_owned()), "{told} in {:?}", events.told());
        }
    }
}

#[tokio::test]
async fn missing_sample_binary_names_how_to_get_it() {
    let place = Place::new("sample");
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/sample-service");
    std::fs::copy(example.join("Dockerfile"), place.folder.join("Dockerfile")).expect("the Dockerfile");
    let hint = "run examples/sample-service/build first";
    let build = Build { hint: Some(hint.to_owned()), ..place.build() };
    let text = "building NAME failed: \"/WHAT\": not found\n  in [1/1] COPY bin/sample-service /sample-service\n  HINT";
    let failure = built(&place, &build, &BuildOptions::default()).await.expect_err("a failure");
    let text = text.replace("HINT", hint);
    assert_eq!(failure.to_string().replace(&place.name, "NAME"), text.replace("WHAT", "bin"));
    std::fs::create_dir(place.folder.join("bin")).expect("a folder");
    let failure = built(&place, &build, &BuildOptions::default()).await.expect_err("a failure");
    assert_eq!(failure.to_string().replace(&place.name, "NAME"), text.replace("WHAT", "bin/sample-service"));
}

#[tokio::test]
async fn mistakes_in_the_dockerfile_are_the_builds() {
    let place = Place::new("syntax");
    place.write("Dockerfile", "FROM scratch\nNONSENSE\n");
    let failure = built(&place, &place.build(), &BuildOptions::default()).await.expect_err("a failure");
    assert_eq!(
        failure.to_string().replace(&place.name, "NAME"),
        "building NAME failed: dockerfile parse error on line 2: unknown instruction: NONSENSE"
    );
    let missing = Build { context: place.folder.join("missing"), ..place.build() };
    let failure = built(&place, &missing, &BuildOptions::default()).await.expect_err("a failure");
    assert_eq!(
        failure.to_string(),
        format!(
            "building {} failed: the build context {} does not exist",
            place.name,
            missing.context.display()
        )
    );
}

#[tokio::test]
async fn builds_run_side_by_side() {
    let (one, two) = (Place::new("one"), Place::new("two"));
    for place in [&one, &two] {
        place.write("Dockerfile", &format!("FROM {1}\nRUN sleep 2 && echo {0} > /{0}\n", place.name, base()));
    }
    let options = BuildOptions { no_cache: true, ..BuildOptions::default() };
    let (build_one, build_two) = (one.build(), two.build());
    let both = async { tokio::join!(built(&one, &build_one, &options), built(&two, &build_two, &options)) };
    let (first, second) = both.await;
    assert_ne!(first.expect("an image"), second.expect("an image"));
    assert_eq!(file(&one.name, &format!("/{}", one.name)).trim(), one.name);
}

#[tokio::test]
async fn dropped_build_ends_on_the_engine() {
    for builder in [Builder::Engine, Builder::Classic] {
        let place = Place::new("dropped");
        // The number is the mark by which its process is found on this machine.
        let mark = format!(
            "{}",
            1_000_000 + std::process::id() % 100_000 * 10 + u32::from(builder == Builder::Classic)
        );
        place.write("Dockerfile", &format!("FROM {}\nRUN sleep {mark}\n", base()));
        let options = BuildOptions { builder, no_cache: true, ..BuildOptions::default() };
        let build_of = place.build();
        {
            let mut running = Box::pin(built(&place, &build_of, &options));
            let started = tokio::time::timeout(Duration::from_secs(60), async {
                loop {
                    tokio::select! {
                        ended = &mut running => panic!("ended: {ended:?}"),
                        () = tokio::time::sleep(Duration::from_millis(100)) => {}
                    }
                    if sleeps(&mark) {
                        break;
                    }
                }
            });
            started.await.expect("the step runs");
        }
        let gone = tokio::time::timeout(Duration::from_secs(60), async {
            while sleeps(&mark) {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        gone.await.unwrap_or_else(|_| panic!("{builder:?}: the step still runs"));
    }
}

fn sleeps(mark: &str) -> bool {
    let processes = std::fs::read_dir("/proc").expect("processes");
    let mut commands = processes.filter_map(|entry| std::fs::read(entry.ok()?.path().join("cmdline")).ok());
    commands.any(|command| command == format!("sleep\0{mark}\0").into_bytes())
}
