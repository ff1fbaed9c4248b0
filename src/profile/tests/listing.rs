//! The list of profiles, and errors as data.

use super::project::Project;
use crate::profile::{list, load};

#[test]
fn broken_profiles_are_listed_with_their_problems() {
    let project = Project::with(&[
        ("profiles/good.json", "{ \"project\": \"g\", \"services\": \"../s.json\", \"description\": \"d\" }"),
        ("profiles/bad.json", "{ \"project\": \"b\", \"services\": \"../s.json\", \"x\": 1 }"),
        ("profiles/worse.json", "{"),
        ("profiles/good.local.json", "{}"),
        ("profiles/notes.txt", ""),
        ("s.json", "{ \"services\": {} }"),
    ]);
    let rows: Vec<_> = list(project.root())
        .unwrap()
        .into_iter()
        .map(|row| {
            let problems: Vec<String> = row.problems.iter().map(ToString::to_string).collect();
            (row.name, row.file, row.project, row.description, problems.join("\n"))
        })
        .collect();
    let text = ToOwned::to_owned;
    assert_eq!(
        rows,
        [
            (
                text("bad"),
                text("profiles/bad.json"),
                Some(text("b")),
                None,
                text(
                    "profiles/bad.json:1:44: x: unknown key\n    known keys: description, gw, infra, infrastructure, strategy, only, sharedInfra, sharedServices, ports, gateway, secrets, compose, kube"
                )
            ),
            (text("good"), text("profiles/good.json"), Some(text("g")), Some(text("d")), String::new()),
            (
                text("worse"),
                text("profiles/worse.json"),
                None,
                None,
                text("profiles/worse.json:1:1: this `{` is never closed")
            ),
        ]
    );
}

#[test]
fn no_folder_is_an_error_with_a_way_out() {
    let project = Project::empty();
    std::fs::remove_dir(project.root().join("profiles")).unwrap();
    assert_eq!(
        list(project.root()).unwrap_err().to_string(),
        "profiles:1:1: there is no folder `profiles` here\n    run gw in the folder that holds `profiles/`, or name it with -C"
    );
}

#[test]
fn errors_are_data() {
    let project = Project::with(&[("profiles/p.json", "{ \"project\": 1, \"services\": \"../s.json\" }")]);
    let error = load(project.root(), "p").unwrap_err();
    assert_eq!(
        serde_json::to_string(&error).unwrap(),
        "{\"problems\":[{\"file\":\"profiles/p.json\",\"line\":1,\"column\":14,\"path\":\"project\",\"message\":\"expected a string, found the number 1\",\"hint\":\"write \\\"1\\\"\"},\
         {\"file\":\"profiles/p.json\",\"line\":1,\"column\":29,\"path\":\"services\",\"message\":\"the file s.json does not exist\",\"hint\":null}]}"
    );
}
