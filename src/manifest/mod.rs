//! Rendered files, read back into [`crate::plan::desired::Desired`].

pub mod compose;
pub mod error;
