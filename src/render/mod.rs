//! From a stack to files: templates, the Compose text, and everything about writing it.

pub mod check;
pub mod compose;
mod context;
mod error;
mod hash;
mod merge;
mod poured;
pub mod secrets;
mod service;
mod template_error;
pub mod templates;
mod text;
pub mod write;

pub use compose::{Rendered, RenderedFile, compose};
pub use error::RenderError;
pub use templates::Templates;

/// The version that rendered files carry.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
