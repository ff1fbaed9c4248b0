//! Views of a project's files: `gw profiles`, `gw templates list`.

use serde::Serialize;

use super::sealed::Tabular;
use super::{Rows, View};
use crate::report::error::Problem;
use crate::report::paint::Tone;
use crate::report::table::{Cell, Column, Table};
use crate::report::words::count;

/// The profiles: `gw profiles`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Profiles {
    /// One row for each.
    pub profiles: Vec<ProfileRow>,
}

/// A profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProfileRow {
    /// Its name on the command line.
    pub name: String,
    /// It is the one that commands use without `--profile`.
    pub chosen: bool,
    /// Its project, where that can be read.
    pub project: Option<String>,
    /// The gateway's host port.
    pub gateway: Option<u16>,
    /// What it is for.
    pub description: Option<String>,
    /// The profile that it borrows from.
    pub borrows_from: Option<String>,
    /// Its MongoDB in words: `single`, `replica set of 3`, `ms's`.
    pub mongodb: Option<String>,
    /// Its Redis in words.
    pub redis: Option<String>,
    /// The services that it runs itself.
    pub services: Vec<String>,
    /// Its host ports, sorted; the gateway's is not among them.
    pub ports: Vec<u16>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

impl View for Profiles {}

impl Profiles {
    /// The table of a page, with a line for each profile that can be read.
    pub fn markdown(&self) -> String {
        let head = "| profile | project | MongoDB | Redis | services | gateway | ports | for |\n|---|---|---|---|---|---|---|---|\n";
        let line = |row: &ProfileRow| {
            let none = || "none".to_owned();
            let code = |text: &str| format!("`{text}`");
            let cells = [
                code(&row.name),
                row.project.as_deref().map_or_else(none, code),
                row.mongodb.clone().unwrap_or_else(none),
                row.redis.clone().unwrap_or_else(none),
                row.services.join(", "),
                row.gateway.map_or_else(none, |port| port.to_string()),
                ranges(&row.ports),
                row.description.clone().unwrap_or_default(),
            ];
            // A bar in a cell would be its end.
            let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let readable = self.profiles.iter().filter(|row| row.problems.is_empty());
        std::iter::once(head.to_owned()).chain(readable.map(line)).collect()
    }
}

/// `9001-9003, 27017` of sorted numbers.
fn ranges(ports: &[u16]) -> String {
    let mut ranges: Vec<(u16, u16)> = Vec::new();
    for port in ports {
        match ranges.last_mut() {
            Some((_, last)) if u32::from(*port) <= u32::from(*last) + 1 => *last = *port,
            _ => ranges.push((*port, *port)),
        }
    }
    let words = ranges.iter().map(|(first, last)| match last - first {
        0 => first.to_string(),
        _ => format!("{first}-{last}"),
    });
    words.collect::<Vec<_>>().join(", ")
}

impl Tabular for Profiles {
    fn table(&self) -> Rows {
        let columns = [
            Column::whole("PROFILE"),
            Column::whole("PROJECT"),
            Column::whole("GATEWAY"),
            Column::cut("DESCRIPTION"),
        ];
        let mut table = Table::new(&columns);
        for row in &self.profiles {
            let name = if row.chosen { format!("{} *", row.name) } else { row.name.clone() };
            let dash = || "-".to_owned();
            let lender = row.borrows_from.as_ref().map(|lender| format!("(borrows from {lender})"));
            let what: Vec<String> = row.description.clone().into_iter().chain(lender).collect();
            let what = match row.problems.len() {
                0 => Cell::from(what.join(" ")),
                problems => Cell::new(
                    Tone::Bad,
                    &format!(
                        "{}: gw -p {} generate --check shows them",
                        count(problems, "mistake", "mistakes"),
                        row.name
                    ),
                ),
            };
            table.row([
                Cell::new(if row.chosen { Tone::Strong } else { Tone::Plain }, &name),
                Cell::from(row.project.clone().unwrap_or_else(dash)),
                Cell::from(row.gateway.map_or_else(dash, |port| port.to_string())),
                what,
            ]);
        }
        table.into()
    }

    fn nothing(&self) -> String {
        "there are no profiles here: gw reads profiles/NAME.json".to_owned()
    }
}

/// The templates: `gw templates list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Templates {
    /// One row for each.
    pub templates: Vec<TemplateRow>,
}

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TemplateRow {
    /// Its name.
    pub name: String,
    /// The file that is used instead of gw's own.
    pub overridden_by: Option<String>,
}

impl View for Templates {}

impl Tabular for Templates {
    fn table(&self) -> Rows {
        let mut table = Table::new(&[Column::whole("TEMPLATE"), Column::whole("FROM")]);
        for row in &self.templates {
            let from = match &row.overridden_by {
                Some(file) => Cell::new(Tone::Warn, file),
                None => Cell::new(Tone::Dim, "gw"),
            };
            table.row([Cell::from(&row.name), from]);
        }
        table.into()
    }

    fn nothing(&self) -> String {
        "there are no templates".to_owned()
    }
}
