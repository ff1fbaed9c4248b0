//! Changes of a store's mode: what is refused, and with which words.

use super::*;
use crate::plan::desired::Component;
use crate::plan::fixture;
use crate::plan::observed::Volume;

/// A project with servers of these keys, each with its volume, and nothing else.
fn desired(servers: &[(&str, Role, &str)]) -> Desired {
    let server = |(key, role, volume): &(&str, Role, &str)| {
        let mut server: Component = fixture::component(key, *role, "store:1", &[]);
        server.container.mounts = vec![fixture::mount(volume, "/data")];
        ((*key).to_owned(), server)
    };
    let volume =
        |(_, _, key): &(&str, Role, &str)| ((*key).to_owned(), fixture::volume(&format!("ms_{key}")));
    Desired {
        volumes: servers.iter().map(volume).collect(),
        components: servers.iter().map(server).collect(),
        ..fixture::desired()
    }
}

/// Volumes that are there: key and, where gw made it, role.
fn observed(volumes: &[(&str, Option<&str>)]) -> Observed {
    let volume = |(key, role): &(&str, Option<&str>)| {
        let mut labels = BTreeMap::from([
            (labels::COMPOSE_PROJECT.to_owned(), "ms".to_owned()),
            (labels::COMPOSE_VOLUME.to_owned(), (*key).to_owned()),
        ]);
        labels.extend(role.map(|role| (labels::ROLE.to_owned(), role.to_owned())));
        (format!("ms_{key}"), Volume { labels })
    };
    Observed { volumes: volumes.iter().map(volume).collect(), ..Observed::default() }
}

fn verdict(desired: &Desired, observed: &Observed) -> Option<ModeChange> {
    check(desired, observed, &desired.components.keys().cloned().collect()).err()
}

const SET: [(&str, Option<&str>); 3] = [
    ("mongodb", Some("mongodb")),
    ("mongodb-secondary-1", Some("mongodb")),
    ("mongodb-secondary-2", Some("mongodb")),
];
const SENTINEL: [(&str, Option<&str>); 4] =
    [("redis", None), ("redis-replica-1", None), ("redis-replica-2", None), ("redis-sentinel-1", None)];

#[test]
fn a_set_that_becomes_one_server_is_refused_with_the_ways_out() {
    let change = verdict(&desired(&[("mongo", Role::Mongodb, "mongodb")]), &observed(&SET)).expect("refused");
    assert_eq!(
        change.to_string(),
        "MongoDB of project ms would start without the volumes of former servers, where its newest data may be: \
         ms_mongodb-secondary-1, ms_mongodb-secondary-2"
    );
    assert_eq!(
        change.hint(),
        "go back to the servers that it had, or start empty with `gw fresh --volumes`; once you know that nothing\n\
         in these volumes is needed: `gw down` and `docker volume rm ms_mongodb-secondary-1 ms_mongodb-secondary-2`"
    );
    let change = ModeChange { profile: "shared".into(), ..change };
    assert!(change.hint().contains("`gw -p shared fresh --volumes`"), "{}", change.hint());
    assert!(change.hint().contains("`gw -p shared down`"), "{}", change.hint());
}

#[test]
fn volumes_that_compose_made_are_known_by_their_keys() {
    let change =
        verdict(&desired(&[("redis", Role::Redis, "redis")]), &observed(&SENTINEL)).expect("refused");
    assert_eq!(change.data, ["ms_redis-replica-1", "ms_redis-replica-2"]);
    assert_eq!(change.volumes, ["ms_redis-replica-1", "ms_redis-replica-2", "ms_redis-sentinel-1"]);
}

#[test]
fn fewer_members_are_refused_too_and_more_are_not() {
    let two = [
        ("mongo-primary", Role::Mongodb, "mongodb"),
        ("mongo-secondary-1", Role::Mongodb, "mongodb-secondary-1"),
    ];
    let change = verdict(&desired(&two), &observed(&SET)).expect("refused");
    assert_eq!(change.data, ["ms_mongodb-secondary-2"]);
    assert_eq!(verdict(&desired(&two), &observed(&SET[..1])), None, "one server becomes a set");
    assert_eq!(verdict(&desired(&two), &observed(&SET[..2])), None, "nothing changed");
    assert_eq!(verdict(&desired(&two), &observed(&[])), None, "nothing is there");
}

#[test]
fn what_has_no_data_of_the_store_refuses_nothing() {
    let redis = desired(&[("redis", Role::Redis, "redis")]);
    assert_eq!(verdict(&redis, &observed(&SET)), None, "the store is in no file any more");
    let others = [("redis", None), ("redis-sentinel-3", None), ("cache", Some("service")), ("any", None)];
    assert_eq!(verdict(&redis, &observed(&others)), None);
    let strange = Observed {
        volumes: [("ms_redis-replica-1".to_owned(), Volume::default())].into(),
        ..Observed::default()
    };
    assert_eq!(verdict(&redis, &strange), None, "it is not of this project");
}

#[test]
fn a_store_that_is_not_meant_refuses_nothing() {
    let both = desired(&[("mongo", Role::Mongodb, "mongodb"), ("auth", Role::Service, "auth")]);
    let check = |key: &str| check(&both, &observed(&SET), &[key.to_owned()].into());
    assert_eq!(check("auth"), Ok(()));
    assert!(check("mongo").is_err());
}
