//! Names on the command line.

use super::{find, select};
use crate::plan::fixture::desired;

fn selected(names: &[&str], with_dependencies: bool) -> String {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    match select(&desired(), &names, with_dependencies) {
        Ok(keys) => keys.into_iter().collect::<Vec<_>>().join(" "),
        Err(unknown) => unknown.to_string(),
    }
}

#[test]
fn nothing_named_is_everything() {
    assert_eq!(selected(&[], false), "auth gateway kyc mongo");
}

#[test]
fn names_bring_what_they_depend_on_directly_or_not() {
    assert_eq!(selected(&["gateway"], true), "auth gateway mongo");
    assert_eq!(selected(&["gateway"], false), "gateway");
    assert_eq!(selected(&["kyc", "auth", "kyc"], false), "auth kyc");
}

#[test]
fn a_component_is_known_by_its_key_and_by_its_name() {
    assert_eq!(find(&desired(), "mongodb").as_deref(), Ok("mongo"));
    assert_eq!(find(&desired(), "mongo").as_deref(), Ok("mongo"));
}

#[test]
fn an_unknown_name_lists_the_known_ones() {
    assert_eq!(
        selected(&["auth", "aut"], true),
        "no service \"aut\" in profile default; it has auth, gateway, kyc, mongodb"
    );
}
