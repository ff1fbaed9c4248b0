//! From a validated profile to the components of its stack; pure.

mod address;
mod build;
mod gateway;
mod isolate;
mod lent;
pub mod mark;
pub mod model;
mod mongodb;
mod order;
mod part;
mod redis;
mod redis_bitnami;
mod redis_official;
mod reference;
pub mod rotation;
mod secret;
mod service;

pub use build::{Inputs, build};
pub use lent::{Lent, lent};
pub use part::owner_network_key;
