//! Where the value of a secret comes from, as it is written.

use schemars::JsonSchema;
use serde::Deserialize;

/// Where a secret's value comes from: exactly one of the keys.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Secret {
    /// A variable of the environment that gw runs in.
    pub env: Option<String>,
    /// A file: absolute, from the home folder with `~/`, or relative to the project's folder.
    pub file: Option<String>,
    /// A command and its arguments, without a shell, run in the project's folder; what it prints is the value.
    #[schemars(length(min = 1))]
    pub command: Option<Vec<String>>,
    /// gw makes it at random, so many letters and digits.
    #[schemars(range(min = 8, max = 1024))]
    pub generate: Option<u16>,
}
