//! `templates list | eject | pin`.

use super::session::Session;
use crate::error::Error;
use crate::render::templates::{self, Origin};

/// Lists the templates and where each comes from.
///
/// # Errors
/// The project's templates cannot be read.
pub(super) fn list(session: &mut Session) -> Result<(), Error> {
    let listed = templates::list(&session.settings.root)?;
    let origin = |origin: &Origin| match origin {
        Origin::Embedded => "embedded",
        Origin::Overridden => "overridden",
        Origin::Pinned => "pinned",
    };
    if session.is_json() {
        let rows: Vec<_> = listed
            .iter()
            .map(|one| serde_json::json!({ "name": one.name, "origin": origin(&one.origin) }))
            .collect();
        let text = serde_json::json!({ "version": 1, "templates": rows });
        session.print(&format!("{text}\n"));
        return Ok(());
    }
    let width = listed.iter().map(|one| one.name.len()).max().unwrap_or_default();
    for one in &listed {
        session.print(&format!("{:<width$}  {}\n", one.name, origin(&one.origin)));
    }
    Ok(())
}

/// Copies a template into the project, where it overrides the embedded one.
///
/// # Errors
/// No such template, or the file is there already.
pub(super) fn eject(session: &mut Session, name: &str) -> Result<(), Error> {
    let path = templates::eject(&session.settings.root, name)?;
    session.note(format!("wrote {}: it overrides the embedded template", path.display()));
    Ok(())
}

/// Copies all templates into the project, so that another gw renders the same.
///
/// # Errors
/// A file cannot be written.
pub(super) fn pin(session: &mut Session) -> Result<(), Error> {
    for path in templates::pin(&session.settings.root)? {
        session.note(format!("wrote {}", path.display()));
    }
    Ok(())
}
