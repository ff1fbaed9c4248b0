//! Profiles: from JSON files to a validated [`model::Profile`].
//!
//! A file is read within bounds (`read`), parsed to a tree that knows its places (`syntax`, `node`), checked against gw's
//! own schema (`schema`, `shape`) and, laid over the files it names (`merge`), against the rules (`rules`). Whatever is
//! wrong is a finding with a place; all of them become one [`InputError`].

mod apart;
mod assemble;
mod attach;
mod borrow;
mod env_file;
mod error;
mod find;
mod finding;
pub mod images;
mod isolate;
mod keywords;
mod list;
mod load;
mod merge;
pub mod model;
mod name_list;
mod names;
mod node;
mod quantity;
pub mod raw;
mod read;
pub mod reference;
mod rules;
pub mod schema;
mod selection;
mod settings;
mod shape;
mod source;
pub mod store_secrets;
mod suggest;
mod syntax;

pub use env_file::read_env_file;
pub use error::{InputError, Problem};
pub use images::ImageMap;
pub use list::{Summary, list, projects};
pub use load::load;
pub use names::{is_image, is_reserved, service_fault};

#[cfg(test)]
mod tests;
