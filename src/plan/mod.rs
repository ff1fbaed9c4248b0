//! What should be, what is, and the operations between them; pure, and free of any engine.

pub mod adoption;
pub mod aftermath;
pub mod borrowers;
pub mod collect;
pub mod desired;
pub mod diagnosis;
pub mod fingerprint;
#[cfg(test)]
pub(crate) mod fixture;
pub mod graph;
pub mod initialised;
pub mod isolation;
pub mod labels;
pub mod leader;
pub mod needed;
pub mod observed;
pub mod operation;
pub mod ownership;
pub mod place;
pub mod ports;
pub mod readiness;
pub mod reconcile;
pub mod resolved;
pub mod selection;
pub mod stacks;
pub mod standing;
pub mod store_mode;
pub mod strangers;
pub mod teardown;
