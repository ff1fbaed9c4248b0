//! `gw secrets list`: where each secret comes from and who uses it; never its value.

use serde::Serialize;

use super::sealed::Tabular;
use super::{Rows, View};
use crate::report::paint::Tone;
use crate::report::table::{Cell, Column, Table};

/// The secrets of a profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Secrets {
    /// The profile.
    pub profile: String,
    /// One row for each, by name.
    pub secrets: Vec<SecretRow>,
    /// Names of those whose rotation was cut off.
    pub unfinished: Vec<String>,
}

/// A secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SecretRow {
    /// Its name.
    pub name: String,
    /// Where its value comes from, in words.
    pub source: String,
    /// Whether there is a value now.
    pub is_set: bool,
    /// What it is for.
    pub purpose: String,
    /// The components that use it.
    pub used_by: Vec<String>,
}

/// What a rotation would do: `gw secrets rotate --dry-run`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rotation {
    /// The profile.
    pub profile: String,
    /// Each step, in words, in order.
    pub steps: Vec<String>,
}

impl View for Rotation {}

impl Tabular for Rotation {
    fn table(&self) -> Rows {
        let mut table = Table::new(&[Column::whole("STEP"), Column::whole("WHAT")]);
        for (number, step) in (1..).zip(&self.steps) {
            table.row([Cell::from(number.to_string()), Cell::from(step)]);
        }
        table.into()
    }

    fn nothing(&self) -> String {
        "nothing to rotate".to_owned()
    }
}

impl View for Secrets {}

impl Tabular for Secrets {
    fn table(&self) -> Rows {
        let columns = [
            Column::whole("SECRET"),
            Column::whole("VALUE"),
            Column::cut("FROM"),
            Column::cut("USED BY"),
            Column::cut("WHAT IT IS"),
        ];
        let mut table = Table::new(&columns);
        for row in &self.secrets {
            let value = if row.is_set { Cell::from("there") } else { Cell::new(Tone::Warn, "missing") };
            let (source, users) = (Cell::from(&row.source), Cell::from(row.used_by.join(", ")));
            table.row([Cell::from(&row.name), value, source, users, Cell::new(Tone::Dim, &row.purpose)]);
        }
        table.into()
    }

    fn nothing(&self) -> String {
        format!("profile {} needs no secrets", self.profile)
    }

    fn below(&self) -> Vec<String> {
        let names = self.unfinished.join(", ");
        let note = format!("the rotation of {names} was cut off: `gw up -p {}` finishes it", self.profile);
        if names.is_empty() { Vec::new() } else { vec![note] }
    }
}
