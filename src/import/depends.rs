//! What a service waits for.

use std::collections::BTreeSet;

use serde_json::json;

use super::at::At;
use super::health;
use super::service::Draft;

/// What is known of all services before one is read.
#[derive(Default)]
pub(super) struct Facts {
    /// Names in the file.
    pub(super) names: BTreeSet<String>,
    /// Those that somebody waits for the end of.
    pub(super) jobs: BTreeSet<String>,
    /// Those whose health check a profile can say.
    pub(super) checked: BTreeSet<String>,
}

impl Facts {
    pub(super) fn of(services: &[(&str, At<'_>)]) -> Self {
        let mut facts = Self::default();
        for (name, service) in services {
            facts.names.insert((*name).to_owned());
            if service.get("healthcheck").is_some_and(|at| health::command(&at).is_some()) {
                facts.checked.insert((*name).to_owned());
            }
            for link in links(service).into_iter().filter(|link| link.condition == COMPLETED) {
                facts.jobs.insert(link.on);
            }
        }
        facts
    }
}

const STARTED: &str = "service_started";
const HEALTHY: &str = "service_healthy";
const COMPLETED: &str = "service_completed_successfully";

struct Link<'a> {
    on: String,
    condition: String,
    required: bool,
    restart: bool,
    at: At<'a>,
}

fn links<'a>(service: &At<'a>) -> Vec<Link<'a>> {
    let link = |on: &str, at: At<'a>| {
        let flag = |key: &str| at.get(key).and_then(|at| at.raw());
        let condition = at.get("condition").and_then(|at| at.literal()).unwrap_or_else(|| STARTED.to_owned());
        Link {
            on: on.to_owned(),
            condition,
            required: flag("required").as_deref() != Some("false"),
            restart: flag("restart").as_deref() == Some("true"),
            at,
        }
    };
    let mut links: Vec<Link<'a>> = match service.get("depends_on") {
        Some(at) if at.is_mapping() => at.entries().into_iter().map(|(on, at)| link(on, at)).collect(),
        Some(at) => at.items().into_iter().filter_map(|at| Some(link(&at.literal()?, at))).collect(),
        None => Vec::new(),
    };
    // As Compose does: what is linked is waited for.
    for at in service.get("links").map(|at| at.items()).unwrap_or_default() {
        let on = at.literal().unwrap_or_default();
        let on = on.split(':').next().unwrap_or_default();
        if !links.iter().any(|known| known.on == on) {
            links.push(Link { restart: true, ..link(on, at) });
        }
    }
    links
}

/// Reads `depends_on` and `links`.
pub(super) fn read(service: &At<'_>, facts: &Facts, draft: &mut Draft) {
    let mut names = Vec::new();
    for link in links(service) {
        let Link { on, condition, required, restart, at } = link;
        if ![STARTED, HEALTHY, COMPLETED].contains(&condition.as_str()) {
            at.mistake(format!(
                "`{condition}` is not a condition; write `{STARTED}`, `{HEALTHY}` or `{COMPLETED}`"
            ));
            continue;
        }
        if !facts.names.contains(&on) {
            if required {
                at.mistake(format!("there is no service `{on}` in this file"));
            } else {
                at.lost(format!("there is no service `{on}` in this file, and it is not required"));
            }
            continue;
        }
        let name = at.service(&on);
        let rendered = match (facts.jobs.contains(&on), facts.checked.contains(&on)) {
            (true, _) => COMPLETED,
            (false, true) => HEALTHY,
            (false, false) => STARTED,
        };
        if condition != rendered {
            draft.patch_in(&["depends_on", &name, "condition"], json!(condition));
        }
        if condition == HEALTHY && rendered == STARTED {
            at.remark(format!(
                "`{on}` has no command of its own to ask in this file; Compose waits for its image's health check, \
                 and `gw up` only until it runs: give it `ready`"
            ));
        }
        if !required {
            draft.patch_in(&["depends_on", &name, "required"], json!(false));
        }
        if restart {
            draft.patch_in(&["depends_on", &name, "restart"], json!(true));
        }
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if !names.is_empty() {
        draft.set("dependsOn", json!(names));
    }
}
