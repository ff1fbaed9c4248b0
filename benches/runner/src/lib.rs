//! What `scripts/bench` measures: gw, Docker Compose and plain API calls, side by side on one rendered file.
//!
//! Nothing here knows gw's library: gw is a program that is run, and what it asks the engine is read from the wire
//! ([`recorder`]). The limit sends exactly those requests again, all at once.

pub mod arguments;
pub mod contender;
pub mod engine;
pub mod figures;
pub mod gateway;
pub mod limit;
pub mod machine;
pub mod project;
pub mod recipe;
pub mod recorder;
pub mod render;
pub mod report;
pub mod requests;
pub mod rounds;
pub mod spend;

/// What can go wrong; the program ends with it.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;
