//! Takes the values of secrets out of what is shown and kept: a service may print its whole environment when it fails.

use std::collections::BTreeMap;

use crate::engine::backend::Trouble;
use crate::event::{Event, EventKind, Outcome};
use crate::plan::diagnosis::{Diagnosis, Reason};

/// Values shorter than this may be part of any word.
const SHORTEST: usize = 4;

/// The values to take out.
pub(super) struct Redact(Vec<String>);

impl Redact {
    /// Takes out the values of these secrets.
    pub(super) fn new(secrets: &BTreeMap<String, String>) -> Self {
        let mut values: Vec<String> =
            secrets.values().filter(|value| value.len() >= SHORTEST).cloned().collect();
        // The longest first: a shorter one may be part of it.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self(values)
    }

    /// A text without secrets.
    pub(super) fn text(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, value| text.replace(value.as_str(), "***"))
    }

    /// An event without secrets, wherever it has words of a container, a build or the engine.
    pub(super) fn event(&self, event: &Event) -> Event {
        let mut event = event.clone();
        match &mut event.kind {
            EventKind::Failed(diagnosis) => self.diagnosis(diagnosis),
            EventKind::News { text, .. } | EventKind::Note { text } | EventKind::Progress { text, .. } => {
                *text = self.text(text);
            }
            EventKind::BuildOutput { line, .. } => *line = self.text(line),
            EventKind::OperationFinished { outcome: Outcome::Failed { message }, .. }
            | EventKind::PhaseFinished { outcome: Outcome::Failed { message }, .. } => {
                *message = self.text(message);
            }
            _ => {}
        }
        event
    }

    /// A trouble without secrets.
    pub(super) fn trouble(&self, trouble: &Trouble) -> Trouble {
        let mut trouble = trouble.clone();
        match &mut trouble {
            Trouble::EngineLost(text)
            | Trouble::Refused(text)
            | Trouble::Conflict(text)
            | Trouble::NotRemoved(text)
            | Trouble::Image { message: text, .. } => *text = self.text(text),
            Trouble::Component(diagnosis) => self.diagnosis(diagnosis),
        }
        trouble
    }

    fn diagnosis(&self, diagnosis: &mut Diagnosis) {
        if let Reason::Refused { message } = &mut diagnosis.reason {
            *message = self.text(message);
        }
        diagnosis.answers.iter_mut().for_each(|answer| answer.text = self.text(&answer.text));
        diagnosis.logs.iter_mut().for_each(|line| *line = self.text(line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_values_go_first_and_short_ones_stay() {
        let secrets = [("A", "abcd"), ("B", "abcdefgh"), ("C", "is")];
        let secrets = secrets.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(Redact::new(&secrets).text("abcdefgh, abcd, this"), "***, ***, this");
    }
}
