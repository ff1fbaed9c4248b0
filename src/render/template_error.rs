//! What is said about a template that cannot be used.

use std::collections::BTreeSet;
use std::error::Error;

use super::error::RenderError;

/// Returns the error with template, line, variable and the whole chain of causes. `asked` is the template that was rendered;
/// the one at fault may be another that it includes.
pub(super) fn describe(asked: &str, own: &BTreeSet<String>, error: &tera::Error) -> RenderError {
    let report = error.to_string();
    let name = at_fault(&report).unwrap_or(asked);
    let whose = if own.contains(name) { "the project's own" } else { "gw's own" };
    let mut lines = Vec::new();
    if name.is_empty() {
        lines.push("the templates do not fit together".to_owned());
    } else {
        lines.push(format!("template {name} ({whose}) cannot be used"));
    }
    lines.push(report.strip_prefix("error: ").unwrap_or(&report).to_owned());
    let mut cause = error.source();
    while let Some(inner) = cause {
        lines.push(format!("caused by: {inner}"));
        cause = inner.source();
    }
    RenderError::Template { name: name.to_owned(), report: lines.join("\n") }
}

// The template that the report points into: ` --> NAME:LINE:COLUMN`.
fn at_fault(report: &str) -> Option<&str> {
    let place = report.lines().find_map(|line| line.trim_start().strip_prefix("--> "))?;
    place.rsplitn(3, ':').nth(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn describe_shows_the_whole_chain_of_causes() {
        let disk = std::io::Error::other("disk is on fire");
        let inner = tera::Error::chain("cannot read the value", disk);
        let error = tera::Error::chain("filter `yaml` failed", inner);
        assert_eq!(
            describe("a.tera", &BTreeSet::new(), &error).to_string(),
            "template a.tera (gw's own) cannot be used\nfilter `yaml` failed\n\
             caused by: cannot read the value\ncaused by: disk is on fire"
        );
    }
}
