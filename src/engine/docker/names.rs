//! The names that things get on the engine: Compose's, so that its commands find them.

/// `PROJECT-KEY-NUMBER`.
pub fn container(project: &str, key: &str, number: u32) -> String {
    format!("{project}-{key}-{number}")
}
