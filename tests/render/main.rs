//! Rendering: from a profile to the text of its files.

mod golden;
mod profiles;
mod rendered;
