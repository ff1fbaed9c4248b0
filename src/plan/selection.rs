//! Which components a command is about: those that were named, and what they depend on.

use std::collections::BTreeSet;

use super::desired::Desired;

/// A name on the command line that is no component.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no service {name:?} in profile {profile}; it has {}", known.join(", "))]
pub struct UnknownComponent {
    /// What was typed.
    pub name: String,
    /// The profile that was looked at.
    pub profile: String,
    /// The names it knows.
    pub known: Vec<String>,
}

/// The keys of the named components, or of all where none is named; with everything that they depend on if `with_dependencies`.
///
/// # Errors
/// A name that is neither a component's key nor its name.
pub fn select(
    desired: &Desired,
    names: &[String],
    with_dependencies: bool,
) -> Result<BTreeSet<String>, UnknownComponent> {
    if names.is_empty() {
        return Ok(desired.components.keys().cloned().collect());
    }
    let mut open = Vec::new();
    for name in names {
        open.push(find(desired, name)?);
    }
    let mut selected = BTreeSet::new();
    while let Some(key) = open.pop() {
        if selected.insert(key.clone()) && with_dependencies {
            open.extend(
                desired.components.get(&key).into_iter().flat_map(|found| found.depends_on.keys().cloned()),
            );
        }
    }
    Ok(selected)
}

/// The key of the component that is called `name`.
///
/// # Errors
/// No component has that key or name.
pub fn find(desired: &Desired, name: &str) -> Result<String, UnknownComponent> {
    if desired.components.contains_key(name) {
        return Ok(name.to_owned());
    }
    let called = desired.components.iter().find(|(_, component)| component.name == name);
    called.map(|(key, _)| key.clone()).ok_or_else(|| UnknownComponent {
        name: name.to_owned(),
        profile: desired.profile.clone(),
        known: desired.components.values().map(|component| component.name.clone()).collect(),
    })
}

#[cfg(test)]
mod tests;
