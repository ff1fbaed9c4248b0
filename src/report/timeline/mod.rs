//! The timeline of a run: bars for each component, the critical path, where the time went. Pure: from a [`Record`] to text.

mod format;
mod html;
mod model;
mod owners;
mod path;
mod record;
mod rows;
mod svg;
#[cfg(test)]
mod tests;
mod ticks;
mod words;

pub use format::Format;
pub use model::Timeline;
pub use record::Record;
pub use words::over_budget;
