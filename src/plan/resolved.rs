//! A hash of what a component is after its variables were filled in: a changed password changes it, and tells nothing.

use sha2::{Digest, Sha256};

use super::desired::Component;

/// The salted hash of a component's container, secrets and files included; 16 hex digits.
pub fn resolved(component: &Component, salt: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(salt.as_bytes());
    digest.update(serde_json::to_vec(&component.container).unwrap_or_default());
    for file in &component.container.files {
        digest.update(file.content.as_bytes());
    }
    let mut hexadecimal = format!("{:x}", digest.finalize());
    hexadecimal.truncate(16);
    hexadecimal
}
