//! The pipeline file of `examples/ci/`: its steps, carried out as a runner does, on a project that has them.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::harness::{Ended, Project, finished};
use crate::run::project;
use crate::run_isolated::traces;

const PIPELINE: &str = "examples/ci/github-actions.yaml";

fn step(project: &Project, script: &str, code: i32) -> Ended {
    let gw = Path::new(env!("CARGO_BIN_EXE_gw")).parent().expect("it is in a folder");
    let path = format!("{}:{}", gw.display(), std::env::var("PATH").expect("there is a PATH"));
    let mut command = Command::new("bash");
    command.args(["-e", "-c", script]).current_dir(&project.root).env("PATH", path).env("NO_COLOR", "1");
    // What is committed is rendered without one: the project has a map of its own.
    for variable in ["GW_IMAGE_MAP", "GW_PROFILE", "GW_OUTPUT", "GW_ISOLATED"] {
        command.env_remove(variable);
    }
    finished(&mut command, code)
}

/// Every `run` step ends as it should, the report is there, and nothing else is; a broken service fails the tests' step.
#[test]
fn the_steps_of_the_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join(PIPELINE)).expect("the example is there");
    let pipeline: Value = serde_saphyr::from_str(&text).expect("it is YAML");
    let steps = pipeline["jobs"]["tests"]["steps"].as_array().expect("there are steps");
    let runs: Vec<&str> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
    assert_eq!(runs.len(), 3, "{runs:?}");

    let project = project();
    project.profile(&json!({ "gateway": { "port": project.port + 2, "default": "auth" } }));
    if let Some(map) = std::env::var_os("GW_IMAGE_MAP") {
        project.write("images.json", &std::fs::read_to_string(map).expect("the image map can be read"));
    }
    let tests = "examples/ci/tests.sh";
    project.write(tests, "");
    std::fs::copy(root.join(tests), project.root.join(tests)).expect("the tests can be copied");
    step(&project, "gw generate --all", 0);

    let ended: Vec<Ended> = runs.iter().map(|run| step(&project, run, 0)).collect();
    assert_eq!(ended[1].stdout.matches("\"status\":\"healthy\"").count(), 2, "{}", ended[1].stdout);
    let reported = ["junit.xml", "events.jsonl", "auth.log", "gateway.inspect.json"];
    let files = project.files();
    assert!(reported.iter().all(|name| files.contains_key(&format!("report/{name}"))), "{:?}", files.keys());
    assert_eq!(traces(&project), Vec::<String>::new());

    project.write(tests, "#!/bin/sh\nexit 6\n");
    step(&project, runs[1], 6);
    assert_eq!(traces(&project), Vec::<String>::new());
}
