//! Files with generated content, filled in: the templates poured into text.

use super::error::RenderError;
use super::templates::Templates;
use crate::stack::mark;
use crate::stack::model::{Content, File, Text};

/// What a target adds to a template's variables.
pub(super) struct Target {
    /// What follows a host name to make it one that a name server knows; empty on Docker.
    pub(super) domain: &'static str,
}

/// Returns a file's text, its secrets still by name.
pub(super) fn content(file: &File, target: &Target, templates: &Templates) -> Result<Text, RenderError> {
    match &file.content {
        Content::Text(text) => Ok(text.clone()),
        Content::Template { name, values } => {
            let mut context = tera::Context::new();
            context.insert("domain", target.domain);
            for (key, value) in values.as_object().into_iter().flatten() {
                context.insert(key.clone(), value);
            }
            let mut rendered = templates.render(name, &context)?;
            if !rendered.ends_with('\n') {
                rendered.push('\n');
            }
            Ok(mark::read(&rendered))
        }
    }
}
