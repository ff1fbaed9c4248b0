//! The reporter for a terminal: one moving line for whatever runs now, and what is done above it.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::mode::Verbosity;
use super::narrator::{Narrator, progress_text};
use super::paint::{Paint, Tone};
use super::reporter::{Reporter, Summary};
use super::streams::Stream;
use super::words::one_line;
use crate::event::{Event, EventKind};
use crate::plan::graph::NodeId;

/// Between two pictures of a spinner.
const TICK: Duration = Duration::from_millis(120);

/// Moving lines on a terminal. The cursor is never hidden, so that a killed gw leaves the terminal as it was.
#[derive(Debug)]
pub(super) struct Live {
    /// Where finished lines go; the same terminal that the bars are on.
    stream: Stream,
    bars: MultiProgress,
    /// The moving lines, by what they are about.
    lines: BTreeMap<String, Line>,
    /// What each running operation is about.
    running: BTreeMap<NodeId, String>,
    narrator: Narrator,
    paint: Paint,
    animated: bool,
}

/// A moving line.
#[derive(Debug)]
struct Line {
    bar: ProgressBar,
    /// Operations that are about the same.
    operations: usize,
}

impl Live {
    /// One on the process's terminal.
    pub(super) fn of_terminal(stream: Stream, verbosity: Verbosity) -> Self {
        let mut live = Self::new(stream, ProgressDrawTarget::stderr(), verbosity);
        live.animated = true;
        live
    }

    /// One that draws somewhere; its spinners stand still.
    pub(super) fn new(stream: Stream, target: ProgressDrawTarget, verbosity: Verbosity) -> Self {
        let paint = Paint(stream.colour);
        Self {
            stream,
            bars: MultiProgress::with_draw_target(target),
            lines: BTreeMap::new(),
            running: BTreeMap::new(),
            narrator: Narrator::new(verbosity, paint, false),
            paint,
            animated: false,
        }
    }

    fn started(&mut self, node: NodeId, operation: &str, component: Option<&str>) {
        let subject = subject(operation, component);
        self.running.insert(node, subject.clone());
        let text = if operation.starts_with("await ") { "waiting until it is ready" } else { operation };
        if let Some(line) = self.lines.get_mut(&subject) {
            line.operations += 1;
            line.bar.set_message(text.to_owned());
            return;
        }
        let bar = self.bars.add(ProgressBar::new_spinner());
        bar.set_style(
            ProgressStyle::with_template("{spinner} {prefix}{wide_msg} {elapsed:>4}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner()),
        );
        if component.is_some() && subject != operation {
            bar.set_prefix(format!("{} ", self.paint.tone(Tone::Strong, &subject)));
        }
        bar.set_message(text.to_owned());
        if self.animated {
            bar.enable_steady_tick(TICK);
        } else {
            bar.tick();
        }
        self.lines.insert(subject, Line { bar, operations: 1 });
    }

    fn finished(&mut self, node: NodeId) {
        let Some(subject) = self.running.remove(&node) else { return };
        let Some(line) = self.lines.get_mut(&subject) else { return };
        line.operations -= 1;
        if line.operations == 0 {
            line.bar.finish_and_clear();
            self.bars.remove(&line.bar);
            self.lines.remove(&subject);
        }
    }

    fn print(&self, lines: &[String]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        // Not `println`, which leaves the last line without its end.
        self.bars.suspend(|| self.stream.print(&(lines.join("\n") + "\n")))
    }
}

/// What a line is about: the image of a pull or a build, else the component, else the operation itself.
fn subject(operation: &str, component: Option<&str>) -> String {
    let image = operation.strip_prefix("pull image ").or_else(|| operation.strip_prefix("build image "));
    image.or(component).unwrap_or(operation).to_owned()
}

impl Reporter for Live {
    fn report(&mut self, event: &Event) -> io::Result<()> {
        let lines = self.narrator.tell(event);
        match &event.kind {
            EventKind::OperationStarted { node, operation, component, .. } => {
                self.started(*node, operation, component.as_deref());
            }
            EventKind::OperationFinished { node, .. } => self.finished(*node),
            EventKind::News { component, text } => {
                if let Some(line) = self.lines.get(component) {
                    line.bar.set_message(one_line(text));
                    return Ok(());
                }
            }
            EventKind::Progress { subject, text, current, total } => {
                if let Some(line) = self.lines.get(subject) {
                    line.bar.set_message(format!("{subject}: {}", progress_text(text, *current, *total)));
                }
            }
            EventKind::BuildOutput { subject, line: text } => {
                if let Some(line) = self.lines.get(subject) {
                    line.bar.set_message(format!("{subject}: {}", one_line(text)));
                }
            }
            _ => {}
        }
        self.print(&lines)
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.clear();
        let lines = self.narrator.conclude(summary);
        self.print(&lines)
    }
}

impl Live {
    fn clear(&mut self) {
        for line in std::mem::take(&mut self.lines).into_values() {
            line.bar.finish_and_clear();
        }
        self.running.clear();
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.clear();
    }
}
