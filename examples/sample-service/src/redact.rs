//! Keeps passwords out of everything that is printed or answered.

use percent_encoding::percent_decode_str;

/// What stands in a password's place.
const MARK: &str = "***";

/// The passwords of the stores' addresses, to be taken out of any text.
#[derive(Debug)]
pub(crate) struct Redactor {
    secrets: Vec<String>,
}

impl Redactor {
    /// Learns the passwords in `addresses`.
    pub(crate) fn new<'a>(addresses: impl IntoIterator<Item = &'a str>) -> Self {
        let mut secrets: Vec<String> = addresses.into_iter().flat_map(passwords).collect();
        // The longest first, so that no part of it stays when a shorter one is contained in it.
        secrets.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        secrets.dedup();
        Self { secrets }
    }

    /// Returns `text` with every known password replaced.
    pub(crate) fn clean(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, MARK))
    }
}

/// Finds the passwords in one address, as written and as decoded.
///
/// A password may hold a bare `@`, `/` or `?` by mistake, so all up to the last `@` counts as credentials.
fn passwords(address: &str) -> Vec<String> {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let in_credentials = rest.rsplit_once('@').and_then(|(credentials, _)| credentials.split_once(':'));
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    let in_query = query.split('&').filter_map(|pair| pair.split_once('=')).filter(|(key, _)| is_secret(key));
    in_credentials
        .into_iter()
        .chain(in_query)
        .flat_map(|(_, secret)| {
            [secret.to_owned(), percent_decode_str(secret).decode_utf8_lossy().into_owned()]
        })
        .filter(|secret| !secret.is_empty())
        .collect()
}

fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["pass", "token", "secret"].iter().any(|part| key.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(address: &str) -> String {
        Redactor::new([address]).clean(address)
    }

    #[test]
    fn the_password_goes_and_all_else_stays() {
        assert_eq!(clean("mongodb://app:s3cret@store:27017/one"), "mongodb://app:***@store:27017/one");
        assert_eq!(clean("redis://:s3cret@store/2"), "redis://:***@store/2");
        assert_eq!(clean("redis://store:6379?password=s3cret&a=b"), "redis://store:6379?password=***&a=b");
    }

    #[test]
    fn an_address_without_password_is_unchanged() {
        for address in ["mongodb://app@store:27017/one", "redis://store:6379/2", "nonsense", "", "a://:@b"] {
            assert_eq!(clean(address), address);
        }
    }

    #[test]
    fn the_decoded_password_goes_too() {
        let redactor = Redactor::new(["mongodb://app:p%40ss@store"]);
        assert_eq!(redactor.clean("p%40ss or p@ss"), "*** or ***");
    }

    #[test]
    fn a_password_with_bare_separators_goes_whole() {
        assert_eq!(clean("mongodb://app:p@s/s?w:d@store/one"), "mongodb://app:***@store/one");
    }

    #[test]
    fn a_password_inside_a_longer_one_leaves_nothing_of_it() {
        let redactor = Redactor::new(["redis://:pass@a", "mongodb://app:passport@b"]);
        assert_eq!(redactor.clean("passport, pass"), "***, ***");
    }
}
