//! What a command did so far: the operations of its plans, one plan after the other, and what became of each.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::event::{Event, EventKind, Outcome};
use crate::plan::graph::Plan;
use crate::plan::operation::{Operation, Phase};
use crate::report::narrator::progress_text;

/// Plans with their events.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub(super) command: String,
    pub(super) profile: String,
    pub(super) project: String,
    pub(super) acts: Vec<Act>,
    /// The last that was heard of a component or an image.
    pub(super) last: BTreeMap<String, String>,
    /// The last note.
    pub(super) note: Option<String>,
    /// When the last event was.
    pub(super) now: Duration,
    /// Index of the current plan's first operation.
    first: usize,
    plans: usize,
}

/// An operation and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Act {
    pub(super) operation: Operation,
    pub(super) phase: Phase,
    /// Which of the command's plans it is in.
    pub(super) plan: usize,
    /// What must have succeeded before, by index.
    pub(super) needs: Vec<usize>,
    /// What must have ended before, by index.
    pub(super) ended: Vec<usize>,
    pub(super) begin: Option<Duration>,
    pub(super) end: Option<(Duration, Outcome)>,
}

impl Act {
    /// It did what it should.
    pub(super) fn succeeded(&self) -> bool {
        matches!(self.end, Some((_, Outcome::Done | Outcome::Unchanged)))
    }

    /// It had begun and did not come to an end of its own.
    pub(super) fn was_cut(&self) -> bool {
        self.begin.is_some() && matches!(self.end, None | Some((_, Outcome::Cancelled)))
    }
}

impl Record {
    /// Of a command that has done nothing yet.
    pub fn new(command: &str, profile: &str, project: &str) -> Self {
        Self {
            command: command.to_owned(),
            profile: profile.to_owned(),
            project: project.to_owned(),
            acts: Vec::new(),
            last: BTreeMap::new(),
            note: None,
            now: Duration::ZERO,
            first: 0,
            plans: 0,
        }
    }

    /// A plan is carried out from now on; the events until the next one are its own.
    pub fn begin(&mut self, plan: &Plan) {
        self.first = self.acts.len();
        let last = self.last_ended();
        for node in &plan.nodes {
            let places = |ids: &[crate::plan::graph::NodeId]| -> Vec<usize> {
                ids.iter().map(|id| self.first + id.0).collect()
            };
            let mut ended = places(&node.ended);
            if node.needs.is_empty() && ended.is_empty() {
                // A plan begins when the one before has ended.
                ended.extend(last);
            }
            self.acts.push(Act {
                operation: node.operation.clone(),
                phase: node.phase,
                plan: self.plans,
                needs: places(&node.needs),
                ended,
                begin: None,
                end: None,
            });
        }
        self.plans += 1;
    }

    /// Something happened.
    pub fn event(&mut self, event: &Event) {
        self.now = self.now.max(event.at);
        match &event.kind {
            EventKind::OperationStarted { node, .. } => {
                if let Some(act) = self.acts.get_mut(self.first + node.0) {
                    act.begin = Some(event.at);
                }
            }
            EventKind::OperationFinished { node, outcome, .. } => {
                if let Some(act) = self.acts.get_mut(self.first + node.0) {
                    act.end = Some((event.at, outcome.clone()));
                }
            }
            EventKind::News { component, text } => {
                self.last.insert(component.clone(), text.clone());
            }
            EventKind::Progress { subject, text, current, total } => {
                self.last.insert(subject.clone(), progress_text(text, *current, *total));
            }
            EventKind::BuildOutput { subject, line } => {
                self.last.insert(subject.clone(), line.clone());
            }
            EventKind::Note { text } => self.note = Some(text.clone()),
            _ => {}
        }
    }

    /// When an operation ended; one that still runs ends now.
    pub(super) fn end_of(&self, act: &Act) -> Duration {
        act.end.as_ref().map_or(self.now, |(at, _)| *at)
    }

    fn last_ended(&self) -> Option<usize> {
        let ended = |(index, act): (usize, &Act)| act.end.as_ref().map(|(at, _)| (*at, index));
        self.acts.iter().enumerate().filter_map(ended).max().map(|(_, index)| index)
    }
}
