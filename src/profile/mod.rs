//! Profiles: from JSON files to a validated [`model::Profile`].

pub mod model;
pub mod reference;
