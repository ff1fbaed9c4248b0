//! What a service waits for: known services, and no circle.

use std::collections::{BTreeMap, BTreeSet};

use super::cursor::Cursor;
use super::networks::unknown;
use super::{long_form, service};
use crate::plan::desired::{Component, Condition};

/// `depends_on` of a service.
#[derive(Default)]
pub(super) struct Links {
    pub(super) conditions: BTreeMap<String, Condition>,
    pub(super) optional: BTreeSet<String>,
    pub(super) restarts_with: BTreeSet<String>,
}

/// Reads `depends_on` of a service.
pub(super) fn read(cursor: &Cursor<'_>) -> Links {
    let mut links = Links::default();
    let Some(depends_on) = cursor.get("depends_on") else { return links };
    for (key, link) in depends_on.entries(|list| long_form::names(list, &service::dependency())) {
        if !link.is_mapping(long_form::none) {
            continue;
        }
        if link.get("condition").is_none() {
            link.missing("condition", "service_started");
        }
        let choices = ["service_started", "service_healthy", "service_completed_successfully"];
        let condition = link.get("condition").and_then(|condition| condition.choice(&choices));
        let condition = match condition.as_deref() {
            Some("service_healthy") => Condition::Ready,
            Some("service_completed_successfully") => Condition::Completed,
            _ => Condition::Started,
        };
        links.conditions.insert(key.to_owned(), condition);
        if link.boolean_at("required") == Some(false) {
            links.optional.insert(key.to_owned());
        }
        if link.boolean_at("restart") == Some(true) {
            links.restarts_with.insert(key.to_owned());
        }
    }
    links
}

/// Reports dependencies that are not there, forgets the optional ones among them, and reports a circle.
pub(super) fn check(services: &[(&str, Cursor<'_>)], components: &mut BTreeMap<String, Component>) {
    let known: BTreeSet<&str> = services.iter().map(|(key, _)| *key).collect();
    for (key, cursor) in services {
        let Some(component) = components.get_mut(*key) else { continue };
        let absent: Vec<String> =
            component.depends_on.keys().filter(|other| !known.contains(other.as_str())).cloned().collect();
        for other in absent {
            component.depends_on.remove(&other);
            component.restarts_with.remove(&other);
            if !component.optional.remove(&other)
                && let Some(link) = cursor.get("depends_on").and_then(|links| links.get(&other))
            {
                link.report(unknown("service", &other, known.iter().copied()));
            }
        }
    }
    if let Some(circle) = circle(components) {
        let first = circle.first().cloned().unwrap_or_default();
        if let Some(depends_on) =
            services.iter().find(|(key, _)| *key == first).and_then(|(_, cursor)| cursor.get("depends_on"))
        {
            depends_on.report(format!(
                "a circle, so none of them can start: {}; remove one dependency",
                circle.join(" -> ")
            ));
        }
    }
}

/// The members of a circle, the first again at its end.
fn circle(components: &BTreeMap<String, Component>) -> Option<Vec<String>> {
    let mut waiting: BTreeMap<&str, usize> =
        components.iter().map(|(key, component)| (key.as_str(), component.depends_on.len())).collect();
    let mut dependents: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (key, component) in components {
        for other in component.depends_on.keys() {
            dependents.entry(other).or_default().push(key);
        }
    }
    let mut free: Vec<&str> = waiting.iter().filter(|(_, count)| **count == 0).map(|(key, _)| *key).collect();
    while let Some(key) = free.pop() {
        waiting.remove(key);
        for dependent in dependents.get(key).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(dependent) {
                *count -= 1;
                if *count == 0 {
                    free.push(dependent);
                }
            }
        }
    }
    // Each that is left waits for another that is left, so following them comes back to one.
    let mut path: Vec<&str> = vec![waiting.keys().next()?];
    let mut places = BTreeMap::new();
    loop {
        let last = *path.last()?;
        if let Some(start) = places.insert(last, path.len() - 1) {
            return Some(path[start..].iter().map(|key| (*key).to_owned()).collect());
        }
        let next = components.get(last)?.depends_on.keys().find(|key| waiting.contains_key(key.as_str()))?;
        path.push(next);
    }
}
