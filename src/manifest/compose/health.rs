//! The engine's own health check, and the probe that follows from it.

use super::cursor::Cursor;
use super::long_form;
use crate::plan::desired::{Healthcheck, Probe};

/// Reads `healthcheck` of a service.
pub(super) fn read(service: &Cursor<'_>) -> Option<Healthcheck> {
    let check = service.get("healthcheck").filter(|check| check.is_mapping(long_form::none))?;
    if check.boolean_at("disable").unwrap_or_default() {
        return Some(Healthcheck { test: vec!["NONE".to_owned()], ..Healthcheck::default() });
    }
    if let Some(start_interval) = check.get("start_interval")
        && check.get("start_period").is_none()
    {
        start_interval.report("it needs `start_period` beside it: the engine uses it in that time only");
    }
    Some(Healthcheck {
        test: test(&check),
        interval: check.duration_at("interval"),
        timeout: check.duration_at("timeout"),
        start_period: check.duration_at("start_period"),
        start_interval: check.duration_at("start_interval"),
        retries: check.number_at("retries"),
    })
}

fn test(check: &Cursor<'_>) -> Vec<String> {
    let Some(test) = check.get("test") else { return Vec::new() };
    let items = test.items(long_form::health_test);
    let words: Vec<String> = items.iter().filter_map(Cursor::text).collect();
    let is_known = match words.first().map(String::as_str) {
        Some("CMD") => words.len() > 1,
        Some("CMD-SHELL") => words.len() == 2,
        Some("NONE") => words.len() == 1,
        Some(_) => false,
        None => true,
    };
    if !is_known && words.len() == items.len() {
        test.report("expected [\"CMD\", program, arguments...], [\"CMD-SHELL\", command] or [\"NONE\"]");
    }
    words
}

/// How gw asks where the file does not say it: as the engine would.
pub(super) fn probe(check: Option<&Healthcheck>) -> Probe {
    let mut words = check.map(|check| check.test.clone()).unwrap_or_default().into_iter();
    match words.next().as_deref() {
        Some("CMD") => Probe::Exec { command: words.collect() },
        Some("CMD-SHELL") => Probe::Exec {
            command: ["/bin/sh".to_owned(), "-c".to_owned()].into_iter().chain(words).collect(),
        },
        _ => Probe::None,
    }
}
