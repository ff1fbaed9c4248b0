//! The reporter for programs: one JSON object a line, each with the version of its shape.

use std::io;

use serde::Serialize;
use serde_json::{Map, Value};

use super::reporter::{Reporter, Summary};
use super::streams::Stream;
use crate::event::Event;

/// The version of every JSON object that gw prints.
const VERSION: u64 = 1;

/// Events as JSON.
#[derive(Debug)]
pub(super) struct Json {
    stream: Stream,
}

impl Json {
    /// Writes to this stream.
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream }
    }
}

impl Reporter for Json {
    fn report(&mut self, event: &Event) -> io::Result<()> {
        self.stream.print(&line(&[], event)?)
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let seconds = summary.took.as_secs_f64();
        let seconds = (seconds * 1_000_000.0).round() / 1_000_000.0;
        self.stream.print(&line(&[("seconds", seconds.into()), ("event", "finished".into())], summary)?)
    }
}

/// One line: the version, these fields, then the value's.
pub(super) fn line(fields: &[(&str, Value)], value: &impl Serialize) -> io::Result<String> {
    let mut object = Map::new();
    object.insert("version".to_owned(), VERSION.into());
    object.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    // By way of a `Value`, so that a name that a flattened part repeats is there once.
    match serde_json::to_value(value)? {
        Value::Object(members) => object.extend(members),
        other => drop(object.insert("value".to_owned(), other)),
    }
    let mut text = serde_json::to_string(&object)?;
    text.push('\n');
    Ok(text)
}
