//! The error of this layer: everything that is wrong in a set of input files, each with its place.

use std::fmt;

use serde::Serialize;

/// One thing that is wrong in an input file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The file, relative to the folder that holds `profiles/`.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The field, for example `services.auth.dependsOn[0]`; empty for the whole file.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if !self.path.is_empty() {
            write!(formatter, "{}: ", self.path)?;
        }
        write!(formatter, "{}", self.message)?;
        if let Some(hint) = &self.hint {
            write!(formatter, "\n    {hint}")?;
        }
        Ok(())
    }
}

/// Everything that is wrong in a set of input files, by file, line and column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct InputError {
    /// At least one problem.
    pub problems: Vec<Problem>,
}

impl InputError {
    /// Puts problems in the order of files, lines and columns.
    pub(super) fn new(mut problems: Vec<Problem>) -> Self {
        problems.sort();
        problems.dedup();
        Self { problems }
    }

    /// A problem with a file as a whole.
    pub(super) fn of_file(file: impl Into<String>, message: impl Into<String>, hint: Option<String>) -> Self {
        let (file, message) = (file.into(), message.into());
        Self { problems: vec![Problem { file, line: 1, column: 1, path: String::new(), message, hint }] }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(formatter)?;
            }
            write!(formatter, "{problem}")?;
        }
        Ok(())
    }
}
