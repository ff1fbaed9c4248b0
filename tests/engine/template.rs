//! What the user changes in a template or patches into a service is what runs.

use serde_json::json;

use crate::harness::{Project, sample};
use crate::repository::plain;

fn one(more: serde_json::Value) -> Project {
    let project = Project::new(json!({}));
    let services = json!({ "services": { "auth": sample(project.port, more) } });
    project.write("services.json", &services.to_string());
    project
}

/// `templates eject` copies one template, `list` says whose each is, `pin` copies the rest and leaves the user's alone.
#[test]
fn templates_are_listed_ejected_and_pinned() {
    let project = one(json!({}));
    let listed = project.expect(0, &["templates", "list"]).stdout;
    assert!(
        listed.contains("compose/compose.yaml.tera") && listed.contains("gateway/nginx.conf.tera"),
        "{listed}"
    );
    assert!(!listed.contains("templates/"), "nothing is overridden yet: {listed}");
    let said = project.expect(0, &["templates", "eject", "gateway/nginx.conf.tera"]);
    assert!(said.stderr.contains("templates/gateway/nginx.conf.tera"), "{}", said.stderr);
    let said = project.expect(3, &["templates", "eject", "gateway/nginx.conf.tera"]);
    assert!(said.stderr.contains("templates/gateway/nginx.conf.tera"), "{}", said.stderr);
    let said = project.expect(3, &["templates", "eject", "gateway/nginx.conf"]);
    assert!(said.stderr.contains("gateway/nginx.conf.tera"), "the known ones are named: {}", said.stderr);

    let path = project.root.join("templates/gateway/nginx.conf.tera");
    let mine = format!("# mine\n{}", std::fs::read_to_string(&path).expect("it was written"));
    project.write("templates/gateway/nginx.conf.tera", &mine);
    project.expect(0, &["templates", "pin"]);
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), mine);
    let listed = project.expect(0, &["templates", "list"]).stdout;
    let line =
        |name: &str| listed.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("{listed}"));
    assert!(!line("gateway/nginx.conf.tera").contains("pinned"), "{listed}");
    assert!(line("stores/redis.conf.tera").contains("(pinned, the same as gw's)"), "{listed}");
}

/// A label that the user adds in a template of their own reaches the running container, and only what it changed is replaced.
#[test]
fn a_label_of_the_users_template_reaches_the_container() {
    let project = one(json!({}));
    project.expect(0, &["up"]);
    let before = project.id("auth");
    project.expect(0, &["templates", "eject", "compose/compose.yaml.tera"]);
    project.expect(0, &["up"]);
    assert_eq!(project.id("auth"), before, "an unchanged template changes nothing");
    let path = "templates/compose/compose.yaml.tera";
    let text = std::fs::read_to_string(project.root.join(path)).expect("it was written");
    let changed =
        text.replacen("    labels:\n", "    labels:\n      team: {{ service.gw.name | upper | yaml }}\n", 1);
    assert_ne!(text, changed);
    project.write(path, &changed);
    project.expect(0, &["up"]);
    assert_ne!(project.id("auth"), before, "its configuration changed");
    let label =
        project.docker(&["inspect", "--format", "{{index .Config.Labels \"team\"}}", &project.id("auth")]);
    assert_eq!(label.stdout, "AUTH\n");
}

/// A mistake in a template of the user's ends 3 with its name and line, and what runs stays.
#[test]
fn a_broken_template_changes_nothing() {
    let project = one(json!({}));
    plain(&project, 0, &["generate"]);
    let file = project.root.join("generated/default/compose.yaml");
    let before = std::fs::read_to_string(&file).expect("it was written");
    project.expect(0, &["templates", "eject", "compose/compose.yaml.tera"]);
    let path = "templates/compose/compose.yaml.tera";
    let text = std::fs::read_to_string(project.root.join(path)).expect("it was written");
    let line = 1 + text.lines().position(|line| line == "    labels:").expect("the template has labels");
    for (mistake, expected) in [
        ("      team: {{ service.nothing }}", format!("compose/compose.yaml.tera:{}:", line + 1)),
        ("      team: {{ oops", "compose/compose.yaml.tera:".to_owned()),
        ("    no_such_key: 1", "no_such_key".to_owned()),
        ("      - a list", String::new()),
    ] {
        project.write(path, &text.replacen("    labels:\n", &format!("    labels:\n{mistake}\n"), 1));
        let said = plain(&project, 3, &["generate"]);
        assert!(said.stderr.contains(&expected), "{mistake}: {}", said.stderr);
        assert_eq!(std::fs::read_to_string(&file).expect("it is there"), before, "{mistake}");
    }
}

/// The escape hatch reaches the container: a field that gw has no word for, another value, and `null` for none.
#[test]
fn a_patch_of_the_users_reaches_the_container() {
    let project =
        one(json!({ "compose": { "cap_add": ["SYS_PTRACE"], "hostname": "patched", "healthcheck": null } }));
    project.expect(0, &["up"]);
    let format = "{{.HostConfig.CapAdd}} {{.Config.Hostname}} {{.Config.Healthcheck}}";
    let found = project.docker(&["inspect", "--format", format, &project.id("auth")]);
    assert!(
        ["[SYS_PTRACE] patched <nil>\n", "[CAP_SYS_PTRACE] patched <nil>\n"].contains(&found.stdout.as_str()),
        "{}",
        found.stdout
    );
    let project = one(json!({ "compose": { "cap_ad": ["SYS_PTRACE"] } }));
    let said = project.expect(3, &["up"]);
    assert!(said.stderr.contains("cap_ad"), "{}", said.stderr);
    assert_eq!(project.containers(), Vec::<String>::new());
}
