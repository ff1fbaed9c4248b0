//! The rows of a timeline: what each component did and waited for, in the order in which they started.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::time::Duration;

use super::model::{Kind, Row, Segment};
use super::owners::owners;
use super::path::{SEEN, before};
use super::record::{Act, Record};
use crate::event::Outcome;
use crate::plan::operation::{Operation, Phase};

/// The rows; `path` is the critical path.
pub(super) fn rows(record: &Record, path: &[usize]) -> Vec<Row> {
    let owners = owners(record);
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, names) in owners.iter().enumerate() {
        for name in names {
            members.entry(name).or_default().push(index);
        }
    }
    let path = path.iter().copied().collect();
    let view = View { record, owners: &owners, path, begins: begins(record), blockers: blockers(record) };
    let mut order: Vec<(&str, Vec<usize>)> = members.into_iter().collect();
    order.sort_by_key(|(_, acts)| (view.started(acts), acts.first().copied()));
    order.into_iter().map(|(name, acts)| view.row(name, &acts)).collect()
}

struct View<'a> {
    record: &'a Record,
    owners: &'a [Vec<String>],
    path: BTreeSet<usize>,
    /// When each plan began.
    begins: Vec<Duration>,
    /// For each operation that never began the failed or cut one because of which it did not.
    blockers: Vec<Option<usize>>,
}

fn begins(record: &Record) -> Vec<Duration> {
    let mut begins = Vec::new();
    for act in &record.acts {
        begins.resize(begins.len().max(act.plan + 1), None);
        begins[act.plan] = [begins[act.plan], act.begin].into_iter().flatten().min();
    }
    begins.into_iter().map(|begin: Option<Duration>| begin.unwrap_or(record.now)).collect()
}

/// Of several the one that ended first.
fn blockers(record: &Record) -> Vec<Option<usize>> {
    let mut blockers: Vec<Option<usize>> = Vec::new();
    for act in &record.acts {
        let needs = act.needs.iter().copied().filter(|_| act.begin.is_none());
        let open: Vec<usize> = needs.filter(|need| !record.acts[*need].succeeded()).collect();
        let begun = open.iter().copied().filter(|need| record.acts[*need].begin.is_some());
        let first = begun.min_by_key(|need| (record.end_of(&record.acts[*need]), *need));
        blockers.push(first.or_else(|| open.iter().find_map(|need| blockers[*need])));
    }
    blockers
}

impl View<'_> {
    /// When a row started: its container, else the wait for it, else whatever came first; the rest is last.
    fn started(&self, acts: &[usize]) -> Duration {
        let first = |wanted: &dyn Fn(&Operation) -> bool| {
            let acts = acts.iter().map(|index| &self.record.acts[*index]);
            acts.filter(|act| wanted(&act.operation)).filter_map(|act| act.begin).min()
        };
        first(&|operation| matches!(operation, Operation::StartContainer { .. }))
            .or_else(|| first(&|operation| matches!(operation, Operation::AwaitReady { .. })))
            .or_else(|| if self.has_component(acts) { None } else { first(&|_| true) })
            .unwrap_or(Duration::MAX)
    }

    fn has_component(&self, acts: &[usize]) -> bool {
        acts.iter().any(|index| matches!(self.record.acts[*index].operation, Operation::AwaitReady { .. }))
    }

    fn row(&self, name: &str, acts: &[usize]) -> Row {
        let mut begun: Vec<usize> =
            acts.iter().copied().filter(|index| self.record.acts[*index].begin.is_some()).collect();
        begun.sort_by_key(|index| (self.record.acts[*index].begin, *index));
        // What goes after a failure goes after the wait for what failed.
        let (cleanup, work): (Vec<usize>, Vec<usize>) =
            begun.into_iter().partition(|index| self.record.acts[*index].phase == Phase::Cleanup);
        let (mut segments, mut until) = (Vec::new(), Duration::ZERO);
        for index in work {
            let act = &self.record.acts[index];
            until = until.max(self.begins[act.plan]);
            segments.extend(self.wait(
                name,
                until..act.begin.unwrap_or_default(),
                before(self.record, act),
                act.plan,
            ));
            join(&mut segments, self.segment(index));
            until = until.max(self.record.end_of(act));
        }
        if let Some(blocker) = acts.iter().find_map(|index| self.blockers[*index]) {
            let act = &self.record.acts[blocker];
            let wait = until.max(self.begins[act.plan])..self.record.end_of(act);
            segments.extend(self.wait(name, wait, Some(blocker), act.plan));
        }
        for index in cleanup {
            join(&mut segments, self.segment(index));
        }
        Row { name: name.to_owned(), outcome: self.outcome(acts), segments }
    }

    fn segment(&self, index: usize) -> Segment {
        let act = &self.record.acts[index];
        let (begin, end) = (act.begin.unwrap_or_default(), self.record.end_of(act));
        Segment { kind: kind(&act.operation), begin, end, on: None, critical: self.path.contains(&index) }
    }

    /// A wait for an operation, where that is of the same plan and in another row, and the wait is long enough to be seen.
    fn wait(&self, name: &str, time: Range<Duration>, on: Option<usize>, plan: usize) -> Option<Segment> {
        let on = on.filter(|on| self.record.acts[*on].plan == plan && time.end >= time.start + SEEN)?;
        let owners = &self.owners[on];
        let on = owners.first().filter(|_| owners.iter().all(|owner| owner != name))?;
        let (begin, end) = (time.start, time.end);
        Some(Segment { kind: Kind::Wait, begin, end, on: Some(on.clone()), critical: false })
    }

    fn outcome(&self, acts: &[usize]) -> Outcome {
        let acts = || acts.iter().map(|index| &self.record.acts[*index]);
        let failed = |act: &Act| match &act.end {
            Some((_, failed @ Outcome::Failed { .. })) => Some(failed.clone()),
            _ => None,
        };
        let done = || if acts().all(Act::succeeded) { Outcome::Done } else { Outcome::Cancelled };
        acts().find_map(failed).unwrap_or_else(done)
    }
}

/// Adds a part; one of the same kind that goes on without a pause becomes longer.
fn join(segments: &mut Vec<Segment>, next: Segment) {
    match segments.last_mut() {
        Some(last) if last.kind == next.kind && next.begin < last.end + SEEN => {
            last.end = last.end.max(next.end);
            last.critical |= next.critical;
        }
        _ => segments.push(next),
    }
}

fn kind(operation: &Operation) -> Kind {
    match operation {
        Operation::PullImage { .. } => Kind::Pull,
        Operation::BuildImage { .. } => Kind::Build,
        Operation::CreateNetwork { .. }
        | Operation::CreateVolume { .. }
        | Operation::CreateContainer { .. } => Kind::Create,
        Operation::StartContainer { .. } => Kind::Start,
        Operation::AwaitReady { .. } => Kind::Ready,
        Operation::StopContainer { .. }
        | Operation::RemoveContainer { .. }
        | Operation::RemoveNetwork { .. }
        | Operation::RemoveVolume { .. }
        | Operation::RemoveImage { .. }
        | Operation::RemoveBuiltImage { .. } => Kind::Remove,
    }
}
