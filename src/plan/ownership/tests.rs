//! Whose a project is, by its labels, and what is said to those whose it is not.

use super::*;
use crate::plan::observed::{Container, Volume};

fn checkout() -> Checkout {
    Checkout {
        id: "a1".into(),
        path: "/home/me/ms".into(),
        host: "laptop".into(),
        file: "/home/me/ms/generated/default/compose.yaml".into(),
        adopted: Vec::new(),
    }
}

fn place(id: &str, path: &str, host: &str) -> Place {
    Place { id: id.into(), path: path.into(), host: host.into() }
}

fn labels<const N: usize>(labels: [(&str, &str); N]) -> BTreeMap<String, String> {
    labels.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn of(place: &Place) -> BTreeMap<String, String> {
    labels([
        (labels::COMPOSE_PROJECT, "ms"),
        (labels::OWNER, &place.id),
        (labels::OWNER_PATH, &place.path),
        (labels::OWNER_HOST, &place.host),
    ])
}

/// Checkout `a1` is in `/home/me/original` too, `b2` in `/home/you/ms`; nobody is anywhere else.
fn found(checkout: &Checkout, observed: &Observed) -> Option<Foreign> {
    let resolve = |file: &str| file.replace("/link/", "/home/me/ms/");
    let resident = |path: &str| match path {
        "/home/me/original" => Resident::Checkout { id: "a1".into(), adopted: Vec::new() },
        "/home/you/ms" => Resident::Checkout { id: "b2".into(), adopted: Vec::new() },
        "/cleaned" => Resident::Nameless,
        "/closed" => Resident::Unknown("permission denied".into()),
        _ => Resident::Nobody,
    };
    check("ms", observed, checkout, Host { resolve: &resolve, resident: &resident }).err()
}

fn of_container(checkout: &Checkout, labels: BTreeMap<String, String>) -> Option<Foreign> {
    let container = Container { name: "ms-auth-1".into(), labels, ..Container::default() };
    found(checkout, &Observed { containers: vec![container], ..Observed::default() })
}

/// What is said about a container with these labels, and what to do.
fn verdict(labels: BTreeMap<String, String>) -> (String, String) {
    of_container(&checkout(), labels)
        .map_or_else(Default::default, |foreign| (foreign.to_string(), foreign.hint()))
}

const RENAME: &str = "give this profile a project of its own: \"project\": \"ms-2\"";

#[test]
fn a_project_is_ours_by_id_path_and_host_together() {
    assert_eq!(of_container(&checkout(), of(&place("a1", "/home/me/ms", "laptop"))), None);
    let (said, hint) = verdict(of(&place("b2", "/home/me/ms", "server")));
    assert_eq!(said, "project ms belongs to /home/me/ms on host server (container ms-auth-1)");
    assert_eq!(hint, format!("take it down on server, or {RENAME}"));
    let (_, hint) = verdict(of(&place("a1", "/home/me/ms", "server")));
    let renamed = "where this host was called server before, run `gw adopt --host server`; else take it down there, or ";
    assert_eq!(hint, format!("{renamed}{RENAME}"));
}

#[test]
fn another_checkout_is_told_from_a_copy_and_from_one_that_is_gone() {
    let (said, hint) = verdict(of(&place("b2", "/home/you/ms", "laptop")));
    assert_eq!(said, "project ms belongs to the checkout in /home/you/ms (container ms-auth-1)");
    assert_eq!(hint, format!("take it down there (gw -C /home/you/ms down), or {RENAME}"));
    let (_, hint) = verdict(of(&place("b2", "/closed", "laptop")));
    assert_eq!(hint, format!("take it down there (gw -C /closed down), or {RENAME}"), "nobody can tell");
    let (said, hint) = verdict(of(&place("a1", "/home/me/original", "laptop")));
    assert_eq!(said, "project ms belongs to the checkout in /home/me/original (container ms-auth-1)");
    let copy = "this folder has the same id, so one is a copy of the other: take it down there \
                (gw -C /home/me/original down), or\nmake this folder a checkout of its own: remove .gw/owner.json, and ";
    assert_eq!(hint, format!("{copy}{RENAME}"));
    let (_, hint) = verdict(of(&place("a1", "/home/me/before", "laptop")));
    let moved =
        "it is not in /home/me/before any more: if this folder was moved from there, run `gw adopt`; or ";
    assert_eq!(hint, format!("{moved}{RENAME}"));
    let (_, hint) = verdict(of(&place("b2", "/home/you/before", "laptop")));
    let dead = "it is not in /home/you/before any more: where it was moved to, `gw adopt` takes this over; if it is \
                deleted,\n`gw adopt --from /home/you/before` takes it over here and `gw gc` removes it; or ";
    assert_eq!(hint, format!("{dead}{RENAME}"));
    let replaced = "its .gw/ is not in /home/me/original any more: where it was moved to, `gw adopt` takes this over; \
                    else, in that folder,\n`gw -C /home/me/original adopt --from /home/me/original` does; or ";
    let (_, hint) = verdict(of(&place("c3", "/home/me/original", "laptop")));
    assert_eq!(hint, format!("{replaced}{RENAME}"));
    let (_, hint) = verdict(of(&place("c3", "/cleaned", "laptop")));
    assert_eq!(hint, format!("{}{RENAME}", replaced.replace("/home/me/original", "/cleaned")));
    let (said, hint) = verdict(of(&place("b2", "/home/me/ms", "laptop")));
    assert_eq!(said, "project ms belongs to an earlier checkout in this folder (container ms-auth-1)");
    let earlier = "its .gw/ is gone: `gw adopt --from /home/me/ms` takes over what it left; or ";
    assert_eq!(hint, format!("{earlier}{RENAME}"));
}

#[test]
fn what_was_adopted_is_ours_and_nothing_else_of_that_folder() {
    let before = place("a1", "/home/me/before", "laptop");
    let checkout = Checkout { adopted: vec![before.clone()], ..checkout() };
    assert_eq!(of_container(&checkout, of(&before)), None);
    assert!(of_container(&checkout, of(&Place { id: "b2".into(), ..before.clone() })).is_some());
    assert!(of_container(&checkout, of(&Place { host: "server".into(), ..before })).is_some());
    let file = |file| labels([(labels::COMPOSE_FILES, file)]);
    assert_eq!(of_container(&checkout, file("/home/me/before/generated/default/compose.yaml")), None);
    assert!(of_container(&checkout, file("/home/me/before/generated/test/compose.yaml")).is_some());
}

#[test]
fn of_two_that_begin_at_once_the_other_is_told_by_id_path_and_host() {
    let here = checkout().place();
    let rival = |place: Place| rival(&of(&place), &here).map(|stranger| stranger.to_string());
    assert_eq!(rival(here.clone()), None);
    assert_eq!(rival(place("", "", "")), None, "Compose made it");
    assert_eq!(rival(place("b2", "/home/me/ms", "laptop")).as_deref(), Some("the checkout in /home/me/ms"));
    assert_eq!(
        rival(place("a1", "/home/me/copy", "laptop")).as_deref(),
        Some("the checkout in /home/me/copy")
    );
    let on_another = rival(place("a1", "/home/me/ms", "server"));
    assert_eq!(on_another.as_deref(), Some("/home/me/ms on host server"));
}

#[test]
fn an_image_is_ours_where_this_checkout_built_it() {
    let image = |place: &Place| {
        let [id, path, host] = labels::IMAGE_OWNER;
        labels([
            (labels::COMPOSE_PROJECT, "ms"),
            (labels::COMPOSE_SERVICE, "auth"),
            (id, &place.id),
            (path, &place.path),
            (host, &place.host),
        ])
    };
    let before = place("a1", "/home/me/before", "laptop");
    let checkout = Checkout { adopted: vec![before.clone()], ..checkout() };
    let built = |labels: BTreeMap<String, String>| checkout.built(&labels, "ms");
    assert!(built(image(&checkout.place())));
    assert!(built(image(&before)), "it was adopted");
    assert!(!built(image(&place("b2", "/home/you/ms", "laptop"))));
    assert!(!built(labels([])), "by hand");
    assert!(!built(image(&Place::default())), "Compose built it");
    let on_podman = |project| labels([(labels::COMPOSE_PROJECT, project)]);
    assert!(built(on_podman("ms")));
    assert!(!built(on_podman("test")));
}

#[test]
fn what_compose_started_from_this_file_is_ours_too() {
    let of_file = |file| labels([(labels::COMPOSE_FILES, file)]);
    let ours = "/x.yaml,/home/me/ms/generated/default/compose.yaml";
    assert_eq!(of_container(&checkout(), of_file(ours)), None);
    assert_eq!(of_container(&checkout(), of_file("/link/generated/default/compose.yaml")), None);
    let (said, hint) = verdict(of_file("/x.yaml"));
    assert_eq!(said, "project ms belongs to docker compose with /x.yaml (container ms-auth-1)");
    assert_eq!(hint, format!("`docker compose -p ms down` takes it down and keeps its volumes; or {RENAME}"));
    assert_eq!(
        verdict(BTreeMap::new()).0,
        "project ms belongs to docker compose with other files (container ms-auth-1)"
    );
}

#[test]
fn a_volume_of_another_checkout_is_not_ours_though_no_container_is_left() {
    let labels = of(&place("b2", "/home/you/ms", "laptop"));
    let volumes = BTreeMap::from([("ms_redis".to_owned(), Volume { labels })]);
    let foreign = found(&checkout(), &Observed { volumes, ..Observed::default() }).expect("it is foreign");
    assert_eq!(foreign.to_string(), "project ms belongs to the checkout in /home/you/ms (volume ms_redis)");
}
