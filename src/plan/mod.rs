//! What should be, what is, and the operations between them; pure, and free of any engine.

pub mod aftermath;
pub mod desired;
pub mod diagnosis;
#[cfg(test)]
pub(crate) mod fixture;
pub mod graph;
pub mod labels;
pub mod observed;
pub mod operation;
pub mod ownership;
pub mod readiness;
pub mod reconcile;
pub mod resolved;
pub mod selection;
pub mod teardown;
