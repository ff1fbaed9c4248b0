//! The env file of secrets.

use std::collections::BTreeMap;

use gw::profile::model::{MongoDbMode, RedisMode};
use gw::render::secrets;
use gw::stack::model::{SecretNeed, SecretSource, Stack};

use crate::folder::Folder;
use crate::{profiles, rendered};

fn counting() -> impl FnMut(&mut [u8]) {
    let mut next = 0_u8;
    move |buffer| {
        for byte in buffer {
            *byte = next;
            next = next.wrapping_add(1);
        }
    }
}

fn stack_with_auth() -> Stack {
    rendered::stack(&profiles::modes("small", MongoDbMode::Single, RedisMode::Single, true))
}

fn need(variable: &str, source: SecretSource) -> SecretNeed {
    SecretNeed { variable: variable.to_owned(), purpose: format!("purpose of {variable}"), source }
}

#[test]
fn complete_keeps_every_line_and_adds_what_is_missing_sorted() {
    let needs = [
        need("GW_Z", SecretSource::Generated { length: 4 }),
        need("GW_A", SecretSource::Generated { length: 6 }),
        need("GW_KEPT", SecretSource::Generated { length: 6 }),
        need("GIVEN", SecretSource::Given),
    ];
    let existing = "# mine\nOTHER=1\n\nGW_KEPT=old\n";
    let text = secrets::complete(existing, &needs, &BTreeMap::new(), &mut counting());
    let expected =
        "# mine\nOTHER=1\n\nGW_KEPT=old\n# purpose of GW_A\nGW_A=ABCDEF\n# purpose of GW_Z\nGW_Z=CDEF\n";
    assert_eq!(text, expected);
    assert_eq!(secrets::complete(&text, &needs, &BTreeMap::new(), &mut counting()), expected);
}

#[test]
fn complete_takes_the_owners_value_and_follows_its_change() {
    let needs = [need("GW_REDIS_PASSWORD", SecretSource::Profile { name: "default".to_owned(), length: 4 })];
    let owners = |value: &str| {
        BTreeMap::from([(
            "default".to_owned(),
            BTreeMap::from([("GW_REDIS_PASSWORD".to_owned(), value.to_owned())]),
        )])
    };
    let first = secrets::complete("", &needs, &owners("one"), &mut counting());
    assert_eq!(first, "# purpose of GW_REDIS_PASSWORD, of profile default\nGW_REDIS_PASSWORD=one\n");
    let second = secrets::complete(&first, &needs, &owners("two"), &mut counting());
    assert_eq!(second, "# purpose of GW_REDIS_PASSWORD, of profile default\nGW_REDIS_PASSWORD=two\n");
}

#[cfg(unix)]
#[test]
fn ensure_writes_for_the_owner_only_and_once() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let values = secrets::ensure(folder.path(), &stack_with_auth(), &mut counting()).unwrap();
    assert_eq!(values.keys().collect::<Vec<_>>(), ["GW_MONGODB_ROOT_PASSWORD", "GW_REDIS_PASSWORD"]);
    assert_eq!(values["GW_REDIS_PASSWORD"].len(), 32);
    let mode = |name: &str| std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(".gw/secrets/small/env"), 0o600);
    assert_eq!(mode(".gw/secrets/small"), 0o700);
    let mut never = |_: &mut [u8]| panic!("nothing is missing");
    assert_eq!(secrets::ensure(folder.path(), &stack_with_auth(), &mut never).unwrap(), values);
    assert_eq!(secrets::load(folder.path(), "small").unwrap(), values);
}

#[test]
fn borrower_and_owner_have_the_same_values_whoever_comes_first() {
    let owner = profiles::modes("default", MongoDbMode::Single, RedisMode::Single, true);
    let mut borrower = profiles::combo();
    let taken = borrower.borrowed.as_mut().unwrap();
    (taken.mongodb, taken.redis) = (owner.mongodb.clone(), owner.redis.clone());
    let (owner, borrower) = (rendered::stack(&owner), rendered::stack(&borrower));
    let folder = Folder::new();
    let seen = secrets::peek(folder.path(), &borrower, &mut counting()).unwrap();
    assert_eq!(seen.keys().collect::<Vec<_>>(), ["GW_MONGODB_ROOT_PASSWORD", "GW_REDIS_PASSWORD"]);
    assert!(!folder.path().join(".gw").exists(), "looking makes nothing");
    let first = secrets::ensure(folder.path(), &borrower, &mut counting()).unwrap();
    let mut never = |_: &mut [u8]| panic!("nothing is missing");
    assert_eq!(secrets::ensure(folder.path(), &owner, &mut never).unwrap(), first);
    assert_eq!(secrets::load(folder.path(), "default").unwrap(), first);
    // The owner's file is what counts from then on.
    folder.put(".gw/secrets/default/env", "GW_MONGODB_ROOT_PASSWORD=one\nGW_REDIS_PASSWORD=two\n");
    let second = secrets::ensure(folder.path(), &borrower, &mut never).unwrap();
    assert_eq!(second.values().collect::<Vec<_>>(), ["one", "two"]);
}

#[test]
fn a_value_that_only_the_user_has_is_asked_for_with_file_and_name() {
    let mut profile = profiles::small();
    profile.services[0].env.insert("KEY".to_owned(), "${secrets.PAYMENT_KEY}".to_owned());
    profile.services[0].secrets.push("SIGNING_KEY".to_owned());
    let stack = rendered::stack(&profile);
    let folder = Folder::new();
    let error = secrets::ensure(folder.path(), &stack, &mut counting()).unwrap_err();
    assert_eq!(
        error.to_string(),
        ".gw/secrets/small/env: no value for PAYMENT_KEY, SIGNING_KEY; add a line NAME=value for each"
    );
    folder.put(".gw/secrets/small/env", "PAYMENT_KEY=\"a b\"\nSIGNING_KEY=x\n");
    let values = secrets::ensure(folder.path(), &stack, &mut counting()).unwrap();
    assert_eq!(values["PAYMENT_KEY"], "a b");
}

#[test]
fn a_line_that_cannot_be_read_is_named_without_its_value() {
    let folder = Folder::new();
    folder.put(".gw/secrets/small/env", "A=1\nno value here\n");
    let error = secrets::load(folder.path(), "small").unwrap_err();
    let file = folder.path().join(".gw/secrets/small/env");
    assert_eq!(
        error.to_string(),
        format!("{}:2: not a line of the form NAME=value: no value here", file.display())
    );
}
