//! `gw run --report`: rendered files, logs, descriptions, events and `junit.xml` in a folder; no secret in any of them.

use std::collections::BTreeMap;
use std::path::Path;

use super::drive::{self, visit};
use super::prepare::{Prepared, Secrets};
use super::redact::Redact;
use super::session::Session;
use super::shared;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::plan::desired::Role;
use crate::plan::observed::{Container, Observed, State};
use crate::plan::selection::select;
use crate::render::write;
use crate::report::failure;
use crate::report::junit::{Case, Suite, Verdict, junit};
use crate::settings::command::Run;

/// Keeps what is known of every component while its container is there.
///
/// # Errors
/// A file cannot be written, or the engine does not answer; what could be known is kept all the same.
pub(super) async fn of_components(
    session: &mut Session,
    prepared: &Prepared,
    wish: &Run,
    folder: &Path,
) -> Result<(), Error> {
    let selected = select(&prepared.desired, &wish.services, true)?;
    let owners = match &prepared.run {
        Some(_) => shared::chain(&session.settings, prepared, &selected, Secrets::Read)?,
        None => Vec::new(),
    };
    let events = session.events.clone().unwrap_or_default();
    let mut suites = Vec::new();
    let mut gone = None;
    let parts = owners.iter().map(|owner| (&owner.prepared, owner.services()));
    for (part, services) in parts.chain([(prepared, wish.services.clone())]) {
        let below =
            if std::ptr::eq(part, prepared) { folder.to_owned() } else { folder.join(&part.profile.name) };
        let files = match evidence(part).await {
            Ok((observed, files)) => {
                suites.push(suite(part, &services, &events, Some(&observed))?);
                files
            }
            Err(error) => {
                suites.push(suite(part, &services, &events, None)?);
                gone = Some(error);
                rendered(part)
            }
        };
        let redact = Redact::new(&part.hidden);
        for (name, text) in files {
            write::replace(&below.join(name), &redact.text(&text))?;
        }
    }
    let redact = Redact::new(&prepared.hidden);
    write::replace(&folder.join("junit.xml"), &redact.text(&junit(&suites)))?;
    gone.map_or(Ok(()), Err)
}

/// Keeps everything that happened.
///
/// # Errors
/// The file cannot be written.
pub(super) fn of_events(session: &Session, prepared: &Prepared, folder: &Path) -> Result<(), Error> {
    let events = session.events.iter().flatten();
    let lines = events.filter_map(|event| serde_json::to_string(event).ok()).map(|line| line + "\n");
    let redact = Redact::new(&prepared.hidden);
    Ok(write::replace(&folder.join("events.jsonl"), &redact.text(&lines.collect::<String>()))?)
}

fn rendered(part: &Prepared) -> BTreeMap<String, String> {
    let name = |path: &str| Path::new(path).file_name().unwrap_or_default().to_string_lossy().into_owned();
    part.rendered.files.iter().map(|file| (name(&file.path), file.text.clone())).collect()
}

/// What is there, and the files about it.
async fn evidence(part: &Prepared) -> Result<(Observed, BTreeMap<String, String>), Error> {
    let site = visit(part).await?;
    let engine = drive::engine(part, &site.connection);
    let mut files = rendered(part);
    for container in &site.observed.containers {
        let name = name(part, container);
        let evidence = engine.evidence(&container.id).await;
        files.insert(format!("{name}.inspect.json"), evidence.inspect);
        files.insert(format!("{name}.log"), evidence.log);
    }
    Ok((site.observed, files))
}

/// `auth`; `auth-2` where there are several, and `redis-1` of what is in no model.
fn name(part: &Prepared, container: &Container) -> String {
    let component = part.desired.components.get(container.component());
    if let Some(component) = component.filter(|one| one.replicas == 1 && !container.is_one_off()) {
        return component.name.clone();
    }
    let project = format!("{}-", part.desired.project);
    container.name.strip_prefix(&project).unwrap_or(&container.name).to_owned()
}

fn suite(
    part: &Prepared,
    services: &[String],
    events: &[Event],
    observed: Option<&Observed>,
) -> Result<Suite, Error> {
    let profile = &part.profile.name;
    let mut cases = Vec::new();
    for key in select(&part.desired, services, true)? {
        let Some(component) = part.desired.components.get(&key) else { continue };
        let mut case = Case {
            name: component.name.clone(),
            took: std::time::Duration::ZERO,
            verdict: Verdict::Skipped { message: "it was not awaited to its end".to_owned() },
        };
        for event in events {
            match &event.kind {
                EventKind::Ready { component, took, .. } if *component == key => {
                    (case.took, case.verdict) = (*took, Verdict::Passed);
                }
                EventKind::Failed(diagnosis) if diagnosis.component == key => {
                    let message = diagnosis.reason.to_string();
                    case.verdict = Verdict::Failed { message, text: failure::text(diagnosis, profile, None) };
                }
                _ => {}
            }
        }
        let ended = observed
            .into_iter()
            .flat_map(|observed| &observed.containers)
            .find(|one| one.component() == key && !one.is_one_off() && one.state == State::Exited);
        if let (Verdict::Passed, Some(ended)) = (&case.verdict, ended)
            && component.role != Role::Job
        {
            let code = ended.exit_code.map_or_else(|| "unknown".to_owned(), |code| code.to_string());
            let message = format!("it ended with exit code {code} after it was ready");
            case.verdict = Verdict::Failed { text: message.clone(), message };
        }
        cases.push(case);
    }
    Ok(Suite { name: profile.clone(), cases })
}
