//! Who uses a project, read from what is attached.

use super::{StillUsed, borrowers};
use crate::plan::fixture::{desired, observed};
use crate::plan::labels;
use crate::plan::observed::{Container, Observed, State};

/// A container that runs on `ms_default`, with these labels.
fn attached(name: &str, project: &str, profile: &str) -> Container {
    let labels = [(labels::COMPOSE_PROJECT, project), (labels::PROFILE, profile)];
    let labels = labels.into_iter().filter(|(_, value)| !value.is_empty());
    Container {
        name: name.to_owned(),
        state: State::Running,
        labels: labels.map(|(label, value)| (label.to_owned(), value.to_owned())).collect(),
        networks: ["ms_default".to_owned()].into(),
        ..Container::default()
    }
}

/// `ms` with these containers of others beside it.
fn beside(others: Vec<Container>) -> Observed {
    Observed { others, ..observed(&desired()) }
}

fn said(observed: &Observed) -> String {
    StillUsed { project: "ms".to_owned(), borrowers: borrowers("ms", observed) }.to_string()
}

#[test]
fn everybody_who_is_attached_is_named_with_project_profile_and_containers() {
    let observed = beside(vec![
        attached("combo-combo-gateway-1", "combo", "combo"),
        attached("mine-mine-auth-1", "mine", "test"),
        attached("combo-combo-kyc-1", "combo", "combo"),
    ]);
    let error = StillUsed { project: "ms".to_owned(), borrowers: borrowers("ms", &observed) };
    assert_eq!(
        error.to_string(),
        "project ms is still used: by project combo (profile combo) with combo-combo-gateway-1, combo-combo-kyc-1; \
         by project mine (profile test) with mine-mine-auth-1"
    );
    let hint = "first: gw down -p combo; gw down -p test\nor go on with --force: what uses it then fails";
    assert_eq!(error.hint(), hint);
}

#[test]
fn what_has_ended_or_was_attached_by_hand_uses_nothing() {
    let mut ended = attached("combo-combo-migrate-1", "combo", "combo");
    ended.state = State::Exited;
    let by_hand = attached("mine", "", "");
    let elsewhere = attached("other-web-1", "other", "");
    let observed = beside(vec![ended, by_hand, elsewhere]);
    assert_eq!(borrowers("ms", &observed), []);
}

#[test]
fn only_networks_of_the_projects_own_count() {
    let mut observed = beside(vec![attached("combo-combo-kyc-1", "combo", "combo")]);
    assert_eq!(said(&observed).matches("combo-combo-kyc-1").count(), 1);
    observed.others[0].networks = ["elsewhere_default".to_owned()].into();
    assert_eq!(borrowers("ms", &observed), []);
    observed.others[0].networks = ["ms_default".to_owned()].into();
    observed.networks.values_mut().for_each(|network| network.labels.clear());
    assert_eq!(borrowers("ms", &observed), []);
}
