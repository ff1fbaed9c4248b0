//! Reads single values out of the environment, and keeps every problem found on the way.

use std::ffi::OsString;
use std::str::FromStr;
use std::time::Duration;

/// The environment while it is read: a lookup, and the problems so far.
pub(crate) struct Values<L> {
    lookup: L,
    problems: Vec<String>,
}

impl<L: Fn(&str) -> Option<OsString>> Values<L> {
    /// Starts to read from `lookup`.
    pub(crate) fn new(lookup: L) -> Self {
        Self { lookup, problems: Vec::new() }
    }

    /// Returns the text of a variable; an empty one counts as absent.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        match (self.lookup)(name)?.into_string() {
            Ok(text) if text.is_empty() => None,
            Ok(text) => Some(text),
            Err(_) => {
                self.problems.push(format!("{name}: not UTF-8"));
                None
            }
        }
    }

    /// Returns a whole number from 0 to `most`.
    pub(crate) fn number<N: FromStr + Into<u64>>(&mut self, name: &str, most: u64) -> Option<N> {
        let text = self.text(name)?;
        if let Some(number) = text.parse::<u64>().ok().filter(|number| *number <= most)
            && let Ok(number) = number.to_string().parse()
        {
            return Some(number);
        }
        self.problems.push(format!("{name}: \"{text}\" is not a whole number from 0 to {most}"));
        None
    }

    /// Returns a number of milliseconds.
    pub(crate) fn milliseconds(&mut self, name: &str) -> Option<Duration> {
        self.number::<u32>(name, u32::MAX.into()).map(|number| Duration::from_millis(number.into()))
    }

    /// Returns whether an on/off switch is on.
    pub(crate) fn is_on(&mut self, name: &str) -> bool {
        match self.text(name).as_deref() {
            None | Some("0" | "false") => false,
            Some("1" | "true") => true,
            Some(other) => {
                self.problems.push(format!("{name}: \"{other}\" is neither 1 nor 0"));
                false
            }
        }
    }

    /// Ends the reading with the problems that it found, if any.
    pub(crate) fn finish(self) -> Result<(), Vec<String>> {
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems) }
    }
}
