//! The whole file: its top level, its services, and what they use of it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::at::{At, Context};
use super::depends::Facts;
use super::service::{self, Read, Shared};
use super::{Imported, Kind, Mistake, Note, Origin, Position, files, long_form, names, tree};

/// What to do where one file is not all.
pub(super) const SEVERAL_FILES: &str = "it takes from other files or services: import what Compose makes of them, \
     `docker compose config --no-interpolate --no-path-resolution | gw import -`";

/// Images that gw has a section of its own for, and its name.
const STORES: &[(&str, &str)] = &[("mongo", "mongodb"), ("redis", "redis")];

/// Reads a Compose file.
///
/// # Errors
/// Everything that is wrong with it, in its order.
pub fn import(text: &str, origin: Origin<'_>) -> Result<Imported, Vec<Mistake>> {
    let root = tree::parse(text).map_err(|mistake| vec![mistake])?;
    let context = Context {
        origin,
        notes: RefCell::default(),
        mistakes: RefCell::default(),
        variables: RefCell::default(),
        renamed: RefCell::default(),
    };
    let (profile, services) = document(&At::root(&root, &context));
    let Context { notes, mistakes, variables, .. } = context;
    let mut mistakes = mistakes.into_inner();
    if !mistakes.is_empty() {
        mistakes.sort();
        mistakes.dedup();
        return Err(mistakes);
    }
    let mut notes = notes.into_inner();
    notes.extend(of_variables(&variables.into_inner(), &origin));
    notes.sort();
    notes.dedup();
    Ok(Imported { profile, services, notes })
}

fn of_variables(variables: &BTreeSet<String>, origin: &Origin<'_>) -> Option<Note> {
    let names: Vec<&str> = variables.iter().map(String::as_str).collect();
    (!names.is_empty()).then(|| Note {
        position: Position { line: 1, column: 1 },
        path: String::new(),
        kind: Kind::Remark,
        message: format!(
            "variables: {}. gw takes them from .gw/secrets/{}/env, then from the environment, and does not read `.env`",
            names.join(", "),
            origin.profile
        ),
    })
}

fn document(top: &At<'_>) -> (Value, Value) {
    if !top.is_mapping() {
        top.mistake("this is not a Compose file: its top level is a mapping with `services`");
        return (Value::Null, Value::Null);
    }
    for (key, at) in top.entries() {
        match key {
            "name" | "services" | "networks" | "volumes" | "configs" | "secrets" => {}
            "version" => at.lost("it has no meaning since Compose 2"),
            "include" => at.mistake(SEVERAL_FILES),
            _ if key.starts_with("x-") => {
                at.lost("Compose ignores it; what aliases take from it is written out");
            }
            _ => at.mistake(format!("Compose has no key `{key}` at the top level")),
        }
    }
    let services: Vec<(&str, At<'_>)> = top.get("services").map(|at| at.entries()).unwrap_or_default();
    if services.is_empty() {
        top.mistake("this is not a Compose file: it has no `services`");
        return (Value::Null, Value::Null);
    }
    top.context.renamed.borrow_mut().extend(names::rename(&services));
    let section = |key: &str| top.get(key).map(|at| at.entries()).unwrap_or_default();
    let (networks, volumes) = (section("networks"), section("volumes"));
    let shared = Shared {
        project: project(top),
        facts: Facts::of(&services),
        configs: section("configs"),
        secrets: section("secrets"),
    };
    let mut written = Map::new();
    let mut used = Used::default();
    for (key, at) in &services {
        if !at.is_mapping() {
            at.mistake("a service is a mapping with `image` or `build`");
            continue;
        }
        let read = service::read(key, at, &shared);
        check(at, &read, &networks, &volumes);
        store(key, at);
        let name = at.service(key);
        used.add(&name, &read);
        written.insert(name, read.value);
    }
    used.remarks(top);
    let mut profile = Map::new();
    profile.insert("project".to_owned(), json!(shared.project));
    profile.insert("services".to_owned(), json!(top.context.origin.services_file));
    if let Some(only) = only(&services) {
        profile.insert("only".to_owned(), json!(only));
    }
    let patch = used.patch(&shared, &networks, &volumes);
    if !patch.is_empty() {
        profile.insert("compose".to_owned(), Value::Object(patch));
    }
    (Value::Object(profile), json!({ "services": written }))
}

/// The project's name: the file's, else its folder's as Compose makes a name of it.
fn project(top: &At<'_>) -> String {
    let at = top.get("name");
    if let Some(name) = at.as_ref().and_then(At::literal) {
        return name;
    }
    if let Some(at) = at {
        at.lost("a project's name cannot have variables; it is called after the folder");
    }
    let folder = top.context.origin.folder.to_lowercase();
    let allowed =
        |letter: &char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_-".contains(*letter);
    let name: String = folder.chars().filter(allowed).take(63).collect();
    let name = name.trim_start_matches(['_', '-']);
    if name.is_empty() { "imported".to_owned() } else { name.to_owned() }
}

/// The services that run without `--profile` of Compose's, where not all do.
fn only(services: &[(&str, At<'_>)]) -> Option<Vec<String>> {
    let mut usual = Vec::new();
    for (key, at) in services {
        match at.get("profiles") {
            Some(profiles) if !profiles.items().is_empty() => {
                let names: Vec<String> = profiles.items().iter().filter_map(At::literal).collect();
                profiles.remark(format!(
                    "it runs with Compose's --profile {} only, so `only` of the profile leaves it out; a profile of its own, \
                     with the same `services`, can name it in `only`",
                    names.join(" or --profile ")
                ));
            }
            _ => usual.push(at.service(key)),
        }
    }
    (usual.len() < services.len() && !usual.is_empty()).then_some(usual)
}

fn store(key: &str, at: &At<'_>) {
    let image = at.get("image").and_then(|at| at.raw()).unwrap_or_default();
    let repository =
        image.split(['@', '$']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let repository = repository.split(':').next().unwrap_or_default();
    if let Some((_, section)) = STORES.iter().find(|(name, _)| *name == repository) {
        at.remark(format!(
            "`{key}` stays a service of yours; as `\"infrastructure\": {{ \"{section}\": {{}} }}` in its place gw runs \
             it itself, with a readiness probe, passwords and other modes (its data begins empty then)"
        ));
    }
}

/// Reports what a service uses and the top level does not have.
fn check(at: &At<'_>, read: &Read, networks: &[(&str, At<'_>)], volumes: &[(&str, At<'_>)]) {
    let known = |section: &[(&str, At<'_>)], name: &str| section.iter().any(|(key, _)| *key == name);
    for name in read.networks.iter().filter(|name| *name != "default" && !known(networks, name)) {
        at.mistake(format!("there is no network `{name}` under `networks`"));
    }
    for name in read.volumes.iter().filter(|name| !known(volumes, name)) {
        at.mistake(format!("there is no volume `{name}` under `volumes`"));
    }
}

/// What the services use of the top level.
#[derive(Default)]
struct Used {
    networks: BTreeSet<String>,
    volumes: BTreeSet<String>,
    secrets: BTreeSet<String>,
    /// Volumes that only patches mount: gw does not see them by itself.
    patched: BTreeSet<String>,
    unasked: Vec<String>,
    open: Vec<String>,
}

impl Used {
    fn add(&mut self, name: &str, read: &Read) {
        self.networks.extend(read.networks.iter().cloned());
        self.volumes.extend(read.volumes.iter().cloned());
        self.secrets.extend(read.secrets.iter().cloned());
        if read.value.get("compose").is_some_and(|patch| patch.get("volumes").is_some()) {
            self.patched.extend(read.volumes.iter().cloned());
        }
        if read.unasked {
            self.unasked.push(name.to_owned());
        }
        if read.open {
            self.open.push(name.to_owned());
        }
    }

    fn remarks(&self, top: &At<'_>) {
        if !self.unasked.is_empty() {
            top.remark(format!(
                "ready as soon as they run, as in Compose: {}. Without `\"ready\": \"none\"` gw waits until the first port answers",
                self.unasked.join(", ")
            ));
        }
        if !self.open.is_empty() {
            top.remark(format!(
                "published on every address of this machine, as in Compose: {}. Without `address` it is 127.0.0.1 only",
                self.open.join(", ")
            ));
        }
    }

    /// What the profile has to say about networks, volumes and secrets of the rendered file.
    fn patch(
        &self,
        shared: &Shared<'_>,
        networks: &[(&str, At<'_>)],
        volumes: &[(&str, At<'_>)],
    ) -> Map<String, Value> {
        let mut patch: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
        let sections = [
            ("networks", networks, long_form::NETWORK, &self.networks),
            ("volumes", volumes, long_form::VOLUME, &self.volumes),
        ];
        for (section, entries, keys, used) in sections {
            for (name, at) in entries.iter().filter(|(_, at)| !at.is_null()) {
                let options = long_form::options(at, keys);
                if options.is_empty() {
                    continue;
                }
                if !used.contains(*name) {
                    at.lost("no service uses it");
                    continue;
                }
                patch.entry(section).or_default().insert((*name).to_owned(), external(name, options));
            }
        }
        for name in &self.patched {
            let entry = patch.entry("volumes").or_default().entry(name.clone()).or_insert_with(|| json!({}));
            if let Some(entry) = entry.as_object_mut() {
                entry.entry("name").or_insert_with(|| json!(format!("{}_{name}", shared.project)));
            }
        }
        for (name, at) in shared.secrets.iter().filter(|(name, _)| self.secrets.contains(*name)) {
            patch.entry("secrets").or_default().insert((*name).to_owned(), files::secret(at));
        }
        patch.into_iter().map(|(section, entries)| (section.to_owned(), Value::Object(entries))).collect()
    }
}

/// What exists outside has the name of its key where it says no other.
fn external(name: &str, mut options: Map<String, Value>) -> Value {
    if options.get("external") == Some(&json!(true)) {
        options.entry("name").or_insert_with(|| json!(name));
    }
    Value::Object(options)
}
