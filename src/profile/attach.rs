//! Brings in the text files that a service names: sources of mounted files, and env files.

use super::env_file;
use super::model::Service;
use super::node::Step;
use super::rules::service::Written;
use super::source::Sources;

/// Reads the files of a service; what is wrong goes to the findings.
pub(super) fn attach(sources: &mut Sources, written: &Written, service: &mut Service) {
    for (index, file) in written.raw.files.iter().flatten().enumerate() {
        let Some(source) = &file.source else { continue };
        let place = written.node.place_of(&["files".into(), index.into(), "source".into()]);
        if let Some(text) = sources.open_text(source, Some(place)).map(|file| sources.text(file).to_owned())
            && let Some(mounted) = service.files.get_mut(index)
        {
            // Content holds references; this text is taken as it is.
            mounted.content = text.replace('$', "$$");
        }
    }
    for (index, name) in service.env_files.iter().enumerate() {
        let steps: [Step<'_>; 2] = ["envFile".into(), index.into()];
        let place = written.node.place_of(&steps);
        if let Some(file) = sources.open_text(name, Some(place)) {
            env_file::parse(sources, file);
        }
    }
}
