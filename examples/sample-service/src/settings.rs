//! Turns the environment into settings, once, and reports everything that is wrong with it together.

use std::ffi::OsString;

use crate::switches::Switches;
use crate::values::Values;

/// The port when `PORT` says nothing.
const DEFAULT_PORT: u16 = 8080;

/// What the service was told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The name in every answer.
    pub(crate) service: String,
    /// The port to listen on; 0 picks a free one.
    pub(crate) port: u16,
    /// The MongoDB to use, password and all.
    pub(crate) mongodb_uri: Option<String>,
    /// The Redis to use, password and all.
    pub(crate) redis_url: Option<String>,
    /// What every Redis key begins with.
    pub(crate) redis_key_prefix: String,
    /// How to misbehave.
    pub(crate) switches: Switches,
}

impl Settings {
    /// Reads all settings from `lookup`.
    ///
    /// # Errors
    /// With one line for each variable that cannot be used.
    pub(crate) fn read(lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self, Vec<String>> {
        let mut values = Values::new(lookup);
        let settings = Self {
            service: values.text("SERVICE_NAME").unwrap_or_else(|| "sample".to_owned()),
            port: read_port(&mut values),
            mongodb_uri: values.text("MONGODB_URI"),
            redis_url: values.text("REDIS_URL"),
            redis_key_prefix: values.text("REDIS_KEY_PREFIX").unwrap_or_default(),
            switches: Switches::read(&mut values),
        };
        values.finish().map(|()| settings)
    }
}

/// Reads the port alone, which is all that `--health` needs.
///
/// # Errors
/// With the one problem that `PORT` can have.
pub(crate) fn port(lookup: impl Fn(&str) -> Option<OsString>) -> Result<u16, Vec<String>> {
    let mut values = Values::new(lookup);
    let port = read_port(&mut values);
    values.finish().map(|()| port)
}

fn read_port<L: Fn(&str) -> Option<OsString>>(values: &mut Values<L>) -> u16 {
    values.number("PORT", u16::MAX.into()).unwrap_or(DEFAULT_PORT)
}

#[cfg(test)]
mod tests;
