//! Conflicts as text: exactly what users read.

use std::collections::BTreeMap;

use super::{Conflict, Known, Listener, Process, Socket, Taken, conflicts, take_over, wants};
use crate::plan::desired::{Desired, PublishedPort};
use crate::plan::fixture::{container, desired, observed, of};
use crate::plan::graph::Plan;
use crate::plan::labels;
use crate::plan::observed::{self, Observed, State};
use crate::plan::ownership::{Checkout, Host};
use crate::plan::place::Resident;
use crate::plan::reconcile::{Options, up};
use crate::plan::stacks::Named;

const HERE: &str = "/home/me/ms";

fn checkout() -> Checkout {
    Checkout {
        id: "a1".into(),
        path: HERE.into(),
        host: "laptop".into(),
        file: String::new(),
        adopted: Vec::new(),
    }
}

/// The stack with these ports on `auth`.
fn stack(ports: &[(&str, u16, &str)]) -> Desired {
    let mut desired = desired();
    let published = |(address, published, protocol): &(&str, u16, &str)| PublishedPort {
        target: 8080,
        published: *published,
        address: (*address).to_owned(),
        protocol: (*protocol).to_owned(),
    };
    desired.components.get_mut("auth").expect("auth").container.ports = ports.iter().map(published).collect();
    desired
}

/// The stack whose `auth` wants port 9001 on loopback.
fn loopback() -> Desired {
    stack(&[("127.0.0.1", 9001, "tcp")])
}

fn all(desired: &Desired) -> Options {
    Options {
        selected: desired.components.keys().cloned().collect(),
        whole_project: true,
        keep_orphans: true,
        ..Options::default()
    }
}

fn port(address: &str, published: u16, protocol: &str) -> observed::Port {
    observed::Port { target: 80, published, address: address.to_owned(), protocol: protocol.to_owned() }
}

/// A running container with these labels that publishes these ports.
fn holder(name: &str, labels: &[(&str, &str)], ports: &[observed::Port]) -> observed::Container {
    observed::Container {
        id: format!("id-{name}"),
        name: name.to_owned(),
        state: State::Running,
        labels: labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        ports: ports.to_vec(),
        ..observed::Container::default()
    }
}

/// A component of profile `test` of the checkout in `path` on `host`.
fn of_test(component: &str, path: &str, host: &str, ports: &[observed::Port]) -> observed::Container {
    let labels = [
        (labels::COMPOSE_PROJECT, "test"),
        (labels::COMPOSE_SERVICE, component),
        (labels::PROFILE, "test"),
        (labels::OWNER, "a1"),
        (labels::OWNER_PATH, path),
        (labels::OWNER_HOST, host),
    ];
    holder(&format!("test-{component}-1"), &labels, ports)
}

fn listener(address: &str, process: Option<(u32, &str)>) -> Listener {
    Listener {
        socket: Socket {
            address: address.parse().expect("an address"),
            port: 9001,
            protocol: "tcp".to_owned(),
        },
        both: false,
        process: process.map(|(id, name)| Process { id, name: name.to_owned(), container: None }),
        user: Some(1000),
    }
}

fn found(desired: &Desired, observed: &Observed, options: &Options, listeners: &[Listener]) -> Vec<Conflict> {
    let plan = up(desired, observed, options);
    let wants = wants(desired, observed, &plan);
    let named = [Named { file: "profiles/test.json".into(), project: Some("test".into()) }];
    let known = Known { checkout: &checkout(), host: LAPTOP, named: &named };
    conflicts(&wants, desired, observed, &plan, listeners, known)
}

/// A host without links, where the checkout that is named `other ms` is still in its folder.
const LAPTOP: Host<'static> = Host { resolve: &|path| path.to_owned(), resident: &resident };

fn resident(path: &str) -> Resident {
    match path {
        "/home/me/other ms" => Resident::Checkout { id: "a1".into(), adopted: Vec::new() },
        "/home/me/cleaned" => Resident::Nameless,
        _ => Resident::Nobody,
    }
}

/// What stands in the way of `loopback` because of one container, where the profiles are these: file and project.
fn with_profiles(container: observed::Container, profiles: &[(&str, Option<&str>)]) -> Vec<Conflict> {
    let desired = loopback();
    let observed = Observed { others: vec![container], ..Observed::default() };
    let plan = up(&desired, &observed, &all(&desired));
    let named = |(file, project): &(&str, Option<&str>)| Named {
        file: (*file).to_owned(),
        project: project.map(ToOwned::to_owned),
    };
    let named: Vec<Named> = profiles.iter().map(named).collect();
    let known = Known { checkout: &checkout(), host: LAPTOP, named: &named };
    conflicts(&wants(&desired, &observed, &plan), &desired, &observed, &plan, &[], known)
}

fn taken(conflicts: Vec<Conflict>) -> Taken {
    Taken { conflicts, command: "up".to_owned(), profile: "default".to_owned(), take_over: false }
}

/// The errors, `--`, and the ways out.
#[track_caller]
fn expect(conflicts: Vec<Conflict>, lines: &[&str]) {
    let taken = taken(conflicts);
    let text = format!("{taken}\n--\n{}", taken.ways());
    assert_eq!(text.lines().collect::<Vec<_>>(), lines, "\n{text}");
}

/// What stands in the way of `loopback` when it comes up from nothing beside `others` and these listeners.
fn against(others: Vec<observed::Container>, listeners: &[Listener]) -> Vec<Conflict> {
    let desired = loopback();
    let network = |project: &str| {
        let labels = [(labels::COMPOSE_PROJECT.to_owned(), project.to_owned())].into();
        (format!("{project}_default"), observed::Network { labels, ..observed::Network::default() })
    };
    let other_networks = ["test", "owner"].map(network).into();
    found(&desired, &Observed { others, other_networks, ..Observed::default() }, &all(&desired), listeners)
}

/// The way out is a command that works now, also after the profile was renamed or deleted, or the other checkout is gone.
#[test]
fn ways_out_follow_what_is_there_now() {
    let ports = [port("127.0.0.1", 9001, "tcp")];
    let ours = || of_test("auth", HERE, "laptop", &ports);
    let of_ours = "port 9001/tcp on 127.0.0.1 for auth is taken by container test-auth-1 (project test, profile test) of this checkout";
    let stop = "`gw up --take-over` stops test-auth-1";
    let other_project = [("profiles/test.json", Some("another")), ("profiles/shop.json", Some("test"))];
    let down_shop = "`gw down -p shop` takes project test down";
    expect(with_profiles(ours(), &other_project), &[of_ours, "--", stop, down_shop]);
    let unreadable = [("profiles/test.json", None)];
    let down_test = "`gw down -p test` takes project test down";
    expect(with_profiles(ours(), &unreadable), &[of_ours, "--", stop, down_test]);
    let deleted = [("profiles/test.json", Some("another"))];
    let down_all =
        "no profile names project test now: `gw down --all` takes down every stack of this checkout";
    expect(with_profiles(ours(), &deleted), &[of_ours, "--", stop, down_all]);
    let (stops, _) = take_over(with_profiles(ours(), &deleted));
    assert_eq!(stops.notes, ["project test loses auth; no profile names it now"]);
    expect(
        with_profiles(of_test("auth", "/home/me/gone", "laptop", &ports), &other_project),
        &[
            "port 9001/tcp on 127.0.0.1 for auth is taken by container test-auth-1 (project test, profile test) of a checkout that was in /home/me/gone",
            "--",
            "`gw gc` lists and removes what checkouts left that are gone",
        ],
    );
    expect(
        with_profiles(of_test("auth", "/home/me/cleaned", "laptop", &ports), &other_project),
        &[
            "port 9001/tcp on 127.0.0.1 for auth is taken by container test-auth-1 (project test, profile test) of a checkout that was in /home/me/cleaned",
            "--",
            "`gw -C /home/me/cleaned adopt --from /home/me/cleaned`, then `gw -C /home/me/cleaned down --all`",
        ],
    );
}

/// What Compose started from a file that this checkout rendered is this checkout's.
#[test]
fn a_stack_that_compose_started_from_our_file_may_be_taken_over() {
    let file = format!("{HERE}/generated/test/compose.yaml");
    let labels = [
        (labels::COMPOSE_PROJECT, "test"),
        (labels::COMPOSE_SERVICE, "auth"),
        (labels::COMPOSE_FILES, file.as_str()),
        (labels::PROFILE, "test"),
    ];
    let ports = [port("127.0.0.1", 9001, "tcp")];
    let found = against(vec![holder("test-auth-1", &labels, &ports)], &[]);
    let (stops, left) = take_over(found);
    assert_eq!((stops.stops.len(), left.len()), (1, 0), "{left:?}");
    assert_eq!(stops.notes, ["profile test loses auth: `gw up -p test` brings it back"]);
}

#[test]
fn every_kind_of_holder_is_named_with_its_way_out() {
    let ports = [port("127.0.0.1", 9001, "tcp")];
    expect(
        against(vec![of_test("auth", HERE, "laptop", &ports)], &[]),
        &[
            "port 9001/tcp on 127.0.0.1 for auth is taken by container test-auth-1 (project test, profile test) of this checkout",
            "--",
            "`gw up --take-over` stops test-auth-1",
            "`gw down -p test` takes project test down",
        ],
    );
    expect(
        against(vec![of_test("auth", "/home/me/other ms", "laptop", &ports)], &[]),
        &[
            "port 9001/tcp on 127.0.0.1 for auth is taken by container test-auth-1 (project test, profile test) of the checkout in /home/me/other ms",
            "--",
            "`gw -C '/home/me/other ms' down -p test`",
        ],
    );
    expect(
        against(vec![of_test("auth", HERE, "server", &ports)], &[]),
        &[
            "port 9001/tcp on 127.0.0.1 for auth is taken by container test-auth-1 (project test, profile test) of /home/me/ms on host server",
            "--",
            "on host server: `gw -C /home/me/ms down -p test`",
        ],
    );
    expect(
        against(
            vec![holder("shop", &[(labels::COMPOSE_PROJECT, "shop")], &[port("0.0.0.0", 9001, "tcp")])],
            &[],
        ),
        &[
            "port 9001/tcp on 127.0.0.1 for auth is taken on 0.0.0.0 by container shop (project shop), which is not gw's",
            "--",
            "`docker stop shop`",
        ],
    );
    expect(
        against(vec![], &[listener("127.0.0.1", Some((4711, "python3")))]),
        &[
            "port 9001/tcp on 127.0.0.1 for auth is taken by process python3 with id 4711",
            "--",
            "`kill 4711` ends python3",
        ],
    );
    expect(
        against(vec![], &[listener("127.0.0.1", Some((99, "docker-proxy")))]),
        &[
            "port 9001/tcp on 127.0.0.1 for auth is taken by process docker-proxy with id 99, for a container that this engine does not list",
            "--",
            "`ps -o args= -p 99` shows the container's address: another engine's, or left behind",
        ],
    );
    expect(
        against(vec![], &[listener("127.0.0.1", None)]),
        &[
            "port 9001/tcp on 127.0.0.1 for auth is taken by a process of user 1000 that this user may not look at",
            "--",
            "`sudo ss -tlnp sport = :9001` names the process",
        ],
    );
}

#[test]
fn only_an_address_that_overlaps_is_a_conflict() {
    let held = [
        ("127.0.0.1", 9001, "tcp", true),
        ("0.0.0.0", 9001, "tcp", true),
        ("127.0.0.2", 9001, "tcp", false),
        ("::", 9001, "tcp", false),
        ("::1", 9001, "tcp", false),
        ("127.0.0.1", 9002, "tcp", false),
        ("127.0.0.1", 9001, "udp", false),
    ];
    for (address, number, protocol, expected) in held {
        let conflicts = against(vec![holder("other", &[], &[port(address, number, protocol)])], &[]);
        assert_eq!(conflicts.len(), usize::from(expected), "{address}:{number}/{protocol}");
    }
    // A process chooses whether `::` takes IPv4 too; the tables tell how much of it this one has.
    let wide = Listener { both: true, ..listener("::", None) };
    assert_eq!(against(vec![], &[wide]).len(), 1);
    assert_eq!(against(vec![], &[listener("::", None)]).len(), 0);
    assert_eq!(against(vec![], &[listener("127.0.0.2", None)]).len(), 0);
}

#[test]
fn who_wants_every_address_is_in_the_way_of_each_and_a_holder_is_named_once() {
    let desired = stack(&[("", 9001, "tcp"), ("", 9002, "udp")]);
    let both = [port("0.0.0.0", 9002, "udp"), port("::", 9002, "udp")];
    let others = vec![holder("dns", &[], &both), holder("one", &[], &[port("::1", 9001, "tcp")])];
    let observed = Observed { others, ..Observed::default() };
    let listeners = [listener("127.0.0.2", Some((7, "java"))), listener("::", Some((7, "java")))];
    expect(
        found(&desired, &observed, &all(&desired), &listeners),
        &[
            "port 9001/tcp on every address for auth is taken on ::1 by container one, which is not gw's",
            "port 9001/tcp on every address for auth is taken on 127.0.0.2 by process java with id 7",
            "port 9002/udp on every address for auth is taken on 0.0.0.0 by container dns, which is not gw's",
            "--",
            "`docker stop one`",
            "`kill 7` ends java",
            "`docker stop dns`",
        ],
    );
}

#[test]
fn a_port_that_the_engine_chooses_is_nobodys() {
    let desired = stack(&[("127.0.0.1", 0, "tcp")]);
    let plan = up(&desired, &Observed::default(), &all(&desired));
    assert_eq!(wants(&desired, &Observed::default(), &plan).len(), 0);
}

/// The stack as it runs, its `auth` on port 9001.
fn running(desired: &Desired) -> Observed {
    let mut observed = observed(desired);
    of(&mut observed, "auth").ports = vec![port("127.0.0.1", 9001, "tcp")];
    observed
}

#[test]
fn what_runs_unchanged_holds_its_port_rightly_and_wants_none() {
    let desired = loopback();
    let observed = running(&desired);
    let plan = up(&desired, &observed, &all(&desired));
    assert_eq!(wants(&desired, &observed, &plan).len(), 0);
}

#[test]
fn what_is_replaced_frees_its_own_port() {
    let desired = loopback();
    let mut observed = running(&desired);
    let fresh = Options { fresh: true, ..all(&desired) };
    assert_eq!(found(&desired, &observed, &fresh, &[]), []);
    // Also where it is on the host's network, so that its own process listens.
    let auth = of(&mut observed, "auth");
    auth.ports = Vec::new();
    let mut own = listener("0.0.0.0", Some((5, "auth")));
    own.process.as_mut().expect("a process").container = Some(auth.id.clone());
    assert_eq!(found(&desired, &observed, &fresh, std::slice::from_ref(&own)), []);
    let other = holder("web", &[], &[]);
    own.process.as_mut().expect("a process").container = Some(other.id.clone());
    observed.others.push(other);
    expect(
        found(&desired, &observed, &fresh, &[own]),
        &[
            "port 9001/tcp on 127.0.0.1 for auth is taken on 0.0.0.0 by container web, which is not gw's",
            "--",
            "`docker stop web`",
        ],
    );
}

#[test]
fn a_stopped_container_holds_nothing_and_wants_its_port_when_it_is_started() {
    let desired = loopback();
    let mut observed = running(&desired);
    let auth = of(&mut observed, "auth");
    (auth.state, auth.ports) = (State::Exited, Vec::new());
    let mut dead = of_test("auth", HERE, "laptop", &[]);
    dead.state = State::Exited;
    observed.others = vec![dead, of_test("kyc", HERE, "laptop", &[port("127.0.0.1", 9001, "tcp")])];
    let conflicts = found(&desired, &observed, &all(&desired), &[]);
    assert_eq!(conflicts.len(), 1, "{conflicts:?}");
}

#[test]
fn a_start_that_the_engine_goes_on_with_is_not_in_its_own_way() {
    let desired = loopback();
    // The engine lists the port before it lists the container as running.
    let mut observed = running(&desired);
    of(&mut observed, "auth").state = State::Exited;
    assert_eq!(found(&desired, &observed, &all(&desired), &[]), []);
    // Its forwarder may be there even before the port is listed.
    let forwarder = [listener("127.0.0.1", Some((99, "docker-proxy")))];
    for state in [State::Created, State::Exited] {
        let auth = of(&mut observed, "auth");
        (auth.state, auth.ports) = (state, Vec::new());
        assert_eq!(found(&desired, &observed, &all(&desired), &forwarder), []);
    }
    observed.containers.retain(|one| one.component() != "auth");
    assert_eq!(found(&desired, &observed, &all(&desired), &forwarder).len(), 1);
    // Somebody else's start takes the port all the same.
    let mut other = of_test("auth", HERE, "laptop", &[port("127.0.0.1", 9001, "tcp")]);
    other.state = State::Exited;
    observed.others = vec![other];
    assert_eq!(found(&desired, &observed, &all(&desired), &[]).len(), 1);
}

#[test]
fn an_orphan_that_stays_holds_its_port_and_one_that_goes_does_not() {
    let desired = loopback();
    let mut observed = Observed::default();
    let mut old = container(&desired, "auth", 1);
    old.labels.insert(labels::COMPOSE_SERVICE.to_owned(), "old".to_owned());
    (old.name, old.ports) = ("ms-old-1".to_owned(), vec![port("127.0.0.1", 9001, "tcp")]);
    observed.containers = vec![old];
    expect(
        found(&desired, &observed, &all(&desired), &[]),
        &[
            "port 9001/tcp on 127.0.0.1 for auth is taken by container ms-old-1 (project ms) of this checkout",
            "--",
            "`gw up --take-over` stops ms-old-1",
            "`gw up --remove-orphans` removes ms-old-1",
        ],
    );
    let remove = Options { keep_orphans: false, ..all(&desired) };
    assert_eq!(found(&desired, &observed, &remove, &[]), []);
}

#[test]
fn a_component_that_is_not_meant_keeps_its_old_port() {
    let mut desired = loopback();
    let mut observed = running(&desired);
    // auth and kyc change ports, and only auth is asked for.
    of(&mut observed, "auth").ports = vec![port("127.0.0.1", 9002, "tcp")];
    of(&mut observed, "kyc").ports = vec![port("127.0.0.1", 9001, "tcp")];
    desired.components.get_mut("auth").expect("auth").hash = "other".to_owned();
    let only = Options { selected: ["auth".to_owned()].into(), whole_project: false, ..all(&desired) };
    expect(
        found(&desired, &observed, &only, &[]),
        &[
            "port 9001/tcp on 127.0.0.1 for auth is taken by container ms-kyc-1 (project ms) of this checkout",
            "--",
            "`gw up --take-over` stops ms-kyc-1",
            "`gw up` without names brings ms-kyc-1 up to date",
        ],
    );
}

#[test]
fn many_conflicts_have_their_ways_said_once() {
    let mut desired = loopback();
    for (key, number) in [("kyc", 9002), ("gateway", 9999), ("mongo", 27017)] {
        let published = desired.components["auth"].container.ports[0].clone();
        let ports = vec![PublishedPort { published: number, ..published }];
        desired.components.get_mut(key).expect("a component").container.ports = ports;
    }
    let others = [("auth", 9001), ("kyc", 9002), ("gateway", 9999), ("mongo", 27017)]
        .map(|(key, number)| of_test(key, HERE, "laptop", &[port("127.0.0.1", number, "tcp")]));
    let observed = Observed { others: others.to_vec(), ..Observed::default() };
    let mut conflicts = found(&desired, &observed, &all(&desired), &[]);
    for conflict in &mut conflicts {
        let key = if conflict.component == "gateway" {
            "gateway.port".into()
        } else {
            format!("ports.{}", conflict.component)
        };
        conflict.key = Some(key);
    }
    let taken = taken(conflicts);
    assert_eq!(
        taken.ways().lines().collect::<Vec<_>>(),
        [
            "`gw up --take-over` stops test-auth-1, test-kyc-1, test-gateway-1 and test-mongo-1",
            "`gw down -p test` takes project test down",
            "other ports: `ports.offset` and `gateway.port` in profiles/default.json",
        ]
    );
    let of_combo = Taken { profile: "combo".into(), command: "fresh".into(), ..taken };
    let first = of_combo.ways().lines().next().map(str::to_owned);
    assert_eq!(
        first.as_deref(),
        Some(
            "`gw fresh -p combo --take-over` stops test-auth-1, test-kyc-1, test-gateway-1 and test-mongo-1"
        )
    );
    let (over, remaining) = take_over(of_combo.conflicts);
    assert_eq!(remaining, []);
    let causes: BTreeMap<&String, String> = over.stops.iter().map(|(id, stop)| (id, stop.cause())).collect();
    assert_eq!(causes[&"id-test-auth-1".to_owned()], "holds port 9001");
    assert_eq!(
        over.notes,
        ["profile test loses auth, kyc, gateway and mongo: `gw up -p test` brings them back"]
    );
}

#[test]
fn what_others_use_and_what_is_not_this_checkouts_is_not_taken_over() {
    let ports = [port("127.0.0.1", 9001, "tcp")];
    let mut store = of_test("redis", HERE, "laptop", &ports);
    store.networks = ["test_default".to_owned(), "owner_default".to_owned()].into();
    let attached = |name: &str, project: &str, networks: &[&str]| {
        let mut container = holder(name, &[(labels::COMPOSE_PROJECT, project)], &[]);
        container.networks = networks.iter().map(|name| (*name).to_owned()).collect();
        container
    };
    let user = attached("combo-kyc-1", "combo", &["combo_default", "test_default"]);
    // It lends, and does not borrow.
    let owner = attached("owner-redis-1", "owner", &["owner_default"]);
    let conflicts = against(vec![store.clone(), user, owner.clone()], &[]);
    let (over, remaining) = take_over(conflicts);
    assert_eq!((over.stops.len(), over.notes.len()), (0, 0));
    expect(
        remaining,
        &[
            "port 9001/tcp on 127.0.0.1 for auth is taken by container test-redis-1 (project test, profile test) of this checkout",
            "--",
            "--take-over leaves test-redis-1 alone: combo-kyc-1 uses project test",
        ],
    );
    let (over, remaining) = take_over(against(vec![store, owner], &[]));
    assert_eq!((over.stops.len(), remaining), (1, Vec::new()));
    let (over, remaining) = take_over(against(vec![of_test("auth", "/elsewhere", "laptop", &ports)], &[]));
    assert_eq!((over.stops.len(), remaining.len()), (0, 1));
}

fn plan_lines(plan: &Plan) -> Vec<String> {
    plan.to_string()
        .lines()
        .filter(|line| line.contains("auth") || line.contains("test-"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_start_waits_for_what_frees_its_port() {
    let desired = loopback();
    let holders = vec![of_test("auth", HERE, "laptop", &[port("127.0.0.1", 9001, "tcp")])];
    let observed = Observed { others: holders, ..observed(&desired) };
    let mut observed = observed;
    observed.containers.retain(|one| one.component() != "auth");
    let (over, _) = take_over(found(&desired, &observed, &all(&desired), &[]));
    let plan = up(&desired, &observed, &Options { take_over: over.stops, ..all(&desired) });
    assert_eq!(
        plan_lines(&plan),
        [
            "  1 clean   stop container test-auth-1 (holds port 9001)",
            "  3 start   create container auth-1 (no container yet)",
            "  4 start   start container auth-1 (created) after 1, 2, 3",
            "  5 health  await auth (must be ready) after 2, 4",
        ]
    );
}

#[test]
fn two_components_that_change_ports_wait_for_each_others_end() {
    let mut desired = loopback();
    let mut observed = running(&desired);
    of(&mut observed, "kyc").ports = vec![port("127.0.0.1", 9001, "tcp")];
    of(&mut observed, "auth").ports = vec![port("127.0.0.1", 9002, "tcp")];
    for key in ["auth", "kyc"] {
        desired.components.get_mut(key).expect("a component").hash = "other".to_owned();
    }
    assert_eq!(found(&desired, &observed, &all(&desired), &[]), []);
    let plan = up(&desired, &observed, &all(&desired));
    assert_eq!(
        plan_lines(&plan),
        [
            "  1 clean   stop container ms-auth-1 (its configuration changed)",
            "  2 clean   remove container ms-auth-1 (its configuration changed) after 1",
            "  6 start   create container auth-1 (replaced) after 2",
            "  7 start   start container auth-1 (created) after 4, 5, 6",
            "  8 health  await auth (must be ready) after 5, 7",
        ]
    );
}
