//! Start order, and a dependent for each job.

use super::model::{Component, Dependency, Role, Until};

/// Gives each job that nobody waits for a dependent: `docker compose up --wait` otherwise takes its end for a failure.
///
/// The gateway waits for it, else a service, else a store; always one that the job itself does not need.
pub(super) fn adopt_jobs(components: &mut [Component]) {
    let is_job = |component: &&Component| component.role == Role::Job;
    let jobs: Vec<String> = components.iter().filter(is_job).map(|job| job.key.clone()).collect();
    for job in jobs {
        if components.iter().any(|component| component.depends_on.iter().any(|other| other.on == job)) {
            continue;
        }
        let needed = needs(components, &job);
        let free = components
            .iter_mut()
            .filter(|component| component.role != Role::Job && !needed.contains(&component.key));
        let willing = |component: &&mut Component| match component.role {
            Role::Gateway => 0,
            Role::Service => 1,
            _ => 2,
        };
        if let Some(dependent) = free.min_by_key(willing) {
            dependent.depends_on.push(Dependency { on: job, until: Until::Completed });
        }
    }
}

/// Puts what is needed before what needs it, and keeps the order of the files otherwise.
pub(super) fn sort(mut rest: Vec<Component>) -> Vec<Component> {
    let mut sorted: Vec<Component> = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let known = |key: &str| !rest.iter().any(|component| component.key == key);
        let free = |component: &Component| component.depends_on.iter().all(|other| known(&other.on));
        // A cycle was refused by the loader; should one come here all the same, it stays in the files' order.
        let next = rest.iter().position(free).unwrap_or(0);
        sorted.push(rest.remove(next));
    }
    sorted
}

// Everything that `key` waits for, directly or not.
fn needs(components: &[Component], key: &str) -> Vec<String> {
    let mut found = vec![key.to_owned()];
    let mut next = 0;
    while let Some(current) = found.get(next).cloned() {
        next += 1;
        let own = components.iter().filter(|component| component.key == current);
        for other in own.flat_map(|component| &component.depends_on) {
            if !found.contains(&other.on) {
                found.push(other.on.clone());
            }
        }
    }
    found
}
