//! Every way in which a command can end, its exit code and what to do next.

use std::collections::BTreeSet;

use crate::engine::backend::{Trouble, chain};
use crate::manifest::error::ManifestError;
use crate::plan::borrowers::StillUsed;
use crate::plan::initialised::OtherPassword;
use crate::plan::isolation::NotIsolated;
use crate::plan::needed::OwnerNotUp;
use crate::plan::ownership::Foreign;
use crate::plan::ports::Taken;
use crate::plan::selection::UnknownComponent;
use crate::plan::store_mode::ModeChange;
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
    /// Ports that are needed belong to somebody else.
    #[error(transparent)]
    Ports(#[from] Taken),
    /// What a profile borrows is not up.
    #[error(transparent)]
    OwnerNotUp(Box<OwnerNotUp>),
    /// Others still use the project.
    #[error(transparent)]
    StillUsed(#[from] StillUsed),
    /// A store has other servers now, and could lose data.
    #[error(transparent)]
    ModeChange(#[from] ModeChange),
    /// A volume was initialised with another password.
    #[error(transparent)]
    OtherPassword(#[from] OtherPassword),
    /// A secret cannot be rotated.
    #[error("{message}")]
    NotRotated {
        /// Why not.
        message: String,
        /// What to do.
        hint: String,
    },
    /// A profile that shares something cannot run isolated.
    #[error(transparent)]
    NotIsolated(#[from] NotIsolated),
    /// Another `gw run` has the project.
    #[error("another gw run has project {project} (process {process})")]
    RunTaken {
        /// The project.
        project: String,
        /// The id of that gw's process.
        process: u32,
    },
    /// What `gw run` itself could not do, as against its command.
    #[error("{0}")]
    InRun(Box<Error>),
    /// Something of this checkout's or of another one's cannot be adopted.
    #[error("{message}")]
    NotAdopted {
        /// Why not.
        message: String,
        /// What to do.
        hint: String,
    },
    /// An error to which the command knows a way round.
    #[error("{error}")]
    Advised {
        /// The error.
        error: Box<Error>,
        /// The way.
        hint: String,
    },
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
    /// The time that the user gave it was over.
    #[error("{spent}")]
    OverBudget {
        /// What took the time, and what was still waited for.
        spent: String,
        /// What did not succeed besides; each was reported as it happened.
        troubles: Vec<Trouble>,
        /// Where the evidence lies, relative to the root.
        evidence: Option<String>,
    },
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
            Self::Input(_)
            | Self::Render(_)
            | Self::Manifest(_)
            | Self::NotIsolated(_)
            | Self::File { .. } => 3,
            Self::Foreign(_)
            | Self::Ports(_)
            | Self::OwnerNotUp(_)
            | Self::StillUsed(_)
            | Self::ModeChange(_)
            | Self::OtherPassword(_)
            | Self::NotRotated { .. }
            | Self::RunTaken { .. }
            | Self::NotAdopted { .. } => 5,
            Self::Advised { error, .. } => error.exit_code(),
            Self::Trouble(trouble) => code_of(trouble),
            // The lowest is nearest to the cause: a lost engine explains everything after it.
            Self::Troubles(troubles) => troubles.iter().map(code_of).min().unwrap_or(1),
            Self::OverBudget { troubles, .. } => troubles.iter().map(code_of).fold(8, u8::min),
            Self::Differs(_) => 10,
            Self::Interrupted => 130,
            Self::Exit(code) => *code,
            Self::InRun(_) => 125,
        }
    }

    /// What is wrong, each in its own words with its causes. `told`: the reporter has shown the screens of failed
    /// components, or that the user interrupted.
    pub fn messages(&self, told: bool) -> Vec<String> {
        match self {
            Self::Troubles(troubles) => untold(troubles, told).collect(),
            Self::OverBudget { spent, troubles, .. } => {
                std::iter::once(spent.clone()).chain(untold(troubles, told)).collect()
            }
            Self::Ports(taken) => taken.conflicts.iter().map(ToString::to_string).collect(),
            Self::Interrupted if told => Vec::new(),
            Self::Advised { error, .. } | Self::InRun(error) => error.messages(told),
            error => vec![chain(error)],
        }
    }

    /// The error itself, without what a command adds.
    pub fn bare(&self) -> &Self {
        if let Self::Advised { error, .. } | Self::InRun(error) = self { error.bare() } else { self }
    }

    /// What to do next, where gw knows.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Trouble(trouble) => hint_of(trouble),
            Self::Troubles(troubles) => {
                let hints: BTreeSet<String> = troubles.iter().filter_map(hint_of).collect();
                (!hints.is_empty()).then(|| Vec::from_iter(hints).join("\n"))
            }
            Self::OverBudget { evidence, .. } => {
                let evidence = evidence.as_ref().map(|folder| format!("the evidence is in {folder}; "));
                Some(format!("{}a longer `--budget` gives it more time", evidence.unwrap_or_default()))
            }
            Self::Render(render) => render.hint(),
            Self::Foreign(foreign) => Some(foreign.hint()),
            Self::Ports(taken) => Some(taken.ways()),
            Self::OwnerNotUp(missing) => Some(missing.hint()),
            Self::StillUsed(used) => Some(used.hint()),
            Self::ModeChange(change) => Some(change.hint()),
            Self::OtherPassword(other) => Some(other.hint()),
            Self::NotAdopted { hint, .. } | Self::NotRotated { hint, .. } => Some(hint.clone()),
            Self::NotIsolated(shares) => Some(shares.hint()),
            Self::RunTaken { .. } => Some("`gw run --isolated` has a project of its own".into()),
            Self::InRun(error) => error.hint(),
            Self::Advised { error, hint } => {
                Some(error.hint().into_iter().chain([hint.clone()]).collect::<Vec<_>>().join("\n"))
            }
            Self::Differs(_) => Some("run `gw generate` and commit what it writes".into()),
            Self::UnknownComponent(_) => Some("`gw profiles` and `gw status` show what there is".into()),
            _ => None,
        }
    }
}

fn untold(troubles: &[Trouble], told: bool) -> impl Iterator<Item = String> {
    let untold = troubles.iter().filter(move |trouble| !told || !matches!(trouble, Trouble::Component(_)));
    untold.map(ToString::to_string)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_the_cause_only_of_what_did_not_fail_by_itself() {
        let over = |troubles| Error::OverBudget {
            spent: "not done".to_owned(),
            troubles,
            evidence: Some("here".to_owned()),
        };
        assert_eq!(over(Vec::new()).exit_code(), 8);
        assert_eq!(over(vec![Trouble::NotRemoved("x".to_owned())]).exit_code(), 8);
        let conflict = over(vec![Trouble::Conflict("port 1".to_owned())]);
        assert_eq!(conflict.exit_code(), 5);
        assert_eq!(conflict.messages(true), ["not done", "port 1"]);
        let hint = "the evidence is in here; a longer `--budget` gives it more time";
        assert_eq!(conflict.hint().as_deref(), Some(hint));
    }
}
