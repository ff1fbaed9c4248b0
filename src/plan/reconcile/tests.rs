//! Plans as text: exactly what `gw up --dry-run` prints.

use std::collections::{BTreeMap, BTreeSet};

use super::{Options, up};
use crate::plan::desired::{Component, Condition, Desired, Role};
use crate::plan::fixture::{component, container, desired, mount, network, observed, of, volume};
use crate::plan::labels;
use crate::plan::observed::{Container, Observed, State, Volume};
use crate::plan::ownership::Checkout;
use crate::plan::selection::select;

/// What plain `gw up` asks for.
fn plain(desired: &Desired) -> Options {
    let selected: BTreeSet<String> = desired.components.keys().cloned().collect();
    let resolved = selected.iter().map(|key| (key.clone(), format!("resolved-{key}"))).collect();
    Options { selected, whole_project: true, keep_orphans: true, resolved, ..Options::default() }
}

/// What plain `gw fresh` asks for.
fn fresh(desired: &Desired) -> Options {
    Options { fresh: true, keep_orphans: false, ..plain(desired) }
}

/// What `gw up NAME` asks for.
fn only(desired: &Desired, name: &str, with_dependencies: bool) -> Options {
    let selected = select(desired, &[name.to_owned()], with_dependencies).expect("the name is known");
    Options { selected, whole_project: false, ..plain(desired) }
}

#[track_caller]
fn expect(desired: &Desired, observed: &Observed, options: &Options, lines: &[&str]) {
    let text = up(desired, observed, options).to_string();
    assert_eq!(text.lines().collect::<Vec<_>>(), lines, "\n{text}");
}

/// The stack without what a test does not look at.
fn small(key: &str, change: impl FnOnce(&mut Component)) -> Desired {
    let mut desired = desired();
    desired.components.retain(|name, _| name == key);
    let component = desired.components.get_mut(key).expect("a component of the stack");
    component.depends_on = BTreeMap::new();
    change(component);
    desired
}

/// A job alone.
fn job() -> Desired {
    let mut desired = small("mongo", |_| {});
    desired.components = BTreeMap::from([("seed".to_owned(), component("seed", Role::Job, "seed:1", &[]))]);
    desired
}

#[test]
fn from_nothing_everything_is_made_and_each_starts_when_what_it_needs_is_ready() {
    let desired = desired();
    expect(
        &desired,
        &Observed::default(),
        &plain(&desired),
        &[
            "  1 build   build image ms-sample (no such image here)",
            "  2 build   pull image nginx:1.28 (no such image here)",
            "  3 build   pull image mongo:8.0 (no such image here)",
            "  4 start   create network default (no such network)",
            "  5 start   create volume mongo (no such volume) after 4",
            "  6 start   create container mongo-1 (no container yet) after 3, 4, 5",
            "  7 start   start container mongo-1 (created) after 6",
            "  8 health  await mongo (must be ready) after 7",
            "  9 start   create container auth-1 (no container yet) after 1, 4",
            " 10 start   start container auth-1 (created) after 8, 9",
            " 11 health  await auth (must be ready) after 8, 10",
            " 12 start   create container gateway-1 (no container yet) after 2, 4",
            " 13 start   start container gateway-1 (created) after 10, 12",
            " 14 health  await gateway (must be ready) after 10, 13",
            " 15 start   create container kyc-1 (no container yet) after 1, 4",
            " 16 start   start container kyc-1 (created) after 8, 15",
            " 17 health  await kyc (must be ready) after 8, 16",
        ],
    );
}

#[test]
fn unchanged_containers_stay_and_are_only_awaited() {
    let desired = desired();
    expect(
        &desired,
        &observed(&desired),
        &plain(&desired),
        &[
            "  1 health  await mongo (must be ready)",
            "  2 health  await auth (must be ready) after 1",
            "  3 health  await gateway (must be ready)",
            "  4 health  await kyc (must be ready) after 1",
        ],
    );
    assert!(!up(&desired, &observed(&desired), &plain(&desired)).changes_something());
}

#[test]
fn a_changed_hash_replaces_the_container() {
    let before = observed(&desired());
    let mut desired = desired();
    desired.components.get_mut("auth").expect("auth").hash = "other".to_owned();
    expect(
        &desired,
        &before,
        &plain(&desired),
        &[
            "  1 clean   stop container ms-auth-1 (its configuration changed)",
            "  2 clean   remove container ms-auth-1 (its configuration changed) after 1",
            "  3 health  await mongo (must be ready)",
            "  4 start   create container auth-1 (replaced) after 2",
            "  5 start   start container auth-1 (created) after 3, 4",
            "  6 health  await auth (must be ready) after 3, 5",
            "  7 health  await gateway (must be ready) after 5",
            "  8 health  await kyc (must be ready) after 3",
        ],
    );
}

#[test]
fn a_changed_secret_replaces_the_container_and_tells_nothing_of_it() {
    let desired = small("mongo", |_| {});
    let mut options = plain(&desired);
    options.resolved.insert("mongo".to_owned(), "other".to_owned());
    expect(
        &desired,
        &observed(&desired),
        &options,
        &[
            "  1 clean   stop container ms-mongo-1 (a secret or variable changed)",
            "  2 clean   remove container ms-mongo-1 (a secret or variable changed) after 1",
            "  3 start   create container mongo-1 (replaced) after 2",
            "  4 start   start container mongo-1 (created) after 3",
            "  5 health  await mongo (must be ready) after 4",
        ],
    );
}

#[test]
fn another_image_under_the_same_reference_replaces_the_container() {
    let desired = small("mongo", |_| {});
    let mut observed = observed(&desired);
    observed.images.insert("mongo:8.0".to_owned(), "sha256:newer".to_owned());
    expect(
        &desired,
        &observed,
        &plain(&desired),
        &[
            "  1 clean   stop container ms-mongo-1 (its image changed)",
            "  2 clean   remove container ms-mongo-1 (its image changed) after 1",
            "  3 start   create container mongo-1 (replaced) after 2",
            "  4 start   start container mongo-1 (created) after 3",
            "  5 health  await mongo (must be ready) after 4",
        ],
    );
}

#[test]
fn force_recreate_replaces_what_is_unchanged() {
    let desired = small("mongo", |_| {});
    expect(
        &desired,
        &observed(&desired),
        &Options { recreate: true, ..plain(&desired) },
        &[
            "  1 clean   stop container ms-mongo-1 (--force-recreate)",
            "  2 clean   remove container ms-mongo-1 (--force-recreate) after 1",
            "  3 start   create container mongo-1 (replaced) after 2",
            "  4 start   start container mongo-1 (created) after 3",
            "  5 health  await mongo (must be ready) after 4",
        ],
    );
}

#[test]
fn more_replicas_are_made_beside_those_that_run() {
    let before = observed(&small("kyc", |_| {}));
    let desired = small("kyc", |kyc| kyc.replicas = 3);
    expect(
        &desired,
        &before,
        &plain(&desired),
        &[
            "  1 start   create container kyc-2 (no container yet)",
            "  2 start   start container kyc-2 (created) after 1",
            "  3 start   create container kyc-3 (no container yet)",
            "  4 start   start container kyc-3 (created) after 3",
            "  5 health  await kyc (must be ready) after 2, 4",
        ],
    );
}

#[test]
fn fewer_replicas_take_the_last_away() {
    let before = observed(&small("kyc", |kyc| kyc.replicas = 3));
    let desired = small("kyc", |_| {});
    expect(
        &desired,
        &before,
        &plain(&desired),
        &[
            "  1 clean   stop container ms-kyc-2 (replicas is now 1)",
            "  2 clean   remove container ms-kyc-2 (replicas is now 1) after 1",
            "  3 clean   stop container ms-kyc-3 (replicas is now 1)",
            "  4 clean   remove container ms-kyc-3 (replicas is now 1) after 3",
            "  5 health  await kyc (must be ready)",
        ],
    );
}

#[test]
fn a_stopped_container_whose_network_was_made_anew_is_replaced() {
    let desired = small("gateway", |_| {});
    let mut observed = observed(&desired);
    let attach = |observed: &mut Observed, id: &str| {
        let ids = [("ms_default", id), ("by_hand", "n9")].map(|(name, id)| (name.to_owned(), id.to_owned()));
        observed.containers[0].network_ids = ids.into();
    };
    observed.containers[0].state = State::Exited;
    attach(&mut observed, "n1");
    let start = [
        "  1 start   start container gateway-1 (not running)",
        "  2 health  await gateway (must be ready) after 1",
    ];
    expect(&desired, &observed, &plain(&desired), &start);
    attach(&mut observed, "n0");
    let replace = [
        "  1 clean   remove container ms-gateway-1 (its network ms_default is gone)",
        "  2 start   create container gateway-1 (replaced) after 1",
        "  3 start   start container gateway-1 (created) after 2",
        "  4 health  await gateway (must be ready) after 3",
    ];
    expect(&desired, &observed, &plain(&desired), &replace);
    observed.containers[0].state = State::Running;
    let await_only = ["  1 health  await gateway (must be ready)"];
    expect(&desired, &observed, &plain(&desired), &await_only);
}

#[test]
fn a_stopped_container_is_started_again_and_one_that_never_started_is_made_again() {
    let desired = small("kyc", |kyc| kyc.replicas = 2);
    let mut observed = observed(&desired);
    observed.containers[0].state = State::Exited;
    observed.containers[1].state = State::Created;
    expect(
        &desired,
        &observed,
        &plain(&desired),
        &[
            "  1 clean   remove container ms-kyc-2 (it was never started)",
            "  2 start   start container kyc-1 (not running)",
            "  3 start   create container kyc-2 (replaced) after 1",
            "  4 start   start container kyc-2 (created) after 3",
            "  5 health  await kyc (must be ready) after 2, 4",
        ],
    );
}

#[test]
fn a_paused_and_a_dead_container_are_replaced() {
    let desired = small("kyc", |kyc| kyc.replicas = 2);
    let mut observed = observed(&desired);
    observed.containers[0].state = State::Paused;
    observed.containers[1].state = State::Dead;
    expect(
        &desired,
        &observed,
        &plain(&desired),
        &[
            "  1 clean   stop container ms-kyc-1 (it is paused)",
            "  2 clean   remove container ms-kyc-1 (it is paused) after 1",
            "  3 clean   remove container ms-kyc-2 (it is dead)",
            "  4 start   create container kyc-1 (replaced) after 2",
            "  5 start   start container kyc-1 (created) after 4",
            "  6 start   create container kyc-2 (replaced) after 3",
            "  7 start   start container kyc-2 (created) after 6",
            "  8 health  await kyc (must be ready) after 5, 7",
        ],
    );
}

#[test]
fn a_job_that_is_done_does_not_run_again() {
    let desired = job();
    expect(&desired, &observed(&desired), &plain(&desired), &["  1 health  await seed (runs to its end)"]);
}

#[test]
fn a_job_that_failed_runs_again() {
    let desired = job();
    let mut observed = observed(&desired);
    of(&mut observed, "seed").exit_code = Some(3);
    expect(
        &desired,
        &observed,
        &plain(&desired),
        &[
            "  1 clean   remove container ms-seed-1 (the job failed)",
            "  2 start   create container seed-1 (replaced) after 1",
            "  3 start   start container seed-1 (created) after 2",
            "  4 health  await seed (runs to its end) after 3",
        ],
    );
}

#[test]
fn a_job_that_changed_runs_again() {
    let before = observed(&job());
    let mut desired = job();
    desired.components.get_mut("seed").expect("seed").hash = "other".to_owned();
    expect(
        &desired,
        &before,
        &plain(&desired),
        &[
            "  1 clean   remove container ms-seed-1 (its configuration changed)",
            "  2 start   create container seed-1 (replaced) after 1",
            "  3 start   start container seed-1 (created) after 2",
            "  4 health  await seed (runs to its end) after 3",
        ],
    );
}

/// A container of the project that is in no model.
fn with_orphan() -> (Desired, Observed) {
    let desired = small("mongo", |_| {});
    let mut observed = observed(&desired);
    let mut orphan = container(&desired, "mongo", 1);
    (orphan.id, orphan.name) = ("id-old".to_owned(), "ms-old-1".to_owned());
    orphan.labels.insert(labels::COMPOSE_SERVICE.to_owned(), "old".to_owned());
    observed.containers.push(orphan);
    (desired, observed)
}

#[test]
fn up_names_an_orphan_and_leaves_it() {
    let (desired, observed) = with_orphan();
    expect(
        &desired,
        &observed,
        &plain(&desired),
        &[
            "  1 health  await mongo (must be ready)",
            "  - ms-old-1 belongs to this project but to no service of profile default: `gw fresh` or `gw down` removes it",
        ],
    );
}

#[test]
fn up_of_one_service_does_not_look_for_orphans() {
    let (desired, observed) = with_orphan();
    expect(
        &desired,
        &observed,
        &only(&desired, "mongodb", true),
        &["  1 health  await mongo (must be ready)"],
    );
}

#[test]
fn fresh_removes_an_orphan() {
    let (desired, observed) = with_orphan();
    expect(
        &desired,
        &observed,
        &fresh(&desired),
        &[
            "  1 clean   stop container ms-mongo-1 (fresh)",
            "  2 clean   remove container ms-mongo-1 (fresh) after 1",
            "  3 clean   stop container ms-old-1 (in no model: an orphan)",
            "  4 clean   remove container ms-old-1 (in no model: an orphan) after 3",
            "  5 start   create container mongo-1 (replaced) after 2",
            "  6 start   start container mongo-1 (created) after 5",
            "  7 health  await mongo (must be ready) after 6",
        ],
    );
}

#[test]
fn fresh_keeps_an_orphan_when_asked_to() {
    let (desired, observed) = with_orphan();
    expect(
        &desired,
        &observed,
        &Options { keep_orphans: true, ..fresh(&desired) },
        &[
            "  1 clean   stop container ms-mongo-1 (fresh)",
            "  2 clean   remove container ms-mongo-1 (fresh) after 1",
            "  3 start   create container mongo-1 (replaced) after 2",
            "  4 start   start container mongo-1 (created) after 3",
            "  5 health  await mongo (must be ready) after 4",
            "  - ms-old-1 belongs to this project but to no service of profile default: `gw fresh` or `gw down` removes it",
        ],
    );
}

#[test]
fn fresh_removes_a_finished_one_off_and_leaves_a_running_one() {
    let desired = small("mongo", |_| {});
    let mut observed = observed(&desired);
    for (id, state) in [("id-running", State::Running), ("id-finished", State::Exited)] {
        let mut one_off = container(&desired, "mongo", 1);
        (one_off.id, one_off.name, one_off.state) = (id.to_owned(), id.replace("id", "ms-run"), state);
        one_off.labels.insert(labels::COMPOSE_ONEOFF.to_owned(), "True".to_owned());
        observed.containers.insert(0, one_off);
    }
    expect(
        &desired,
        &observed,
        &fresh(&desired),
        &[
            "  1 clean   remove container ms-run-finished (a finished one-off)",
            "  2 clean   stop container ms-mongo-1 (fresh)",
            "  3 clean   remove container ms-mongo-1 (fresh) after 2",
            "  4 start   create container mongo-1 (replaced) after 3",
            "  5 start   start container mongo-1 (created) after 4",
            "  6 health  await mongo (must be ready) after 5",
        ],
    );
}

#[test]
fn a_selection_brings_what_it_depends_on() {
    let desired = desired();
    expect(
        &desired,
        &Observed::default(),
        &only(&desired, "kyc", true),
        &[
            "  1 build   build image ms-sample (no such image here)",
            "  2 build   pull image mongo:8.0 (no such image here)",
            "  3 start   create network default (no such network)",
            "  4 start   create volume mongo (no such volume) after 3",
            "  5 start   create container mongo-1 (no container yet) after 2, 3, 4",
            "  6 start   start container mongo-1 (created) after 5",
            "  7 health  await mongo (must be ready) after 6",
            "  8 start   create container kyc-1 (no container yet) after 1, 3",
            "  9 start   start container kyc-1 (created) after 7, 8",
            " 10 health  await kyc (must be ready) after 7, 9",
        ],
    );
}

#[test]
fn a_selection_without_dependencies_starts_alone() {
    let desired = desired();
    expect(
        &desired,
        &Observed::default(),
        &only(&desired, "kyc", false),
        &[
            "  1 build   build image ms-sample (no such image here)",
            "  2 start   create network default (no such network)",
            "  3 start   create container kyc-1 (no container yet) after 1, 2",
            "  4 start   start container kyc-1 (created) after 3",
            "  5 health  await kyc (must be ready) after 4",
        ],
    );
}

#[test]
fn fresh_replaces_everything_builds_again_and_keeps_volumes() {
    let desired = desired();
    let (observed, options) = (built_here(observed(&desired)), fresh(&desired));
    expect(
        &desired,
        &observed,
        &Options { checkout: this_checkout(), ..options },
        &[
            "  1 clean   stop container ms-auth-1 (fresh)",
            "  2 clean   remove container ms-auth-1 (fresh) after 1",
            "  3 clean   stop container ms-gateway-1 (fresh)",
            "  4 clean   remove container ms-gateway-1 (fresh) after 3",
            "  5 clean   stop container ms-kyc-1 (fresh)",
            "  6 clean   remove container ms-kyc-1 (fresh) after 5",
            "  7 clean   stop container ms-mongo-1 (fresh)",
            "  8 clean   remove container ms-mongo-1 (fresh) after 7",
            "  9 build   build image ms-sample (fresh)",
            " 10 start   create container mongo-1 (replaced) after 8",
            " 11 start   start container mongo-1 (created) after 10",
            " 12 health  await mongo (must be ready) after 11",
            " 13 start   create container auth-1 (replaced) after 2, 9",
            " 14 start   start container auth-1 (created) after 12, 13",
            " 15 health  await auth (must be ready) after 12, 14",
            " 16 start   create container gateway-1 (replaced) after 4",
            " 17 start   start container gateway-1 (created) after 14, 16",
            " 18 health  await gateway (must be ready) after 14, 17",
            " 19 start   create container kyc-1 (replaced) after 6, 9",
            " 20 start   start container kyc-1 (created) after 12, 19",
            " 21 health  await kyc (must be ready) after 12, 20",
            " 22 cleanup remove image sha256:ms-sample (if this build replaced it) after 12, 15, 18, 21",
        ],
    );
}

/// The services' image was built by this checkout.
fn built_here(mut observed: Observed) -> Observed {
    let labels = [(labels::COMPOSE_PROJECT, "ms"), (labels::IMAGE_OWNER[0], "a1")];
    let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    observed.built.insert("sha256:ms-sample".to_owned(), labels);
    observed
}

fn this_checkout() -> Checkout {
    Checkout { id: "a1".to_owned(), ..Checkout::default() }
}

#[test]
fn a_build_removes_no_image_that_somebody_else_made() {
    let desired = desired();
    let removes = |observed: &Observed, id: &str| {
        let checkout = Checkout { id: id.to_owned(), ..this_checkout() };
        up(&desired, observed, &Options { checkout, ..fresh(&desired) }).to_string().contains("remove image")
    };
    let by_hand = observed(&desired);
    let built = built_here(by_hand.clone());
    assert_eq!((removes(&built, "a1"), removes(&built, "b2"), removes(&by_hand, "a1")), (true, false, false));
}

#[test]
fn fresh_with_volumes_removes_the_data_after_its_users() {
    let desired = small("mongo", |_| {});
    expect(
        &desired,
        &observed(&desired),
        &Options { volumes: true, ..fresh(&desired) },
        &[
            "  1 clean   stop container ms-mongo-1 (fresh)",
            "  2 clean   remove container ms-mongo-1 (fresh) after 1",
            "  3 clean   remove volume ms_mongo (--volumes) after 2",
            "  4 start   create volume mongo (--volumes) after 3",
            "  5 start   create container mongo-1 (replaced) after 2, 4",
            "  6 start   start container mongo-1 (created) after 5",
            "  7 health  await mongo (must be ready) after 6",
        ],
    );
}

#[test]
fn pull_policy_always_pulls_what_is_there() {
    let desired = small("mongo", |mongo| mongo.container.pull_policy = Some("always".to_owned()));
    expect(
        &desired,
        &observed(&desired),
        &plain(&desired),
        &[
            "  1 build   pull image mongo:8.0 (pull_policy is always)",
            "  2 health  await mongo (must be ready)",
        ],
    );
}

#[test]
fn an_external_network_and_volume_are_neither_made_nor_removed() {
    let mut desired = small("mongo", |_| {});
    desired
        .networks
        .insert("default".to_owned(), crate::plan::desired::Network { external: true, ..network("other") });
    desired.volumes.get_mut("mongo").expect("a volume").external = true;
    expect(
        &desired,
        &observed(&desired),
        &Options { volumes: true, ..fresh(&desired) },
        &[
            "  1 clean   stop container ms-mongo-1 (fresh)",
            "  2 clean   remove container ms-mongo-1 (fresh) after 1",
            "  3 start   create container mongo-1 (replaced) after 2",
            "  4 start   start container mongo-1 (created) after 3",
            "  5 health  await mongo (must be ready) after 4",
        ],
    );
}

#[test]
fn what_compose_started_from_the_same_file_stays() {
    let desired = small("mongo", |_| {});
    let mut observed = observed(&desired);
    for label in [labels::RESOLVED, labels::OWNER] {
        of(&mut observed, "mongo").labels.remove(label);
    }
    expect(&desired, &observed, &plain(&desired), &["  1 health  await mongo (must be ready)"]);
    of(&mut observed, "mongo").labels.remove(labels::HASH);
    expect(
        &desired,
        &observed,
        &plain(&desired),
        &[
            "  1 clean   stop container ms-mongo-1 (made by something else)",
            "  2 clean   remove container ms-mongo-1 (made by something else) after 1",
            "  3 start   create container mongo-1 (replaced) after 2",
            "  4 start   start container mongo-1 (created) after 3",
            "  5 health  await mongo (must be ready) after 4",
        ],
    );
}

/// kyc starts again when auth is replaced, and does not need it.
fn linked(change: impl FnOnce(&mut Component)) -> Desired {
    let mut desired = desired();
    desired.components.retain(|key, _| ["auth", "kyc"].contains(&key.as_str()));
    desired.components.get_mut("auth").expect("auth").depends_on.clear();
    let kyc = desired.components.get_mut("kyc").expect("kyc");
    kyc.depends_on = BTreeMap::from([("auth".to_owned(), Condition::Ready)]);
    change(kyc);
    desired
}

#[test]
fn a_dependent_with_restart_starts_again_when_its_dependency_was_replaced() {
    let desired = linked(|kyc| kyc.restarts_with = ["auth".to_owned()].into());
    let mut observed = observed(&desired);
    of(&mut observed, "auth").labels.insert(labels::HASH.to_owned(), "other".to_owned());
    let lines = [
        "  1 clean   stop container ms-auth-1 (its configuration changed)",
        "  2 clean   remove container ms-auth-1 (its configuration changed) after 1",
        "  3 start   create container auth-1 (replaced) after 2",
        "  4 start   start container auth-1 (created) after 3",
        "  5 health  await auth (must be ready) after 4",
        "  6 start   stop container ms-kyc-1 (auth was replaced) after 5",
        "  7 start   start container kyc-1 (auth was replaced) after 5, 6",
        "  8 health  await kyc (must be ready) after 5, 7",
    ];
    expect(&desired, &observed, &plain(&desired), &lines);
    expect(&desired, &observed, &only(&desired, "auth", true), &lines);
}

#[test]
fn a_dependent_with_restart_is_left_alone_when_its_dependency_only_starts() {
    let desired = linked(|kyc| kyc.restarts_with = ["auth".to_owned()].into());
    let mut observed = observed(&desired);
    of(&mut observed, "auth").state = State::Exited;
    expect(
        &desired,
        &observed,
        &plain(&desired),
        &[
            "  1 start   start container auth-1 (not running)",
            "  2 health  await auth (must be ready) after 1",
            "  3 health  await kyc (must be ready) after 2",
        ],
    );
}

#[test]
fn an_optional_dependency_is_waited_for_however_it_ends() {
    let desired = linked(|kyc| kyc.optional = ["auth".to_owned()].into());
    expect(
        &desired,
        &observed(&Desired::default()),
        &plain(&desired),
        &[
            "  1 build   build image ms-sample (no such image here)",
            "  2 start   create network default (no such network)",
            "  3 start   create container auth-1 (no container yet) after 1, 2",
            "  4 start   start container auth-1 (created) after 3",
            "  5 health  await auth (must be ready) after 4",
            "  6 start   create container kyc-1 (no container yet) after 1, 2",
            "  7 start   start container kyc-1 (created) after 6, the end of 5",
            "  8 health  await kyc (must be ready) after 7, the end of 5",
        ],
    );
}

/// A single Redis that runs, and the set that it becomes: two servers, the first one on the same volume.
fn redis_becomes_a_set() -> (Desired, Observed) {
    let server = |key: &str, volume: &str| {
        let mut server = component(key, Role::Redis, "redis:8", &[]);
        server.container.mounts = vec![mount(volume, "/data")];
        (key.to_owned(), server)
    };
    let stack = |servers: &[(&str, &str)]| {
        let volumes = servers.iter().map(|(_, key)| ((*key).to_owned(), volume(&format!("ms_{key}"))));
        let components = servers.iter().map(|(key, volume)| server(key, volume));
        Desired { components: components.collect(), volumes: volumes.collect(), ..desired() }
    };
    let before = stack(&[("redis", "redis")]);
    let mut observed = observed(&before);
    of(&mut observed, "redis").labels.insert(labels::ROLE.to_owned(), "redis".to_owned());
    (stack(&[("redis-master", "redis"), ("redis-replica-1", "redis-replica-1")]), observed)
}

#[test]
fn a_former_server_goes_before_others_start_on_its_volume() {
    let (desired, observed) = redis_becomes_a_set();
    let lines = [
        "  1 clean   stop container ms-redis-1 (its store has other servers now)",
        "  2 clean   remove container ms-redis-1 (its store has other servers now) after 1",
        "  3 start   create volume redis-replica-1 (no such volume)",
        "  4 start   create container redis-master-1 (no container yet) after 2",
        "  5 start   start container redis-master-1 (created) after 4",
        "  6 health  await redis-master (must be ready) after 5",
        "  7 start   create container redis-replica-1-1 (no container yet) after 2, 3",
        "  8 start   start container redis-replica-1-1 (created) after 7",
        "  9 health  await redis-replica-1 (must be ready) after 8",
    ];
    expect(&desired, &observed, &plain(&desired), &lines);
    let master = only(&desired, "redis-master", true);
    expect(
        &desired,
        &observed,
        &master,
        &[
            lines[0],
            lines[1],
            "  3 start   create container redis-master-1 (no container yet) after 2",
            "  4 start   start container redis-master-1 (created) after 3",
            "  5 health  await redis-master (must be ready) after 4",
        ],
    );
}

#[test]
fn fresh_with_volumes_removes_also_the_volumes_that_are_in_no_file() {
    let (set, mut observed) = redis_becomes_a_set();
    // The other way round: the volumes of the set are there, and one server is wanted.
    let mut desired = set;
    desired.components.retain(|key, _| key == "redis-master");
    desired.volumes.retain(|key, _| key == "redis");
    observed.containers.clear();
    let ours = observed.volumes.values().next().expect("a volume").clone();
    observed.volumes.insert("ms_redis-replica-1".to_owned(), ours.clone());
    observed.volumes.insert("by-hand".to_owned(), Volume::default());
    let options = Options { volumes: true, ..fresh(&desired) };
    expect(
        &desired,
        &observed,
        &options,
        &[
            "  1 clean   remove volume ms_redis (--volumes)",
            "  2 start   create volume redis (--volumes) after 1",
            "  3 clean   remove volume ms_redis-replica-1 (--volumes, and in no model)",
            "  4 start   create container redis-master-1 (no container yet) after 2",
            "  5 start   start container redis-master-1 (created) after 4",
            "  6 health  await redis-master (must be ready) after 5",
        ],
    );
    // Compose notes no folder: a key of a former server is known, any other is not.
    let of_compose = |key: &str| {
        let labels = [(labels::COMPOSE_PROJECT, "ms"), (labels::COMPOSE_VOLUME, key)];
        let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        (format!("ms_{key}"), Volume { labels })
    };
    let mut unowned = observed.clone();
    unowned.volumes.extend(["old", "redis", "redis-replica-1"].map(of_compose));
    let plan = up(&desired, &unowned, &options);
    let removed: Vec<String> = plan.nodes[..3].iter().map(|node| node.operation.to_string()).collect();
    assert_eq!(
        removed,
        ["remove volume ms_redis", "create volume redis", "remove volume ms_redis-replica-1"]
    );
    let note =
        "volume ms_old stays: nothing says that this checkout made it; `docker volume rm ms_old` removes it";
    assert_eq!(plan.notes, [note]);
    let user = Container {
        name: "by-hand".to_owned(),
        volumes: ["ms_redis".to_owned(), "ms_redis-replica-1".to_owned()].into(),
        ..Container::default()
    };
    observed.others.push(user);
    expect(
        &desired,
        &observed,
        &options,
        &[
            "  1 start   create container redis-master-1 (no container yet)",
            "  2 start   start container redis-master-1 (created) after 1",
            "  3 health  await redis-master (must be ready) after 2",
            "  - volume ms_redis stays: container by-hand uses it",
            "  - volume ms_redis-replica-1 stays: container by-hand uses it",
        ],
    );
}
