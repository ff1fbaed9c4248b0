//! Keeps the evidence of a failure in `.gw/reports/`: diagnosis, logs, inspect, events, rendered files; no secret.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::prepare::Prepared;
use super::redact::Redact;
use super::session::Session;
use crate::engine::backend::Trouble;
use crate::engine::docker::{DockerEngine, names};
use crate::engine::executor::{Cut, Ending};
use crate::event::Event;
use crate::plan::graph::Plan;
use crate::plan::operation::Operation;
use crate::render::{RenderError, write};

/// Reports kept; older ones go.
const KEPT: usize = 20;

/// Writes the report of a failed run; a report that cannot be written is only a note.
pub(super) async fn keep(
    session: &mut Session,
    prepared: &Prepared,
    engine: &DockerEngine,
    (plan, ending): (&Plan, &Ending),
    events: &[Event],
) {
    let mut files = BTreeMap::new();
    let lines = events.iter().filter_map(|event| serde_json::to_string(event).ok());
    files.insert("events.jsonl".to_owned(), lines.map(|line| line + "\n").collect::<String>());
    let troubles: Vec<String> = ending.troubles.iter().map(|(_, trouble)| trouble.to_string()).collect();
    files.insert("troubles.txt".to_owned(), troubles.join("\n") + "\n");
    for file in &prepared.rendered.files {
        let name = Path::new(&file.path).file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.insert(name, file.text.clone());
    }
    for (_, trouble) in &ending.troubles {
        let Trouble::Component(diagnosis) = trouble else { continue };
        let text = serde_json::to_string_pretty(&**diagnosis).unwrap_or_default();
        files.insert(format!("{}.diagnosis.json", diagnosis.component), text + "\n");
        let evidence = engine.evidence(&diagnosis.container).await;
        files.insert(format!("{}.inspect.json", diagnosis.component), evidence.inspect);
        files.insert(format!("{}.log", diagnosis.component), evidence.log);
    }
    for (name, container) in awaited(plan, ending, prepared) {
        let evidence = engine.evidence(&container).await;
        files.insert(format!("{name}.inspect.json"), evidence.inspect);
        files.insert(format!("{name}.log"), evidence.log);
    }
    let root = session.settings.root.clone();
    let folder = format!(".gw/reports/{}-{}", stamp(), prepared.profile.name);
    match store(&root, &folder, &files, &Redact::new(&prepared.hidden)) {
        Ok(()) => session.evidence = Some(folder),
        Err(error) => session.note(format!("the evidence could not be kept: {error}")),
    }
}

/// The containers that were still awaited when the budget was used up: a name for their files, and their own.
fn awaited(plan: &Plan, ending: &Ending, prepared: &Prepared) -> Vec<(String, String)> {
    let mut awaited = Vec::new();
    if ending.cut != Some(Cut::Budget) {
        return awaited;
    }
    for id in &ending.abandoned {
        let Operation::AwaitReady { component: key, existing } = &plan.nodes[id.0].operation else {
            continue;
        };
        let replicas = prepared.desired.components.get(key).map_or(1, |component| component.replicas);
        for number in 1..=replicas {
            let known = existing.iter().find(|(one, _)| *one == number).map(|(_, id)| id.clone());
            let container = known.unwrap_or_else(|| names::container(&prepared.desired.project, key, number));
            let name = if replicas == 1 { key.clone() } else { format!("{key}-{number}") };
            awaited.push((name, container));
        }
    }
    awaited
}

fn store(
    root: &Path,
    folder: &str,
    files: &BTreeMap<String, String>,
    redact: &Redact,
) -> Result<(), RenderError> {
    for (name, text) in files {
        write::replace(&root.join(folder).join(name), &redact.text(text))?;
    }
    prune(&root.join(".gw/reports"));
    Ok(())
}

/// Removes the oldest reports; what cannot be removed stays.
fn prune(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut reports: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    reports.sort();
    for old in reports.iter().take(reports.len().saturating_sub(KEPT)) {
        let _ = std::fs::remove_dir_all(old);
    }
}

/// Now in UTC, so that names sort by time: `20261121T023000.123Z`.
fn stamp() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let (days, seconds) = (now.as_secs() / 86_400, now.as_secs() % 86_400);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}.{:03}Z", now.subsec_millis())
}

/// Year, month and day of a number of days since 1970-01-01.
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(19_782), (2024, 2, 29));
        assert_eq!(civil(20_778), (2026, 11, 21));
    }
}
