//! Start order, and a dependent for each job.

use std::collections::{BTreeMap, BTreeSet};

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
pub(super) fn sort(components: Vec<Component>) -> Vec<Component> {
    let places: BTreeMap<&str, usize> =
        components.iter().enumerate().map(|(place, component)| (component.key.as_str(), place)).collect();
    let needs = |component: &Component| {
        component.depends_on.iter().filter_map(|other| places.get(other.on.as_str()).copied()).collect()
    };
    let order = order(&components.iter().map(needs).collect::<Vec<_>>());
    let mut components: Vec<Option<Component>> = components.into_iter().map(Some).collect();
    order.into_iter().filter_map(|place| components[place].take()).collect()
}

/// Always the first one whose needs are all there; `needs` are places.
///
/// A cycle was refused by the loader; should one come here all the same, it stays in the files' order.
fn order(needs: &[Vec<usize>]) -> Vec<usize> {
    let mut missing: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut waiting = vec![Vec::new(); needs.len()];
    for (place, own) in needs.iter().enumerate() {
        for need in own {
            waiting[*need].push(place);
        }
    }
    let mut rest: BTreeSet<usize> = (0..needs.len()).collect();
    let mut free: BTreeSet<usize> = rest.iter().copied().filter(|place| missing[*place] == 0).collect();
    let mut order = Vec::with_capacity(needs.len());
    while let Some(next) = free.pop_first().or_else(|| rest.first().copied()) {
        rest.remove(&next);
        order.push(next);
        for place in &waiting[next] {
            missing[*place] -= 1;
            if missing[*place] == 0 && rest.contains(place) {
                free.insert(*place);
            }
        }
    }
    order
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

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn what_is_needed_comes_first_and_the_rest_stays() {
        assert_eq!(order(&[vec![], vec![], vec![]]), [0, 1, 2]);
        assert_eq!(order(&[vec![2], vec![], vec![]]), [1, 2, 0]);
        assert_eq!(order(&[vec![1, 2], vec![3], vec![], vec![]]), [2, 3, 1, 0]);
        assert_eq!(order(&[vec![], vec![0, 0], vec![0]]), [0, 1, 2]);
    }

    #[test]
    fn a_cycle_stays_in_the_order_of_the_files() {
        assert_eq!(order(&[vec![1], vec![0], vec![]]), [2, 0, 1]);
        assert_eq!(order(&[vec![0], vec![0]]), [0, 1]);
    }
}
