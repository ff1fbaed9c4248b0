//! Engines: observe what is, carry out a plan.

pub mod docker;
