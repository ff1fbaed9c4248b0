//! What a Compose file became: `gw import`.

use std::fmt::Write as _;

use serde::Serialize;

use super::sealed::Tabular;
use super::{Rows, View};
use crate::report::table::{Cell, Column, Table};

/// Files and notes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// The Compose file, as it was named.
    pub from: String,
    /// Whether the files were written.
    pub written: bool,
    /// What is, or would be, written.
    pub files: Vec<ImportedFile>,
    /// What is not carried over, and what to know.
    pub notes: Vec<ImportedNote>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportedFile {
    /// Relative to the root.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum NoteKind {
    /// The result does not have it.
    NotCarriedOver,
    /// The result has it, and there is something to know.
    Remark,
}

/// Something to know about the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportedNote {
    /// What it is about.
    pub kind: NoteKind,
    /// Line of the Compose file, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// The key there; empty for the whole file.
    pub path: String,
    /// In words.
    pub message: String,
}

impl View for Imported {}

impl Imported {
    /// As a page: the files, what is not carried over, what to know, and what to do next.
    pub fn text(&self, next: &str) -> String {
        let mut text = String::new();
        for file in &self.files {
            // Writing into a text does not fail.
            let _ = if self.written {
                writeln!(text, "wrote {}", file.path)
            } else {
                writeln!(text, "{}:\n{}", file.path, file.text)
            };
        }
        let sections = [(NoteKind::NotCarriedOver, "Not carried over:"), (NoteKind::Remark, "To know:")];
        for (kind, title) in sections {
            let mut notes = self.notes.iter().filter(|note| note.kind == kind).peekable();
            if notes.peek().is_some() {
                let _ = writeln!(text, "\n{title}");
            }
            for note in notes {
                let path = if note.path.is_empty() { String::new() } else { format!("{}: ", note.path) };
                let _ =
                    writeln!(text, "  {}:{}:{}: {path}{}", self.from, note.line, note.column, note.message);
            }
        }
        if self.written {
            let _ = writeln!(text, "\nNext: {next}");
        }
        text
    }
}

impl Tabular for Imported {
    fn table(&self) -> Rows {
        let mut table = Table::new(&[Column::whole("LINE"), Column::whole("KEY"), Column::whole("NOTE")]);
        for note in &self.notes {
            table.row([Cell::from(note.line.to_string()), Cell::from(&note.path), Cell::from(&note.message)]);
        }
        table.into()
    }

    fn nothing(&self) -> String {
        "everything is carried over".to_owned()
    }
}
