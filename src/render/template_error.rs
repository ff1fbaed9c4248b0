//! What is said about a template that cannot be used.

use std::error::Error;

use super::error::RenderError;

/// Returns the error with template, line, variable and the whole chain of causes.
pub(super) fn describe(name: &str, overridden: bool, error: &tera::Error) -> RenderError {
    let whose = if overridden { "the project's own" } else { "embedded in gw" };
    let report = error.to_string();
    let mut lines =
        vec![format!("template {name} ({whose}): {}", report.strip_prefix("error: ").unwrap_or(&report))];
    let mut cause = error.source();
    while let Some(inner) = cause {
        lines.push(format!("caused by: {inner}"));
        cause = inner.source();
    }
    RenderError::Template { name: name.to_owned(), report: lines.join("\n") }
}
