//! Which password a volume has: found before the start, and right after each rotation.

use super::*;
use crate::plan::desired::File;
use crate::plan::fixture;
use crate::plan::labels::{
    COMPOSE_PROJECT, FINGERPRINT, FINGERPRINT_GENERATION, FINGERPRINT_INSTEAD_OF, RESOLVED,
};
use crate::plan::observed::Volume as Found;

/// `ms` with this password for MongoDB.
fn desired(password: &str) -> Desired {
    let mut desired = fixture::desired();
    let mongo = desired.components.get_mut("mongo").expect("it has one");
    mongo.container.environment.insert("MONGO_INITDB_ROOT_PASSWORD".to_owned(), Some(password.to_owned()));
    desired
}

fn print(password: &str, salt: u8) -> String {
    fingerprint::of(password, [salt; fingerprint::SALT]).expect("it can be made")
}

fn volume(labels: &[(&str, &str)]) -> Found {
    let labels = labels.iter().chain(&[(COMPOSE_PROJECT, "ms")]);
    Found { labels: labels.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect() }
}

/// The engine with MongoDB's volume, made with this fingerprint, and these further volumes.
fn observed(fingerprint: &str, further: &[(&str, Found)]) -> Observed {
    let mut observed = Observed::default();
    observed.volumes.insert("ms_mongo".to_owned(), volume(&[(FINGERPRINT, fingerprint)]));
    observed.volumes.extend(further.iter().map(|(name, found)| ((*name).to_owned(), found.clone())));
    observed
}

fn verdict(desired: &Desired, observed: &Observed) -> Option<OtherPassword> {
    let resolved = BTreeMap::from([("mongo".to_owned(), "now".to_owned())]);
    let known = Known {
        selected: &desired.components.keys().cloned().collect(),
        resolved: &resolved,
        secret: &|value| (value != "literal").then(|| "GW_MONGODB_ROOT_PASSWORD".to_owned()),
        rotates: &|name| name.starts_with("GW_"),
    };
    check(desired, observed, &known).err()
}

#[test]
fn another_password_is_refused_with_the_volume_and_the_ways_out() {
    let engine = observed(&print("first", 1), &[]);
    assert_eq!(verdict(&desired("first"), &engine), None);
    let refused = verdict(&desired("second"), &engine).expect("it differs");
    assert_eq!(
        refused.to_string(),
        "volume ms_mongo was initialised with another password than GW_MONGODB_ROOT_PASSWORD has now, so nobody could log \
         in to mongodb"
    );
    assert_eq!(
        refused.hint(),
        "give it the former value again; its data is untouched\n\
         a new password for the data that is there, while the former one is known to gw: `gw secrets rotate \
         GW_MONGODB_ROOT_PASSWORD`\n\
         start empty: `gw fresh --volumes` deletes the data of the whole profile"
    );
    let refused = verdict(&desired("literal"), &engine).expect("it differs");
    assert!(
        refused.to_string().contains("another password than MONGO_INITDB_ROOT_PASSWORD has"),
        "{refused}"
    );
    assert!(!refused.hint().contains("rotate"), "{}", refused.hint());
}

#[test]
fn volumes_without_a_fingerprint_and_components_that_are_not_meant_are_left_alone() {
    let bare = Observed { volumes: [("ms_mongo".to_owned(), volume(&[]))].into(), ..Observed::default() };
    assert_eq!(verdict(&desired("second"), &bare), None);
    assert_eq!(verdict(&desired("second"), &Observed::default()), None);
    assert_eq!(verdict(&desired("second"), &observed("strange", &[])), None);
    let other = desired("second");
    let (selected, resolved) = (["auth".to_owned()].into(), BTreeMap::new());
    let known = Known { selected: &selected, resolved: &resolved, secret: &|_| None, rotates: &|_| false };
    assert_eq!(check(&other, &observed(&print("first", 1), &[]), &known), Ok(()));
}

#[test]
fn a_container_that_was_made_with_this_password_has_shown_that_it_fits() {
    let mut engine = observed(&print("first", 1), &[]);
    let mut container = fixture::container(&fixture::desired(), "mongo", 1);
    container.volumes.insert("ms_mongo".to_owned());
    container.labels.insert(RESOLVED.to_owned(), "before".to_owned());
    engine.containers = vec![container.clone()];
    assert!(verdict(&desired("second"), &engine).is_some());
    container.labels.insert(RESOLVED.to_owned(), "now".to_owned());
    engine.containers = vec![container];
    assert_eq!(verdict(&desired("second"), &engine), None);
}

/// After a rotation the newest fingerprint counts, and only for the volume that it was made for.
#[test]
fn a_rotation_leaves_the_fingerprint_that_holds_now() {
    let first = print("first", 1);
    let marker = |password: &str, generation: &str, instead: &str| {
        let now = print(password, 9);
        volume(&[
            (FINGERPRINT, &now),
            (FINGERPRINT_INSTEAD_OF, instead),
            (FINGERPRINT_GENERATION, generation),
        ])
    };
    let second = ("ms_gw-rotated-2", marker("second", "2", &first));
    let tenth = ("ms_gw-rotated-10", marker("tenth", "10", &first));
    let engine = observed(&first, &[second, tenth]);
    assert_eq!(verdict(&desired("tenth"), &engine), None);
    assert!(verdict(&desired("second"), &engine).is_some() && verdict(&desired("first"), &engine).is_some());
    // The volume was made anew since: what is said of the former one says nothing.
    let former = ("ms_gw-rotated-2", marker("second", "2", &first));
    let engine = observed(&print("third", 3), &[former]);
    assert_eq!(verdict(&desired("third"), &engine), None);
    assert!(verdict(&desired("second"), &engine).is_some());
}

#[test]
fn the_new_fingerprint_is_there_before_the_former_one_goes() {
    let first = print("first", 1);
    let former =
        volume(&[(FINGERPRINT, "x"), (FINGERPRINT_INSTEAD_OF, &first), (FINGERPRINT_GENERATION, "2")]);
    let stale = volume(&[(FINGERPRINT, "y"), (FINGERPRINT_INSTEAD_OF, "z"), (FINGERPRINT_GENERATION, "3")]);
    let engine = observed(&first, &[("ms_gw-rotated-2", former), ("ms_gw-rotated-3", stale)]);
    let (made, plan) = succeed(&desired("second"), &engine, "mongo", "NEW");
    assert_eq!(
        plan.to_string(),
        "  1 start   create volume gw-rotated-4 (it names the new password's fingerprint)\n  \
         2 cleanup remove volume ms_gw-rotated-2 (it names a former one) after 1\n"
    );
    let volume = &made.volumes["gw-rotated-4"];
    assert_eq!(volume.name, "ms_gw-rotated-4");
    let expected = [(FINGERPRINT, "NEW"), (FINGERPRINT_GENERATION, "4"), (FINGERPRINT_INSTEAD_OF, &first)];
    assert_eq!(volume.labels, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    let bare =
        Observed { volumes: [("ms_mongo".to_owned(), Found::default())].into(), ..Observed::default() };
    assert_eq!(succeed(&desired("second"), &bare, "mongo", "NEW").1.to_string(), "");
}

/// The images that are known take the password from a variable or from a file that is mounted, and keep data in one folder.
#[test]
fn known_images_are_found_by_variable_and_folder() {
    let with = |variable: &str, value: &str, target: &str| {
        let mut desired = fixture::desired();
        let mongo = desired.components.get_mut("mongo").expect("it has one");
        mongo.container.environment.insert(variable.to_owned(), Some(value.to_owned()));
        mongo.container.mounts = vec![fixture::mount("mongo", target)];
        mongo.container.files = vec![File {
            source: "PG".to_owned(),
            target: "/run/secrets/PG".to_owned(),
            content: "from a file\n".to_owned(),
            uid: 0,
            gid: 0,
            mode: 0o444,
        }];
        initialises(&desired, "mongo").map(|found| (found.variable, found.password.to_owned()))
    };
    let found = |variable: &'static str, password: &str| Some((variable, password.to_owned()));
    assert_eq!(with("POSTGRES_PASSWORD", "p", "/var/lib/postgresql/data"), found("POSTGRES_PASSWORD", "p"));
    assert_eq!(with("POSTGRES_PASSWORD", "p", "/var/lib/postgresql"), found("POSTGRES_PASSWORD", "p"));
    assert_eq!(
        with("POSTGRES_PASSWORD_FILE", "/run/secrets/PG", "/var/lib/postgresql/data"),
        found("POSTGRES_PASSWORD", "from a file")
    );
    assert_eq!(with("MYSQL_ROOT_PASSWORD", "p", "/var/lib/mysql/"), found("MYSQL_ROOT_PASSWORD", "p"));
    assert_eq!(with("POSTGRES_PASSWORD", "p", "/backup"), None);
    assert_eq!(with("POSTGRES_PASSWORD", "", "/var/lib/postgresql"), None);
    assert_eq!(with("REDIS_PASSWORD", "p", "/data/db"), None);
}
