//! Shows why a command failed as a whole: text on standard error, or one JSON object on standard output.

use std::io;

use serde::Serialize;

use super::json;
use super::mode::Output;
use super::paint::{Paint, Tone};
use super::streams::Streams;
use crate::plan::ports::Conflict;

/// Why a command failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// gw's exit code.
    pub code: u8,
    /// What is wrong; at least one.
    pub problems: Vec<Problem>,
    /// What to do next about all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// One thing that is wrong; a place where it is in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Problem {
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What is wrong; further lines are details.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The port that somebody else holds, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflict: Option<Conflict>,
}

impl Failure {
    /// A failure without places.
    pub fn new(code: u8, message: impl Into<String>, hint: Option<String>) -> Self {
        Self { code, problems: vec![Problem { message: message.into(), ..Problem::default() }], hint }
    }
}

/// Shows a failure.
///
/// # Errors
/// The stream takes no more.
pub fn error(streams: &Streams, output: Output, failure: &Failure) -> io::Result<()> {
    match output {
        Output::Json => streams.out.print(&json::line(&[("event", "error".into())], failure)?),
        Output::Text => streams.err.print(&text(failure, Paint(streams.err.colour))),
    }
}

fn text(failure: &Failure, paint: Paint) -> String {
    let mut lines = Vec::new();
    for problem in &failure.problems {
        let mut place = problem.file.clone().unwrap_or_default();
        for number in [problem.line, problem.column].into_iter().flatten() {
            place = format!("{place}:{number}");
        }
        let mut message = String::new();
        for part in
            [Some(&place), problem.path.as_ref()].into_iter().flatten().filter(|part| !part.is_empty())
        {
            message = format!("{message}{part}: ");
        }
        message.push_str(&problem.message);
        let mut parts = message.lines();
        lines.push(format!("{} {}", paint.tone(Tone::Bad, "error:"), parts.next().unwrap_or_default()));
        lines.extend(parts.map(|part| format!("    {part}").trim_end().to_owned()));
        lines.extend(problem.hint.iter().flat_map(|hint| hint.lines()).map(|hint| format!("    {hint}")));
    }
    for (index, hint) in failure.hint.iter().flat_map(|hint| hint.lines()).enumerate() {
        let name = if index == 0 { "hint:" } else { "     " };
        lines.push(format!("{} {hint}", paint.tone(Tone::Strong, name)));
    }
    lines.join("\n") + "\n"
}
