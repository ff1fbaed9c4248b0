//! What of an owner is not there.

use std::collections::BTreeSet;

use super::{OwnerNotUp, Part, missing};
use crate::plan::desired::Role;
use crate::plan::fixture::{component, desired, observed, of};
use crate::plan::observed::{Observed, State};

fn part(name: &str, keys: &[&str]) -> Part {
    Part { name: name.to_owned(), keys: keys.iter().map(|key| (*key).to_owned()).collect() }
}

fn lacking(change: impl FnOnce(&mut Observed)) -> Vec<String> {
    let mut desired = desired();
    desired.components.insert("initiate".to_owned(), component("initiate", Role::Job, "mongo:8.0", &[]));
    let mut observed = observed(&desired);
    change(&mut observed);
    let networks = BTreeSet::from(["ms_default".to_owned()]);
    let parts =
        [part("mongodb", &["mongo", "initiate"]), part("auth", &["auth"]), part("gateway", &["gateway"])];
    missing(&networks, &parts, &desired, &observed)
}

#[test]
fn nothing_is_missing_where_everything_runs_and_jobs_are_done() {
    assert_eq!(lacking(|_| ()), Vec::<String>::new());
}

#[test]
fn everything_that_is_missing_is_named_at_once_networks_first() {
    let all = ["network ms_default", "mongodb", "auth", "gateway"];
    assert_eq!(lacking(|observed| *observed = Observed::default()), all);
    assert_eq!(lacking(|observed| observed.containers.clear()), all[1..]);
    assert_eq!(lacking(|observed| of(observed, "auth").state = State::Exited), ["auth"]);
    assert_eq!(lacking(|observed| of(observed, "gateway").state = State::Created), ["gateway"]);
    assert_eq!(lacking(|observed| of(observed, "initiate").exit_code = Some(1)), ["mongodb"]);
    assert_eq!(
        lacking(|observed| observed.containers.retain(|one| one.component() != "initiate")),
        ["mongodb"]
    );
}

#[test]
fn one_error_says_what_is_missing_and_what_to_do() {
    let error = |missing: &[&str]| OwnerNotUp {
        profile: "combo".to_owned(),
        owner: "default".to_owned(),
        project: "ms".to_owned(),
        missing: missing.iter().map(|name| (*name).to_owned()).collect(),
        ways: ["gw up -p default".to_owned(), "gw fresh -p combo --with-shared".to_owned()],
    };
    assert_eq!(
        error(&["network ms_default", "mongodb", "redis"]).to_string(),
        "profile combo needs network ms_default, mongodb and redis of profile default (project ms), which are not up"
    );
    assert_eq!(
        error(&["auth"]).to_string(),
        "profile combo needs auth of profile default (project ms), which is not up"
    );
    let hint = "start it first: gw up -p default\nor both at once: gw fresh -p combo --with-shared";
    assert_eq!(error(&["auth"]).hint(), hint);
}
