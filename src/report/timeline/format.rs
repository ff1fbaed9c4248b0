//! The kinds of file that a timeline is written as.

use std::path::Path;

use super::model::Timeline;
use super::{html, svg};

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A picture.
    Svg,
    /// A page with the picture and tables.
    Html,
    /// One JSON object with the version of its shape.
    Json,
}

impl Format {
    /// The kind that a file's name ends in: `.svg`, `.html` or `.json`.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "svg" => Some(Self::Svg),
            "html" => Some(Self::Html),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// The whole file.
    ///
    /// # Errors
    /// It cannot be said in JSON, which is a defect in gw.
    pub fn write(self, timeline: &Timeline) -> serde_json::Result<String> {
        match self {
            Self::Svg => Ok(svg::picture(timeline)),
            Self::Html => Ok(html::page(timeline)),
            Self::Json => Ok(serde_json::to_string_pretty(timeline)? + "\n"),
        }
    }
}
