//! Every way in which a command can end, its exit code and what to do next.

use std::collections::BTreeSet;

use crate::engine::backend::{Trouble, chain};
use crate::manifest::error::ManifestError;
use crate::plan::ownership::Foreign;
use crate::plan::selection::UnknownComponent;
use crate::profile::InputError;
use crate::render::RenderError;

/// Why a command did not end with 0.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line asks for something that is not there.
    #[error("{0}")]
    Usage(String),
    /// A service on the command line that is not in the profile.
    #[error(transparent)]
    UnknownComponent(#[from] UnknownComponent),
    /// Mistakes in the input files.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A template, or what it made, or writing it.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// The rendered Compose file, read back.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The project belongs to somebody else.
    #[error(transparent)]
    Foreign(#[from] Foreign),
    /// An operation did not succeed.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// Several operations did not succeed; each was reported as it happened.
    #[error("{}", summary(.0))]
    Troubles(Vec<Trouble>),
    /// Committed files are not what would be rendered.
    #[error("{0}")]
    Differs(String),
    /// The user interrupted.
    #[error("interrupted")]
    Interrupted,
    /// A command inside a container ended with this code; nothing is printed.
    #[error("exit code {0}")]
    Exit(u8),
    /// A file of gw's own, in `.gw/` or where a report goes.
    #[error("{action} {}: {source}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: std::path::PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// gw itself is wrong.
    #[error("a defect in gw: {0}")]
    Defect(String),
}

fn summary(troubles: &[Trouble]) -> String {
    troubles.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl Error {
    /// The exit code, as documented in the README.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Defect(_) => 1,
            Self::Usage(_) | Self::UnknownComponent(_) => 2,
            Self::Input(_) | Self::Render(_) | Self::Manifest(_) | Self::File { .. } => 3,
            Self::Foreign(_) => 5,
            Self::Trouble(trouble) => code_of(trouble),
            // The lowest is nearest to the cause: a lost engine explains everything after it.
            Self::Troubles(troubles) => troubles.iter().map(code_of).min().unwrap_or(1),
            Self::Differs(_) => 10,
            Self::Interrupted => 130,
            Self::Exit(code) => *code,
        }
    }

    /// What is wrong, each in its own words with its causes. `told`: the reporter has shown the screens of failed
    /// components, or that the user interrupted.
    pub fn messages(&self, told: bool) -> Vec<String> {
        match self {
            Self::Troubles(troubles) => troubles
                .iter()
                .filter(|trouble| !told || !matches!(trouble, Trouble::Component(_)))
                .map(ToString::to_string)
                .collect(),
            Self::Interrupted if told => Vec::new(),
            error => vec![chain(error)],
        }
    }

    /// What to do next, where gw knows.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Trouble(trouble) => hint_of(trouble),
            Self::Troubles(troubles) => {
                let hints: BTreeSet<String> = troubles.iter().filter_map(hint_of).collect();
                (!hints.is_empty()).then(|| Vec::from_iter(hints).join("\n"))
            }
            Self::Foreign(foreign) => Some(format!(
                "take it down there, or give this profile a project of its own: \"project\": \"{}-2\"",
                foreign.project
            )),
            Self::Differs(_) => Some("run `gw generate` and commit what it writes".into()),
            Self::UnknownComponent(_) => Some("`gw profiles` and `gw status` show what there is".into()),
            _ => None,
        }
    }
}

fn code_of(trouble: &Trouble) -> u8 {
    match trouble {
        Trouble::EngineLost(_) | Trouble::Refused(_) => 4,
        Trouble::Conflict(_) => 5,
        Trouble::Image { .. } => 6,
        Trouble::Component(diagnosis) => match diagnosis.reason {
            crate::plan::diagnosis::Reason::NotReady { .. } => 8,
            _ => 7,
        },
        Trouble::NotRemoved(_) => 9,
    }
}

fn hint_of(trouble: &Trouble) -> Option<String> {
    match trouble {
        Trouble::EngineLost(_) => Some("is Docker running? `gw doctor` checks what gw needs".into()),
        Trouble::Conflict(_) => {
            Some("`docker ps` shows who holds it; stop that, or give the profile another port".into())
        }
        Trouble::Image { hint, .. } => hint.clone(),
        _ => None,
    }
}
