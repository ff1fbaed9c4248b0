//! What is wrong with a rendered file: every problem of the file at once, each with its place.

use std::fmt;
use std::path::PathBuf;

/// Everything that is wrong with one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestError {
    /// The file.
    pub file: PathBuf,
    /// Its problems in the order of the file; never empty.
    pub problems: Vec<Problem>,
}

/// One problem and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it begins.
    pub position: Position,
    /// The key, as in `services.auth.ports[0].target`; empty where it is about the whole file.
    pub path: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

impl Position {
    /// The beginning of a file.
    pub const START: Self = Self { line: 1, column: 1 };
}

impl fmt::Display for ManifestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                formatter.write_str("\n")?;
            }
            let Position { line, column } = problem.position;
            write!(formatter, "{}:{line}:{column}: ", self.file.display())?;
            if !problem.path.is_empty() {
                write!(formatter, "{}: ", problem.path)?;
            }
            formatter.write_str(&problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for ManifestError {}
