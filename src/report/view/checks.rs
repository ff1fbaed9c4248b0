//! The view of `gw doctor`.

use serde::Serialize;

use super::sealed::Tabular;
use super::{Rows, View};
use crate::report::paint::Tone;
use crate::report::table::{Cell, Column, Table};

/// What this machine has and lacks: `gw doctor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Doctor {
    /// One row for each thing that was looked at.
    pub checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What.
    pub check: String,
    /// How it is.
    pub verdict: Verdict,
    /// What was found.
    pub found: String,
    /// What to do, where something is to be done.
    pub advice: Option<String>,
}

/// How a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// gw works, but not as well as it could.
    Warn,
    /// gw does not work like this.
    Fail,
}

impl Doctor {
    /// The worst of all verdicts.
    pub fn worst(&self) -> Verdict {
        self.checks.iter().map(|check| check.verdict).max().unwrap_or(Verdict::Ok)
    }
}

impl View for Doctor {}

impl Tabular for Doctor {
    fn table(&self) -> Rows {
        let mut table = Table::new(&[Column::whole("CHECK"), Column::whole(""), Column::whole("FOUND")]);
        for row in &self.checks {
            let verdict = match row.verdict {
                Verdict::Ok => Cell::new(Tone::Good, "ok"),
                Verdict::Warn => Cell::new(Tone::Warn, "warn"),
                Verdict::Fail => Cell::new(Tone::Bad, "fail"),
            };
            table.row([Cell::from(&row.check), verdict, Cell::from(&row.found)]);
        }
        table.into()
    }

    fn nothing(&self) -> String {
        "nothing was checked".to_owned()
    }

    /// Advice stands below the table, where it needs no cutting.
    fn below(&self) -> Vec<String> {
        self.checks
            .iter()
            .filter_map(|check| check.advice.as_ref().map(|advice| format!("{}: {advice}", check.check)))
            .collect()
    }
}
