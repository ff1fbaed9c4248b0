//! The real binary: everything that it prints, and its exit code.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;

use crate::project::{Project, shown};

/// Two files with two mistakes each.
const MISTAKES: &[(&str, &str)] = &[
    (
        "profiles/default.json",
        "{\n  \"projekt\": \"one\",\n  \"services\": \"../services.json\",\n  \"gateway\": 9999\n}\n",
    ),
    (
        "services.json",
        "{ \"services\": {\n  \"auth\": { \"image\": \"nginx:1.28\", \"port\": 90010 },\n  \"kyc\": {}\n} }\n",
    ),
];

#[test]
fn profiles_are_a_table_or_one_json_object() {
    let project = Project::new(&[]);
    assert_eq!(
        project.gw(&["profiles"]),
        "code 0\nPROFILE    PROJECT  GATEWAY  DESCRIPTION\ndefault *  one      -        One service\n---\n"
    );
    let json = r#"{"version":1,"profiles":[{"name":"default","chosen":true,"project":"one","gateway":null,"description":"One service","borrows_from":null,"mongodb":null,"redis":null,"services":["auth"],"ports":[9001],"problems":[]}]}"#;
    assert_eq!(project.gw(&["profiles", "--output", "json"]), format!("code 0\n{json}\n---\n"));
}

#[test]
fn an_unknown_profile_lists_the_known_ones() {
    let project = Project::new(&[("profiles/test.json", crate::project::PROFILE)]);
    assert_eq!(
        project.gw(&["-p", "tset", "generate"]),
        "code 3\n---\nerror: profiles/tset.json:1:1: unknown profile `tset`\n    did you mean `test`? Known profiles: default, test\n"
    );
}

#[test]
fn every_mistake_of_every_file_is_told_with_its_place() {
    let project = Project::new(MISTAKES);
    assert_eq!(
        project.gw(&["generate"]),
        "code 3\n---\nerror: profiles/default.json:2:3: projekt: unknown key\n    did you mean `project`?\n\
         error: profiles/default.json:4:14: gateway: expected an object, found the number 9999\n\
         error: services.json:2:44: services.auth.port: 90010 is out of range: expected 1 to 65535\n\
         error: services.json:3:3: services.kyc: service `kyc` has neither `image` nor `build`\n"
    );
    assert!(!project.root.join("generated").exists());
}

#[test]
fn mistakes_in_json_are_one_object() {
    let project = Project::new(MISTAKES);
    assert_eq!(
        project.gw(&["-o", "json", "generate"]),
        concat!(
            "code 3\n",
            r#"{"version":1,"event":"error","code":3,"problems":["#,
            r#"{"file":"profiles/default.json","line":2,"column":3,"path":"projekt","message":"unknown key","hint":"did you mean `project`?"},"#,
            r#"{"file":"profiles/default.json","line":4,"column":14,"path":"gateway","message":"expected an object, found the number 9999"},"#,
            r#"{"file":"services.json","line":2,"column":44,"path":"services.auth.port","message":"90010 is out of range: expected 1 to 65535"},"#,
            r#"{"file":"services.json","line":3,"column":3,"path":"services.kyc","message":"service `kyc` has neither `image` nor `build`"}]}"#,
            "\n---\n"
        )
    );
}

#[test]
fn mistakes_in_an_image_map_have_their_places() {
    let project =
        Project::new(&[("images.json", "{ \"images\": { \"nginx:1.28\": 3 }, \"miror\": \"m/\" }\n")]);
    assert_eq!(
        project.gw(&["generate"]),
        "code 3\n---\nerror: images.json:1:29: images[\"nginx:1.28\"]: expected a string, found the number 3\n    write \"3\"\n\
         error: images.json:1:34: miror: unknown key\n    did you mean `mirror`?\n"
    );
}

#[test]
fn the_projects_image_map_is_rendered_and_one_of_the_command_line_stays_out_of_what_is_committed() {
    let map = |to: &str| format!("{{ \"images\": {{ \"nginx:1.28\": \"{to}\" }} }}\n");
    let project = Project::new(&[
        ("images.json", &map("own.test/nginx:1")),
        ("other.json", &map("other.test/nginx:2")),
    ]);
    let text = |path: &str| std::fs::read_to_string(project.root.join(path)).expect("the file was rendered");
    let committed = "generated/default/compose.yaml";
    assert_eq!(project.gw(&["generate"]), format!("code 0\n---\nnote: wrote {committed}\n"));
    let own = text(committed);
    assert!(own.contains("    image: own.test/nginx:1\n"), "{own}");
    assert!(!project.root.join(".gw/generated").exists());
    let said = project.gw(&["--image-map", "other.json", "generate"]);
    assert_eq!(said, format!("code 0\n---\nnote: wrote .gw/{committed}\n"));
    let other = text(&format!(".gw/{committed}"));
    assert!(other.contains("    image: other.test/nginx:2\n") && !other.contains("own.test"), "{other}");
    assert_eq!(text(committed), own);
    assert_eq!(project.gw(&["generate", "--check"]), "code 0\n---\n");
}

#[test]
fn a_file_that_this_user_may_not_read_is_named() {
    let project = Project::new(&[]);
    let file = project.root.join("services.json");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o000)).expect("the mode can be set");
    // The build folder may be closed to others.
    let program = project.root.join("gw");
    // In a process of its own: a program that another thread forks now would hold a file that is open for writing here.
    let copied = std::process::Command::new("cp").arg(env!("CARGO_BIN_EXE_gw")).arg(&program).status();
    assert!(copied.expect("cp runs").success());
    let mut command = project.command(&program, &["generate"]);
    if rustix::process::geteuid().is_root() {
        command.uid(65534).gid(65534);
    }
    assert_eq!(
        shown(&mut command),
        "code 3\n---\nerror: profiles/default.json:1:63: services: the file services.json cannot be read: permission denied\n"
    );
}

#[test]
fn an_unknown_service_lists_the_known_ones() {
    assert_eq!(
        Project::new(&[]).gw(&["up", "nope"]),
        "code 2\n---\nerror: no service \"nope\" in profile default; it has auth\n\
         hint: `gw profiles` and `gw status` show what there is\n"
    );
}

#[test]
fn an_unknown_flag_is_answered_with_the_nearest_one() {
    assert_eq!(
        Project::new(&[]).gw(&["up", "--no-dep"]),
        "code 2\n---\nerror: unexpected argument '--no-dep' found\n\n  tip: a similar argument exists: '--no-deps'\n\n\
         Usage: gw up --no-deps [SERVICE]...\n\nFor more information, try '--help'.\n"
    );
}

#[test]
fn the_version_and_the_completions_need_no_project() {
    let project = Project::new(&[]);
    std::fs::remove_dir_all(project.root.join("profiles")).expect("it was there");
    assert_eq!(project.gw(&["--version"]), concat!("code 0\ngw ", env!("CARGO_PKG_VERSION"), "\n---\n"));
    let script = project.gw(&["completions", "bash"]);
    assert!(script.starts_with("code 0\n_gw() {") && script.contains("--dry-run"), "{script}");
}

#[test]
fn the_schemas_are_those_in_the_repository() {
    let project = Project::new(&[]);
    for kind in ["profile", "services", "infra"] {
        let file = format!("{}/schema/{kind}.schema.json", env!("CARGO_MANIFEST_DIR"));
        let committed = std::fs::read_to_string(&file).expect("the schema is committed");
        assert_eq!(project.gw(&["schema", kind]), format!("code 0\n{committed}---\n"));
    }
}

#[test]
fn generate_writes_once_and_check_tells_what_differs() {
    let project = Project::new(&[]);
    assert_eq!(project.gw(&["generate"]), "code 0\n---\nnote: wrote generated/default/compose.yaml\n");
    assert_eq!(project.gw(&["generate", "--check"]), "code 0\n---\n");
    assert_eq!(
        project.gw(&["generate"]),
        "code 0\n---\nnote: generated/default/compose.yaml is up to date\n"
    );
    project.write("generated/default/compose.yaml", "services: {}\n");
    assert_eq!(
        project.gw(&["generate", "--check"]),
        "code 10\n---\nerror: generated/default/compose.yaml:1: differs\n      file:     services: {}\n      rendered: # Rendered by gw \
         from profile default; change the profile or a template instead, then: gw generate -p default\n\
         hint: run `gw generate` and commit what it writes\n"
    );
    std::fs::remove_file(project.root.join("generated/default/compose.yaml")).expect("it was there");
    assert_eq!(
        project.gw(&["generate", "--check"]),
        "code 10\n---\nerror: generated/default/compose.yaml: missing\nhint: run `gw generate` and commit what it writes\n"
    );
}

#[test]
fn templates_are_listed_with_where_they_come_from() {
    let project = Project::new(&[("templates/gateway/nginx.conf.tera", "")]);
    let listed = project.gw(&["templates", "list"]);
    assert!(
        listed.starts_with(
            "code 0\nTEMPLATE                         FROM\ncompose/compose.yaml.tera        gw\n"
        ),
        "{listed}"
    );
    let overridden =
        listed.lines().find(|line| line.starts_with("gateway/nginx.conf.tera")).expect("it is listed");
    assert_eq!(overridden, "gateway/nginx.conf.tera          templates/gateway/nginx.conf.tera");
}

#[test]
fn without_an_engine_commands_end_with_4_and_a_hint() {
    let project = Project::new(&[]);
    let message = "the engine does not answer: Socket not found: /nonexistent/docker.sock \
                   (at unix:///nonexistent/docker.sock, from DOCKER_HOST)";
    let hint = "is Docker running? `gw doctor` checks what gw needs";
    for command in ["up", "status", "down", "stop", "ports", "health"] {
        assert_eq!(
            project.gw(&[command]),
            format!("code 4\n---\nerror: {message}\nhint: {hint}\n"),
            "{command}"
        );
    }
    let json = format!(
        r#"{{"version":1,"event":"error","code":4,"problems":[{{"message":"{message}"}}],"hint":"{hint}"}}"#
    );
    assert_eq!(project.gw(&["-o", "json", "status"]), format!("code 4\n{json}\n---\n"));
}

#[test]
fn a_timeline_that_could_not_be_written_ends_with_2_before_anything_is_done() {
    let project = Project::new(&[]);
    for (file, expected) in [
        ("up.png", "`--timeline up.png`: a file that ends in .svg, .html or .json is expected"),
        ("nowhere/up.svg", "there is no folder nowhere for `--timeline nowhere/up.svg`"),
        ("profiles/..", "`--timeline profiles/..`: a file that ends in .svg, .html or .json is expected"),
    ] {
        for command in ["up", "fresh"] {
            assert_eq!(
                project.gw(&[command, "--timeline", file]),
                format!("code 2\n---\nerror: {expected}\n"),
                "{command}"
            );
        }
    }
    assert!(!project.root.join(".gw").exists());
}

#[test]
fn a_timeline_is_written_also_without_an_engine() {
    let project = Project::new(&[]);
    let said = project.gw(&["up", "--timeline", "up.json"]);
    assert!(said.starts_with("code 4\n---\ntimeline: up.json\nerror: the engine does not answer"), "{said}");
    let text = std::fs::read_to_string(project.root.join("up.json")).expect("it was written");
    let timeline: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(timeline["outcome"], "failed");
    assert_eq!(timeline["rows"], serde_json::json!([]));
}
