//! A copy of this repository's profiles, and plain `docker compose` on what gw renders of them.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::harness::{Ended, Project, finished, get};

/// The repository itself.
pub(crate) fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A project whose folder holds the repository's four profiles and what they name.
pub(crate) fn copied() -> Project {
    let project = Project::new(json!({}));
    for folder in ["profiles", "examples/sample-service", "examples/sample-service/bin"] {
        let entries = std::fs::read_dir(here().join(folder)).expect("the folder can be listed");
        for entry in entries.map(|entry| entry.expect("the folder can be listed")) {
            if entry.path().is_file() {
                copy(&project, &format!("{folder}/{}", entry.file_name().to_string_lossy()));
            }
        }
    }
    for file in ["services.dev.json", "services.shared.json", "infra.shared.json"] {
        copy(&project, file);
    }
    project
}

fn copy(project: &Project, path: &str) {
    let target = project.root.join(path);
    std::fs::create_dir_all(target.parent().expect("a file has a folder")).expect("the folder can be made");
    std::fs::copy(here().join(path), target).expect("the file can be copied");
}

/// Gives a copied profile the project's name and ports; returns the gateway's.
pub(crate) fn moved(project: &Project, profile: &str) -> u16 {
    let path = format!("profiles/{profile}.json");
    let text = std::fs::read_to_string(project.root.join(&path)).expect("the profile can be read");
    let mut content: Value = serde_json::from_str(&text).expect("the profile is JSON");
    let port = project.port;
    content["project"] = json!(project.name);
    content["ports"] = json!({ "offset": port - 9001, "mongodb": port + 10, "redis": port + 11 });
    content["gateway"]["port"] = json!(port + 12);
    project.write(&path, &content.to_string());
    port + 12
}

/// The components of the profiles default and test, sorted.
pub(crate) const EIGHT: [&str; 8] =
    ["account", "auth", "gateway", "kyc", "mongo", "notification", "payment", "redis"];

/// Panics unless a gateway leads to each of the five services, each under its own name, and each works through its stores.
pub(crate) fn five_work_behind(gateway: u16) {
    for service in ["auth", "kyc", "account", "payment", "notification"] {
        let (code, body) = get(gateway, "/work", &[("X-Target-Service", service)]);
        assert_eq!(code, 200, "{service}: {body}");
        let work: Value = serde_json::from_str(&body).expect("it is JSON");
        assert_eq!(work["service"], service, "{body}");
        assert_eq!(work["document"]["service"], service, "{body}");
        assert_eq!(work["counter"], json!({ "key": format!("work:{service}"), "value": 1 }), "{body}");
    }
}

/// Runs `gw` as on a machine with the public images.
pub(crate) fn plain(project: &Project, code: i32, arguments: &[&str]) -> Ended {
    finished(project.command(arguments).env_remove("GW_IMAGE_MAP"), code)
}

/// `docker compose` as somebody without gw runs it: with the env file and the rendered file of a profile.
pub(crate) fn compose(project: &Project, profile: &str, file: &Path, arguments: &[&str]) -> Ended {
    let mut command = Command::new("docker");
    command.arg("compose").arg("--env-file").arg(format!(".gw/secrets/{profile}/env")).arg("-f").arg(file);
    command.args(arguments).current_dir(&project.root);
    // Nothing of the surroundings may stand in for what the files must say.
    command.env_clear();
    let kept = ["PATH", "HOME", "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG"];
    command.envs(kept.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    finished(&mut command, 0)
}

/// The rendered file of a profile, relative to the project's folder, as this machine's images want it.
pub(crate) fn rendered(profile: &str) -> PathBuf {
    let folder = if std::env::var_os("GW_IMAGE_MAP").is_some() { ".gw/generated" } else { "generated" };
    Path::new(folder).join(profile).join("compose.yaml")
}
