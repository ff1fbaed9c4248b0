//! Takes the values of secrets out of what is shown and kept: a service may print its whole environment when it fails.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::engine::backend::Trouble;
use crate::event::{Event, EventKind, Outcome};
use crate::plan::diagnosis::{Diagnosis, Reason};

/// Values shorter than this may be part of any word.
const SHORTEST: usize = 4;
/// Lines of a longer value that are shorter say nothing by themselves.
const LINE: usize = 12;

/// The values to take out, in every form in which they may be written.
pub(super) struct Redact(Vec<String>);

impl Redact {
    /// Takes out the values of these secrets.
    pub(super) fn new(secrets: &BTreeMap<String, String>) -> Self {
        let forms = secrets.values().flat_map(|value| forms(value));
        let mut values: Vec<String> = forms.filter(|value| value.len() >= SHORTEST).collect();
        // The longest first: a shorter one may be part of it.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        values.dedup();
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

/// A value as it is, line by line, inside a text of JSON, in an address, and as base64.
fn forms(value: &str) -> Vec<String> {
    let mut forms = vec![value.to_owned()];
    forms.extend(value.lines().map(|line| line.trim().to_owned()).filter(|line| line.len() >= LINE));
    for form in forms.clone() {
        let json = serde_json::Value::String(form.clone()).to_string();
        forms.push(json.trim_matches('"').to_owned());
        forms.push(percent_encoded(&form));
    }
    forms.push(BASE64_STANDARD.encode(value));
    forms
}

/// As in an address: everything but letters, digits and `-._~` is written as `%XX`.
fn percent_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
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

    #[test]
    fn a_value_goes_in_whatever_form_it_is_written() {
        let key = "-----BEGIN KEY-----\nq\"u$o/t'e d+\nshort\n";
        let redact = Redact::new(&[("A".to_owned(), key.to_owned())].into());
        let json = serde_json::json!({ "env": [format!("A={key}")] }).to_string();
        assert_eq!(redact.text(&json), "{\"env\":[\"A=***\"]}");
        assert_eq!(redact.text("a: q\"u$o/t'e d+, q\\\"u$o/t'e d+"), "a: ***, ***");
        assert_eq!(redact.text("?q=q%22u%24o%2Ft%27e%20d%2B&b"), "?q=***&b");
        assert_eq!(redact.text(&BASE64_STANDARD.encode(key)), "***");
        assert_eq!(redact.text("short"), "short");
    }
}
