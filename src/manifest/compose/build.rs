//! How a service's image is built.

use super::cursor::Cursor;
use super::{long_form, paths};
use crate::plan::desired::Build;

/// Reads `build` of a service.
pub(super) fn read(service: &Cursor<'_>) -> Option<Build> {
    let build = service.get("build").filter(|build| build.is_mapping(long_form::build))?;
    if build.get("context").is_none() {
        build.missing("context", ".");
    }
    let context = build.get("context")?;
    let text = context.text()?;
    if text.contains("://") || text.starts_with("git@") || text.starts_with("github.com/") {
        context.report("gw builds from folders; clone it and name the folder");
    }
    let args = build.optional_map_at("args");
    Some(Build {
        context: paths::absolute(build.context, &text),
        dockerfile: build.text_at("dockerfile").unwrap_or_else(|| "Dockerfile".to_owned()),
        target: build.text_at("target"),
        args: args.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(),
        network: build.text_at("network"),
        hint: None,
    })
}
