//! The four profiles that come with gw have exactly the names and ports of the table in docs/design.md.

use std::path::Path;

use crate::profile::model::{DefaultRoute, MongoDbMode, Profile, RedisMode};
use crate::profile::{list, load};

fn shipped(name: &str) -> Profile {
    load(Path::new(env!("CARGO_MANIFEST_DIR")), name).unwrap_or_else(|error| panic!("{error}"))
}

fn services(profile: &Profile) -> Vec<(&str, Option<u16>)> {
    profile.services.iter().map(|service| (service.name.as_str(), service.ports[0].host)).collect()
}

fn five(first: u16) -> Vec<(&'static str, Option<u16>)> {
    ["auth", "kyc", "account", "payment", "notification"].into_iter().zip((first..).map(Some)).collect()
}

#[test]
fn default_is_ms_with_all_five() {
    let profile = shipped("default");
    assert_eq!(profile.project, "ms");
    assert_eq!(services(&profile), five(9001));
    let (mongodb, redis) = (profile.mongodb.unwrap(), profile.redis.unwrap());
    assert_eq!((mongodb.mode, mongodb.port, mongodb.auth), (MongoDbMode::Single, Some(27017), false));
    assert_eq!((redis.mode, redis.port, redis.auth), (RedisMode::Single, Some(6379), false));
    let gateway = profile.gateway.unwrap();
    assert_eq!((gateway.port, gateway.default), (9999, DefaultRoute::Service("auth".into())));
    assert_eq!(profile.borrowed, None);
}

#[test]
fn test_is_default_with_other_ports() {
    let profile = shipped("test");
    assert_eq!(profile.project, "test");
    assert_eq!(services(&profile), five(9011));
    assert!(profile.services.iter().zip(9001..).all(|(service, port)| service.ports[0].container == port));
    assert_eq!(profile.mongodb.unwrap().port, Some(27018));
    assert_eq!(profile.redis.unwrap().port, Some(6380));
    assert_eq!(profile.gateway.unwrap().port, 9998);
    assert_eq!(profile.borrowed, None);
}

#[test]
fn combo_is_kyc_on_the_stores_of_ms() {
    let profile = shipped("combo");
    assert_eq!(profile.project, "combo");
    assert_eq!(services(&profile), [("kyc", Some(9032))]);
    assert_eq!((&profile.mongodb, &profile.redis), (&None, &None));
    let gateway = profile.gateway.unwrap();
    assert_eq!((gateway.port, gateway.default), (9997, DefaultRoute::BorrowedGateway));
    let borrowed = profile.borrowed.unwrap();
    assert_eq!((borrowed.profile.as_str(), borrowed.project.as_str()), ("default", "ms"));
    assert_eq!(borrowed.mongodb.unwrap().port, Some(27017));
    assert_eq!(borrowed.redis.unwrap().port, Some(6379));
    assert_eq!(borrowed.gateway.unwrap().port, 9999);
    assert!(borrowed.services.is_empty());
}

#[test]
fn shared_is_auth_on_sets_with_passwords() {
    let profile = shipped("shared");
    assert_eq!(profile.project, "shared");
    assert_eq!(services(&profile), [("auth", Some(9021))]);
    let (mongodb, redis) = (profile.mongodb.unwrap(), profile.redis.unwrap());
    let replica_set = MongoDbMode::ReplicaSet { members: 3 };
    assert_eq!((mongodb.mode, mongodb.port, mongodb.auth), (replica_set, Some(27019), true));
    let sentinel = RedisMode::Sentinel { replicas: 2, sentinels: 3 };
    assert_eq!((redis.mode, redis.port, redis.auth), (sentinel, Some(6381), true));
    let gateway = profile.gateway.unwrap();
    assert_eq!((gateway.port, gateway.default), (9996, DefaultRoute::Service("auth".into())));
}

#[test]
fn list_shows_all_four() {
    let rows: Vec<_> = list(Path::new(env!("CARGO_MANIFEST_DIR")))
        .unwrap()
        .into_iter()
        .map(|row| (row.name, row.project.unwrap(), row.borrows_from, row.gateway_port, row.problems.len()))
        .collect();
    let row = |name: &str, project: &str, owner: Option<&str>, port| {
        (name.to_owned(), project.to_owned(), owner.map(ToOwned::to_owned), Some(port), 0)
    };
    assert_eq!(
        rows,
        [
            row("combo", "combo", Some("default"), 9997),
            row("default", "ms", None, 9999),
            row("shared", "shared", None, 9996),
            row("test", "test", None, 9998),
        ]
    );
}
