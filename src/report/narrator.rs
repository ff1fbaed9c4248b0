//! Turns events into lines of text: what is worth one, and what it says. Pure; reporters print.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use super::failure;
use super::mode::Verbosity;
use super::paint::{Paint, Tone};
use super::reporter::Summary;
use super::words::{bytes, count, duration, one_line};
use crate::event::{Event, EventKind, Outcome};
use crate::plan::diagnosis::Diagnosis;
use crate::plan::graph::NodeId;
use crate::plan::operation::Phase;

/// Between two lines about the same pull or build.
const PROGRESS: Duration = Duration::from_secs(5);

/// Lines of a build that are kept for its failure.
const BUILD_LINES: usize = 200;

/// What has to be remembered between two events.
#[derive(Debug)]
pub(super) struct Narrator {
    verbosity: Verbosity,
    paint: Paint,
    /// Progress becomes lines; a live view has its own place for it.
    progress: bool,
    phases: BTreeMap<NodeId, Phase>,
    progress_at: BTreeMap<String, Duration>,
    builds: BTreeMap<String, (usize, VecDeque<String>)>,
    told: BTreeSet<String>,
    failures: Vec<Diagnosis>,
}

impl Narrator {
    /// One that has heard nothing yet.
    pub(super) fn new(verbosity: Verbosity, paint: Paint, progress: bool) -> Self {
        Self {
            verbosity,
            paint,
            progress,
            phases: BTreeMap::new(),
            progress_at: BTreeMap::new(),
            builds: BTreeMap::new(),
            told: BTreeSet::new(),
            failures: Vec::new(),
        }
    }

    /// The lines that an event is worth.
    pub(super) fn tell(&mut self, event: &Event) -> Vec<String> {
        let normal = self.verbosity >= Verbosity::Normal;
        let verbose = self.verbosity >= Verbosity::Verbose;
        let line = match &event.kind {
            EventKind::PhaseStarted { phase } => {
                verbose.then(|| self.paint.tone(Tone::Dim, &format!("{phase} begins")))
            }
            EventKind::PhaseFinished { phase, outcome, took } => self.phase(*phase, outcome, *took),
            EventKind::OperationStarted { node, operation, phase, .. } => {
                self.phases.insert(*node, *phase);
                verbose.then(|| self.paint.tone(Tone::Dim, operation))
            }
            EventKind::OperationFinished { node, operation, component, outcome, took } => {
                return self.operation(*node, operation, component.as_deref(), outcome, *took);
            }
            EventKind::Ready { component, probe, asked, took } => {
                normal.then(|| self.ready(component, probe, *asked, *took))
            }
            EventKind::News { component, text } => normal.then(|| format!("{component}: {}", one_line(text))),
            EventKind::Progress { subject, text, current, total } => {
                self.progress(event.at, subject, &progress_text(text, *current, *total))
            }
            EventKind::BuildOutput { subject, line } => self.build_output(subject, line),
            EventKind::Note { text } => {
                normal.then(|| format!("{} {}", self.paint.tone(Tone::Warn, "note:"), one_line(text)))
            }
            EventKind::Failed(diagnosis) => self.failed(diagnosis),
        };
        line.into_iter().collect()
    }

    /// The last lines: one screen for each failure, or how long it took.
    pub(super) fn conclude(&mut self, summary: &Summary) -> Vec<String> {
        let mut lines = Vec::new();
        for diagnosis in std::mem::take(&mut self.failures) {
            lines.push(String::new());
            let screen =
                failure::screen(&diagnosis, &summary.profile, summary.evidence.as_deref(), self.paint);
            lines.extend(screen.lines().map(ToOwned::to_owned));
        }
        let (command, project, took) = (&summary.command, &summary.project, duration(summary.took));
        let text = match &summary.outcome {
            Outcome::Done => self.paint.tone(Tone::Good, &format!("{command} {project}: done in {took}")),
            Outcome::Unchanged => format!("{command} {project}: nothing to do ({took})"),
            Outcome::Cancelled => {
                self.paint.tone(Tone::Warn, &format!("{command} {project}: interrupted after {took}"))
            }
            Outcome::Failed { .. } => String::new(),
        };
        if self.verbosity >= Verbosity::Normal {
            lines.extend(Some(text).filter(|text| !text.is_empty()));
            lines.extend(summary.timeline.iter().map(|file| format!("timeline: {}", one_line(file))));
        }
        lines
    }

    fn phase(&self, phase: Phase, outcome: &Outcome, took: Duration) -> Option<String> {
        let name = self.paint.tone(Tone::Strong, &phase.to_string());
        let took = duration(took);
        let text = match outcome {
            Outcome::Done => format!("{name} {took}"),
            Outcome::Unchanged if self.verbosity < Verbosity::Verbose => return None,
            Outcome::Unchanged => format!("{name} {took}, nothing to do"),
            Outcome::Failed { .. } => format!("{name} {} after {took}", self.paint.tone(Tone::Bad, "failed")),
            Outcome::Cancelled => format!("{name} {} after {took}", self.paint.tone(Tone::Warn, "cancelled")),
        };
        (self.verbosity >= Verbosity::Normal).then_some(text)
    }

    fn operation(
        &mut self,
        node: NodeId,
        operation: &str,
        component: Option<&str>,
        outcome: &Outcome,
        took: Duration,
    ) -> Vec<String> {
        let phase = self.phases.remove(&node);
        let image = operation.strip_prefix("build image ").unwrap_or_default();
        let build = self.builds.remove(image);
        let took = duration(took);
        match outcome {
            // Starting and awaiting end in a `Ready`, which says more.
            Outcome::Done if matches!(phase, Some(Phase::Start | Phase::Health)) => {
                self.verbose_only(&format!("{operation} {took}"))
            }
            Outcome::Done if self.verbosity >= Verbosity::Normal => vec![format!("{operation} {took}")],
            Outcome::Done => Vec::new(),
            Outcome::Unchanged => self.verbose_only(&format!("{operation}: nothing to do")),
            Outcome::Cancelled => self.verbose_only(&format!("{operation}: cancelled")),
            Outcome::Failed { message } => {
                let mut lines = Vec::new();
                // A build's last words come before the verdict, as in a terminal.
                if let Some((dropped, kept)) = build {
                    if dropped > 0 {
                        lines.push(format!("{image} | ({} before)", count(dropped, "line", "lines")));
                    }
                    lines.extend(kept.iter().map(|line| format!("{image} | {line}")));
                }
                if component.is_none_or(|component| self.told.insert(component.to_owned())) {
                    let failed = self.paint.tone(Tone::Bad, &format!("{operation} failed"));
                    lines.push(format!("{failed} after {took}: {}", one_line(message)));
                }
                lines
            }
        }
    }

    fn verbose_only(&self, text: &str) -> Vec<String> {
        if self.verbosity >= Verbosity::Verbose { vec![self.paint.tone(Tone::Dim, text)] } else { Vec::new() }
    }

    fn ready(&self, component: &str, probe: &str, asked: u32, took: Duration) -> String {
        let asked = if asked == 0 { String::new() } else { format!(", asked {asked}") };
        let ready = self.paint.tone(Tone::Good, "ready");
        format!("{component} {ready} after {} ({}{asked})", duration(took), one_line(probe))
    }

    fn progress(&mut self, at: Duration, subject: &str, text: &str) -> Option<String> {
        if !self.progress || self.verbosity < Verbosity::Normal {
            return None;
        }
        let last = *self.progress_at.entry(subject.to_owned()).or_insert(at);
        if at < last + PROGRESS {
            return None;
        }
        self.progress_at.insert(subject.to_owned(), at);
        Some(self.paint.tone(Tone::Dim, &format!("{subject}: {text}")))
    }

    fn build_output(&mut self, subject: &str, line: &str) -> Option<String> {
        let line = one_line(line);
        if self.verbosity >= Verbosity::Verbose {
            return Some(format!("{subject} | {line}"));
        }
        let (dropped, kept) = self.builds.entry(subject.to_owned()).or_default();
        kept.push_back(line);
        if kept.len() > BUILD_LINES {
            kept.pop_front();
            *dropped += 1;
        }
        None
    }

    fn failed(&mut self, diagnosis: &Diagnosis) -> Option<String> {
        self.failures.push(diagnosis.clone());
        let failed = self.paint.tone(Tone::Bad, &format!("{} failed", diagnosis.component));
        let reason = one_line(&diagnosis.reason.to_string());
        self.told.insert(diagnosis.component.clone()).then(|| format!("{failed}: {reason}"))
    }
}

/// `downloading, 45 % of 210.0 MB`.
pub(super) fn progress_text(text: &str, current: Option<u64>, total: Option<u64>) -> String {
    let text = one_line(text);
    match (current, total) {
        (Some(current), Some(total)) if total > 0 => {
            // A registry may send more than it announced.
            let percent = u128::from(current.min(total)) * 100 / u128::from(total);
            format!("{text}, {percent} % of {}", bytes(total))
        }
        (Some(current), _) => format!("{text}, {}", bytes(current)),
        _ => text,
    }
}
