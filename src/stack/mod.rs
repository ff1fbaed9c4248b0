//! From a validated profile to the components of its stack; pure.

pub mod model;
