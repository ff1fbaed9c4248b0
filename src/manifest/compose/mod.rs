//! Compose files, read back: exactly the long form that `docker compose config` prints.
//!
//! [`read`] is pure: variables and the files that configurations name come through closures. Text becomes a tree with
//! positions, variables are filled in as Compose does, then each section is read by its own file. All problems of a file are
//! reported at once. `docs/compose.md` is the page for users.

mod build;
mod container;
mod cursor;
mod depends;
mod document;
mod extension;
mod files;
mod hash;
mod health;
mod host;
mod interpolate;
mod keys;
pub(crate) mod lexical;
mod long_form;
mod mounts;
mod networks;
mod paths;
mod ports;
mod scalar;
mod service;
mod tree;

pub use document::read;
pub use keys::{KEYS, Key};
