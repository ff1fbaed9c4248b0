//! The content hash of a component.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::plan::desired::{Build, Container};

/// The label with the hash that the renderer wrote.
const LABEL: &str = "gw.hash";

/// The rendered hash, or the first 16 digits of the SHA-256 of what the container is made of.
pub(super) fn of(container: &Container, build: Option<&Build>) -> String {
    if let Some(hash) = container.labels.get(LABEL) {
        return hash.clone();
    }
    let mut digest = Sha256::new();
    digest.update(serde_json::to_vec(&(container, build)).unwrap_or_default());
    for file in &container.files {
        // Their JSON leaves the content out, because it may be secret.
        digest.update(file.content.len().to_le_bytes());
        digest.update(&file.content);
    }
    digest.finalize().iter().take(8).fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
