//! Every golden file means the same to gw before and after `docker compose config`.

use std::path::{Path, PathBuf};
use std::process::Command;

use gw::manifest::compose::read;
use gw::plan::desired::Desired;

use crate::harness::finished;
use crate::repository::here;

const SECRETS: [&str; 4] =
    ["GW_MONGODB_PASSWORD", "GW_MONGODB_ROOT_PASSWORD", "GW_MONGODB_KEYFILE", "GW_REDIS_PASSWORD"];

fn desired(text: &str, file: &Path) -> Desired {
    let variables = |name: &str| SECRETS.contains(&name).then(|| format!("value of {name}"));
    let open = |path: &Path| std::fs::read_to_string(path);
    read(text, file, &variables, &open).unwrap_or_else(|error| panic!("{error}"))
}

fn golden_files() -> Vec<PathBuf> {
    let generated =
        ["combo", "default", "shared", "test"].map(|name| format!("generated/{name}/compose.yaml"));
    let modes = ["replica-sentinel", "replica-single", "single-sentinel", "single-single"];
    let modes = modes.map(|name| format!("tests/golden/modes/{name}.yaml"));
    let flavors =
        ["bitnami-single", "bitnami-sentinel"].map(|name| format!("tests/golden/flavors/{name}.yaml"));
    generated.iter().chain(&modes).chain(&flavors).map(|path| here().join(path)).collect()
}

/// What `docker compose config` prints of a golden file reads back to the same model as the file itself.
#[test]
fn a_golden_file_and_what_compose_prints_of_it_are_one_model() {
    for file in golden_files() {
        let text = std::fs::read_to_string(&file).expect("the file is committed");
        let mut command = Command::new("docker");
        command.args(["compose", "--file"]).arg(&file).arg("config");
        command.envs(SECRETS.map(|name| (name, format!("value of {name}"))));
        let printed = finished(&mut command, 0).stdout;
        let (ours, theirs) = (desired(&text, &file), desired(&printed, &file));
        assert!(ours.components.len() > 1, "{} has components", file.display());
        assert!(ours == theirs, "{}\n{ours:#?}\n{theirs:#?}", file.display());
    }
}
