//! The timeline of `up` and `fresh`: begins the record, and writes the file that `--timeline` names when the command ends.

use std::time::Duration;

use super::session::{Session, outcome};
use crate::error::Error;
use crate::render::write;
use crate::report::timeline::{self, Record, Timeline};

/// Begins to record what a command does, where its timeline or a budget asks for that.
pub(super) fn begin(session: &mut Session, command: &str, project: &str) {
    let timing = session.settings.command.timing();
    if timing.is_some_and(|timing| timing.timeline.is_some() || timing.budget.is_some()) {
        session.record = Some(Record::new(command, &session.settings.profile, project));
    }
}

/// Writes the timeline of a command that ended so, where one is wished; once.
///
/// # Errors
/// What was handed in; else that the file cannot be written, which is only a note where something else went wrong.
pub(super) fn keep(session: &mut Session, result: Result<(), Error>) -> Result<(), Error> {
    let wish = session.settings.command.timing().and_then(|timing| timing.timeline.clone());
    let (Some((path, format)), Some(record)) = (wish, session.record.take()) else { return result };
    let timeline = Timeline::of(&record, outcome(&result), session.begin().elapsed());
    let text = format.write(&timeline).map_err(|error| Error::Defect(error.to_string()));
    match text.and_then(|text| Ok(write::replace(&path, &text)?)) {
        Ok(()) => {
            session.timeline = Some(path.display().to_string());
            result
        }
        Err(error) if result.is_ok() => Err(error),
        Err(error) => {
            session.note(format!("the timeline could not be written: {error}"));
            result
        }
    }
}

/// What a command spent its budget on.
pub(super) fn over_budget(record: Option<&Record>, budget: Duration) -> String {
    let nothing = Record::new("", "", "");
    timeline::over_budget(record.unwrap_or(&nothing), budget)
}
