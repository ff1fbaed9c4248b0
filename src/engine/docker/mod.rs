//! Docker and what speaks its API; the only place that uses bollard.

pub mod build;
mod build_bases;
pub mod build_failure;
mod build_status;
pub mod context;
pub mod credentials;
mod credentials_file;
mod dockerignore;
pub mod pull;
pub mod pull_failure;
mod pull_progress;
mod random;
mod request;
