//! What every command shares: settings, streams, the reporter, the interrupt, the clock.

use std::time::{Duration, Instant};

use super::interrupt::Interrupt;
use super::{drive, timeline};
use crate::engine::backend::Trouble;
use crate::engine::executor::Cut;
use crate::error::Error;
use crate::event::{Event, EventKind, Outcome};
use crate::plan::graph::Plan;
use crate::report::mode::Output;
use crate::report::reporter::{Reporter, Summary, choose};
use crate::report::streams::Streams;
use crate::report::timeline::Record;
use crate::report::{self, View};
use crate::settings::Settings;

/// One run of gw.
pub(crate) struct Session {
    /// What the user asked for.
    pub(crate) settings: Settings,
    /// Where output goes.
    pub(crate) streams: Streams,
    reporter: Box<dyn Reporter>,
    pub(super) interrupt: Interrupt,
    /// What a run makes half stays, because all of it goes in the end or is wished to stay.
    pub(super) keeps_half: bool,
    /// Everything that happened, where a report is wished.
    pub(super) events: Option<Vec<Event>>,
    /// The reporter has said how it ended.
    pub(crate) finished: bool,
    begin: Instant,
    /// Folder of the evidence of a failure, relative to the root.
    pub(crate) evidence: Option<String>,
    /// What was done so far, where a timeline or a budget asks for it.
    pub(super) record: Option<Record>,
    /// The timeline's file, once it is written.
    pub(super) timeline: Option<String>,
    /// Why standard output is not complete; a reader that went away is no reason.
    pub(crate) unwritten: Option<std::io::Error>,
}

impl Session {
    /// Begins a run; needs a tokio runtime.
    pub(crate) fn new(settings: Settings, streams: Streams) -> Self {
        let reporter = choose(settings.output, settings.verbosity, &streams);
        let begin = Instant::now();
        let deadline = budget(&settings).and_then(|budget| begin.checked_add(budget));
        let interrupt = Interrupt::listen(deadline);
        Self {
            settings,
            streams,
            reporter,
            interrupt,
            keeps_half: false,
            events: None,
            begin,
            evidence: None,
            record: None,
            timeline: None,
            finished: false,
            unwritten: None,
        }
    }

    pub(super) fn begin(&self) -> Instant {
        self.begin
    }

    /// The user's interrupts.
    pub(crate) fn interrupt(&self) -> Interrupt {
        self.interrupt.clone()
    }

    /// Hands an event to the reporter, and to the record.
    pub(super) fn report(&mut self, event: &Event) {
        if let Some(record) = &mut self.record {
            record.event(event);
        }
        if let Some(events) = &mut self.events {
            events.push(event.clone());
        }
        let written = self.reporter.report(event);
        self.wrote(written);
    }

    /// Tells the user something that is no failure.
    pub(super) fn note(&mut self, text: String) {
        self.report(&drive::event(self.begin, EventKind::Note { text }));
    }

    /// The error of a run that was ended before its end, with what else went wrong in it.
    pub(super) fn cut_short(&self, by: Cut, troubles: Vec<Trouble>) -> Error {
        match by {
            Cut::Interrupt | Cut::InterruptedRun => Error::Interrupted,
            Cut::Budget => {
                let budget = budget(&self.settings).unwrap_or_default();
                let spent = timeline::over_budget(self.record.as_ref(), budget);
                Error::OverBudget { spent, troubles, evidence: self.evidence.clone() }
            }
        }
    }

    /// The error of a run that ends at once; its timeline is written all the same.
    pub(crate) fn end_at_once(&mut self, by: Cut) -> Error {
        let error = self.cut_short(by, Vec::new());
        timeline::keep(self, Err(error)).err().unwrap_or(Error::Interrupted)
    }

    /// Ends the reporter with one line, or with the failure screens.
    pub(super) fn finish(&mut self, command: &str, project: &str, result: &Result<(), Error>) {
        self.conclude(command, project, outcome(result));
    }

    /// Ends the reporter; see [`Self::finish`].
    pub(super) fn conclude(&mut self, command: &str, project: &str, outcome: Outcome) {
        let summary = Summary {
            command: command.to_owned(),
            profile: self.settings.profile.clone(),
            project: project.to_owned(),
            outcome,
            took: self.begin.elapsed(),
            evidence: self.evidence.clone(),
            timeline: self.timeline.clone(),
        };
        self.finished = true;
        let written = self.reporter.finish(&summary);
        self.wrote(written);
    }

    /// Writes data to standard output.
    pub(super) fn print(&mut self, text: &str) {
        let written = self.streams.out.print(text);
        self.wrote(written);
    }

    pub(super) fn is_json(&self) -> bool {
        self.settings.output == Output::Json
    }

    /// Shows what a plan would do.
    pub(super) fn show_plan(&mut self, plan: &Plan) {
        let written = report::plan(&self.streams, self.settings.output, plan);
        self.wrote(written);
    }

    /// Shows a table, or its JSON twin.
    pub(super) fn show(&mut self, view: &impl View) {
        let written = report::show(&self.streams, self.settings.output, view);
        self.wrote(written);
    }

    /// Whether somebody can be asked.
    pub(super) fn can_ask(&self) -> bool {
        !self.is_json() && report::can_ask(&self.streams)
    }

    /// Asks the user.
    ///
    /// # Errors
    /// The question cannot be shown, or the answer not be read.
    pub(super) async fn ask(&self, question: &str) -> Result<bool, Error> {
        let (streams, question) = (self.streams.clone(), question.to_owned());
        // Interrupts are listened to while the user thinks.
        let answer = tokio::task::spawn_blocking(move || report::ask(&streams, &question)).await;
        let failed = |source| Error::File { action: "cannot ask on", path: "the terminal".into(), source };
        answer.map_err(|error| Error::Defect(error.to_string()))?.map_err(failed)
    }

    /// Remembers that output was lost, unless its reader went away.
    pub(super) fn wrote(&mut self, written: std::io::Result<()>) {
        if let Err(error) = written
            && !report::is_broken_pipe(&error)
        {
            self.unwritten.get_or_insert(error);
        }
    }
}

/// How a command ended, for reporters.
pub(super) fn outcome(result: &Result<(), Error>) -> Outcome {
    match result {
        Ok(()) => Outcome::Done,
        Err(error) => outcome_of(error),
    }
}

/// How a command ended that did not succeed, for reporters.
pub(super) fn outcome_of(error: &Error) -> Outcome {
    match error {
        Error::Interrupted => Outcome::Cancelled,
        error => Outcome::Failed { message: error.to_string() },
    }
}

fn budget(settings: &Settings) -> Option<Duration> {
    settings.command.timing().and_then(|timing| timing.budget)
}
