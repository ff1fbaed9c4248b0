//! What goes after a failure, as text.

use std::collections::{BTreeMap, BTreeSet};

use super::aftermath;
use crate::plan::fixture::{desired, observed, of};
use crate::plan::graph::{NodeId, Plan};
use crate::plan::labels;
use crate::plan::observed::{Observed, State};
use crate::plan::operation::Operation;
use crate::plan::reconcile::{Options, up};

/// The plan from nothing, and those of its nodes that `is` says.
fn plan() -> Plan {
    let desired = desired();
    let options = Options { selected: desired.components.keys().cloned().collect(), ..Options::default() };
    up(&desired, &Observed::default(), &options)
}

fn nodes(plan: &Plan, is: impl Fn(&Operation) -> bool) -> BTreeSet<NodeId> {
    plan.iter().filter(|(_, node)| is(&node.operation)).map(|(id, _)| id).collect()
}

fn about(operation: &Operation, keys: &[&str]) -> bool {
    operation.component().is_none_or(|key| keys.contains(&key))
}

fn ours(labels: &BTreeMap<String, String>) -> bool {
    labels.get(labels::OWNER).is_some_and(|owner| owner == "a1")
}

#[track_caller]
fn expect(plan: &Plan, lines: &[&str]) {
    let text = plan.to_string();
    assert_eq!(text.lines().collect::<Vec<_>>(), lines, "\n{text}");
}

#[test]
fn what_became_ready_stays_and_what_did_not_goes() {
    let (desired, plan) = (desired(), plan());
    let begun = nodes(&plan, |operation| about(operation, &["mongo", "auth"]));
    let awaits_auth = |operation: &Operation| matches!(operation, Operation::AwaitReady { component, .. } if component == "auth");
    let done = nodes(&plan, |operation| about(operation, &["mongo", "auth"]) && !awaits_auth(operation));
    let mut seen = observed(&desired);
    seen.containers.retain(|container| ["mongo", "auth"].contains(&container.component()));
    expect(
        &aftermath(&plan, &begun, &done, &desired, &seen, &ours),
        &[
            "  1 cleanup stop container ms-auth-1 (not finished)",
            "  2 cleanup remove container ms-auth-1 (not finished) after 1",
        ],
    );
}

#[test]
fn where_nothing_became_ready_networks_go_too_and_volumes_stay() {
    let (desired, plan) = (desired(), plan());
    let begun = nodes(&plan, |operation| about(operation, &["mongo"]));
    let done = nodes(&plan, |operation| {
        !matches!(operation, Operation::AwaitReady { .. }) && about(operation, &["mongo"])
    });
    let mut seen = observed(&desired);
    seen.containers.retain(|container| container.component() == "mongo");
    of(&mut seen, "mongo").state = State::Exited;
    expect(
        &aftermath(&plan, &begun, &done, &desired, &seen, &ours),
        &[
            "  1 cleanup remove container ms-mongo-1 (not finished)",
            "  2 cleanup remove network ms_default (not finished) after 1",
        ],
    );
}

#[test]
fn what_this_run_did_not_make_stays() {
    let (desired, plan) = (desired(), plan());
    let none = BTreeSet::new();
    expect(&aftermath(&plan, &none, &none, &desired, &observed(&desired), &ours), &[]);
}

#[test]
fn what_another_checkout_was_quicker_to_make_is_not_touched() {
    let (desired, plan) = (desired(), plan());
    let begun = nodes(&plan, |operation| about(operation, &["mongo"]));
    let mut seen = observed(&desired);
    seen.containers.retain(|container| container.component() == "mongo");
    of(&mut seen, "mongo").labels.insert(labels::OWNER.to_owned(), "b2".to_owned());
    for network in seen.networks.values_mut() {
        network.labels.insert(labels::OWNER.to_owned(), "b2".to_owned());
    }
    expect(&aftermath(&plan, &begun, &BTreeSet::new(), &desired, &seen, &ours), &[]);
    seen.containers.clear();
    expect(&aftermath(&plan, &begun, &BTreeSet::new(), &desired, &seen, &ours), &[]);
}
