//! The source and what gw renders of the import, as `docker compose config` prints them: the same, but for differences with
//! names. What gw adds (labels, `x-gw`, the alias with the project's name) and defaults that Compose does not print are
//! taken out first, and two ways to write one thing are made one.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};

use super::{CASES, folder, golden};

/// For both sides alike.
const VARIABLES: &[(&str, &str)] = &[
    ("API_TOKEN", "to$ken"),
    ("B", "b"),
    ("COMMIT", "abc"),
    ("GREETING", "hello"),
    ("HOME_PAGE", "/home"),
    ("KEY", "key"),
    ("LOG_LEVEL", "debug"),
];

/// Services that a profile cannot call as the file does.
const RENAMED: &[(&str, &str)] = &[("redis", "my-redis"), ("Forms_1", "forms-1")];

struct Copy(PathBuf);

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the folder can be made");
    for entry in std::fs::read_dir(from).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        let target = to.join(path.file_name().expect("it has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("the file can be copied");
        }
    }
}

fn run(program: &str, arguments: &[&str], folder: &Path) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", std::env::var_os("HOME").unwrap_or_default())
        .envs(VARIABLES.iter().copied())
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn config(folder: &Path, file: &str) -> Value {
    let arguments = ["compose", "--profile", "*", "--file", file, "config", "--format", "json"];
    serde_json::from_str(&run("docker", &arguments, folder)).expect("JSON")
}

fn take(map: &mut Map<String, Value>, key: &str, when: impl Fn(&Value) -> bool) {
    if map.get(key).is_some_and(when) {
        map.remove(key);
    }
}

/// One form for what has two.
fn normalize(document: &mut Value, folder: &Path) {
    let project = document["name"].as_str().expect("a name").to_owned();
    let configs = document.as_object_mut().expect("a mapping").remove("configs").unwrap_or_default();
    document.as_object_mut().expect("a mapping").retain(|key, _| !key.starts_with("x-"));
    for (name, service) in document["services"].as_object_mut().expect("services").iter_mut() {
        let service = service.as_object_mut().expect("a mapping");
        service.remove("x-gw");
        take(service, "restart", |value| value == "no");
        take(service, "stop_grace_period", |value| value == "10s");
        take(service, "command", Value::is_null);
        take(service, "entrypoint", Value::is_null);
        if let Some(labels) = service.get_mut("labels").and_then(Value::as_object_mut) {
            labels.retain(|name, _| !name.starts_with("gw."));
        }
        take(service, "scale", |scale| scale == 1);
        // The name that Compose gives an image that is built, and does not print.
        let built = format!("{project}-{name}");
        if service.contains_key("build") {
            take(service, "image", |image| image == &built);
        }
        take(service, "labels", |labels| labels == &json!({}));
        limits(service);
        if let Some(test) = service.get_mut("healthcheck").and_then(|check| check.get_mut("test"))
            && test[0] == "CMD-SHELL"
        {
            *test = json!(["CMD", "/bin/sh", "-c", test[1]]);
        }
        let published: Vec<String> = each(service, "ports").map(|port| port["target"].to_string()).collect();
        for port in each(service, "ports") {
            let port = port.as_object_mut().expect("a mapping");
            port.sort_keys();
            take(port, "host_ip", |address| address == "0.0.0.0");
        }
        if let Some(ports) = service.get_mut("ports").and_then(Value::as_array_mut) {
            ports.sort_by_key(sorted);
        }
        if let Some(expose) = service.get_mut("expose").and_then(Value::as_array_mut) {
            expose
                .retain(|port| port.as_str().is_none_or(|port| !published.iter().any(|other| other == port)));
        }
        take(service, "expose", |expose| expose == &json!([]));
        for mount in each(service, "configs") {
            let source = mount["source"].as_str().unwrap_or_default().to_owned();
            let config = &configs[&source];
            let content = match config["file"].as_str() {
                Some(file) => std::fs::read_to_string(folder.join(file)).expect("the config's file is there"),
                None => config["content"].as_str().unwrap_or_default().replace("$$", "$"),
            };
            mount["source"] = json!(content);
        }
        for network in
            service.get_mut("networks").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
        {
            if let Some(aliases) = network.get_mut("aliases").and_then(Value::as_array_mut) {
                aliases.retain(|alias| {
                    !alias.as_str().is_some_and(|alias| alias.ends_with(&format!(".{project}")))
                });
            }
            if network.get("aliases") == Some(&json!([])) || network == &json!({}) {
                *network = Value::Null;
            }
        }
        if let Some(volumes) = service.get_mut("volumes").and_then(Value::as_array_mut) {
            for mount in volumes.iter_mut() {
                take(mount.as_object_mut().expect("a mapping"), "volume", |options| options == &json!({}));
            }
            volumes.sort_by_key(sorted);
        }
    }
}

/// A mapping's fields in one order.
fn sorted(value: &Value) -> String {
    let mut fields: Vec<String> =
        value.as_object().expect("a mapping").iter().map(|(key, value)| format!("{key}={value}")).collect();
    fields.sort();
    fields.join(" ")
}

fn each<'a>(service: &'a mut Map<String, Value>, key: &str) -> impl Iterator<Item = &'a mut Value> {
    service.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten()
}

/// `deploy` says the same as keys of the service.
fn limits(service: &mut Map<String, Value>) {
    let Some(deploy) = service.remove("deploy") else { return };
    let limits = &deploy["resources"]["limits"];
    for (from, key) in [("cpus", "cpus"), ("memory", "mem_limit"), ("pids", "pids_limit")] {
        if !limits[from].is_null() {
            service.insert(key.to_owned(), limits[from].clone());
        }
    }
    let reserved = &deploy["resources"]["reservations"]["memory"];
    if !reserved.is_null() {
        service.insert("mem_reservation".to_owned(), reserved.clone());
    }
    if !deploy["replicas"].is_null() {
        service.insert("scale".to_owned(), deploy["replicas"].clone());
    }
    if let Some(cpus) = service.get("cpus").and_then(Value::as_str).and_then(|text| text.parse::<f64>().ok())
    {
        service.insert("cpus".to_owned(), json!(cpus));
    }
    take(service, "scale", |scale| scale == 1);
}

/// Every leaf that is not the same: `path: source -> result`.
fn differences(path: &str, source: &Value, result: &Value, found: &mut String) {
    match (source, result) {
        (Value::Object(one), Value::Object(other)) => {
            let mut keys: Vec<&String> = one.keys().chain(other.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let get = |map: &Map<String, Value>| map.get(key).cloned().unwrap_or(json!("absent"));
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                differences(&path, &get(one), &get(other), found);
            }
        }
        (one, other) if one == other => {}
        (one, other) => writeln!(found, "{path}: {one} -> {other}").expect("a text takes it"),
    }
}

/// `differences.txt` of each case names all there are.
#[test]
fn what_gw_renders_is_the_source_to_compose() {
    for case in CASES {
        let copied =
            Copy(std::env::temp_dir().join(format!("gw-import-{}-{case}", std::process::id())).join(case));
        copy(&folder(case), &copied.0);
        for old in ["profile.json", "services.json"] {
            let _ = std::fs::remove_file(copied.0.join(old));
        }
        let gw = env!("CARGO_BIN_EXE_gw");
        run(gw, &["import", "compose.yaml"], &copied.0);
        // Services of Compose's profiles are compared too.
        let profile = copied.0.join("profiles/default.json");
        let text = std::fs::read_to_string(&profile).expect("the profile is written");
        let mut all: Value = serde_json::from_str(&text).expect("JSON");
        all.as_object_mut().expect("a mapping").remove("only");
        std::fs::write(&profile, all.to_string()).expect("it can be written");
        run(gw, &["generate"], &copied.0);
        let mut source = config(&copied.0, "compose.yaml");
        let mut result = config(&copied.0, "generated/default/compose.yaml");
        let mut text = source.to_string();
        for (name, new) in RENAMED {
            let keys = [format!("\"{name}\":{{"), format!("\"{new}\":{{")];
            text = text.replace(&keys[0], &keys[1]);
        }
        source = serde_json::from_str(&text).expect("JSON");
        normalize(&mut source, &copied.0);
        normalize(&mut result, &copied.0);
        let mut found = String::new();
        differences("", &source, &result, &mut found);
        golden(case, "differences.txt", &found.replace(&*copied.0.to_string_lossy(), "."));
    }
}
