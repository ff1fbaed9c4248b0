//! `gw`: one profile, two engines.
//!
//! A profile in JSON becomes plain Compose files (and Kubernetes manifests) that anyone can read and run, and gw runs
//! exactly those files itself. Data goes one way, each arrow is one typed hand-over:
//!
//! ```text
//! profile JSON -> profile::model::Profile -> stack::model::Stack -> rendered files -> plan::desired::Desired
//!   -> plan::reconcile(Desired, Observed, options) -> Plan -> engine -> Event -> report
//! ```

pub mod cli;
mod commands;
pub mod engine;
pub mod env_vars;
pub mod error;
pub mod event;
pub mod host;
pub mod import;
pub mod manifest;
pub mod plan;
pub mod profile;
pub mod render;
pub mod report;
mod run;
pub mod settings;
pub mod stack;

pub use run::run;
