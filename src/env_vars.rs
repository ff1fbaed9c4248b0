//! The environment variables that gw reads: names and meanings.

use std::collections::BTreeMap;
use std::ffi::OsString;

/// The profile, where `--profile` does not name one.
pub const GW_PROFILE: &str = "GW_PROFILE";
/// The image map, where `--image-map` does not name one.
pub const GW_IMAGE_MAP: &str = "GW_IMAGE_MAP";
/// The id of an isolated run, where `--isolated` does not name one; `gw run --isolated` gives it to its command.
pub const GW_ISOLATED: &str = "GW_ISOLATED";
/// `text` or `json`, where `--output` does not say it.
pub const GW_OUTPUT: &str = "GW_OUTPUT";
/// Any value but an empty one: no colours (<https://no-color.org>).
pub const NO_COLOR: &str = "NO_COLOR";
/// Any value but an empty one or `0`: colours also where there is no terminal; `NO_COLOR` is stronger.
pub const CLICOLOR_FORCE: &str = "CLICOLOR_FORCE";
/// `0`: no colours (<https://bixense.com/clicolors/>).
pub const CLICOLOR: &str = "CLICOLOR";
/// `dumb`: neither colours nor a live view.
pub const TERM: &str = "TERM";
/// Columns of the output, where it is no terminal that can be asked.
pub const COLUMNS: &str = "COLUMNS";
/// The engine's address; stronger than the Docker context.
pub const DOCKER_HOST: &str = "DOCKER_HOST";
/// The Docker context; stronger than the one that `docker context use` chose.
pub const DOCKER_CONTEXT: &str = "DOCKER_CONTEXT";
/// The folder of Docker's `config.json` and contexts; `~/.docker` otherwise.
pub const DOCKER_CONFIG: &str = "DOCKER_CONFIG";
/// Any value but an empty one asks for TLS, which gw does not speak to an engine yet: it refuses.
pub const DOCKER_TLS_VERIFY: &str = "DOCKER_TLS_VERIFY";
/// The user's folder; Docker's configuration is found below it.
pub const HOME: &str = "HOME";

/// A snapshot of the environment; tests make their own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    values: BTreeMap<OsString, OsString>,
}

impl Environment {
    /// The process's own.
    pub fn of_process() -> Self {
        Self { values: std::env::vars_os().collect() }
    }

    /// One with just these variables.
    pub fn of<const N: usize>(variables: [(&str, &str); N]) -> Self {
        Self { values: variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect() }
    }

    /// The value; an empty one counts as none, as CI systems set variables empty that are not meant.
    pub fn get(&self, name: &str) -> Option<OsString> {
        self.values.get(std::ffi::OsStr::new(name)).filter(|value| !value.is_empty()).cloned()
    }

    /// The value as text, where it is valid UTF-8.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(|value| value.into_string().ok())
    }
}
