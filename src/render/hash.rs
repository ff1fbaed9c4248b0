//! Content hashes: the same content, the same hash, on every machine.

use std::fmt::Write;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// How many hex digits a hash has: enough that two contents of one project never share one.
const DIGITS: usize = 16;

/// Returns the hash of a text.
pub(super) fn text(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let mut digits = String::with_capacity(DIGITS);
    for byte in digest.iter().take(DIGITS / 2) {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// Returns the hash of a value; the order of its keys does not count.
pub(super) fn value(value: &Value) -> String {
    let mut canonical = value.clone();
    canonical.sort_all_objects();
    text(&canonical.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_ignores_the_order_of_keys_and_sees_each_change() {
        let parse = |text| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(
            value(&parse(r#"{"a":1,"b":{"c":2,"d":3}}"#)),
            value(&parse(r#"{"b":{"d":3,"c":2},"a":1}"#))
        );
        assert_ne!(value(&parse(r#"{"a":1}"#)), value(&parse(r#"{"a":"1"}"#)));
        assert_ne!(value(&parse("[1,2]")), value(&parse("[2,1]")));
    }
}
