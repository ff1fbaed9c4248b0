//! Names of services: those that a profile cannot have get another one, and keep theirs as an alias on their networks.

use std::collections::BTreeSet;

use super::at::At;
use crate::profile::{is_reserved, service_fault};

/// The names that services get, where they differ from those in the file.
pub(super) fn rename(services: &[(&str, At<'_>)]) -> Vec<(String, String)> {
    let mut taken: BTreeSet<String> = services.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut renamed = Vec::new();
    for (name, at) in services {
        let reserved = is_reserved(name);
        if !reserved && service_fault(name).is_none() {
            continue;
        }
        let base = label(name);
        let base = if reserved || is_reserved(&base) { format!("my-{base}") } else { base };
        let free = (2..).map(|number| format!("{base}-{number}"));
        let Some(new) = std::iter::once(base.clone()).chain(free).find(|new| !taken.contains(new)) else {
            continue;
        };
        let why = if reserved {
            "gw itself uses this name"
        } else {
            "a service's name in a profile is a DNS label"
        };
        at.remark(format!("{why}: it is called `{new}`, and `{name}` stays an alias on its networks"));
        taken.insert(new.clone());
        renamed.push(((*name).to_owned(), new));
    }
    renamed
}

/// The nearest DNS label.
fn label(name: &str) -> String {
    let part = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    let label: String = name.chars().map(part).take(50).collect();
    let label = label.trim_matches('-');
    if label.starts_with(|first: char| first.is_ascii_lowercase()) {
        label.to_owned()
    } else {
        format!("s{label}")
    }
}
