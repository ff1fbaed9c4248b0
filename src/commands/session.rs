//! What every command shares: settings, streams, the reporter, the interrupt, the clock.

use std::time::Instant;

use super::drive;
use super::interrupt::Interrupt;
use crate::error::Error;
use crate::event::{Event, EventKind, Outcome};

use crate::plan::graph::Plan;
use crate::report::mode::Output;
use crate::report::reporter::{Reporter, Summary, choose};
use crate::report::streams::Streams;
use crate::report::{self, View};
use crate::settings::Settings;

/// One run of gw.
pub(crate) struct Session {
    /// What the user asked for.
    pub(crate) settings: Settings,
    /// Where output goes.
    pub(crate) streams: Streams,
    reporter: Box<dyn Reporter>,
    interrupt: Interrupt,
    /// The reporter has said how it ended.
    pub(crate) finished: bool,
    begin: Instant,
    /// Folder of the evidence of a failure, relative to the root.
    pub(crate) evidence: Option<String>,
    /// Why standard output is not complete; a reader that went away is no reason.
    pub(crate) unwritten: Option<std::io::Error>,
}

impl Session {
    /// Begins a run; needs a tokio runtime.
    pub(crate) fn new(settings: Settings, streams: Streams) -> Self {
        let reporter = choose(settings.output, settings.verbosity, &streams);
        let interrupt = Interrupt::listen();
        Self {
            settings,
            streams,
            reporter,
            interrupt,
            begin: Instant::now(),
            evidence: None,
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

    /// Hands an event to the reporter.
    pub(super) fn report(&mut self, event: &Event) {
        let written = self.reporter.report(event);
        self.wrote(written);
    }

    /// Tells the user something that is no failure.
    pub(super) fn note(&mut self, text: String) {
        self.report(&drive::event(self.begin, EventKind::Note { text }));
    }

    /// Ends the reporter with one line, or with the failure screens.
    pub(super) fn finish(&mut self, command: &str, project: &str, result: &Result<(), Error>) {
        let outcome = match result {
            Ok(()) => Outcome::Done,
            Err(Error::Interrupted) => Outcome::Cancelled,
            Err(error) => Outcome::Failed { message: error.to_string() },
        };
        let summary = Summary {
            command: command.to_owned(),
            profile: self.settings.profile.clone(),
            project: project.to_owned(),
            outcome,
            took: self.begin.elapsed(),
            evidence: self.evidence.clone(),
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

    /// Remembers that output was lost, unless its reader went away.
    pub(super) fn wrote(&mut self, written: std::io::Result<()>) {
        if let Err(error) = written
            && !report::is_broken_pipe(&error)
        {
            self.unwritten.get_or_insert(error);
        }
    }
}
