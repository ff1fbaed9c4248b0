//! The command line: what users type, as clap sees it. [`crate::settings`] turns it into values; clap ends there.

pub mod args;
mod examples;
pub mod root;
pub mod run;
pub mod value;

use std::ffi::OsString;

use clap::{CommandFactory, Parser};

pub use root::{Cli, Verb};
use value::{ColourValue, OutputValue, ShellValue};

/// What to print instead of running a command: help, the version, or what is wrong with the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The text without colours.
    pub plain: String,
    /// The text with ANSI colours.
    pub coloured: String,
    /// 0 for help and the version, 2 for a mistake.
    pub code: u8,
}

/// Reads a command line; the first argument is the program's name.
///
/// # Errors
/// Help or the version is asked for, or the command line has a mistake.
pub fn parse<I, T>(arguments: I) -> Result<Cli, Answer>
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    Cli::try_parse_from(arguments).map_err(|error| {
        let text = error.render();
        let code = if error.use_stderr() { 2 } else { 0 };
        Answer { plain: text.to_string(), coloured: text.ansi().to_string(), code }
    })
}

/// Looks for `--color` and `--output` in a command line that may have mistakes, so that these can be shown as asked.
pub fn peek(arguments: &[OsString]) -> (Option<ColourValue>, Option<OutputValue>) {
    let words: Vec<&str> =
        arguments.iter().skip(1).map_while(|word| word.to_str()).take_while(|word| *word != "--").collect();
    let value = |names: &[&str]| {
        words.iter().enumerate().rev().find_map(|(index, word)| match word.split_once('=') {
            Some((name, value)) => names.contains(&name).then_some(value),
            None if names.contains(word) => words.get(index + 1).copied(),
            None => None,
        })
    };
    let colour = if words.contains(&"--no-color") { Some("never") } else { value(&["--color", "--colour"]) };
    (colour.and_then(ColourValue::find), value(&["--output", "-o"]).and_then(OutputValue::find))
}

/// Returns the completion script of a shell.
pub fn completions(shell: ShellValue) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell.generator(), &mut Cli::command(), "gw", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

#[cfg(test)]
mod tests;
