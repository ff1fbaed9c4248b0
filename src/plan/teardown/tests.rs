//! Plans of `down`, `stop` and `restart` as text.

use std::collections::BTreeSet;

use super::{Down, down, restart, stop};
use crate::plan::fixture::{container, desired, mount, observed, of};
use crate::plan::graph::Plan;
use crate::plan::labels;
use crate::plan::observed::{Container, Observed, State, Volume};

#[track_caller]
fn expect(plan: &Plan, lines: &[&str]) {
    let text = plan.to_string();
    assert_eq!(text.lines().collect::<Vec<_>>(), lines, "\n{text}");
}

fn keys(keys: &[&str]) -> BTreeSet<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

#[test]
fn down_takes_containers_then_networks_and_keeps_volumes() {
    let desired = desired();
    let mut observed = observed(&desired);
    of(&mut observed, "kyc").state = State::Exited;
    expect(
        &down("ms", Some(&desired), &observed, &Down::default()),
        &[
            "  1 clean   stop container ms-auth-1 (down)",
            "  2 clean   remove container ms-auth-1 (down) after 1",
            "  3 clean   stop container ms-gateway-1 (down)",
            "  4 clean   remove container ms-gateway-1 (down) after 3",
            "  5 clean   remove container ms-kyc-1 (down)",
            "  6 clean   stop container ms-mongo-1 (down)",
            "  7 clean   remove container ms-mongo-1 (down) after 6",
            "  8 clean   remove network ms_default (down) after 2, 4, 5, 7",
        ],
    );
}

#[test]
fn down_with_volumes_takes_the_data_and_nothing_of_others() {
    let desired = desired();
    let mut observed = observed(&desired);
    observed.containers.retain(|container| container.component() == "mongo");
    observed.networks.insert("other_default".to_owned(), crate::plan::observed::Network::default());
    observed.volumes.insert("other_data".to_owned(), crate::plan::observed::Volume::default());
    expect(
        &down("ms", Some(&desired), &observed, &Down { volumes: true, ..Down::default() }),
        &[
            "  1 clean   stop container ms-mongo-1 (down)",
            "  2 clean   remove container ms-mongo-1 (down) after 1",
            "  3 clean   remove network ms_default (down) after 2",
            "  4 clean   remove volume ms_mongo (--volumes) after 2",
        ],
    );
}

#[test]
fn down_of_one_service_leaves_the_rest_and_the_network() {
    let desired = desired();
    let options = Down { selected: Some(keys(&["auth"])), volumes: true, ..Down::default() };
    expect(
        &down("ms", Some(&desired), &observed(&desired), &options),
        &[
            "  1 clean   stop container ms-auth-1 (down)",
            "  2 clean   remove container ms-auth-1 (down) after 1",
        ],
    );
}

#[test]
fn down_removes_orphans_unless_they_are_kept_and_then_keeps_their_network() {
    let desired = desired();
    let mut observed = Observed { containers: Vec::new(), ..observed(&desired) };
    let mut orphan = container(&desired, "mongo", 1);
    orphan.name = "ms-old-1".to_owned();
    orphan.labels.insert(labels::COMPOSE_SERVICE.to_owned(), "old".to_owned());
    observed.containers.push(orphan);
    expect(
        &down("ms", Some(&desired), &observed, &Down::default()),
        &[
            "  1 clean   stop container ms-old-1 (in no model: an orphan)",
            "  2 clean   remove container ms-old-1 (in no model: an orphan) after 1",
            "  3 clean   remove network ms_default (down) after 2",
        ],
    );
    expect(
        &down("ms", Some(&desired), &observed, &Down { keep_orphans: true, ..Down::default() }),
        &["  - networks stay: --keep-orphans leaves ms-old-1"],
    );
}

#[test]
fn a_volume_that_nothing_says_is_ours_stays_and_is_named() {
    let desired = desired();
    let mut observed = observed(&desired);
    observed.containers.retain(|container| container.component() == "mongo");
    observed.networks.clear();
    // What Compose made, and what carries its label only.
    let of_compose = || Volume { labels: [(labels::COMPOSE_PROJECT.to_owned(), "ms".to_owned())].into() };
    for name in ["ms_mongo", "ms_mounted", "ms_old"] {
        observed.volumes.insert(name.to_owned(), of_compose());
    }
    let mut replica = of_compose();
    replica.labels.insert(labels::COMPOSE_VOLUME.to_owned(), "mongodb-secondary-1".to_owned());
    observed.volumes.insert("ms_mongodb-secondary-1".to_owned(), replica);
    let options = Down { volumes: true, ..Down::default() };
    of(&mut observed, "mongo").volumes.insert("ms_mounted".to_owned());
    let containers = [
        "  1 clean   stop container ms-mongo-1 (down)",
        "  2 clean   remove container ms-mongo-1 (down) after 1",
    ];
    let stays = |name: &str| {
        format!(
            "  - volume {name} stays: nothing says that this checkout made it; `docker volume rm {name}` removes it"
        )
    };
    expect(
        &down("ms", Some(&desired), &observed, &options),
        &[
            containers[0],
            containers[1],
            "  3 clean   remove volume ms_mongo (--volumes) after 2",
            "  4 clean   remove volume ms_mongodb-secondary-1 (--volumes) after 2",
            "  5 clean   remove volume ms_mounted (--volumes) after 2",
            &stays("ms_old"),
        ],
    );
    // Without a file only a container says so.
    expect(
        &down("ms", None, &observed, &options),
        &[
            containers[0],
            containers[1],
            "  3 clean   remove volume ms_mounted (--volumes) after 2",
            &stays("ms_mongo"),
            &stays("ms_mongodb-secondary-1"),
            &stays("ms_old"),
        ],
    );
}

/// A container that somebody made by hand: on the project's network, with the project's volume.
fn stranger() -> Container {
    let (networks, volumes) = (["ms_default".to_owned()].into(), ["ms_mongo".to_owned()].into());
    Container { name: "by-hand".to_owned(), networks, volumes, ..Container::default() }
}

#[test]
fn down_leaves_a_network_and_a_volume_that_a_strangers_container_uses() {
    let desired = desired();
    let mut observed = Observed { others: vec![stranger()], ..observed(&desired) };
    observed.containers.retain(|container| container.component() == "mongo");
    let options = Down { volumes: true, ..Down::default() };
    expect(
        &down("ms", Some(&desired), &observed, &options),
        &[
            "  1 clean   stop container ms-mongo-1 (down)",
            "  2 clean   remove container ms-mongo-1 (down) after 1",
            "  - network ms_default stays: container by-hand is attached to it",
            "  - volume ms_mongo stays: container by-hand uses it",
        ],
    );
    observed.others.push(Container { name: "another".to_owned(), ..stranger() });
    let notes = down("ms", None, &observed, &Down::default()).notes;
    assert_eq!(notes, ["network ms_default stays: containers by-hand, another are attached to it"]);
}

#[test]
fn down_leaves_what_has_the_names_of_the_model_and_no_label() {
    let desired = desired();
    let mut observed = Observed { containers: Vec::new(), ..observed(&desired) };
    observed.networks.values_mut().for_each(|network| network.labels.clear());
    observed.volumes.values_mut().for_each(|volume| volume.labels.clear());
    expect(
        &down("ms", Some(&desired), &observed, &Down { volumes: true, ..Down::default() }),
        &[
            "  - network ms_default stays: it was not made for this project",
            "  - volume ms_mongo stays: it was not made for this project",
        ],
    );
}

#[test]
fn down_of_one_service_with_volumes_takes_those_that_nobody_else_mounts() {
    let mut desired = desired();
    let options = Down { selected: Some(keys(&["mongo"])), volumes: true, ..Down::default() };
    let removed = [
        "  1 clean   stop container ms-mongo-1 (down)",
        "  2 clean   remove container ms-mongo-1 (down) after 1",
    ];
    let volume = "  3 clean   remove volume ms_mongo (--volumes) after 2";
    let observed = observed(&desired);
    expect(&down("ms", Some(&desired), &observed, &options), &[removed[0], removed[1], volume]);
    let kyc = desired.components.get_mut("kyc").expect("a component of the stack");
    kyc.container.mounts = vec![mount("mongo", "/data")];
    let stays = "  - volume ms_mongo stays: kyc uses it too";
    expect(&down("ms", Some(&desired), &observed, &options), &[removed[0], removed[1], stays]);
}

#[test]
fn down_works_without_a_model_and_of_nothing_is_nothing() {
    let mut observed = observed(&desired());
    observed.containers.truncate(1);
    expect(
        &down("ms", None, &observed, &Down::default()),
        &[
            "  1 clean   stop container ms-auth-1 (down)",
            "  2 clean   remove container ms-auth-1 (down) after 1",
            "  3 clean   remove network ms_default (down) after 2",
        ],
    );
    expect(&down("ms", None, &Observed::default(), &Down::default()), &[]);
}

#[test]
fn stop_stops_what_runs_and_keeps_it() {
    let desired = desired();
    let mut observed = observed(&desired);
    of(&mut observed, "auth").state = State::Exited;
    of(&mut observed, "kyc").state = State::Restarting;
    expect(
        &stop(&observed, &keys(&["auth", "kyc", "gateway"])),
        &["  1 clean   stop container ms-gateway-1 (stop)", "  2 clean   stop container ms-kyc-1 (stop)"],
    );
}

#[test]
fn restart_stops_all_at_once_and_starts_each_after_what_it_depends_on() {
    let desired = desired();
    let mut observed = observed(&desired);
    of(&mut observed, "auth").state = State::Exited;
    expect(
        &restart(&desired, &observed, &keys(&["auth", "mongo"])),
        &[
            "  1 clean   stop container ms-mongo-1 (restart)",
            "  2 start   start container mongo-1 (restart) after 1",
            "  3 health  await mongo (must be ready) after 2",
            "  4 start   start container auth-1 (restart) after 3",
            "  5 health  await auth (must be ready) after 3, 4",
        ],
    );
}

#[test]
fn restart_names_what_has_no_container() {
    let desired = desired();
    expect(
        &restart(&desired, &Observed::default(), &keys(&["auth"])),
        &["  - auth has no container: `gw up auth` makes it"],
    );
}

#[test]
fn a_network_that_something_of_others_is_attached_to_stays_and_is_named() {
    let desired = desired();
    let mut observed = observed(&desired);
    observed.containers.retain(|container| container.component() == "mongo");
    let other = |name: &str, state| crate::plan::observed::Container {
        name: name.to_owned(),
        state,
        networks: ["ms_default".to_owned()].into(),
        ..Default::default()
    };
    let mut ended = other("combo-done-1", State::Exited);
    ended.labels.insert(crate::plan::labels::PROFILE.to_owned(), "combo".to_owned());
    observed.others = vec![other("combo-kyc-1", State::Running), ended];
    expect(
        &down("ms", Some(&desired), &observed, &Down::default()),
        &[
            "  1 clean   stop container ms-mongo-1 (down)",
            "  2 clean   remove container ms-mongo-1 (down) after 1",
            "  - network ms_default stays: container combo-kyc-1 is attached to it",
        ],
    );
}
