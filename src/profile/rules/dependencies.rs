//! `dependsOn`: everything named exists in this profile, and nothing waits for itself.

use std::collections::HashMap;

use super::super::finding::Findings;
use super::super::name_list::NameList;
use super::super::suggest::{self, quoted};
use super::service::Written;

/// What a service of this profile can wait for or refer to.
#[derive(Debug, Default)]
pub(in super::super) struct Reach {
    /// Every service of the file, also those that this profile does not take.
    pub(in super::super) in_file: NameList,
    /// Services that this profile runs.
    pub(in super::super) selected: NameList,
    /// Services that it borrows.
    pub(in super::super) borrowed: NameList,
    /// Whether a MongoDB is there, its own or borrowed.
    pub(in super::super) mongodb: bool,
    /// Whether a Redis is there, its own or borrowed.
    pub(in super::super) redis: bool,
    /// Why services of the file are left out.
    pub(in super::super) left_out_by: &'static str,
    /// Whether everything above is known; false after mistakes that hide a part of it.
    pub(in super::super) complete: bool,
}

impl Reach {
    /// Whether a service is run or borrowed.
    pub(in super::super) fn has(&self, service: &str) -> bool {
        self.selected.contains(service) || self.borrowed.contains(service)
    }

    /// Names of all services that can be used.
    pub(in super::super) fn usable(&self) -> impl Iterator<Item = &str> {
        self.selected.iter().chain(self.borrowed.iter())
    }

    /// Why a service cannot be used, and what to do; `None` where it can, or where that is not known.
    pub(in super::super) fn refuse(&self, service: &str) -> Option<(String, String)> {
        if self.has(service) {
            None
        } else if self.in_file.contains(service) {
            self.complete.then(|| {
                (
                    format!("service `{service}` is not in this profile: {}", self.left_out_by),
                    "take it in, or borrow it with `sharedServices`".to_owned(),
                )
            })
        } else {
            let known: Vec<&str> = self.in_file.iter().chain(self.borrowed.iter()).collect();
            // Without any known name the file itself is broken, which is said already.
            (self.complete || !known.is_empty()).then(|| {
                (format!("unknown service {}", quoted(service)), suggest::hint(service, "services", known))
            })
        }
    }
}

/// Checks the names in `dependsOn` of all services of the file.
pub(in super::super) fn check_names(services: &[Written], reach: &Reach, findings: &mut Findings) {
    for service in services {
        let selected = reach.selected.contains(&service.name);
        for (index, name) in service.raw.depends_on.iter().flatten().enumerate() {
            let place = service.node.place_of(&["dependsOn".into(), index.into()]);
            let store = match name.as_str() {
                "mongodb" => Some(reach.mongodb),
                "redis" => Some(reach.redis),
                _ => None,
            };
            match store {
                Some(there) if there || !selected || !reach.complete => {}
                Some(_) => {
                    let hint = format!("add `infrastructure.{name}`, or borrow it with `sharedInfra`");
                    findings.add_with_hint(place, format!("this profile has no {name}"), hint);
                }
                None if !selected && reach.in_file.contains(name) => {}
                None => {
                    if let Some((message, hint)) = reach.refuse(name) {
                        let mut hint = hint;
                        if hint.starts_with("services: ") {
                            hint = format!("{hint}; also: mongodb, redis");
                        }
                        findings.add_with_hint(place, message, hint);
                    }
                }
            }
        }
    }
}

/// Notes each cycle of `dependsOn`, the whole of it, at its first service.
pub(in super::super) fn check_cycles(services: &[Written], findings: &mut Findings) {
    let mut done = vec![false; services.len()];
    let by_name =
        services.iter().enumerate().map(|(index, service)| (service.name.as_str(), index)).collect();
    for start in 0..services.len() {
        search(services, &by_name, start, &mut done, findings);
    }
}

/// Walks depth first with a list instead of recursion: a chain may be as long as the file.
fn search(
    services: &[Written],
    by_name: &HashMap<&str, usize>,
    start: usize,
    done: &mut [bool],
    findings: &mut Findings,
) {
    if done[start] {
        return;
    }
    // Each service on the way, and which of its dependencies comes next.
    let mut path = vec![(start, 0)];
    let mut place_in_path = HashMap::from([(start, 0)]);
    while let Some((index, next)) = path.last().copied() {
        let Some(name) = services[index].raw.depends_on.as_ref().and_then(|names| names.get(next)) else {
            done[index] = true;
            path.pop();
            place_in_path.remove(&index);
            continue;
        };
        if let Some(last) = path.last_mut() {
            last.1 += 1;
        }
        let Some(target) = by_name.get(name.as_str()).copied() else { continue };
        if let Some(at) = place_in_path.get(&target) {
            report(services, &path[*at..], findings);
        } else if !done[target] {
            place_in_path.insert(target, path.len());
            path.push((target, 0));
        }
    }
}

fn report(services: &[Written], cycle: &[(usize, usize)], findings: &mut Findings) {
    let first = cycle.iter().enumerate().min_by_key(|(_, (service, _))| *service).map_or(0, |(at, _)| at);
    let turned: Vec<(usize, usize)> = cycle[first..].iter().chain(&cycle[..first]).copied().collect();
    let mut names: Vec<&str> = turned.iter().map(|(index, _)| services[*index].name.as_str()).collect();
    names.push(names[0]);
    // `next` has moved on by one since the edge was taken.
    let (service, next) = turned[0];
    let place = services[service].node.place_of(&["dependsOn".into(), next.saturating_sub(1).into()]);
    findings.add_with_hint(
        place,
        format!("these wait for each other: {}", names.join(" -> ")),
        "remove one of the dependencies",
    );
}
