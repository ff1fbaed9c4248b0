//! Templates: overriding, listing, ejecting, pinning, and what is said about a broken one.

use gw::render::templates::{self, Origin};
use gw::render::{RenderError, Templates, compose};

use crate::folder::Folder;
use crate::{profiles, rendered};

fn failure(name: &str, text: &str) -> String {
    let folder = Folder::new();
    folder.put(&format!("templates/{name}"), text);
    let render =
        |templates: Templates| compose(&rendered::stack(&profiles::small()), &templates, "generated/x");
    let result = Templates::load(folder.path()).and_then(render);
    result.unwrap_err().to_string()
}

#[test]
fn an_unknown_variable_is_shown_with_template_line_and_name() {
    assert_eq!(
        failure("compose/compose.yaml.tera", "name: x\nservices:\n  a: {{ projekt | yaml }}\n"),
        "template compose/compose.yaml.tera (the project's own) cannot be used\nthe value before `yaml` is not defined\n --> compose/compose.yaml.tera:3:19\n  |\n3 |   a: {{ projekt | yaml }}\n  |                   ^^^^"
    );
}

#[test]
fn a_mistake_inside_an_included_template_names_that_template_and_who_included_it() {
    let folder = Folder::new();
    folder.put("templates/compose/compose.yaml.tera", "name: x\n{% include \"mine/services.tera\" %}\n");
    folder.put("templates/mine/services.tera", "services:\n  a: {{ service.nothing.here | yaml }}\n");
    let templates = Templates::load(folder.path()).unwrap();
    let error = compose(&rendered::stack(&profiles::small()), &templates, "generated/x").unwrap_err();
    assert_eq!(
        error.to_string(),
        "template mine/services.tera (the project's own) cannot be used\n\
         Variable `service` is not defined. Available variables: configs, networks, profile, project, secrets, \
         services, version, volumes\n --> mine/services.tera:2:9\n  |\n\
         2 |   a: {{ service.nothing.here | yaml }}\n  |         ^^^^^^^\n\n\
         note: called from compose/compose.yaml.tera:2:12\n  |\n\
         2 | {% include \"mine/services.tera\" %}\n  |            ^^^^^^^^^^^^^^^^^^^^"
    );
}

#[test]
fn a_syntax_mistake_is_found_when_templates_are_loaded() {
    assert_eq!(
        failure("gateway/nginx.conf.tera", "a\n{% if x %}\nb\n"),
        "template gateway/nginx.conf.tera (the project's own) cannot be used\nUnexpected end of input\n --> gateway/nginx.conf.tera:4:1\n  |\n4 | \n  | ^"
    );
}

#[test]
fn an_include_of_nothing_is_shown_with_its_place() {
    assert_eq!(
        failure("compose/compose.yaml.tera", "{% include \"not/there.tera\" %}"),
        "template compose/compose.yaml.tera (the project's own) cannot be used\nUnknown template `not/there.tera`\n \
         --> compose/compose.yaml.tera:1:12\n  |\n1 | {% include \"not/there.tera\" %}\n  |            ^^^^^^^^^^^^^^^^"
    );
}

#[test]
fn text_that_is_not_yaml_is_shown_with_its_line() {
    assert_eq!(
        failure("compose/compose.yaml.tera", "name: x\nservices:\n  a: [1, 2\n"),
        "template compose/compose.yaml.tera made text that is not YAML: line 3 column 6: unclosed bracket '['\n \
         --> <input>:3:6\n  |\n1 | name: x\n2 | services:\n3 |   a: [1, 2\n  |      ^ unclosed bracket '['"
    );
}

#[test]
fn a_file_without_services_is_refused() {
    assert_eq!(
        failure("compose/compose.yaml.tera", "name: x\n"),
        "template compose/compose.yaml.tera made a file without services"
    );
}

#[test]
fn an_override_changes_what_is_rendered() {
    let folder = Folder::new();
    folder.put("templates/gateway/check.sh.tera", "exit 0\n");
    let templates = Templates::load(folder.path()).unwrap();
    let result = compose(&rendered::stack(&profiles::small()), &templates, "generated/x").unwrap();
    assert!(result.files[0].text.contains("content: |\n      exit 0\n"), "{}", result.files[0].text);
}

#[test]
fn list_says_where_each_template_comes_from() {
    let folder = Folder::new();
    let path = templates::eject(folder.path(), "gateway/check.sh.tera").unwrap();
    assert_eq!(path, folder.path().join("templates/gateway/check.sh.tera"));
    folder.put("templates/stores/redis.conf.tera", "mine\n");
    let listed = templates::list(folder.path()).unwrap();
    let origin = |name: &str| listed.iter().find(|listed| listed.name == name).unwrap().origin;
    assert_eq!(origin("gateway/check.sh.tera"), Origin::Pinned);
    assert_eq!(origin("stores/redis.conf.tera"), Origin::Overridden);
    assert_eq!(origin("compose/compose.yaml.tera"), Origin::Embedded);
}

#[test]
fn eject_never_overwrites_and_names_what_there_is() {
    let folder = Folder::new();
    folder.put("templates/gateway/check.sh.tera", "mine\n");
    let error = templates::eject(folder.path(), "gateway/check.sh.tera").unwrap_err();
    assert!(matches!(error, RenderError::Exists { .. }), "{error}");
    assert_eq!(folder.get("templates/gateway/check.sh.tera"), "mine\n");
    let error = templates::eject(folder.path(), "gateway/chek.sh.tera").unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("no template is called gateway/chek.sh.tera; there are compose/compose.yaml.tera, "),
        "{error}"
    );
}

#[test]
fn pin_copies_all_but_keeps_the_projects_own_and_notes_the_version() {
    let folder = Folder::new();
    folder.put("templates/gateway/check.sh.tera", "mine\n");
    let written = templates::pin(folder.path()).unwrap();
    let listed = templates::list(folder.path()).unwrap();
    assert_eq!(written.len(), listed.len() - 1);
    assert!(listed.iter().all(|listed| listed.origin != Origin::Embedded));
    assert_eq!(folder.get("templates/gateway/check.sh.tera"), "mine\n");
    assert_eq!(templates::pinned_version(folder.path()).as_deref(), Some(gw::render::VERSION));
}
