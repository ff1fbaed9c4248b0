//! What can go wrong between a stack and its files.

use std::path::PathBuf;

use super::secrets::privacy::{self, Exposed};

/// Rendering or writing failed.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template cannot be read or filled in; the text shows file, line and variable.
    #[error("{report}")]
    Template {
        /// The template's name.
        name: String,
        /// Where, what, and the chain of causes.
        report: String,
    },
    /// What a template made is not YAML.
    #[error("template {name} made text that is not YAML: {message}")]
    Yaml {
        /// The template's name.
        name: String,
        /// What is wrong with it, and where in the made text.
        message: String,
    },
    /// What a template made is YAML, but not what gw needs.
    #[error("template {name} made a file without {missing}")]
    Shape {
        /// The template's name.
        name: String,
        /// What is not there.
        missing: String,
    },
    /// A template that does not exist was asked for.
    #[error("no template is called {name}; there are {}", known.join(", "))]
    UnknownTemplate {
        /// The name.
        name: String,
        /// All names.
        known: Vec<String>,
    },
    /// A file of that name is there already.
    #[error("{} exists already; remove it first to get gw's own text back", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Secrets have no value, or one that cannot be used; each in its own words.
    #[error("{}", .0.join("\n"))]
    Secrets(Vec<String>),
    /// Others may read secrets.
    #[error("others may read secrets: {}", in_words(.0))]
    Exposed(Vec<Exposed>),
    /// A value in the env file cannot be used.
    #[error("{}:{line}: {message}", file.display())]
    EnvFile {
        /// The env file.
        file: PathBuf,
        /// The line.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// A file or folder could not be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
}

fn in_words(exposed: &[Exposed]) -> String {
    exposed.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl RenderError {
    /// What to do next, where there is one thing.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Exposed(exposed) => Some(format!("close them: {}", privacy::remedy(exposed))),
            _ => None,
        }
    }

    /// Returns a closure for `map_err` that adds action and path.
    pub(super) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}
