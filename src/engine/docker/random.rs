//! Randomness: where uniqueness is enough and nothing secret depends on it (session ids, jitter), and for salts.

use std::hash::{BuildHasher, Hasher, RandomState};

use crate::plan::fingerprint;

/// Returns 64 bits that differ from call to call and from process to process.
pub(super) fn bits() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// Returns an id of 32 hexadecimal digits.
pub(super) fn id() -> String {
    format!("{:016x}{:016x}", bits(), bits())
}

/// A salt for a fingerprint; `None` where the system has no random numbers.
pub(super) fn salt() -> Option<[u8; fingerprint::SALT]> {
    let mut salt = [0; fingerprint::SALT];
    getrandom::fill(&mut salt).ok()?;
    Some(salt)
}

/// Returns a number from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "32 bits fit")]
pub(super) fn fraction() -> f64 {
    (bits() >> 32) as f64 / f64::from(u32::MAX)
}
