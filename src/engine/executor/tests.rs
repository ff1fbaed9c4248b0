//! The executor against a recording fake.

use std::collections::BTreeMap;
use std::future::{Future, pending};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::{Cut, Ending, execute};
use crate::engine::backend::{Done, Engine, Sink, Trouble};
use crate::event::{EventKind, Outcome};
use crate::plan::diagnosis::{Diagnosis, Reason};
use crate::plan::graph::{NodeId, Plan};
use crate::plan::operation::{Operation, Phase};

/// What the fake does for an operation.
enum Act {
    /// Succeeds after the other operations had their turn.
    Done,
    /// Finds nothing to do.
    Unchanged,
    /// Tells news, then succeeds.
    News(&'static str),
    /// Waits until as many operations are at this point.
    Meet(usize),
    /// Waits until the test lets it go on.
    Held,
    /// Never ends.
    Hang,
    /// Does not succeed.
    Fail(Trouble),
}

/// Records what begins and ends; acts as told, by the operation's text.
#[derive(Default)]
struct Fake {
    acts: BTreeMap<String, Act>,
    log: Mutex<Vec<String>>,
    here: Mutex<usize>,
    met: Notify,
    held: Notify,
    waiting: Mutex<BTreeMap<String, String>>,
}

impl Fake {
    fn new(acts: impl IntoIterator<Item = (&'static str, Act)>) -> Self {
        let acts = acts.into_iter().map(|(operation, act)| (operation.to_owned(), act)).collect();
        Self { acts, ..Self::default() }
    }

    fn note(&self, text: String) {
        self.log.lock().expect("the log").push(text);
    }

    fn log(&self) -> Vec<String> {
        self.log.lock().expect("the log").clone()
    }

    async fn meet(&self, count: usize) {
        let here = {
            let mut here = self.here.lock().expect("the count");
            *here += 1;
            *here
        };
        if here < count {
            self.met.notified().await;
        } else {
            self.met.notify_waiters();
        }
    }
}

impl Engine for Fake {
    async fn perform(&self, operation: &Operation, waiting: &[String], sink: &Sink) -> Result<Done, Trouble> {
        let name = operation.to_string();
        self.note(format!("+ {name}"));
        self.waiting.lock().expect("the names").insert(name.clone(), waiting.join(" "));
        tokio::task::yield_now().await;
        let result = match self.acts.get(&name).unwrap_or(&Act::Done) {
            Act::Done => Ok(Done::Changed),
            Act::Unchanged => Ok(Done::Unchanged),
            Act::News(text) => {
                sink(EventKind::Note { text: (*text).to_owned() });
                Ok(Done::Changed)
            }
            Act::Meet(count) => {
                self.meet(*count).await;
                Ok(Done::Changed)
            }
            Act::Held => {
                self.held.notified().await;
                Ok(Done::Changed)
            }
            Act::Hang => pending().await,
            Act::Fail(trouble) => Err(trouble.clone()),
        };
        self.note(format!("- {name}"));
        result
    }
}

fn pull(image: &str) -> Operation {
    Operation::PullImage { image: image.to_owned(), platform: None }
}

fn create(component: &str) -> Operation {
    Operation::CreateContainer { component: component.to_owned(), number: 1 }
}

fn start(component: &str) -> Operation {
    Operation::StartContainer { component: component.to_owned(), number: 1, id: None }
}

fn ready(component: &str) -> Operation {
    Operation::AwaitReady { component: component.to_owned(), existing: Vec::new() }
}

/// Adds a component: create, start, await; the node that awaits it.
fn component(plan: &mut Plan, name: &str, needs: &[NodeId]) -> NodeId {
    let created = plan.add(Phase::Start, create(name), "test", &[]);
    let started = plan.add(Phase::Start, start(name), "test", &[&[created], needs].concat());
    plan.add(Phase::Health, ready(name), "test", &[started])
}

/// What a run told, one line an event.
fn line(kind: &EventKind) -> String {
    let how = |outcome: &Outcome| match outcome {
        Outcome::Done => "done".to_owned(),
        Outcome::Unchanged => "unchanged".to_owned(),
        Outcome::Failed { message } => format!("failed: {message}"),
        Outcome::Cancelled => "cancelled".to_owned(),
    };
    match kind {
        EventKind::PhaseStarted { phase } => format!("[{phase}"),
        EventKind::PhaseFinished { phase, outcome, .. } => format!("{phase}] {}", how(outcome)),
        EventKind::OperationStarted { operation, .. } => format!("+ {operation}"),
        EventKind::OperationFinished { operation, outcome, .. } => format!("- {operation}: {}", how(outcome)),
        EventKind::Note { text } => format!("note {text}"),
        EventKind::Failed(diagnosis) => format!("evidence of {}", diagnosis.component),
        other => format!("{other:?}"),
    }
}

/// Carries out a plan; a run that does not end by itself fails the test.
async fn run_until(plan: &Plan, fake: &Fake, cut: impl Future<Output = Cut>) -> (Ending, Vec<String>) {
    let mut lines = Vec::new();
    let report = |event: &crate::event::Event| lines.push(line(&event.kind));
    let run = execute(plan, fake, Instant::now(), cut, report);
    let ending = tokio::time::timeout(Duration::from_secs(10), run).await.expect("the run ends");
    (ending, lines)
}

async fn run(plan: &Plan, fake: &Fake) -> (Ending, Vec<String>) {
    run_until(plan, fake, pending()).await
}

fn refused() -> Act {
    Act::Fail(Trouble::Refused("no".to_owned()))
}

#[tokio::test]
async fn an_empty_plan_ends_at_once() {
    let (ending, lines) = run(&Plan::default(), &Fake::default()).await;
    assert!(ending.done.is_empty() && ending.troubles.is_empty() && ending.cut.is_none());
    assert_eq!(lines, Vec::<String>::new());
}

#[tokio::test]
async fn each_begins_after_what_it_needs_and_each_phase_is_told_once() {
    let mut plan = Plan::default();
    component(&mut plan, "auth", &[]);
    let fake = Fake::new([("start container auth-1", Act::Unchanged), ("await auth", Act::News("soon"))]);
    let (ending, lines) = run(&plan, &fake).await;
    assert_eq!(ending.done.len(), 3);
    assert_eq!(
        lines,
        [
            "[start",
            "+ create container auth-1",
            "- create container auth-1: done",
            "+ start container auth-1",
            "- start container auth-1: unchanged",
            "start] done",
            "[health",
            "+ await auth",
            "note soon",
            "- await auth: done",
            "health] done",
        ]
    );
}

#[tokio::test]
async fn independent_operations_overlap() {
    let mut plan = Plan::default();
    for image in ["a", "b", "c"] {
        plan.add(Phase::Build, pull(image), "test", &[]);
    }
    let fake = Fake::new(["pull image a", "pull image b", "pull image c"].map(|name| (name, Act::Meet(3))));
    let (ending, _) = run(&plan, &fake).await;
    assert_eq!(ending.done.len(), 3);
}

#[tokio::test]
async fn nothing_that_needs_a_failure_begins_and_the_rest_goes_on() {
    let mut plan = Plan::default();
    let mongo = component(&mut plan, "mongo", &[]);
    component(&mut plan, "auth", &[mongo]);
    component(&mut plan, "web", &[]);
    let fake = Fake::new([("await mongo", refused())]);
    let (ending, lines) = run(&plan, &fake).await;
    assert_eq!(ending.troubles, [(mongo, Trouble::Refused("no".to_owned()))]);
    assert!(!fake.log().contains(&"+ start container auth-1".to_owned()));
    assert!(!fake.log().contains(&"+ await auth".to_owned()));
    assert!(fake.log().contains(&"- await web".to_owned()));
    let begun = ending.begun();
    assert!(begun.contains(&mongo) && !begun.contains(&NodeId(4)), "{begun:?}");
    let phases: Vec<_> = lines.iter().filter(|line| line.contains(['[', ']'])).collect();
    assert_eq!(phases, ["[start", "[health", "start] cancelled", "health] failed: no"]);
}

#[tokio::test]
async fn an_optional_dependency_does_not_block_however_it_ends() {
    for act in [refused(), Act::Done] {
        let mut plan = Plan::default();
        let mongo = component(&mut plan, "mongo", &[]);
        let seed = component(&mut plan, "seed", &[mongo]);
        let auth = plan.add(Phase::Start, start("auth"), "test", &[]);
        plan.wait_for_end(auth, &[seed]);
        let fake = Fake::new([("await mongo", act)]);
        let (ending, lines) = run(&plan, &fake).await;
        assert!(ending.done.contains(&auth), "{lines:#?}");
        let place = |text: &str| lines.iter().position(|line| line.starts_with(text));
        assert!(place("- await mongo") < place("+ start container auth-1"), "{lines:#?}");
    }
}

#[tokio::test]
async fn a_component_that_fails_comes_with_its_evidence_before_its_end() {
    let mut plan = Plan::default();
    component(&mut plan, "auth", &[]);
    let diagnosis = Diagnosis {
        component: "auth".to_owned(),
        container: "ms-auth-1".to_owned(),
        reason: Reason::Exited { exit_code: Some(3), out_of_memory: false },
        probe: None,
        answers: Vec::new(),
        state: String::new(),
        exit_code: Some(3),
        out_of_memory: false,
        logs: Vec::new(),
        waiting: Vec::new(),
    };
    let fake = Fake::new([("await auth", Act::Fail(Trouble::Component(Box::new(diagnosis))))]);
    let (_, lines) = run(&plan, &fake).await;
    let end = &lines[lines.len() - 3..];
    let message = "failed: auth: ended with exit code 3";
    assert_eq!(end, ["evidence of auth", &format!("- await auth: {message}"), &format!("health] {message}")]);
}

#[tokio::test]
async fn an_operation_knows_which_components_wait_for_it() {
    let mut plan = Plan::default();
    let image = plan.add(Phase::Build, pull("mongo:8.0"), "test", &[]);
    let mongo = component(&mut plan, "mongo", &[image]);
    let auth = component(&mut plan, "auth", &[mongo]);
    component(&mut plan, "gateway", &[auth]);
    let fake = Fake::default();
    run(&plan, &fake).await;
    let waiting = fake.waiting.lock().expect("the names");
    assert_eq!(waiting["pull image mongo:8.0"], "auth gateway mongo");
    assert_eq!(waiting["await mongo"], "auth gateway");
    assert_eq!(waiting["await gateway"], "");
}

#[tokio::test]
async fn an_interrupt_abandons_what_is_slow_lets_what_is_quick_end_and_begins_nothing_more() {
    let mut plan = Plan::default();
    let slow = plan.add(Phase::Build, pull("a"), "test", &[]);
    let quick = plan.add(Phase::Start, create("auth"), "test", &[]);
    plan.add(Phase::Start, start("auth"), "test", &[slow, quick]);
    let fake = Fake::new([("pull image a", Act::Hang), ("create container auth-1", Act::Held)]);
    let interrupt = async {
        while fake.log().len() < 2 {
            tokio::task::yield_now().await;
        }
        fake.held.notify_one();
        Cut::Interrupt
    };
    let (ending, mut lines) = run_until(&plan, &fake, interrupt).await;
    assert!(ending.cut == Some(Cut::Interrupt) && ending.troubles.is_empty());
    assert_eq!((ending.abandoned, ending.done), ([slow].into(), [quick].into()));
    lines.retain(|line| !line.starts_with("note "));
    lines[4..7].sort();
    assert_eq!(
        lines,
        [
            "[build",
            "+ pull image a",
            "[start",
            "+ create container auth-1",
            "- create container auth-1: done",
            "- pull image a: cancelled",
            "build] cancelled",
            "start] cancelled",
        ]
    );
}

#[tokio::test]
async fn an_interrupt_while_leftovers_go_lets_the_one_that_goes_end_and_keeps_the_next() {
    let remove = |id: &str| Operation::RemoveImage { id: id.to_owned() };
    let mut plan = Plan::default();
    let ready = plan.add(Phase::Health, ready("auth"), "test", &[]);
    let going = plan.add(Phase::Cleanup, remove("sha256:a"), "test", &[ready]);
    plan.add(Phase::Cleanup, remove("sha256:b"), "test", &[going]);
    let (first, second) = (remove("sha256:a").to_string(), remove("sha256:b").to_string());
    let mut fake = Fake::default();
    fake.acts.insert(first.clone(), Act::Held);
    let interrupt = async {
        while !fake.log().contains(&format!("+ {first}")) {
            tokio::task::yield_now().await;
        }
        fake.held.notify_one();
        Cut::Interrupt
    };
    let (ending, lines) = run_until(&plan, &fake, interrupt).await;
    assert!(ending.cut == Some(Cut::Interrupt) && ending.troubles.is_empty() && ending.abandoned.is_empty());
    assert_eq!(ending.done, [ready, going].into());
    assert!(!fake.log().contains(&format!("+ {second}")), "{lines:#?}");
    assert_eq!(lines[lines.len() - 2..], [format!("- {first}: done"), "cleanup] cancelled".to_owned()]);
}

#[tokio::test]
async fn a_run_is_cut_only_once_and_says_by_whom() {
    let notes = [
        (Cut::Interrupt, "note interrupted: what is half-made goes; a second Ctrl-C ends gw at once"),
        (Cut::Budget, "note the budget is used up: what is half-made goes"),
    ];
    for (by, note) in notes {
        let mut plan = Plan::default();
        component(&mut plan, "auth", &[]);
        let (ending, lines) = run_until(&plan, &Fake::default(), std::future::ready(by)).await;
        assert_eq!(ending.cut, Some(by));
        assert!(!ending.done.contains(&NodeId(2)));
        let said: Vec<&String> = lines.iter().filter(|line| line.starts_with("note ")).collect();
        assert_eq!(said, [note]);
    }
}

#[tokio::test]
async fn a_lost_engine_stops_everything() {
    let mut plan = Plan::default();
    let hanging = plan.add(Phase::Health, ready("mongo"), "test", &[]);
    let lost = plan.add(Phase::Start, create("auth"), "test", &[]);
    let never = plan.add(Phase::Start, start("web"), "test", &[]);
    plan.wait_for_end(never, &[lost]);
    let trouble = Trouble::EngineLost("gone".to_owned());
    let fake =
        Fake::new([("await mongo", Act::Hang), ("create container auth-1", Act::Fail(trouble.clone()))]);
    let (ending, lines) = run(&plan, &fake).await;
    assert!(ending.cut.is_none());
    assert_eq!(ending.troubles, [(lost, trouble)]);
    assert_eq!(ending.abandoned, [hanging].into());
    assert!(!lines.contains(&"+ start container web-1".to_owned()), "{lines:#?}");
    assert!(lines.contains(&"health] cancelled".to_owned()), "{lines:#?}");
}

#[tokio::test]
async fn events_are_told_in_the_order_in_which_they_happened() {
    let mut plan = Plan::default();
    for image in ["a", "b"] {
        plan.add(Phase::Build, pull(image), "test", &[]);
    }
    let fake = Fake::new([("pull image a", Act::News("of a")), ("pull image b", Act::News("of b"))]);
    let mut times = Vec::new();
    execute(&plan, &fake, Instant::now(), pending(), |event| times.push((event.at, line(&event.kind)))).await;
    assert!(times.is_sorted_by_key(|(at, _)| *at), "{times:#?}");
    for image in ["a", "b"] {
        let place = |text: String| times.iter().position(|(_, line)| *line == text);
        let news = place(format!("note of {image}"));
        assert!(place(format!("+ pull image {image}")) < news, "{times:#?}");
        assert!(news < place(format!("- pull image {image}: done")), "{times:#?}");
    }
}
