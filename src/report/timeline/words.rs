//! A timeline in words: how long each part took, and what a run that exceeded its budget spent it on.

use std::time::Duration;

use super::model::{Kind, Row, Segment, Step, Timeline};
use super::path::{self, SEEN};
use super::record::Record;
use crate::event::Outcome;
use crate::report::words::{duration, one_line};

/// `up ms: done in 4.2 s`.
pub(super) fn title(timeline: &Timeline) -> String {
    let how = match timeline.outcome {
        Outcome::Done | Outcome::Unchanged => "done in",
        Outcome::Failed { .. } => "failed after",
        Outcome::Cancelled => "interrupted after",
    };
    format!("{} {}: {how} {}", timeline.command, timeline.project, duration(timeline.took))
}

/// The critical path with the time between its steps; together it is all the time that the run took.
pub(super) fn path(steps: &[Step], took: Duration) -> Vec<(Duration, String)> {
    let mut lines = Vec::new();
    let mut until = Duration::ZERO;
    let pause = |begin: Duration, until: Duration, text: &str| {
        let pause = begin.saturating_sub(until);
        (pause >= SEEN).then(|| (pause, text.to_owned()))
    };
    for (index, step) in steps.iter().enumerate() {
        let text = if index == 0 { "before the first operation" } else { "between two operations" };
        lines.extend(pause(step.begin, until, text));
        let end = match step.outcome {
            Outcome::Done | Outcome::Unchanged => "",
            Outcome::Failed { .. } => ": failed",
            Outcome::Cancelled => ": not done",
        };
        let text = one_line(&format!("{}{end}", step.operation));
        lines.push((step.end.saturating_sub(step.begin), text));
        until = step.end;
    }
    let text = if steps.is_empty() { "before the first operation" } else { "after the last of these" };
    lines.extend(pause(took, until, text));
    lines
}

/// `kyc 1.2 s: waited 0.80 s for mongo, 0.10 s create, 0.30 s until ready`; `kyc 1.2 s, failed: ...`.
pub(super) fn row(row: &Row) -> String {
    let mut text = one_line(&row.name);
    if !row.segments.is_empty() {
        text = format!("{text} {}", duration(row.took()));
    }
    if let Some(end) = end(row) {
        text = format!("{text}, {end}");
    }
    if row.segments.is_empty() { text } else { format!("{text}: {}", parts(row)) }
}

/// `waited 0.80 s for mongo, 0.10 s create, 0.30 s until ready`.
pub(super) fn parts(row: &Row) -> String {
    let parts = row.segments.iter().map(|part| segment(part, &row.outcome));
    parts.collect::<Vec<_>>().join(", ")
}

/// How a row ended that is not done.
pub(super) fn end(row: &Row) -> Option<&'static str> {
    let begun = row.segments.iter().any(|segment| segment.kind != Kind::Wait);
    match row.outcome {
        Outcome::Done | Outcome::Unchanged => None,
        Outcome::Failed { .. } => Some("failed"),
        Outcome::Cancelled if begun => Some("not done"),
        Outcome::Cancelled => Some("never began"),
    }
}

/// `0.10 s create`; `outcome` is its row's.
pub(super) fn segment(segment: &Segment, outcome: &Outcome) -> String {
    let took = duration(segment.end.saturating_sub(segment.begin));
    match (segment.kind, &segment.on) {
        (Kind::Wait, Some(on)) => format!("waited {took} for {}", one_line(on)),
        (Kind::Ready, _) if matches!(outcome, Outcome::Done | Outcome::Unchanged) => {
            format!("{took} until ready")
        }
        (Kind::Ready, _) => format!("{took} not ready"),
        (kind, _) => format!("{took} {}", name(kind)),
    }
}

/// A kind of part in the legend.
pub(super) fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Remove => "remove",
        Kind::Pull => "pull",
        Kind::Build => "build",
        Kind::Create => "create",
        Kind::Wait => "wait for others",
        Kind::Start => "start",
        Kind::Ready => "until ready",
    }
}

/// What a command spent its budget on, for its error: the critical path so far, and what it still waited for.
pub fn over_budget(record: &Record, budget: Duration) -> String {
    let mut lines = vec![format!("not done within the budget of {}; this took the time:", duration(budget))];
    let steps = path::steps(record, &path::critical(record));
    let took = steps.last().map_or(budget, |last| last.end);
    lines.extend(path(&steps, took).iter().map(|(took, text)| format!("  {:>12} {text}", duration(*took))));
    if steps.is_empty() {
        lines.extend(record.note.iter().map(|note| format!("the last that gw said: {}", one_line(note))));
    }
    for one in path::unfinished(record) {
        let what = match &one.component {
            Some(component) => format!("still waited for {component}"),
            None => format!("still at work: {}", one.operation),
        };
        let last = one.last.map_or_else(|| "nothing was heard of it".to_owned(), |last| one_line(&last));
        lines.push(format!("{what}, for {}: {last}", duration(one.took)));
    }
    lines.join("\n")
}
