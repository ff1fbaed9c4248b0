//! A small HTTP service that really uses the MongoDB and Redis it is given, and that can be told to misbehave.
//!
//! `arguments` and `settings` turn what was given into values; `service` starts, runs and ends the process;
//! `routes` answers requests and `stores` talks to the databases.

mod app;
mod arguments;
mod health_check;
mod job;
mod output;
mod redact;
mod routes;
mod run;
mod service;
mod settings;
mod stop;
mod stores;
mod switches;
mod values;

pub use run::run;
