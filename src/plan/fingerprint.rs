//! A salted slow hash of a password: it tells whether another one is the same, and nothing else. Argon2id with the
//! parameters that its crate recommends (19 MiB, two passes); the salt is in the text, as PHC strings have it.

use argon2::{Argon2, PasswordHasher, PasswordVerifier};

/// Bytes of a salt.
pub const SALT: usize = 16;

/// The fingerprint of a value: `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`; `None` where it cannot be made.
pub fn of(value: &str, salt: [u8; SALT]) -> Option<String> {
    let made: argon2::PasswordHash =
        Argon2::default().hash_password_with_salt(value.as_bytes(), &salt).ok()?;
    Some(made.to_string())
}

/// Whether a fingerprint is this value's; `None` where it is no fingerprint that can be read.
pub fn matches(fingerprint: &str, value: &str) -> Option<bool> {
    let fingerprint = argon2::PasswordHash::new(fingerprint).ok()?;
    match Argon2::default().verify_password(value.as_bytes(), &fingerprint) {
        Ok(()) => Some(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Some(false),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same value has another fingerprint with another salt, and only its own value fits; what is none says nothing.
    #[test]
    fn only_the_value_itself_fits_its_fingerprint() {
        let one = of("swordfish", [1; SALT]).expect("it can be made");
        let other = of("swordfish", [2; SALT]).expect("it can be made");
        assert_ne!(one, other);
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        for fingerprint in [&one, &other] {
            assert_eq!(matches(fingerprint, "swordfish"), Some(true));
            assert_eq!(matches(fingerprint, "Swordfish"), Some(false));
        }
        for strange in ["", "swordfish", "$argon2id$", "$unknown$v=1$abc"] {
            assert_eq!(matches(strange, "swordfish"), None, "{strange}");
        }
    }
}
