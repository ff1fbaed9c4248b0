//! What the shape of a file cannot say: rules within a service and across files. Pure; each rule adds findings.

pub(super) mod dependencies;
pub(super) mod gateway;
pub(super) mod ports;
pub(super) mod probe;
pub(super) mod references;
pub(super) mod secrets;
pub(super) mod service;
pub(super) mod stores;

use super::finding::{Findings, Place};
use super::names;
use super::suggest;

/// Notes an image reference that no engine would take.
pub(super) fn check_image(reference: &str, place: Place, findings: &mut Findings) {
    if !names::is_image(reference) {
        findings.add_with_hint(
            place,
            format!("{} is not an image reference", suggest::quoted(reference)),
            "write it like `name:tag` or `registry.example.com/path/name:tag`",
        );
    }
}
