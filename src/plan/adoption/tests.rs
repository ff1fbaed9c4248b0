//! What may be adopted, what is refused and with which words, and the mark that an adoption leaves.

use super::*;
use crate::plan::observed::Volume as Found;

fn place(id: &str, path: &str) -> Place {
    Place { id: id.into(), path: path.into(), host: "laptop".into() }
}

/// In `/now`, adopted from `/adopted` before.
fn checkout() -> Checkout {
    let Place { id, path, host } = place("a1", "/now");
    Checkout { id, path, host, file: String::new(), adopted: vec![place("a1", "/adopted")] }
}

/// A copy of the checkout is in `/copy`, somebody else in `/other`, nobody knows about `/closed`.
fn resident(path: &str) -> Resident {
    let checkout = |id: &str| Resident::Checkout { id: id.into(), adopted: Vec::new() };
    match path {
        "/now" | "/copy" => checkout("a1"),
        "/other" => checkout("b2"),
        "/closed" => Resident::Unknown("/closed: permission denied".into()),
        "/empty" => Resident::NoCheckout,
        _ => Resident::Nobody,
    }
}

fn of(paths: &[(&str, &str)]) -> BTreeSet<Place> {
    let mut places: BTreeSet<Place> = paths.iter().map(|(id, path)| place(id, path)).collect();
    places.insert(Place { host: "server".into(), ..place("a1", "/before") });
    places
}

fn adopted(paths: &[(&str, &str)]) -> Result<Vec<Place>, Refusal> {
    former(&of(paths), None, &checkout(), &resident)
}

#[test]
fn former_places_are_those_with_the_same_id_where_it_is_not_any_more() {
    let all = [("a1", "/before"), ("a1", "/other"), ("a1", "/empty"), ("a1", "/now"), ("b2", "/gone")];
    assert_eq!(adopted(&all), Ok(vec![place("a1", "/before"), place("a1", "/empty"), place("a1", "/other")]));
    assert_eq!(adopted(&[("a1", "/now"), ("a1", "/adopted"), ("b2", "/gone")]), Ok(Vec::new()));
    let recorded = Some(place("a1", "/before"));
    assert_eq!(former(&of(&[]), recorded.clone(), &checkout(), &resident), Ok(vec![place("a1", "/before")]));
    assert_eq!(
        former(&of(&[("a1", "/before")]), recorded, &checkout(), &resident),
        Ok(vec![place("a1", "/before")])
    );
}

#[test]
fn a_copy_adopts_nothing_of_the_original() {
    let refusal = adopted(&[("a1", "/copy")]).expect_err("it is there");
    assert_eq!(refusal.message, "the checkout in /copy is still there, and what it made is its own");
    assert_eq!(
        refusal.hint,
        "take it down there (gw -C /copy down); where this folder is a copy of it, make this one a checkout of\n\
         its own: remove .gw/owner.json, and give its profiles other projects"
    );
    assert_eq!(
        adopted(&[("a1", "/copy"), ("a1", "/before")]),
        Ok(vec![place("a1", "/before")]),
        "the rest goes on"
    );
    let refusal = adopted(&[("a1", "/closed")]).expect_err("who knows");
    assert_eq!(
        refusal.message,
        "whether a checkout is in /closed cannot be found out: /closed: permission denied"
    );
}

#[test]
fn another_checkouts_things_are_adopted_by_name_and_only_where_it_is_gone() {
    let places = of(&[
        ("b2", "/gone"),
        ("c3", "/gone"),
        ("b2", "/other"),
        ("b2", "/empty"),
        ("b2", "/now"),
        ("a1", "/now"),
    ]);
    let left = |folder: &str| left_in(folder, &places, &checkout(), &resident);
    assert_eq!(left("/gone"), Ok(vec![place("b2", "/gone"), place("c3", "/gone")]));
    assert_eq!(left("/empty"), Ok(vec![place("b2", "/empty")]));
    assert_eq!(left("/now"), Ok(vec![place("b2", "/now")]), "who was in this folder before");
    assert_eq!(left("/nothing"), Ok(Vec::new()));
    assert_eq!(left("/adopted"), Ok(Vec::new()));
    assert_eq!(
        left("/other").expect_err("it is there").message,
        "the checkout in /other is still there, and what it made is its own"
    );
    assert!(left("/closed").is_err());
}

#[test]
fn what_was_made_under_another_name_of_this_host_is_adopted_by_that_name() {
    let mut places = of(&[("a1", "/now"), ("a1", "/before")]);
    assert_eq!(renamed(&places, "server", &checkout()), []);
    let before = Place { host: "server".into(), ..place("a1", "/now") };
    places.insert(before.clone());
    places.insert(Place { host: "server".into(), ..place("b2", "/now") });
    assert_eq!(renamed(&places, "server", &checkout()), [before]);
}

fn marked(labels: BTreeMap<String, String>) -> String {
    let volumes = BTreeMap::from([("ms_gw-adopted".to_owned(), Found { labels })]);
    mark("ms", "default", &checkout(), &Observed { other_volumes: volumes, ..Observed::default() })
        .1
        .to_string()
}

fn made_in(path: &str) -> BTreeMap<String, String> {
    let labels = [
        (labels::COMPOSE_PROJECT, "ms"),
        (labels::OWNER, "a1"),
        (labels::OWNER_PATH, path),
        (labels::OWNER_HOST, "laptop"),
    ];
    labels.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[test]
fn the_mark_says_where_the_checkout_is_now() {
    let (desired, plan) = mark("ms", "default", &checkout(), &Observed::default());
    assert_eq!(plan.to_string(), "  1 start   create volume gw-adopted (adopted)\n");
    assert_eq!(desired.volumes["gw-adopted"].name, "ms_gw-adopted");
    assert_eq!(marked(made_in("/now")), "");
    assert_eq!(
        marked(made_in("/adopted")),
        "  1 start   remove volume ms_gw-adopted (it names a former place)\n  \
         2 start   create volume gw-adopted (adopted) after 1\n"
    );
    assert_eq!(
        marked(BTreeMap::new()),
        "  - volume ms_gw-adopted is not gw's and stays: `gw gc` in other folders cannot see this adoption\n"
    );
}

#[test]
fn places_are_read_from_containers_networks_and_volumes() {
    use crate::plan::observed::{Container, Network};
    let observed = Observed {
        containers: vec![Container { labels: made_in("/one"), ..Container::default() }],
        others: vec![Container { labels: made_in("/two"), ..Container::default() }, Container::default()],
        other_networks: [("n".to_owned(), Network { labels: made_in("/three"), ..Network::default() })]
            .into(),
        volumes: [("v".to_owned(), Found { labels: made_in("/four") })].into(),
        ..Observed::default()
    };
    let paths: Vec<String> = places(&observed).into_iter().map(|place| place.path).collect();
    assert_eq!(paths, ["/four", "/one", "/three", "/two"]);
}
