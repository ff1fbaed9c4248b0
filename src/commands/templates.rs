//! `templates list | eject | pin`.

use super::session::Session;
use crate::error::Error;
use crate::render::templates::{self, Listed, Origin};
use crate::report::view::{TemplateRow, Templates};

/// Lists the templates and where each comes from.
///
/// # Errors
/// The project's templates cannot be read.
pub(super) fn list(session: &mut Session) -> Result<(), Error> {
    let row = |one: Listed| {
        let own = match one.origin {
            Origin::Embedded => None,
            Origin::Overridden => Some(format!("{}/{}", templates::FOLDER, one.name)),
            Origin::Pinned => Some(format!("{}/{} (pinned, the same as gw's)", templates::FOLDER, one.name)),
        };
        TemplateRow { overridden_by: own, name: one.name }
    };
    let templates = templates::list(&session.settings.root)?.into_iter().map(row).collect();
    session.show(&Templates { templates });
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
