//! What a build tells while it runs, as events: BuildKit's trace and the classic builder's text; pure.

use std::collections::{BTreeMap, VecDeque};

use bollard::moby::buildkit::v1::{StatusResponse, Vertex, VertexStatus};
use bollard::models::BuildInfo;

use crate::event::EventKind;

/// How many of the last lines a failure shows.
const LAST_LINES: usize = 40;

/// Everything known about a running build.
#[derive(Debug, Default)]
pub(super) struct BuildStatus {
    image: String,
    steps: BTreeMap<String, Step>,
    /// Lines that have not ended yet, by vertex and stream.
    open: BTreeMap<(String, i64), Vec<u8>>,
    last: VecDeque<String>,
    /// The classic builder's current step.
    current: Option<String>,
}

#[derive(Debug, Default)]
struct Step {
    name: String,
    told: bool,
    ended: bool,
    failed: bool,
    bytes: BTreeMap<String, (u64, u64)>,
}

impl BuildStatus {
    pub(super) fn new(image: &str) -> Self {
        Self { image: image.to_owned(), ..Self::default() }
    }

    /// Takes in one answer of BuildKit.
    pub(super) fn trace(&mut self, status: &StatusResponse) -> Vec<EventKind> {
        let mut events = Vec::new();
        for vertex in &status.vertexes {
            events.extend(self.vertex(vertex));
        }
        for transfer in &status.statuses {
            events.extend(self.transfer(transfer));
        }
        for log in &status.logs {
            events.extend(self.output((log.vertex.clone(), log.stream), &log.msg));
        }
        events
    }

    /// Takes in one message of the classic builder.
    pub(super) fn classic(&mut self, info: &BuildInfo) -> Vec<EventKind> {
        let mut events = Vec::new();
        if let Some(text) = info.stream.as_deref() {
            if text.starts_with("Step ") {
                let step = text.trim().to_owned();
                events.push(self.progress(&step, None));
                self.current = Some(step);
            }
            // This builder paints what a step writes to standard error.
            let plain = text.replace("\u{1b}[91m", "").replace("\u{1b}[0m", "");
            events.extend(self.output((String::new(), 1), plain.as_bytes()));
        }
        if let Some(status) = info.status.as_deref() {
            let bytes =
                info.progress_detail.as_ref().and_then(|detail| Some((detail.current?, detail.total?)));
            events.push(
                self.progress(status, bytes.map(|(current, total)| (positive(current), positive(total)))),
            );
        }
        events
    }

    /// Ends lines that the build left open.
    pub(super) fn end(&mut self) -> Vec<EventKind> {
        let open = std::mem::take(&mut self.open);
        open.into_values().filter(|rest| !rest.is_empty()).map(|rest| self.line(&rest)).collect()
    }

    /// The step that failed; the classic builder's last one where the build failed.
    pub(super) fn failed_step(&self) -> Option<String> {
        let failed = self.steps.values().find(|step| step.failed).map(|step| step.name.clone());
        failed.or_else(|| self.current.clone())
    }

    /// The last lines that the build printed.
    pub(super) fn last_lines(self) -> Vec<String> {
        self.last.into()
    }

    fn vertex(&mut self, vertex: &Vertex) -> Option<EventKind> {
        let step = self.steps.entry(vertex.digest.clone()).or_default();
        step.name.clone_from(&vertex.name);
        step.ended = vertex.completed.is_some();
        // A step that another one's failure ended is not the one to name.
        step.failed |= !vertex.error.is_empty() && !vertex.error.contains("context canceled");
        let begins = vertex.started.is_some() || vertex.cached;
        if step.told || !begins || vertex.name.starts_with("[internal]") {
            return None;
        }
        step.told = true;
        let text = if vertex.cached { format!("{} (cached)", vertex.name) } else { vertex.name.clone() };
        Some(self.progress(&text, None))
    }

    fn transfer(&mut self, transfer: &VertexStatus) -> Option<EventKind> {
        let step =
            self.steps.get_mut(&transfer.vertex).filter(|step| !step.name.starts_with("[internal]"))?;
        if transfer.total <= 0 {
            return None;
        }
        step.bytes.insert(transfer.id.clone(), (positive(transfer.current), positive(transfer.total)));
        let sum = step.bytes.values().fold((0, 0), |sum, bytes| (sum.0 + bytes.0, sum.1 + bytes.1));
        let name = step.name.clone();
        Some(self.progress(&name, Some(sum)))
    }

    fn progress(&self, text: &str, bytes: Option<(u64, u64)>) -> EventKind {
        EventKind::Progress {
            subject: self.image.clone(),
            text: text.to_owned(),
            current: bytes.map(|(current, _)| current),
            total: bytes.map(|(_, total)| total),
        }
    }

    fn output(&mut self, source: (String, i64), bytes: &[u8]) -> Vec<EventKind> {
        let mut text = self.open.remove(&source).unwrap_or_default();
        text.extend_from_slice(bytes);
        let mut lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
        let rest = lines.pop().unwrap_or_default().to_vec();
        let events = lines.into_iter().map(|line| self.line(line)).collect();
        self.open.insert(source, rest);
        events
    }

    /// One line; of one that overwrites itself (a bar), what stands last.
    fn line(&mut self, bytes: &[u8]) -> EventKind {
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_end();
        let line = text.rsplit('\r').next().unwrap_or(text).to_owned();
        if self.last.len() == LAST_LINES {
            self.last.pop_front();
        }
        self.last.push_back(line.clone());
        EventKind::BuildOutput { subject: self.image.clone(), line }
    }
}

fn positive(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests;
