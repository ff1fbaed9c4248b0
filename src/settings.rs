//! Settings: the command line, the environment and the current folder, resolved once into plain values.
//!
//! An argument is stronger than a variable, a variable than the default. No type of clap's goes past here.

pub mod command;

use std::path::{Path, PathBuf};

use crate::cli::Cli;
use crate::cli::root::Global;
use crate::cli::value::{ColourValue, OutputValue, RUN_ID, is_run_id};
use crate::env_vars::{self, Environment};
use crate::report::mode::{Colour, Output, Surroundings, Verbosity};
use command::{Command, Isolation};

/// Everything a command needs to know from its user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Absolute path of the folder that holds `profiles/`; the current folder where there is none.
    pub root: PathBuf,
    /// The profile's name, or the path of a file that ends in `.json`.
    pub profile: String,
    /// Somebody named the profile: an argument or a variable.
    pub profile_named: bool,
    /// Which run of the profile is meant.
    pub isolation: Isolation,
    /// Absolute path of the image map.
    pub image_map: Option<PathBuf>,
    /// How results and events are written.
    pub output: Output,
    /// How much is said.
    pub verbosity: Verbosity,
    /// When output is coloured.
    pub colour: Colour,
    /// What is to be done.
    pub command: Command,
}

/// A mistake in the command line or the environment that clap cannot see; exit code 2.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Two arguments exclude each other.
    #[error("`--all` and `--profile` exclude each other")]
    AllAndProfile,
    /// An environment variable has a value that it does not take.
    #[error("{name} is {value:?}; it takes {expected}")]
    Variable {
        /// The environment variable.
        name: &'static str,
        /// Its value.
        value: String,
        /// What it takes.
        expected: &'static str,
    },
    /// The file of `--timeline` is of no kind that gw writes.
    #[error("`--timeline {}`: a file that ends in .svg, .html or .json is expected", file.display())]
    TimelineFormat {
        /// As it was typed.
        file: PathBuf,
    },
    /// The file of `--timeline` is a folder.
    #[error("`--timeline {}`: that is a folder", file.display())]
    TimelineFolder {
        /// As it was typed.
        file: PathBuf,
    },
    /// The file of `--timeline` would be in a folder that does not exist.
    #[error("there is no folder {} for `--timeline {}`", folder.display(), file.display())]
    TimelineNowhere {
        /// As it was typed.
        file: PathBuf,
        /// Its folder, as it was typed.
        folder: PathBuf,
    },
    /// The folder of `--directory` does not exist.
    #[error("there is no folder {}", folder.display())]
    NoFolder {
        /// As it was typed.
        folder: PathBuf,
    },
}

impl Settings {
    /// Resolves a command line; `here` is the current folder.
    ///
    /// # Errors
    /// See [`SettingsError`].
    pub fn resolve(cli: Cli, environment: &Environment, here: &Path) -> Result<Self, SettingsError> {
        let global = cli.global;
        let output = output(global.output, environment)?;
        let isolation = isolation(from_cli::isolation(&cli.verb), environment)?;
        let command = Command::from_verb(cli.verb, output, here)?;
        let all = match &command {
            Command::Generate(generate) => generate.all,
            Command::Down(down) => down.all,
            _ => false,
        };
        if all && global.profile.is_some() {
            return Err(SettingsError::AllAndProfile);
        }
        let root = root(global.directory.as_deref(), here)?;
        let image_map =
            global.image_map.clone().or_else(|| environment.get(env_vars::GW_IMAGE_MAP).map(PathBuf::from));
        let profile = global.profile.clone().or_else(|| environment.text(env_vars::GW_PROFILE));
        Ok(Self {
            root,
            profile_named: profile.is_some(),
            isolation,
            image_map: image_map.map(|path| here.join(path)),
            output,
            verbosity: verbosity(&global),
            colour: if global.no_color {
                Colour::Never
            } else {
                global.color.map_or(Colour::Auto, Into::into)
            },
            profile: profile.unwrap_or_else(|| "default".to_owned()),
            command,
        })
    }

    /// The id of the isolated run that is meant, once it is known.
    pub fn run(&self) -> Option<&str> {
        match &self.isolation {
            Isolation::Named(id) => Some(id),
            Isolation::None | Isolation::Unnamed => None,
        }
    }
}

/// What the environment says about colours and columns.
pub fn surroundings(environment: &Environment) -> Surroundings {
    let is = |name: &str, value: &str| environment.get(name).is_some_and(|found| found == value);
    Surroundings {
        no_colour: environment.get(env_vars::NO_COLOR).is_some() || is(env_vars::CLICOLOR, "0"),
        force_colour: environment.get(env_vars::CLICOLOR_FORCE).is_some()
            && !is(env_vars::CLICOLOR_FORCE, "0"),
        dumb: is(env_vars::TERM, "dumb"),
        columns: environment.text(env_vars::COLUMNS).and_then(|columns| columns.parse().ok()),
    }
}

impl From<ColourValue> for Colour {
    fn from(value: ColourValue) -> Self {
        match value {
            ColourValue::Auto => Self::Auto,
            ColourValue::Always => Self::Always,
            ColourValue::Never => Self::Never,
        }
    }
}

impl From<OutputValue> for Output {
    fn from(value: OutputValue) -> Self {
        match value {
            OutputValue::Text => Self::Text,
            OutputValue::Json => Self::Json,
        }
    }
}

fn verbosity(global: &Global) -> Verbosity {
    match (global.quiet, global.verbose) {
        (true, _) => Verbosity::Quiet,
        (_, true) => Verbosity::Verbose,
        _ => Verbosity::Normal,
    }
}

fn output(argument: Option<OutputValue>, environment: &Environment) -> Result<Output, SettingsError> {
    match (argument, environment.get(env_vars::GW_OUTPUT)) {
        (Some(value), _) => Ok(value.into()),
        (None, None) => Ok(Output::Text),
        (None, Some(value)) => {
            let value = value.to_string_lossy().into_owned();
            let name = env_vars::GW_OUTPUT;
            let found = OutputValue::find(&value).map(Into::into);
            found.ok_or(SettingsError::Variable { name, value, expected: "text or json" })
        }
    }
}

/// An id of the command line is stronger than one of the environment, which names what nobody named.
fn isolation(argument: Option<Isolation>, environment: &Environment) -> Result<Isolation, SettingsError> {
    let name = env_vars::GW_ISOLATED;
    match (argument, environment.get(name)) {
        (None, _) => Ok(Isolation::None),
        (Some(argument), None) => Ok(argument),
        (Some(named @ Isolation::Named(_)), Some(_)) => Ok(named),
        (Some(_), Some(value)) => {
            let value = value.to_string_lossy().into_owned();
            if is_run_id(&value) {
                return Ok(Isolation::Named(value));
            }
            Err(SettingsError::Variable { name, value, expected: RUN_ID })
        }
    }
}

/// The folder that was named, else the nearest one upwards that holds `profiles/`, else the current one.
fn root(named: Option<&Path>, here: &Path) -> Result<PathBuf, SettingsError> {
    let Some(folder) = named else {
        let found = here.ancestors().find(|folder| folder.join("profiles").is_dir());
        return Ok(found.unwrap_or(here).to_owned());
    };
    // Without `..` and links, because a checkout is told from its copies by its path.
    let root = here.join(folder).canonicalize().ok().filter(|root| root.is_dir());
    root.ok_or_else(|| SettingsError::NoFolder { folder: folder.to_owned() })
}

mod from_cli;
#[cfg(test)]
mod tests;
