//! What commands show as tables, and the JSON twins of these: plain data, filled in by the commands.

mod checks;
mod components;
mod garbage;
mod imported;
mod profiles;
mod secrets;

use std::io;

use serde::Serialize;

use super::json;
use super::mode::Output;
use super::paint::Paint;
use super::streams::Streams;
use super::table::Table;

pub use checks::{Check, Doctor, Verdict};
pub use components::{ComponentHealth, ComponentStatus, Health, Leader, PortRow, Ports, Readiness, Status};
pub use garbage::{Garbage, GarbageRow};
pub use imported::{Imported, ImportedFile, ImportedNote, NoteKind};
pub use profiles::{ProfileRow, Profiles, TemplateRow, Templates};
pub use secrets::{Rotation, SecretRow, Secrets};

/// Something with a table and a JSON object.
pub trait View: Serialize + sealed::Tabular {}

pub(super) mod sealed {
    use super::super::table::Table;

    /// How it looks as text.
    pub trait Tabular {
        /// The table.
        fn table(&self) -> super::Rows;
        /// What to say when it has no rows.
        fn nothing(&self) -> String;
        /// Lines below the table.
        fn below(&self) -> Vec<String> {
            Vec::new()
        }
    }

    impl From<Table> for super::Rows {
        fn from(table: Table) -> Self {
            Self(table)
        }
    }
}

/// A table that only reporters look into.
#[derive(Debug)]
pub struct Rows(Table);

/// Shows a view on standard output; what has no rows is said on standard error.
///
/// # Errors
/// The stream takes no more.
pub fn show(streams: &Streams, output: Output, view: &impl View) -> io::Result<()> {
    if output == Output::Json {
        return streams.out.print(&json::line(&[], view)?);
    }
    let Rows(table) = view.table();
    if table.is_empty() {
        return streams.err.print(&format!("{}\n", view.nothing()));
    }
    let width = streams.out.terminal.then_some(streams.out.width);
    let mut text = table.text(Paint(streams.out.colour), width);
    for line in view.below() {
        text.push_str(&line);
        text.push('\n');
    }
    streams.out.print(&text)
}
