//! Engines: observe what is, carry out a plan. An engine emits events and never prints.

pub mod backend;
pub mod docker;
pub mod executor;
pub mod mongodb_user;
pub mod probe;
