//! The view of `gw gc`.

use std::collections::BTreeSet;

use serde::Serialize;

use super::sealed::Tabular;
use super::{Rows, View};
use crate::report::paint::Tone;
use crate::report::table::{Cell, Column, Table};
use crate::report::words::{bytes, count};

/// What checkouts left that are gone: `gw gc`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Garbage {
    /// One row for each thing.
    pub things: Vec<GarbageRow>,
    /// What might be somebody's, and stays.
    pub notes: Vec<String>,
    /// Nobody is asked and nothing goes: how to remove it is said.
    #[serde(skip)]
    pub only_listed: bool,
}

/// Something that a checkout left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GarbageRow {
    /// The checkout's folder.
    pub checkout: String,
    /// The project.
    pub project: String,
    /// `container`, `network`, `volume`, `image`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// It is a container that runs.
    pub running: bool,
    /// What it takes of the engine's disk, in bytes, where the engine says so.
    pub bytes: Option<u64>,
    /// It is of an isolated run whose gw was killed; the checkout is there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub killed: bool,
}

impl Garbage {
    /// `7 things of 2 checkouts that are gone, 210.0 MB`.
    pub fn in_words(&self) -> String {
        let (killed, left): (Vec<_>, Vec<_>) = self.things.iter().partition(|row| row.killed);
        let checkouts: BTreeSet<&str> = left.iter().map(|row| row.checkout.as_str()).collect();
        let runs: BTreeSet<&str> = killed.iter().map(|row| row.project.as_str()).collect();
        let size: u64 = self.things.iter().filter_map(|row| row.bytes).sum();
        let things = count(self.things.len(), "thing", "things");
        let gone = if checkouts.len() == 1 {
            "1 checkout that is gone".to_owned()
        } else {
            format!("{} checkouts that are gone", checkouts.len())
        };
        let killed = count(runs.len(), "killed run", "killed runs");
        let whose = match (checkouts.is_empty(), runs.is_empty()) {
            (_, true) => gone,
            (true, false) => killed,
            (false, false) => format!("{gone} and {killed}"),
        };
        format!("{things} of {whose}, {}", bytes(size))
    }
}

impl View for Garbage {}

impl Tabular for Garbage {
    fn table(&self) -> Rows {
        let mut table = Table::new(&[
            Column::cut("CHECKOUT"),
            Column::whole("PROJECT"),
            Column::whole("WHAT"),
            Column::cut("NAME"),
            Column::whole("SIZE"),
        ]);
        for row in &self.things {
            let what = if row.running {
                Cell::new(Tone::Warn, &format!("{}, runs", row.kind))
            } else {
                Cell::from(&row.kind)
            };
            table.row([
                Cell::from(&row.checkout),
                Cell::from(&row.project),
                what,
                Cell::from(&row.name),
                Cell::from(row.bytes.map_or_else(|| "-".to_owned(), bytes)),
            ]);
        }
        table.into()
    }

    fn nothing(&self) -> String {
        "nothing to collect: no checkout of this host that is gone left anything on this engine".to_owned()
    }

    fn below(&self) -> Vec<String> {
        let way = if self.only_listed { "; `gw gc --yes` removes them" } else { "" };
        vec![format!("{}{way}", self.in_words())]
    }
}
