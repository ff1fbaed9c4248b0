//! The templates: embedded ones, and the project's own in their place.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use tera::{Context, Kwargs, State, Tera, TeraResult, Value};

use super::error::RenderError;
use super::{VERSION, template_error, write};

/// The folder of the project's own templates.
pub const FOLDER: &str = "templates";
/// Says which gw the templates in that folder were copied from.
const PIN: &str = ".gw-version";

macro_rules! embedded {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/", $name)))),+]
    };
}

/// Name and text of each template.
const EMBEDDED: &[(&str, &str)] = embedded![
    "compose/compose.yaml.tera",
    "gateway/check.sh.tera",
    "gateway/nginx.conf.tera",
    "gateway/start.sh.tera",
    "stores/mongodb-initiate.js.tera",
    "stores/mongodb-start.sh.tera",
    "stores/redis-start.sh.tera",
    "stores/redis.conf.tera",
    "stores/sentinel-start.sh.tera",
    "stores/sentinel.conf.tera",
];

/// Where a template's text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// From gw itself.
    Embedded,
    /// The project's own, and different from gw's.
    Overridden,
    /// The project's own copy, the same as gw's.
    Pinned,
}

/// One template in a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Listed {
    /// Its name: the path under `templates/`.
    pub name: String,
    /// Where its text comes from.
    pub origin: Origin,
}

/// All templates of a project, read and checked.
pub struct Templates {
    tera: Tera,
    overridden: BTreeSet<String>,
}

impl Templates {
    /// Reads a project's templates: gw's own, and what lies in `ROOT/templates` over them.
    ///
    /// # Errors
    /// A file cannot be read, or a template's syntax is wrong.
    pub fn load(root: &Path) -> Result<Self, RenderError> {
        let own = read_own(root)?;
        Self::new(&own)
    }

    /// Takes gw's templates only.
    ///
    /// # Errors
    /// None in a released gw: its templates are tested.
    pub fn embedded() -> Result<Self, RenderError> {
        Self::new(&BTreeMap::new())
    }

    fn new(own: &BTreeMap<String, String>) -> Result<Self, RenderError> {
        let mut tera = Tera::new();
        tera.autoescape_on(Vec::<&'static str>::new());
        tera.register_filter("yaml", yaml);
        let mut texts: BTreeMap<&str, &str> = EMBEDDED.iter().copied().collect();
        texts.extend(own.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        let differs = |name: &str, text: &str| !EMBEDDED.contains(&(name, text));
        let own_names = own.iter().filter(|(name, text)| differs(name, text));
        let overridden: BTreeSet<String> = own_names.map(|(name, _)| name.clone()).collect();
        tera.add_raw_templates(texts).map_err(|error| template_error::describe("", &overridden, &error))?;
        Ok(Self { tera, overridden })
    }

    /// Fills a template in.
    pub(super) fn render(&self, name: &str, context: &Context) -> Result<String, RenderError> {
        self.tera
            .render(name, context)
            .map_err(|error| template_error::describe(name, &self.overridden, &error))
    }
}

/// Writes any value as JSON, which is YAML: nothing in it can be taken for syntax.
fn yaml(value: &Value, _: Kwargs, _: &State<'_>) -> TeraResult<String> {
    if value.is_undefined() {
        return Err(tera::Error::message("the value before `yaml` is not defined"));
    }
    serde_json::to_string(value).map_err(|error| tera::Error::chain("cannot write the value as YAML", error))
}

/// Lists the templates of a project by name.
///
/// # Errors
/// A file cannot be read.
pub fn list(root: &Path) -> Result<Vec<Listed>, RenderError> {
    let own = read_own(root)?;
    let origin = |name: &str, text: &str| match own.get(name) {
        None => Origin::Embedded,
        Some(mine) if mine == text => Origin::Pinned,
        Some(_) => Origin::Overridden,
    };
    Ok(EMBEDDED
        .iter()
        .map(|(name, text)| Listed { name: (*name).to_owned(), origin: origin(name, text) })
        .collect())
}

/// Copies one template into the project, to be changed there, and returns its path.
///
/// # Errors
/// No such template, a file of that name is there, or it cannot be written.
pub fn eject(root: &Path, name: &str) -> Result<PathBuf, RenderError> {
    let found = EMBEDDED.iter().find(|(other, _)| *other == name);
    let (name, text) = found.ok_or_else(|| RenderError::UnknownTemplate {
        name: name.to_owned(),
        known: EMBEDDED.iter().map(|(name, _)| (*name).to_owned()).collect(),
    })?;
    let path = root.join(FOLDER).join(name);
    if path.exists() {
        return Err(RenderError::Exists { path });
    }
    write::replace(&path, text)?;
    Ok(path)
}

/// Copies all templates that the project does not have yet, and notes the version; returns the paths written.
///
/// # Errors
/// One cannot be written.
pub fn pin(root: &Path) -> Result<Vec<PathBuf>, RenderError> {
    let mut written = Vec::new();
    for (name, text) in EMBEDDED {
        let path = root.join(FOLDER).join(name);
        if !path.exists() {
            write::replace(&path, text)?;
            written.push(path);
        }
    }
    write::replace(&root.join(FOLDER).join(PIN), &format!("{VERSION}\n"))?;
    Ok(written)
}

/// Returns the version that a project's templates were copied from, where [`pin`] copied them.
pub fn pinned_version(root: &Path) -> Option<String> {
    std::fs::read_to_string(root.join(FOLDER).join(PIN)).ok().map(|text| text.trim().to_owned())
}

// Every template of the project's: those with one of gw's names replace it, others can be included by them.
fn read_own(root: &Path) -> Result<BTreeMap<String, String>, RenderError> {
    let mut own = BTreeMap::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let path = root.join(FOLDER).join(&folder);
        let entries = match std::fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(RenderError::io("list", path)(error)),
        };
        for entry in entries {
            let entry = entry.map_err(RenderError::io("list", &path))?;
            let name = format!("{folder}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                folders.push(format!("{name}/"));
            } else if entry.path().extension().is_some_and(|extension| extension == "tera") {
                let text =
                    std::fs::read_to_string(entry.path()).map_err(RenderError::io("read", entry.path()))?;
                // A checkout may have turned the line ends around.
                own.insert(name, text.replace("\r\n", "\n"));
            }
        }
    }
    Ok(own)
}
