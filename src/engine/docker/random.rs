//! Randomness where uniqueness is enough and nothing secret depends on it: session ids, jitter.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Returns 64 bits that differ from call to call and from process to process.
pub(super) fn bits() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// Returns an id of 32 hexadecimal digits.
pub(super) fn id() -> String {
    format!("{:016x}{:016x}", bits(), bits())
}

/// Returns a number from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "32 bits fit")]
pub(super) fn fraction() -> f64 {
    (bits() >> 32) as f64 / f64::from(u32::MAX)
}
