//! What the command line asks for.

use std::ffi::OsString;
use std::fmt;

/// The one thing that a start of the binary is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// Serve (or do the job) until the end.
    Serve,
    /// Ask the running service for its health.
    Health,
    /// Print the help text.
    Help,
    /// Print the version.
    Version,
}

impl Request {
    /// Reads the arguments after the program's name.
    ///
    /// # Errors
    /// When an argument is unknown, or one is given after another.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, UnknownArgument> {
        let mut arguments = arguments.into_iter();
        let Some(first) = arguments.next() else { return Ok(Self::Serve) };
        let request = match first.to_str() {
            Some("--health") => Self::Health,
            Some("--help" | "-h") => Self::Help,
            Some("--version" | "-V") => Self::Version,
            _ => return Err(UnknownArgument(first)),
        };
        arguments.next().map_or(Ok(request), |second| Err(UnknownArgument(second)))
    }
}

/// An argument that means nothing here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UnknownArgument(OsString);

impl fmt::Display for UnknownArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown argument \"{}\" (see --help)", self.0.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Request, String> {
        Request::parse(arguments.iter().map(OsString::from)).map_err(|error| error.to_string())
    }

    #[test]
    fn each_argument_is_one_request() {
        assert_eq!(parse(&[]), Ok(Request::Serve));
        assert_eq!(parse(&["--health"]), Ok(Request::Health));
        assert_eq!(parse(&["--help"]), Ok(Request::Help));
        assert_eq!(parse(&["-h"]), Ok(Request::Help));
        assert_eq!(parse(&["--version"]), Ok(Request::Version));
        assert_eq!(parse(&["-V"]), Ok(Request::Version));
    }

    #[test]
    fn anything_else_is_named_and_refused() {
        for arguments in [&["--healthy"][..], &["--health", "--healthy"]] {
            assert_eq!(parse(arguments), Err("unknown argument \"--healthy\" (see --help)".to_owned()));
        }
    }
}
