//! Files that cannot be taken in at all; each error is compared as a whole.

use std::fs::File;
use std::time::{Duration, Instant};

use super::project::Project;
use crate::profile::read_env_file;

const PROFILE: &str = "{ \"project\": \"p\", \"services\": \"../s.json\" }";

#[test]
fn unknown_profile_names_the_known_and_the_nearest() {
    let project = Project::with(&[("profiles/default.json", PROFILE), ("profiles/test.json", PROFILE)]);
    project.write("profiles/test.local.json", b"{}");
    assert_eq!(
        project.error("defualt"),
        "profiles/defualt.json:1:1: unknown profile `defualt`\n    did you mean `default`? Known profiles: default, test"
    );
    assert_eq!(
        project.error("staging"),
        "profiles/staging.json:1:1: unknown profile `staging`\n    known profiles: default, test"
    );
}

#[test]
fn project_instead_of_profile_is_told_apart() {
    let project = Project::with(&[
        ("profiles/default.json", "{ \"project\": \"ms\", \"services\": \"s.json\" }"),
        ("profiles/shared.json", "{ \"services\": \"s.json\", \"infra\": \"../i.json\" }"),
        ("i.json", "{ \"project\": \"common\" }"),
    ]);
    assert_eq!(
        project.error("ms"),
        "profiles/ms.json:1:1: there is no profile `ms`: `ms` is the project of profile `default`\n    write --profile default"
    );
    assert_eq!(
        project.error("common"),
        "profiles/common.json:1:1: there is no profile `common`: `common` is the project of profile `shared`\n    write --profile shared"
    );
}

#[test]
fn profiles_by_path() {
    let project = Project::with(&[("other.json", "{ \"project\": \"o\", \"services\": \"s.json\" }")]);
    project.write("s.json", b"{ \"services\": {} }");
    let profile = crate::profile::load(project.root(), "other.json").unwrap();
    assert_eq!((profile.name.as_str(), profile.project.as_str()), ("other", "o"));
    assert_eq!(project.error("nope.json"), "nope.json:1:1: the file does not exist");
    assert_eq!(
        project.error("../x/A b.json"),
        "profiles/../x/A b.json.json:1:1: `A b` is not a name for a profile\n    use lower-case letters, digits, `-` and `_`"
    );
}

#[test]
fn names_do_not_leave_the_folder() {
    let project = Project::with(&[("secret.json", "{}")]);
    assert_eq!(
        project.error("../secret"),
        "profiles/../secret.json:1:1: unknown profile `../secret`\n    there are no profiles here: gw reads profiles/NAME.json"
    );
}

#[test]
fn missing_services_file_is_an_error_of_who_names_it() {
    let project = Project::with(&[("profiles/p.json", PROFILE)]);
    assert_eq!(project.error("p"), "profiles/p.json:1:31: services: the file s.json does not exist");
}

#[test]
fn empty_files() {
    let project = Project::with(&[("profiles/p.json", PROFILE), ("s.json", " \n"), ("profiles/q.json", "")]);
    let hint = "\n    it must hold one JSON object: { ... }";
    assert_eq!(project.error("p"), format!("s.json:1:1: the file is empty{hint}"));
    assert_eq!(project.error("q"), format!("profiles/q.json:1:1: the file is empty{hint}"));
}

#[test]
fn byte_that_is_not_utf8() {
    let project = Project::with(&[("profiles/p.json", PROFILE)]);
    project.write("s.json", b"{\n  \"services\": { \"\xc3\xa4\": \"\xff\" } }");
    assert_eq!(project.error("p"), "s.json:2:23: the byte 0xff is not UTF-8\n    save the file as UTF-8");
}

#[test]
fn byte_order_mark() {
    let project = Project::with(&[("profiles/p.json", "\u{feff}{}")]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:1:1: the file starts with a byte order mark, which JSON does not allow\n    save it as UTF-8 without BOM"
    );
}

#[test]
fn folder_instead_of_a_file() {
    let project = Project::with(&[("profiles/p.json", PROFILE)]);
    std::fs::create_dir(project.root().join("s.json")).unwrap();
    std::fs::create_dir(project.root().join("profiles/q.json")).unwrap();
    assert_eq!(project.error("p"), "profiles/p.json:1:31: services: the file s.json is a folder, not a file");
    assert_eq!(project.error("q"), "profiles/q.json:1:1: the file is a folder, not a file");
}

#[test]
fn device_is_not_read() {
    let project =
        Project::with(&[("profiles/p.json", "{ \"project\": \"p\", \"services\": \"/dev/zero\" }")]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:1:31: services: the file /dev/zero is not a regular file"
    );
}

#[test]
fn ten_megabytes_are_refused_unread() {
    let project = Project::with(&[("profiles/p.json", PROFILE)]);
    File::create(project.root().join("s.json")).unwrap().set_len(10 << 20).unwrap();
    assert_eq!(
        project.error("p"),
        "s.json:1:1: the file has 10 MiB; gw reads at most 4 MiB\n    is this the file that you meant?"
    );
}

#[test]
fn hundred_thousand_brackets_are_refused() {
    for bracket in ["[", "{\"a\":"] {
        let project = Project::with(&[("profiles/p.json", PROFILE), ("s.json", &bracket.repeat(100_000))]);
        let column = 100 * bracket.len() + 1;
        assert_eq!(
            project.error("p"),
            format!("s.json:1:{column}: brackets are nested deeper than 100, which no input of gw needs")
        );
    }
}

#[test]
fn brackets_in_strings_do_not_count() {
    let text = format!("{{ \"services\": {{ \"a\": {{ \"image\": \"{}\" }} }} }}", "[\\\"".repeat(200));
    let project = Project::with(&[("profiles/p.json", PROFILE), ("s.json", &text)]);
    assert!(project.error("p").contains("is not an image reference"));
}

/// The error of a profile whose services file is this; it must not take long.
fn quick_error(services: &str) -> String {
    let project = Project::with(&[("profiles/p.json", PROFILE), ("s.json", services)]);
    assert!(services.len() <= 4 << 20, "{}", services.len());
    let start = Instant::now();
    let error = project.error("p");
    assert!(start.elapsed() < Duration::from_secs(60), "took {:?}", start.elapsed());
    assert!(error.lines().count() < 300, "{}", error.lines().count());
    error
}

#[test]
fn four_megabytes_of_mistakes_are_quick_and_bounded() {
    let more = "s.json:1:1: there is more: only the first 100 mistakes are shown\n";
    let keys: Vec<String> = (0..200_000).map(|number| format!("\"k{number}\": 1,")).collect();
    assert!(quick_error(&format!("{{ {} \"services\": {{}} }}", keys.concat())).starts_with(more));
    let twice = "\"services\":{},".repeat(200_000);
    assert!(quick_error(&format!("{{ {twice} \"services\": {{}} }}")).starts_with(more));
    let list = "1,".repeat(1_000_000);
    assert!(
        quick_error(&format!("{{ \"services\": {{ \"a\": {{ \"args\": [{list}1] }} }} }}")).starts_with(more)
    );
    let services: Vec<String> = (0..60_000)
        .map(|number| {
            format!(
                "\"a{number}\":{{\"image\":\"a\",\"port\":1,\"dependsOn\":[\"a{}\"]}}",
                (number + 1) % 60_000
            )
        })
        .collect();
    let error = quick_error(&format!("{{ \"services\": {{ {} }} }}", services.join(",")));
    assert!(error.starts_with(more));
    assert!(error.contains("host port 1 is used twice"));
}

#[test]
fn env_files_are_lines_of_variables() {
    let project = Project::with(&[("a.env", "# comment\nA=1\r\n\nB=x=y \"z\"\nA=2\n"), ("b.env", "A\n")]);
    let variables = read_env_file(project.root(), "a.env").unwrap();
    let pairs: Vec<_> = variables.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(pairs, [("A", "2"), ("B", "x=y \"z\"")]);
    let error = |name: &str| read_env_file(project.root(), name).unwrap_err().to_string();
    assert_eq!(error("b.env"), "b.env:1:1: the line has no `=`\n    write lines like `KEY=value`");
    assert_eq!(error("c.env"), "c.env:1:1: the file does not exist");
}
