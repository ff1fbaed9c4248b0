//! The critical path, and what was left undone.

use std::cmp::Reverse;
use std::time::Duration;

use super::model::{Step, Unfinished};
use super::owners::owners;
use super::record::{Act, Record};
use crate::event::Outcome;
use crate::plan::operation::{Operation, Phase};

/// What is shorter is no wait but gw's own work, and would read as 0.00 s.
pub(super) const SEEN: Duration = Duration::from_millis(5);

/// The operations that decided how long the run took, by index, the first one first: back from what ended last, always to
/// what ended last before it.
///
/// Where the run was ended from outside, from what had run longest then. What is cleaned up afterwards is left out.
pub(super) fn critical(record: &Record) -> Vec<usize> {
    let acts = record.acts.iter().enumerate();
    let begun = acts.filter(|(_, act)| act.phase != Phase::Cleanup && act.begin.is_some());
    let last = begun.max_by_key(|(index, act)| {
        let longest = if act.was_cut() { Some((Reverse(act.begin), Reverse(*index))) } else { None };
        (longest.is_some(), longest, record.end_of(act), *index)
    });
    let mut next = last.map(|(index, _)| index);
    let mut path = Vec::new();
    while let Some(index) = next {
        path.push(index);
        next = before(record, &record.acts[index]);
    }
    path.reverse();
    path
}

/// What an operation waited for longest.
pub(super) fn before(record: &Record, act: &Act) -> Option<usize> {
    let ended = |index: &usize| record.acts[*index].end.as_ref().map(|(at, _)| (*at, *index));
    act.needs.iter().chain(&act.ended).filter_map(ended).max().map(|(_, index)| index)
}

/// The critical path in words.
pub(super) fn steps(record: &Record, path: &[usize]) -> Vec<Step> {
    let owners = owners(record);
    let mut row = "";
    let mut steps: Vec<Step> = Vec::new();
    for index in path.iter().rev() {
        let act = &record.acts[*index];
        // An image that several are made of stands in the row that goes on from it.
        if !owners[*index].iter().any(|owner| owner == row) {
            row = owners[*index].first().map_or("", String::as_str);
        }
        let begin = act.begin.unwrap_or_default();
        let outcome = act.end.as_ref().map_or(Outcome::Cancelled, |(_, outcome)| outcome.clone());
        let (operation, end) = (act.operation.to_string(), record.end_of(act));
        steps.push(Step { operation, row: row.to_owned(), outcome, begin, end });
    }
    steps.reverse();
    steps
}

/// What had begun and was not done, the longest first.
pub(super) fn unfinished(record: &Record) -> Vec<Unfinished> {
    let mut cut: Vec<&Act> = record.acts.iter().filter(|act| act.was_cut()).collect();
    cut.sort_by_key(|act| act.begin);
    let in_words = |act: &Act| {
        let (subject, component) = match &act.operation {
            Operation::AwaitReady { component, .. } => (component, Some(component.clone())),
            Operation::PullImage { image, .. } | Operation::BuildImage { image, .. } => (image, None),
            other => return Unfinished::of(record, act, other.to_string(), None, None),
        };
        Unfinished::of(record, act, act.operation.to_string(), component, record.last.get(subject).cloned())
    };
    cut.into_iter().map(in_words).collect()
}

impl Unfinished {
    fn of(
        record: &Record,
        act: &Act,
        operation: String,
        component: Option<String>,
        last: Option<String>,
    ) -> Self {
        let took = record.end_of(act).saturating_sub(act.begin.unwrap_or_default());
        Self { operation, component, took, last }
    }
}
