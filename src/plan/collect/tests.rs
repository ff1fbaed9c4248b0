//! What `gw gc` takes, and everything that it leaves.

use super::*;
use crate::plan::observed::{Network, Volume};

fn labels(names: [&str; 3], id: &str, path: &str, host: &str) -> BTreeMap<String, String> {
    let owner = names.into_iter().zip([id, path, host]);
    let project = [(labels::COMPOSE_PROJECT, "ms")];
    owner.chain(project).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn made(id: &str, path: &str, host: &str) -> BTreeMap<String, String> {
    labels([labels::OWNER, labels::OWNER_PATH, labels::OWNER_HOST], id, path, host)
}

fn container(id: &str, labels: BTreeMap<String, String>) -> Container {
    Container {
        id: id.into(),
        name: format!("ms-{id}-1"),
        labels,
        state: State::Running,
        ..Container::default()
    }
}

/// Things of a checkout that was in `/gone`.
fn left() -> (Observed, Usage) {
    let gone = || made("g1", "/gone", "laptop");
    let mut stopped = container("kyc", gone());
    stopped.state = State::Exited;
    let observed = Observed {
        others: vec![container("auth", gone()), stopped],
        other_networks: [("ms_default".to_owned(), Network { id: "n".into(), labels: gone() })].into(),
        other_volumes: [("ms_redis".to_owned(), Volume { labels: gone() })].into(),
        ..Observed::default()
    };
    let image = Image {
        id: "sha256:1".into(),
        tags: vec!["ms-auth:latest".into()],
        labels: labels(labels::IMAGE_OWNER, "g1", "/gone", "laptop"),
        size: 300,
    };
    let usage = Usage {
        containers: [("auth".to_owned(), 10)].into(),
        volumes: [("ms_redis".to_owned(), 2000)].into(),
        images: vec![image],
    };
    (observed, usage)
}

const HERE: Here<'static> = Here { host: "laptop", id: "a1", path: "/here", killed: &BTreeSet::new() };

fn checkout(id: &str, adopted: &[Place]) -> Resident {
    Resident::Checkout { id: id.into(), adopted: adopted.to_vec() }
}

fn residents<const N: usize>(residents: [(&str, Resident); N]) -> BTreeMap<String, Resident> {
    residents.into_iter().map(|(path, resident)| (path.to_owned(), resident)).collect()
}

fn of(labels: BTreeMap<String, String>, resident: Resident) -> Collection {
    let observed = Observed { others: vec![container("auth", labels)], ..Observed::default() };
    collect(&observed, &Usage::default(), HERE, &residents([("/x", resident)]))
}

#[test]
fn what_a_deleted_checkout_left_goes_with_sizes_and_after_its_users() {
    let (observed, usage) = left();
    assert_eq!(folders(&observed, &usage, "laptop"), ["/gone".to_owned()].into());
    let collection = collect(&observed, &usage, HERE, &residents([("/gone", Resident::Nobody)]));
    let listed: Vec<(Kind, &str, bool, Option<u64>)> = collection
        .things
        .iter()
        .map(|thing| (thing.kind, thing.name.as_str(), thing.runs, thing.bytes))
        .collect();
    assert_eq!(
        listed,
        [
            (Kind::Container, "ms-auth-1", true, Some(10)),
            (Kind::Container, "ms-kyc-1", false, None),
            (Kind::Network, "ms_default", false, None),
            (Kind::Volume, "ms_redis", false, Some(2000)),
            (Kind::Image, "ms-auth:latest", false, Some(300)),
        ]
    );
    let lines = [
        "  1 clean   stop container ms-auth-1 (its checkout is gone)",
        "  2 clean   remove container ms-auth-1 (its checkout is gone) after 1",
        "  3 clean   remove container ms-kyc-1 (its checkout is gone)",
        "  4 clean   remove network ms_default (its checkout is gone) after 2, 3",
        "  5 clean   remove volume ms_redis (its checkout is gone) after 2, 3",
        "  6 clean   remove image ms-auth:latest (its checkout is gone) after 2, 3",
    ];
    let text = plan(&collection, &observed, &usage).to_string();
    assert_eq!(text.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn dead_is_whose_folder_has_nothing_of_gws_any_more() {
    let found = |resident| of(made("x1", "/x", "laptop"), resident);
    assert_eq!(found(Resident::Nobody).things.len(), 1);
    assert_eq!(found(Resident::NoCheckout).things.len(), 1);
    assert_eq!(found(checkout("x1", &[])), Collection::default(), "it is there");
    let note = "left alone: what an earlier checkout in /x made, because that folder is a checkout still: \
                `gw -C /x adopt --from /x` takes it over";
    for resident in [Resident::Nameless, checkout("y2", &[])] {
        let left = found(resident);
        assert_eq!((left.things.len(), left.notes), (0, vec![note.to_owned()]));
    }
}

#[test]
fn after_the_question_only_what_was_listed_and_is_the_same_goes() {
    let (observed, usage) = left();
    let residents = residents([("/gone", Resident::Nobody)]);
    let collection = |observed: &Observed, usage: &Usage| collect(observed, usage, HERE, &residents);
    let listed = collection(&observed, &usage);
    assert_eq!(agreed(&listed, collection(&observed, &usage)), listed, "nothing changed");
    let (mut later, mut later_usage) = (observed, usage);
    // A volume of the same name that somebody made since, a container made anew, a name that another image has, and more.
    later.other_volumes.insert("ms_redis".to_owned(), Volume::default());
    later.others[0].id = "auth-anew".into();
    later_usage.images[0].id = "sha256:2".into();
    later.others.push(container("more", made("g1", "/gone", "laptop")));
    // That it ended meanwhile does not make it another one.
    later.others[1].state = State::Running;
    let left = agreed(&listed, collection(&later, &later_usage));
    let names: Vec<&str> = left.things.iter().map(|thing| thing.name.as_str()).collect();
    assert_eq!(names, ["ms-kyc-1", "ms_default"]);
    let note =
        "not as listed any more, and left alone: container ms-auth-1, volume ms_redis, image ms-auth:latest";
    assert_eq!(left.notes, [note]);
}

#[test]
fn what_cannot_be_proven_stays() {
    let unknown = of(made("x1", "/x", "laptop"), Resident::Unknown("/x: permission denied".into()));
    let note = "left alone: what the checkout in /x made, because /x: permission denied";
    assert_eq!((unknown.things.len(), unknown.notes), (0, vec![note.to_owned()]));
    let nobody = || Resident::Nobody;
    assert_eq!(of(made("x1", "/x", "server"), nobody()), Collection::default(), "another host's");
    assert_eq!(of(made("", "/x", "laptop"), nobody()), Collection::default(), "not gw's");
    assert_eq!(of(made("x1", "", "laptop"), nobody()), Collection::default(), "from nowhere");
    assert_eq!(of(made("x1", "/x", ""), nobody()), Collection::default(), "of no host");
    assert_eq!(of(made("x1", "/y", "laptop"), nobody()), Collection::default(), "nobody looked");
}

#[test]
fn what_was_adopted_is_its_new_owners() {
    let (observed, usage) = left();
    let place = Place { id: "g1".into(), path: "/gone".into(), host: "laptop".into() };
    let found = |adopted: &[Place]| {
        let residents = residents([("/gone", Resident::Nobody), ("/new", checkout("n1", adopted))]);
        collect(&observed, &usage, HERE, &residents).things.len()
    };
    assert_eq!(found(&[place]), 0);
    assert_eq!(found(&[]), 5);
}

#[test]
fn what_this_checkout_left_before_it_was_moved_is_named_and_stays() {
    let moved = of(made("a1", "/x", "laptop"), Resident::Nobody);
    let note = "left alone: what this checkout made in /x: `gw adopt` takes it over";
    assert_eq!((moved.things.len(), moved.notes), (0, vec![note.to_owned()]));
}

#[test]
fn what_somebody_else_uses_stays_and_is_named() {
    let (mut observed, mut usage) = left();
    observed.containers.push(Container {
        name: "alive".into(),
        networks: ["ms_default".to_owned()].into(),
        volumes: ["ms_redis".to_owned()].into(),
        image_id: "sha256:1".into(),
        ..Container::default()
    });
    let removed = [
        "  1 clean   stop container ms-auth-1 (its checkout is gone)",
        "  2 clean   remove container ms-auth-1 (its checkout is gone) after 1",
        "  3 clean   remove container ms-kyc-1 (its checkout is gone)",
        "  - network ms_default stays: container alive is attached to it",
        "  - volume ms_redis stays: container alive uses it",
    ];
    let text = |observed: &Observed, usage: &Usage| {
        let collection = collect(observed, usage, HERE, &residents([("/gone", Resident::Nobody)]));
        plan(&collection, observed, usage).to_string()
    };
    let used = text(&observed, &usage);
    let lines: Vec<&str> =
        removed.into_iter().chain(["  - image ms-auth:latest stays: container alive uses it"]).collect();
    assert_eq!(used.lines().collect::<Vec<_>>(), lines);
    observed.containers[0].image_id.clear();
    usage.images[0].tags.push("mine:1".into());
    let tagged = text(&observed, &usage);
    assert!(tagged.ends_with("  - image ms-auth:latest stays: it has another name too\n"), "{tagged}");
}

/// What a killed `gw run` of this checkout left goes too, also while the checkout is there; its other stacks stay.
#[test]
fn what_a_killed_run_left_is_collected() {
    let mut killed = made("a1", "/here", "laptop");
    killed.insert(labels::COMPOSE_PROJECT.to_owned(), "ms-x".to_owned());
    let observed = Observed {
        others: vec![container("own", made("a1", "/here", "laptop")), container("run", killed.clone())],
        other_networks: [("ms-x_default".to_owned(), Network { id: "n".into(), labels: killed })].into(),
        ..Observed::default()
    };
    let projects = BTreeSet::from(["ms-x".to_owned()]);
    let here = Here { killed: &projects, ..HERE };
    let residents = residents([("/here", checkout("a1", &[]))]);
    let usage = Usage::default();
    let collection = collect(&observed, &usage, here, &residents);
    let expected = "  \
  1 clean   stop container ms-run-1 (its gw run was killed)
  2 clean   remove container ms-run-1 (its gw run was killed) after 1
  3 clean   remove network ms-x_default (its gw run was killed) after 2
";
    assert_eq!(plan(&collection, &observed, &usage).to_string(), expected);
    assert_eq!(collect(&observed, &usage, HERE, &residents), Collection::default());
}
