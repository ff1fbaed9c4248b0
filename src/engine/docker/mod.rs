//! The Docker engine; the only place that knows bollard.

pub mod build;
mod build_bases;
pub mod build_failure;
mod build_status;
pub mod connect;
pub mod context;
mod context_archive;
pub mod create;
pub mod credentials;
mod credentials_file;
pub mod diagnose;
mod dockerignore;
pub mod error;
pub mod examine;
pub mod exec;
mod exec_container;
pub mod exec_streams;
mod exec_terminal;
pub mod images;
pub mod labels;
pub mod logs;
mod logs_lines;
mod logs_moment;
mod logs_reader;
pub mod names;
pub mod observe;
pub mod operate;
pub mod pull;
pub mod pull_failure;
mod pull_progress;
mod random;
pub mod ready;
mod request;
pub mod watch;

pub use operate::DockerEngine;
