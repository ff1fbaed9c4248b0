//! The env file of secrets.

use std::collections::BTreeMap;
use std::ffi::OsString;

use gw::profile::model;
use gw::profile::model::{MongoDbMode, RedisMode};
use gw::render::secrets::{self, Supply, env_file};
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
    let (variable, purpose) = (variable.to_owned(), format!("purpose of {variable}"));
    SecretNeed { variable, purpose, source, users: Vec::new() }
}

/// A supply with these variables that fetches again.
fn supply<'a>(
    random: &'a mut dyn FnMut(&mut [u8]),
    environment: &'a dyn Fn(&str) -> Option<OsString>,
) -> Supply<'a> {
    Supply { random, environment, again: true }
}

fn nothing(_: &str) -> Option<OsString> {
    None
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
    let text = env_file::complete(existing, &needs, &BTreeMap::new(), &mut counting());
    let expected =
        "# mine\nOTHER=1\n\nGW_KEPT=old\n# purpose of GW_A\nGW_A=ABCDEF\n# purpose of GW_Z\nGW_Z=CDEF\n";
    assert_eq!(text, expected);
    assert_eq!(env_file::complete(&text, &needs, &BTreeMap::new(), &mut counting()), expected);
}

#[test]
fn complete_takes_what_is_known_and_follows_its_change() {
    let source = Box::new(SecretSource::Generated { length: 4 });
    let needs = [
        need("GW_REDIS_PASSWORD", SecretSource::Profile { name: "default".to_owned(), source }),
        need("KEY", SecretSource::Environment("CI_KEY".to_owned())),
    ];
    let known = |password: &str, key: &str| {
        [("GW_REDIS_PASSWORD", password), ("KEY", key)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    };
    let first = env_file::complete("", &needs, &known("one", "a b"), &mut counting());
    assert_eq!(
        first,
        "# purpose of GW_REDIS_PASSWORD, of profile default\nGW_REDIS_PASSWORD=one\n\
         # purpose of KEY, from the variable CI_KEY\nKEY='a b'\n"
    );
    let second = env_file::complete(&first, &needs, &known("two", "c"), &mut counting());
    assert_eq!(second, first.replace("=one", "=two").replace("='a b'", "=c"));
}

#[cfg(unix)]
#[test]
fn ensure_writes_for_the_owner_only_and_once() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let values = secrets::ensure(folder.path(), &stack_with_auth(), &mut supply(&mut counting(), &nothing))
        .unwrap()
        .now;
    assert_eq!(values.keys().collect::<Vec<_>>(), ["GW_MONGODB_ROOT_PASSWORD", "GW_REDIS_PASSWORD"]);
    assert_eq!(values["GW_REDIS_PASSWORD"].len(), 32);
    let mode = |name: &str| std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(".gw/secrets/small/env"), 0o600);
    assert_eq!(mode(".gw/secrets/small"), 0o700);
    let mut never = |_: &mut [u8]| panic!("nothing is missing");
    let again =
        secrets::ensure(folder.path(), &stack_with_auth(), &mut supply(&mut never, &nothing)).unwrap();
    assert_eq!(again.now, values);
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
    let seen = secrets::peek(folder.path(), &borrower, &mut supply(&mut counting(), &nothing)).unwrap().now;
    assert_eq!(seen.keys().collect::<Vec<_>>(), ["GW_MONGODB_ROOT_PASSWORD", "GW_REDIS_PASSWORD"]);
    assert!(!folder.path().join(".gw").exists(), "looking makes nothing");
    let first =
        secrets::ensure(folder.path(), &borrower, &mut supply(&mut counting(), &nothing)).unwrap().now;
    let mut never = |_: &mut [u8]| panic!("nothing is missing");
    assert_eq!(secrets::ensure(folder.path(), &owner, &mut supply(&mut never, &nothing)).unwrap().now, first);
    assert_eq!(secrets::load(folder.path(), "default").unwrap(), first);
    // The owner's file is what counts from then on.
    folder.put_private(".gw/secrets/default/env", "GW_MONGODB_ROOT_PASSWORD=one\nGW_REDIS_PASSWORD=two\n");
    let second = secrets::ensure(folder.path(), &borrower, &mut supply(&mut never, &nothing)).unwrap().now;
    assert_eq!(second.values().collect::<Vec<_>>(), ["one", "two"]);
}

#[test]
fn a_value_that_only_the_user_has_is_asked_for_with_file_and_name() {
    let mut profile = profiles::small();
    profile.services[0].env.insert("KEY".to_owned(), "${secrets.PAYMENT_KEY}".to_owned());
    profile.services[0].secrets.push("SIGNING_KEY".to_owned());
    let stack = rendered::stack(&profile);
    let folder = Folder::new();
    let error = secrets::ensure(folder.path(), &stack, &mut supply(&mut counting(), &nothing)).unwrap_err();
    assert_eq!(
        error.to_string(),
        ".gw/secrets/small/env: no value for PAYMENT_KEY, SIGNING_KEY; add a line NAME=value for each"
    );
    folder.put_private(".gw/secrets/small/env", "PAYMENT_KEY=\"a b\"\nSIGNING_KEY=x\n");
    let values = secrets::ensure(folder.path(), &stack, &mut supply(&mut counting(), &nothing)).unwrap().now;
    assert_eq!(values["PAYMENT_KEY"], "a b");
}

#[test]
fn a_line_that_cannot_be_read_is_named_without_its_value() {
    let folder = Folder::new();
    folder.put_private(".gw/secrets/small/env", "A=1\nno value here\n");
    let error = secrets::load(folder.path(), "small").unwrap_err();
    let file = folder.path().join(".gw/secrets/small/env");
    assert_eq!(error.to_string(), format!("{}:2: not a line of the form NAME=value", file.display()));
}

/// A stack whose one service uses these secrets, each from its source.
fn stack_with(sources: &[(&str, model::SecretSource)]) -> Stack {
    let mut profile = profiles::small();
    for (name, source) in sources {
        profile.services[0].secrets.push((*name).to_owned());
        profile.secrets.insert((*name).to_owned(), source.clone());
    }
    rendered::stack(&profile)
}

fn words(words: &[&str]) -> model::SecretSource {
    model::SecretSource::Command(words.iter().map(|word| (*word).to_owned()).collect())
}

#[cfg(unix)]
#[test]
fn what_comes_from_elsewhere_is_fetched_each_time_and_kept_as_it_was_last() {
    let folder = Folder::new();
    let stack = stack_with(&[
        ("KEY", model::SecretSource::Environment("CI_KEY".to_owned())),
        ("PEM", model::SecretSource::File("keys/one".to_owned())),
        ("TOLD", words(&["cat", "keys/two"])),
        ("MADE", model::SecretSource::Generated(12)),
    ]);
    folder.put("keys/one", "first\nsecond\n");
    folder.put("keys/two", "it's $one\n");
    let variable = |name: &str| (name == "CI_KEY").then(|| OsString::from("a b"));
    let first = secrets::ensure(folder.path(), &stack, &mut supply(&mut counting(), &variable)).unwrap();
    assert_eq!(first.unproven, BTreeMap::new());
    let expected =
        [("KEY", "a b"), ("MADE", "ABCDEFGHIJKL"), ("PEM", "first\nsecond\n"), ("TOLD", "it's $one")];
    assert_eq!(first.now, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    assert_eq!(secrets::load(folder.path(), "small").unwrap(), first.now);
    folder.put("keys/two", "another\n");
    // Who only asks how things are fetches nothing again.
    let mut random = counting();
    let mut last = Supply { again: false, ..supply(&mut random, &nothing) };
    assert_eq!(secrets::ensure(folder.path(), &stack, &mut last).unwrap(), first);
    let second = secrets::ensure(folder.path(), &stack, &mut supply(&mut counting(), &variable)).unwrap();
    assert_eq!((second.now["TOLD"].as_str(), &second.now["MADE"]), ("another", &first.now["MADE"]));
    assert_eq!(secrets::load(folder.path(), "small").unwrap(), second.now);
}

#[test]
fn everything_that_cannot_be_fetched_or_used_is_said_at_once_and_no_value_with_it() {
    let folder = Folder::new();
    let mut stack = stack_with(&[
        ("KEY", model::SecretSource::Environment("CI_KEY".to_owned())),
        ("PEM", model::SecretSource::File("keys/absent".to_owned())),
        ("TOLD", words(&["sh", "-c", "echo hush; exit 3"])),
    ]);
    stack.secrets.extend(stack_with_auth().secrets);
    stack.secrets.push(need("YOURS", SecretSource::Given));
    folder.put_private(".gw/secrets/small/env", "GW_REDIS_PASSWORD='pa ss'\n");
    let error = secrets::ensure(folder.path(), &stack, &mut supply(&mut counting(), &nothing)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no value for KEY from the variable CI_KEY: it is not set\n\
         no value for PEM from the file keys/absent: it cannot be read: No such file or directory (os error 2)\n\
         no value for TOLD from the command `sh -c echo hush; exit 3`: it ended with exit status: 3; run it by hand to see why\n\
         .gw/secrets/small/env: no value for YOURS; add a line NAME=value for each\n\
         GW_REDIS_PASSWORD has other characters than letters, digits, `-`, `.`, `_` and `~`: it goes into addresses and \
         files of the store"
    );
    assert_eq!(folder.get(".gw/secrets/small/env"), "GW_REDIS_PASSWORD='pa ss'\n", "nothing is written");
    // What renders only leaves all that for later.
    let values = secrets::make(folder.path(), &stack, &mut supply(&mut counting(), &nothing)).unwrap().now;
    assert_eq!(values.keys().collect::<Vec<_>>(), ["GW_MONGODB_ROOT_PASSWORD", "GW_REDIS_PASSWORD"]);
}

#[test]
fn a_fetched_root_password_replaces_the_one_that_the_store_has_only_when_that_is_proven() {
    let folder = Folder::new();
    let mut profile = profiles::modes("small", MongoDbMode::Single, RedisMode::Single, true);
    for (name, variable) in [("GW_MONGODB_ROOT_PASSWORD", "ROOT"), ("GW_REDIS_PASSWORD", "CACHE")] {
        let source = model::SecretSource::Environment(variable.to_owned());
        profile.secrets.insert(name.to_owned(), source);
    }
    let stack = rendered::stack(&profile);
    let ensure = |value: &'static str| {
        let variable = move |_: &str| Some(OsString::from(value));
        secrets::ensure(folder.path(), &stack, &mut supply(&mut counting(), &variable)).unwrap()
    };
    assert_eq!(ensure("one").unproven, BTreeMap::new());
    let second = ensure("two");
    assert_eq!(second.now.values().collect::<Vec<_>>(), ["two", "two"]);
    assert_eq!(second.unproven, [("GW_MONGODB_ROOT_PASSWORD".to_owned(), "two".to_owned())].into());
    let kept = secrets::load(folder.path(), "small").unwrap();
    assert_eq!(kept.values().collect::<Vec<_>>(), ["one", "two"]);
    secrets::set(folder.path(), "small", &second.unproven).unwrap();
    assert_eq!(secrets::load(folder.path(), "small").unwrap(), second.now);
    assert_eq!(ensure("two").unproven, BTreeMap::new());
}

#[cfg(unix)]
#[test]
fn secrets_that_others_may_read_are_refused_with_the_commands_that_close_them() {
    let folder = Folder::new();
    folder.put_private(".gw/secrets/small/env", "KEY=1\n");
    folder.put_private(".gw/secrets/small/rotation", "KEY=0\n");
    assert!(secrets::load(folder.path(), "small").is_ok());
    folder.mode(".gw/secrets/small/env", 0o640);
    folder.mode(".gw/secrets/small", 0o755);
    let error = secrets::load(folder.path(), "small").unwrap_err();
    let at = folder.path().join(".gw/secrets/small").display().to_string();
    assert_eq!(
        error.to_string(),
        format!("others may read secrets: {at} has mode 0755, {at}/env has mode 0640")
    );
    assert_eq!(error.hint().unwrap(), format!("close them: chmod 700 {at} && chmod 600 {at}/env"));
    for refused in [
        secrets::ensure(folder.path(), &stack_with_auth(), &mut supply(&mut counting(), &nothing)),
        secrets::peek(folder.path(), &stack_with_auth(), &mut supply(&mut counting(), &nothing)),
    ] {
        assert_eq!(refused.unwrap_err().to_string(), error.to_string());
    }
    for (name, mode) in [(".gw/secrets/small/env", 0o600), (".gw/secrets/small", 0o700)] {
        folder.mode(name, mode);
    }
    folder.mode(".gw/secrets", 0o711);
    assert!(
        secrets::load(folder.path(), "small")
            .unwrap_err()
            .to_string()
            .ends_with("/.gw/secrets has mode 0711")
    );
    folder.mode(".gw/secrets", 0o700);
    assert!(secrets::load(folder.path(), "small").is_ok());
    folder.mode(".gw/secrets/small/rotation", 0o604);
    let error = secrets::rotation::former(folder.path(), "small").unwrap_err();
    assert!(error.to_string().ends_with("/rotation has mode 0604"), "{error}");
}
