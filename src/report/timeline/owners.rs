//! Which rows of a timeline an operation is shown in.

use std::collections::BTreeSet;

use super::record::Record;
use crate::plan::operation::Operation;

/// For each operation of a record the names of its rows: one, or several for an image that several components are made of.
pub(super) fn owners(record: &Record) -> Vec<Vec<String>> {
    let components: BTreeSet<&str> = record.acts.iter().filter_map(|act| act.operation.component()).collect();
    let mut users: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); record.acts.len()];
    for act in &record.acts {
        if let Operation::CreateContainer { component, .. } = &act.operation {
            for need in &act.needs {
                users[*need].insert(component);
            }
        }
    }
    let of = |(act, mut users): (&super::record::Act, BTreeSet<&str>)| match &act.operation {
        Operation::PullImage { image, .. } if users.is_empty() => vec![format!("image {image}")],
        Operation::PullImage { .. } => users.into_iter().map(str::to_owned).collect(),
        Operation::BuildImage { component, .. } => {
            users.insert(component);
            users.into_iter().map(str::to_owned).collect()
        }
        Operation::CreateContainer { component, .. }
        | Operation::StartContainer { component, .. }
        | Operation::AwaitReady { component, .. } => vec![component.clone()],
        Operation::StopContainer { name, .. } | Operation::RemoveContainer { name, .. } => {
            vec![component(record, &components, name).unwrap_or_else(|| format!("container {name}"))]
        }
        Operation::CreateNetwork { network: key } => vec![format!("network {key}")],
        Operation::RemoveNetwork { name } => vec![format!("network {}", key(record, name))],
        Operation::CreateVolume { volume: key } => vec![format!("volume {key}")],
        Operation::RemoveVolume { name } => vec![format!("volume {}", key(record, name))],
        Operation::RemoveImage { .. } | Operation::RemoveBuiltImage { .. } => {
            vec!["replaced images".to_owned()]
        }
    };
    record.acts.iter().zip(users).map(of).collect()
}

/// The component of a container that is called `PROJECT-KEY-NUMBER`.
fn component(record: &Record, components: &BTreeSet<&str>, name: &str) -> Option<String> {
    let (key, _) = name.strip_prefix(&record.project)?.strip_prefix('-')?.rsplit_once('-')?;
    components.contains(key).then(|| key.to_owned())
}

/// The key of a network or volume that is called `PROJECT_KEY`; another name stays.
fn key<'a>(record: &Record, name: &'a str) -> &'a str {
    name.strip_prefix(&record.project).and_then(|rest| rest.strip_prefix('_')).unwrap_or(name)
}
