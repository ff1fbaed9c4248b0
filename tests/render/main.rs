//! Rendering: from a profile to the text of its files.

mod folder;
mod golden;
mod profiles;
mod rendered;
mod secrets;
mod stack;
mod templates;
mod write;
