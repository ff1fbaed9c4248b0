//! Renders a stack as a Compose file: variables, template, patches, hashes, text.

use serde_json::Value;

use super::context::{Config, Document, Mounted, Named, Network};
use super::error::RenderError;
use super::poured::{self, Target};
use super::service::service;
use super::templates::Templates;
use super::{VERSION, hash, merge, text, write};
use crate::stack::model::{Component, Stack};

/// The template of the file.
const TEMPLATE: &str = "compose/compose.yaml.tera";
/// The mode that Compose gives a config where nobody says otherwise.
const USUAL_MODE: u32 = 0o444;
/// The label that holds a service's content hash.
const HASH_LABEL: &str = "gw.hash";

/// Rendered files, not written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// In the order of their paths.
    pub files: Vec<RenderedFile>,
}

/// One rendered file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFile {
    /// Where it goes, relative to the project's root, with forward slashes.
    pub path: String,
    /// Its text; line ends are LF.
    pub text: String,
}

/// Renders a stack into `FOLDER/compose.yaml`; `folder` is relative to the project's root, for example
/// `generated/default`.
///
/// # Errors
/// A template cannot be filled in, or what it made is not a Compose file.
pub fn compose(stack: &Stack, templates: &Templates, folder: &str) -> Result<Rendered, RenderError> {
    let document = document(stack, templates, folder)?;
    let mut context = tera::Context::new();
    let Value::Object(variables) = serde_json::to_value(&document).unwrap_or_default() else {
        return Err(shape("variables"));
    };
    for (name, value) in variables {
        context.insert(name, &value);
    }
    let rendered = templates.render(TEMPLATE, &context)?;
    let mut tree = parse(&rendered)?;
    finish(&mut tree, stack)?;
    let file = RenderedFile { path: format!("{folder}/compose.yaml"), text: emit(&tree, stack)? };
    Ok(Rendered { files: vec![file] })
}

fn document(stack: &Stack, templates: &Templates, folder: &str) -> Result<Document, RenderError> {
    let up = "../".repeat(folder.split('/').filter(|part| !part.is_empty()).count());
    let mut configs: Vec<Config> = Vec::new();
    let mut services = Vec::new();
    for component in &stack.components {
        let mounted = mount_files(component, stack, templates, &mut configs)?;
        services.push(service(component, stack, &up, mounted));
    }
    let full = |key: &str| format!("{}_{key}", stack.project);
    let named = |key: &String| Named { key: key.clone(), name: full(key) };
    let mut secrets: Vec<&String> =
        stack.components.iter().flat_map(|component| &component.secrets).collect();
    secrets.sort();
    secrets.dedup();
    Ok(Document {
        project: stack.project.clone(),
        profile: stack.profile.clone(),
        version: VERSION,
        services,
        networks: stack
            .networks
            .iter()
            .map(|network| Network {
                key: network.key.clone(),
                name: network.external.clone().unwrap_or_else(|| full(&network.key)),
                external: network.external.is_some(),
            })
            .collect(),
        volumes: stack.volumes.iter().map(named).collect(),
        configs,
        secrets: secrets.into_iter().map(named).collect(),
    })
}

fn mount_files(
    component: &Component,
    stack: &Stack,
    templates: &Templates,
    configs: &mut Vec<Config>,
) -> Result<Vec<Mounted>, RenderError> {
    let mut mounted = Vec::new();
    for file in &component.files {
        let content = poured::content(file, &Target { domain: "" }, templates)?;
        let content = text::text(&content, stack);
        let key = format!("{}-{}", file.name, hash::text(&content));
        if !configs.iter().any(|config| config.key == key) {
            configs.push(Config { name: format!("{}_{key}", stack.project), key: key.clone(), content });
        }
        let mode = (file.mode != USUAL_MODE).then_some(file.mode);
        mounted.push(Mounted { source: key, target: text::literal(&file.target), mode });
    }
    Ok(mounted)
}

fn parse(rendered: &str) -> Result<Value, RenderError> {
    // As many nodes as the text can hold: it is ours, and a profile may have thousands of services.
    let budget = serde_saphyr::budget! { max_nodes: rendered.len(), max_events: 2 * rendered.len() };
    let options = serde_saphyr::options! { budget: budget };
    serde_saphyr::from_str_with_options(rendered, options).map_err(|error| {
        let message = error.to_string();
        let message = message.strip_prefix("error: ").unwrap_or(&message).to_owned();
        RenderError::Yaml { name: TEMPLATE.to_owned(), message }
    })
}

// Patches come after the template, hashes after the patches: a hash says what really runs.
fn finish(tree: &mut Value, stack: &Stack) -> Result<(), RenderError> {
    if let Some(patch) = &stack.compose_patch {
        merge::merge(tree, patch);
    }
    let services =
        tree.get_mut("services").and_then(Value::as_object_mut).ok_or_else(|| shape("services"))?;
    for component in &stack.components {
        if let Some(patch) = &component.compose_patch {
            let service = services.get_mut(&component.key);
            merge::merge(service.ok_or_else(|| shape(&format!("the service {}", component.key)))?, patch);
        }
    }
    for (key, service) in services {
        if let Some(labels) = service.get_mut("labels").and_then(Value::as_object_mut) {
            labels.shift_remove(HASH_LABEL);
        }
        // A letter in front: digits with one `e` among them are a number to some readers of YAML.
        let hash = format!("h{}", hash::value(&content(service)));
        let missing = || shape(&format!("labels as a mapping in the service {key}"));
        let service = service.as_object_mut().ok_or_else(missing)?;
        let labels = service.entry("labels").or_insert_with(|| Value::Object(serde_json::Map::new()));
        labels.as_object_mut().ok_or_else(missing)?.insert(HASH_LABEL.to_owned(), Value::from(hash));
    }
    Ok(())
}

// What a container is made of. The rest says when it starts, how often and how it is watched or built: a longer deadline is
// no reason to recreate a database, and a new build is a new image.
fn content(service: &Value) -> Value {
    let mut content = service.clone();
    if let Some(fields) = content.as_object_mut() {
        fields.retain(|name, _| !["x-gw", "depends_on", "build", "deploy", "scale"].contains(&name.as_str()));
    }
    content
}

fn emit(tree: &Value, stack: &Stack) -> Result<String, RenderError> {
    let text = written(tree)?;
    let profile = &stack.profile;
    Ok(format!(
        "{} from profile {profile}; change the profile or a template instead, then: gw generate -p {profile}\n{}\n",
        write::HEADER,
        text.trim_end()
    ))
}

fn written(tree: &Value) -> Result<String, RenderError> {
    // Long lines stay lines: folded ones are hard to search for.
    let options =
        serde_saphyr::ser_options! { folded_wrap_chars: usize::MAX / 2, compact_list_indent: false };
    let text = serde_saphyr::to_string_with_options(tree, options)
        .map_err(|error| shape(&format!("text that YAML can hold ({error})")))?;
    // The writer indents empty lines too. Where a text of the user's really holds a line of spaces, nothing is touched.
    Ok(if holds_blank_line(tree) { text } else { trim_blank_lines(&text) })
}

/// Whether some text has a line of nothing but spaces.
fn holds_blank_line(tree: &Value) -> bool {
    match tree {
        Value::String(text) => text.lines().any(|line| !line.is_empty() && line.trim().is_empty()),
        Value::Array(items) => items.iter().any(holds_blank_line),
        Value::Object(fields) => fields.iter().any(|(_, value)| holds_blank_line(value)),
        _ => false,
    }
}

fn trim_blank_lines(text: &str) -> String {
    text.lines().map(|line| if line.trim().is_empty() { "" } else { line }).collect::<Vec<_>>().join("\n")
}

fn shape(missing: &str) -> RenderError {
    RenderError::Shape { name: TEMPLATE.to_owned(), missing: missing.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_as_it_was() {
        let texts = [
            "a\n\nb\n",
            "a\n  \nb",
            "\n",
            " \n",
            "\n\na",
            "  a\n\n b\n",
            "a\n\n\n",
            "a\n\u{a0}\nb",
            "a\r\n\r\nb",
            "a\n\t\nb",
            "# a\n\n# b\n",
            "a: b\n\n- c",
        ];
        for text in texts {
            let tree =
                serde_json::json!({ "configs": { "one": { "content": text, "list": [text] } }, "last": 1 });
            let written = written(&tree).expect("it can be written");
            assert_eq!(parse(&written).expect("it can be read"), tree, "{written}");
            let blank = text.lines().any(|line| !line.is_empty() && line.trim().is_empty());
            let spaces = written.lines().any(|line| !line.is_empty() && line.trim().is_empty());
            assert!(blank || !spaces, "{text:?}: {written}");
        }
    }

    #[test]
    fn a_file_may_be_as_large_as_thousands_of_services_make_it() {
        let items = 260_000;
        let text = format!("list: [{}]", vec!["1"; items].join(","));
        let tree = parse(&text).expect("the reader has no limit of its own");
        assert_eq!(tree["list"].as_array().map(Vec::len), Some(items));
    }
}
