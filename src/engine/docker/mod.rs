//! The Docker engine; the only place that knows bollard.

pub mod connect;
pub mod create;
pub mod diagnose;
pub mod error;
pub mod examine;
pub mod images;
pub mod labels;
pub mod names;
pub mod observe;
pub mod operate;
pub mod ready;
pub mod watch;

pub use operate::DockerEngine;
