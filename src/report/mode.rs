//! How output looks: the choices a user has.

/// How results and events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Output {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, on standard output.
    Json,
}

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Verbosity {
    /// Only failures and results.
    Quiet,
    /// What matters.
    #[default]
    Normal,
    /// Each operation, and what builds print.
    Verbose,
}

/// When output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// On a terminal, as far as the environment allows.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What the environment says about colours; [`crate::env_vars`] names the variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// `NO_COLOR` is set, or `CLICOLOR` is `0`.
    pub no_colour: bool,
    /// `CLICOLOR_FORCE` is set.
    pub force_colour: bool,
    /// `TERM` is `dumb`.
    pub dumb: bool,
    /// `COLUMNS`, where it is a number.
    pub columns: Option<usize>,
}

impl Colour {
    /// Whether a stream is coloured.
    ///
    /// An argument is stronger than the environment; there, `NO_COLOR` is the strongest.
    pub fn applies(self, terminal: bool, surroundings: Surroundings) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if surroundings.no_colour => false,
            Self::Auto if surroundings.force_colour => true,
            Self::Auto => terminal && !surroundings.dumb,
        }
    }
}
