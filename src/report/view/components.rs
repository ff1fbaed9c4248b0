//! Views of components: `gw status`, `gw health`, `gw ports`.

use serde::Serialize;

use super::sealed::Tabular;
use super::{Rows, View};
use crate::plan::standing::Lag;
use crate::report::paint::Tone;
use crate::report::table::{Cell, Column, Table};
use crate::report::words::{ago, bytes, duration};

/// Whether a component is ready, as a table shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Readiness {
    /// It is; a job: it is done.
    Ready,
    /// It may become so.
    NotReady,
    /// It will not.
    Failed,
    /// It has no container, or none that runs.
    Absent,
    /// Nobody asked.
    Unknown,
}

impl Readiness {
    fn cell(self) -> Cell {
        match self {
            Self::Ready => Cell::new(Tone::Good, "ready"),
            Self::NotReady => Cell::new(Tone::Warn, "not ready"),
            Self::Failed => Cell::new(Tone::Bad, "failed"),
            Self::Absent => Cell::new(Tone::Bad, "absent"),
            Self::Unknown => Cell::new(Tone::Dim, "-"),
        }
    }
}

/// What runs: `gw status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The profile.
    pub profile: String,
    /// Its project.
    pub project: String,
    /// One row for each container; one for a component that has none.
    pub components: Vec<ComponentStatus>,
    /// What is left alone beside it; told on standard error where there is a table.
    pub notes: Vec<String>,
}

/// One container of a component, or a component without one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComponentStatus {
    /// The name users know it by; with its number where it has several containers.
    pub component: String,
    /// The project that it is borrowed from.
    pub owner: Option<String>,
    /// `service`, `job`, `mongodb`, `redis`, `sentinel`, `gateway`.
    pub role: String,
    /// `running`, `exited (1)`, `absent`.
    pub state: String,
    /// Whether it is ready.
    pub ready: Readiness,
    /// `127.0.0.1:9001->9001/tcp`, each.
    pub ports: Vec<String>,
    /// The image reference.
    pub image: String,
    /// Seconds since it is in this state.
    pub since_seconds: Option<u64>,
}

impl View for Status {}

impl Tabular for Status {
    fn table(&self) -> Rows {
        let mut table = Table::new(&[
            Column::whole("COMPONENT"),
            Column::whole("ROLE"),
            Column::whole("STATE"),
            Column::whole("HEALTH"),
            Column::cut("PORTS"),
            Column::cut("IMAGE"),
            Column::whole("SINCE"),
        ]);
        for row in &self.components {
            let state = match row.state.split_whitespace().next() {
                Some("running") => Tone::Plain,
                Some("exited") if row.ready == Readiness::Ready => Tone::Plain,
                _ => Tone::Warn,
            };
            table.row([
                named(&row.component, row.owner.as_deref()),
                Cell::from(&row.role),
                Cell::new(state, &row.state),
                row.ready.cell(),
                or_dash(&row.ports.join(", ")),
                or_dash(&row.image),
                since(row.since_seconds),
            ]);
        }
        table.into()
    }

    fn nothing(&self) -> String {
        format!("nothing runs of profile {} (project {})", self.profile, self.project)
    }
}

/// Who is ready: `gw health`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Health {
    /// The profile.
    pub profile: String,
    /// Its project.
    pub project: String,
    /// One row for each container that was asked.
    pub components: Vec<ComponentHealth>,
    /// Who leads the stores now.
    pub leaders: Vec<Leader>,
}

/// What a container answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComponentHealth {
    /// The name users know it by; with its number where it has several containers.
    pub component: String,
    /// The project that it is borrowed from.
    pub owner: Option<String>,
    /// The verdict.
    pub ready: Readiness,
    /// The question in words.
    pub probe: String,
    /// The answer in one line.
    pub answer: String,
    /// Milliseconds until it came.
    pub latency_ms: Option<f64>,
    /// Seconds since it is so.
    pub since_seconds: Option<u64>,
    /// Of a store: `primary`, `secondary`, `master`, `replica`, `sentinel`, `standalone`.
    pub role: Option<String>,
    /// Of a server that is led by another: how far it is behind it.
    pub lag: Option<Lag>,
}

/// The member that leads a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Leader {
    /// `primary` or `master`.
    pub role: String,
    /// Its name; `None` where the others agree on nobody who says so too.
    pub member: Option<String>,
}

impl View for Health {}

impl Tabular for Health {
    fn table(&self) -> Rows {
        let lags = self.components.iter().any(|row| row.lag.is_some());
        let mut table = Table::new(&[
            Column::whole("COMPONENT"),
            Column::whole("HEALTH"),
            Column::cut("PROBE"),
            Column::cut("ANSWER"),
            Column::whole("LATENCY"),
            Column::whole("SINCE"),
            Column::whole("ROLE"),
            Column::whole(if lags { "BEHIND" } else { "" }),
        ]);
        for row in &self.components {
            let latency = row.latency_ms.map_or_else(|| "-".to_owned(), latency);
            table.row([
                named(&row.component, row.owner.as_deref()),
                row.ready.cell(),
                or_dash(&row.probe),
                or_dash(&row.answer),
                Cell::from(latency),
                since(row.since_seconds),
                or_dash(row.role.as_deref().unwrap_or_default()),
                Cell::from(row.lag.map(behind).unwrap_or_default()),
            ]);
        }
        table.into()
    }

    fn nothing(&self) -> String {
        format!("nothing of profile {} (project {}) can be asked: nothing runs", self.profile, self.project)
    }

    fn below(&self) -> Vec<String> {
        let name = |leader: &Leader| leader.member.clone().unwrap_or_else(|| "none".to_owned());
        self.leaders.iter().map(|leader| format!("{}: {}", leader.role, name(leader))).collect()
    }
}

/// Which port of the host leads where: `gw ports`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ports {
    /// The profile.
    pub profile: String,
    /// Its project.
    pub project: String,
    /// One row for each published port.
    pub ports: Vec<PortRow>,
}

/// A published port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PortRow {
    /// The name users know it by.
    pub component: String,
    /// The project that it is borrowed from.
    pub owner: Option<String>,
    /// The address inside the network, `auth:9001`.
    pub inside: String,
    /// The address on the host, `127.0.0.1:9001`.
    pub host: String,
    /// What else is to be known: `primary`, `replica`, `not running`.
    pub note: Option<String>,
}

impl View for Ports {}

impl Tabular for Ports {
    fn table(&self) -> Rows {
        let mut columns = vec![Column::whole("COMPONENT"), Column::whole("INSIDE"), Column::whole("HOST")];
        columns.push(Column::cut(if self.ports.iter().any(|row| row.note.is_some()) { "NOTE" } else { "" }));
        let mut table = Table::new(&columns);
        for row in &self.ports {
            table.row([
                named(&row.component, row.owner.as_deref()),
                Cell::from(&row.inside),
                Cell::from(&row.host),
                Cell::from(row.note.as_deref().unwrap_or_default()),
            ]);
        }
        table.into()
    }

    fn nothing(&self) -> String {
        format!("profile {} (project {}) publishes no port now", self.profile, self.project)
    }
}

fn named(component: &str, owner: Option<&str>) -> Cell {
    match owner {
        Some(owner) => Cell::from(format!("{component} (of {owner})")),
        None => Cell::from(component),
    }
}

fn or_dash(text: &str) -> Cell {
    if text.is_empty() { Cell::new(Tone::Dim, "-") } else { Cell::from(text) }
}

fn since(seconds: Option<u64>) -> Cell {
    or_dash(&seconds.map(ago).unwrap_or_default())
}

fn behind(lag: Lag) -> String {
    match lag {
        Lag::Bytes(number) => bytes(number),
        Lag::Milliseconds(number) => duration(std::time::Duration::from_millis(number)),
    }
}

fn latency(milliseconds: f64) -> String {
    if milliseconds < 1000.0 {
        return format!("{milliseconds:.1} ms");
    }
    duration(std::time::Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or_default())
}
