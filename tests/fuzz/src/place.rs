//! A project in a folder of its own, in which one file is what libFuzzer made.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use gw::manifest;
use gw::plan::desired::Desired;
use gw::profile::model::Profile;
use gw::profile::{self, ImageMap};
use gw::render::{self, Rendered, Templates};
use gw::stack::model::Stack;
use gw::stack::{Inputs, build};
use libfuzzer_sys::Corpus;

/// The template that makes the Compose file.
const TEMPLATE: &str = "templates/compose/compose.yaml.tera";
/// What ends a text that a template passes on as it is.
const END_OF_TEXT: &str = "endraw";

/// A project that loads, until one of its files is written anew.
pub(crate) struct Place {
    root: PathBuf,
    stack: Stack,
}

impl Place {
    /// Makes the folder, in memory where the system has such a place; libFuzzer ends the process without any cleanup, so the
    /// script that starts it names the folder above and removes that.
    pub(crate) fn new() -> Self {
        let above = std::env::var_os("GW_FUZZ_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from);
        let root = above.join(format!("gw-fuzz-{}", std::process::id()));
        let place = |path: &str, text: &[u8]| write(&root, path, text);
        place(
            "profiles/default.json",
            br#"{ "project": "fuzz", "infra": "../infra.json", "services": "../services.json", "gateway": { "port": 9999, "default": "auth" } }"#,
        );
        place("infra.json", br#"{ "infrastructure": { "mongodb": { "auth": true }, "redis": { "mode": "sentinel" } } }"#);
        place(
            "services.json",
            br#"{ "services": { "auth": { "image": "a", "port": 9001, "env": { "AT": "${redis.url}" }, "dependsOn": ["redis"] } } }"#,
        );
        let profile = profile::load(&root, "default").expect("the project loads");
        let stack = stack(&profile);
        Self { root, stack }
    }

    /// Loads the profile with one file as it is given, and goes on as far as that leads: to what gw would run.
    pub(crate) fn load(&self, path: &str, text: &[u8]) {
        write(&self.root, path, text);
        let loaded = self.as_if_shown(profile::load(&self.root, "default"));
        let Some(profile) = loaded else { return };
        let templates = Templates::embedded().expect("gw's own templates are right");
        let stack = stack(&profile);
        let rendered = self.as_if_shown(render::compose(&stack, &templates, "generated/default"));
        let Some(rendered) = rendered else { return };
        let patched = stack.components.iter().any(|component| component.compose_patch.is_some());
        let desired = self.read(&rendered, &stack);
        assert!(patched || desired.is_some(), "gw does not read what it renders");
    }

    /// Reads an image map, and maps an image where it is one.
    pub(crate) fn map_images(&self, text: &[u8]) {
        write(&self.root, "images.json", text);
        if let Some(map) = self.as_if_shown(ImageMap::load(&self.root, "images.json")) {
            map.apply("mongo:8.0");
        }
    }

    /// Reads a file of variables.
    pub(crate) fn read_env_file(&self, text: &[u8]) {
        write(&self.root, "variables.env", text);
        self.as_if_shown(profile::read_env_file(&self.root, "variables.env"));
    }

    /// Reads a Compose file.
    pub(crate) fn read_compose(&self, text: &[u8]) {
        if let Ok(text) = std::str::from_utf8(text) {
            self.read_text(text, &|_| None);
        }
    }

    /// Renders through a template that makes this text, whatever it is about.
    pub(crate) fn render_through(&self, text: &[u8]) -> Corpus {
        let Some(text) = std::str::from_utf8(text).ok().filter(|text| !text.contains(END_OF_TEXT)) else {
            return Corpus::Reject;
        };
        let template = format!("{{% raw %}}{text}{{% {END_OF_TEXT} %}}");
        write(&self.root, TEMPLATE, template.as_bytes());
        if let Some(templates) = self.as_if_shown(Templates::load(&self.root))
            && let Some(rendered) = self.as_if_shown(render::compose(&self.stack, &templates, "generated/default"))
        {
            self.read(&rendered, &self.stack);
        }
        Corpus::Keep
    }

    fn read(&self, rendered: &Rendered, stack: &Stack) -> Option<Desired> {
        let known = |name: &str| stack.secrets.iter().any(|secret| secret.variable == name);
        self.read_text(&rendered.files[0].text, &|name| known(name).then(|| "secret".to_owned()))
    }

    fn read_text(&self, text: &str, variables: &dyn Fn(&str) -> Option<String>) -> Option<Desired> {
        let file = self.root.join("generated/default/compose.yaml");
        // What the text names outside of the project is nothing of this test's.
        let open = |_: &Path| Err(io::Error::from(io::ErrorKind::NotFound));
        self.as_if_shown(manifest::compose::read(text, &file, variables, &open))
    }

    /// What a command would go on with; an error has a message.
    fn as_if_shown<T, E: Display>(&self, result: Result<T, E>) -> Option<T> {
        let error = match result {
            Ok(value) => return Some(value),
            Err(error) => error.to_string(),
        };
        assert!(!error.trim().is_empty(), "an error without a message");
        None
    }
}

fn stack(profile: &Profile) -> Stack {
    let env_files = BTreeMap::new();
    build(profile, &Inputs { images: &|image: &str| image.to_owned(), env_files: &env_files })
}

fn write(root: &Path, path: &str, text: &[u8]) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
    std::fs::write(path, text).expect("the file can be written");
}
