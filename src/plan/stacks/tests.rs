//! Stacks by labels, in which order they go, and what is said about those that no profile names.

use std::collections::BTreeMap;

use super::*;
use crate::plan::observed::{Container, Network, Volume};
use crate::plan::place::Place;

fn checkout() -> Checkout {
    let (id, path, host) = ("a1".into(), "/home/me/ms".into(), "laptop".into());
    let before = Place { id: "a1".into(), path: "/home/me/before".into(), host: "laptop".into() };
    Checkout { id, path, host, file: String::new(), adopted: vec![before] }
}

fn labels(project: &str, path: &str) -> BTreeMap<String, String> {
    let labels = [
        (labels::COMPOSE_PROJECT, project),
        (labels::PROFILE, "default"),
        (labels::OWNER, "a1"),
        (labels::OWNER_PATH, path),
        (labels::OWNER_HOST, "laptop"),
    ];
    labels.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn container(labels: BTreeMap<String, String>, networks: &[&str]) -> Container {
    let networks = networks.iter().map(|name| (*name).to_owned()).collect();
    Container { labels, networks, ..Container::default() }
}

/// `ms` with everything, `combo` on its network, a volume that is left of `old`, and things of others.
fn observed() -> Observed {
    let network = |project| Network { id: String::new(), labels: labels(project, "/home/me/ms") };
    let volume = |labels| Volume { labels };
    let mut composed = labels("ms", "");
    composed.retain(|name, _| !name.starts_with("gw.owner"));
    composed.insert(labels::COMPOSE_FILES.into(), "/home/me/ms/generated/default/compose.yaml".into());
    let foreign = |path| container(labels("theirs", path), &["ms_default"]);
    Observed {
        containers: vec![container(labels("ms", "/home/me/ms"), &["ms_default"]), container(composed, &[])],
        others: vec![
            container(labels("combo", "/home/me/before"), &["combo_default", "ms_default"]),
            foreign("/home/you/ms"),
            container(BTreeMap::new(), &["ms_default"]),
        ],
        networks: [("ms_default".to_owned(), network("ms"))].into(),
        other_networks: [("combo_default".to_owned(), network("combo"))].into(),
        other_volumes: [
            ("old_data".to_owned(), volume(labels("old", "/home/me/ms"))),
            ("x".to_owned(), volume([].into())),
        ]
        .into(),
        ..Observed::default()
    }
}

fn stacks() -> Vec<Stack> {
    of(&observed(), &checkout(), &|file| file.to_owned())
}

fn named(files: &[(&str, Option<&str>)]) -> Vec<Named> {
    let named = |(file, project): &(&str, Option<&str>)| Named {
        file: format!("profiles/{file}.json"),
        project: project.map(str::to_owned),
    };
    files.iter().map(named).collect()
}

#[test]
fn stacks_are_what_this_checkout_made_and_what_compose_made_of_its_files() {
    let found: Vec<(String, usize, usize, usize)> = stacks()
        .into_iter()
        .map(|stack| (stack.project, stack.containers, stack.networks, stack.volumes))
        .collect();
    let expected = [("combo", 1, 1, 0), ("ms", 2, 1, 0), ("old", 0, 0, 1)];
    assert_eq!(found, expected.map(|(name, one, two, three)| (name.to_owned(), one, two, three)));
}

#[test]
fn who_borrows_goes_before_who_lends() {
    assert_eq!(users_first(&stacks()), ["combo", "ms", "old"]);
    let stack = |project: &str, uses: &[&str]| Stack {
        project: project.into(),
        uses: uses.iter().map(|used| (*used).to_owned()).collect(),
        ..Stack::default()
    };
    assert_eq!(users_first(&[stack("a", &[]), stack("b", &["a"]), stack("c", &["b"])]), ["c", "b", "a"]);
    assert_eq!(users_first(&[stack("a", &["b"]), stack("b", &["a"])]), ["b", "a"], "a circle ends");
}

#[test]
fn a_stack_whose_project_no_profile_names_is_told_of() {
    let all = named(&[("default", Some("ms")), ("combo", Some("combo"))]);
    assert_eq!(gone(&stacks(), &all, false), None);
    let data = "left alone, because no profile names it now: project old of profile default (1 volume); \
                `gw down --all --volumes` removes every stack of this checkout with its data";
    assert_eq!(gone(&stacks(), &all, true).as_deref(), Some(data));
    let renamed = "left alone, because no profile names it now: project combo of profile default (1 container, 1 network), \
                   project ms of profile default (2 containers, 1 network); `gw down --all` takes down every stack of \
                   this checkout";
    assert_eq!(gone(&stacks(), &named(&[("default", Some("ms2"))]), false).as_deref(), Some(renamed));
}

#[test]
fn a_profile_that_cannot_be_read_makes_no_orphans() {
    let some = named(&[("broken", None), ("default", Some("ms"))]);
    let unknown = "left alone, because the project of profiles/broken.json cannot be read and may be one of these: \
                   project combo of profile default (1 container, 1 network)";
    assert_eq!(gone(&stacks(), &some, false).as_deref(), Some(unknown));
    let all = named(&[("broken", None), ("default", Some("ms")), ("combo", Some("combo"))]);
    assert_eq!(gone(&stacks(), &all, false), None);
}
