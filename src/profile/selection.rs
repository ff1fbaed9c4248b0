//! Which services of the file a profile takes: `only`, `strategy`, and without those it borrows.

use super::finding::Findings;
use super::name_list::NameList;
use super::node::Node;
use super::raw::{ProfileFile, Strategy};
use super::rules::service::Written;
use super::suggest::{self, quoted};

/// The services that a profile takes.
pub(super) struct Selection {
    /// Indexes of the written services, in the order of the file.
    pub(super) selected: Vec<usize>,
    /// Why the others are left out.
    pub(super) left_out_by: &'static str,
}

/// Chooses, and notes names that are not in the file.
pub(super) fn select(
    raw: &ProfileFile,
    merged: &Node,
    written: &[Written],
    in_file: &NameList,
    complete: bool,
    findings: &mut Findings,
) -> Selection {
    let shared_only = raw.strategy == Some(Strategy::Shared);
    for (index, name) in raw.only.iter().flatten().enumerate() {
        let place = merged.place_of(&["only".into(), index.into()]);
        let service = written.iter().find(|service| service.name == *name);
        if !in_file.contains(name) {
            if complete || !in_file.is_empty() {
                let hint = suggest::hint(name, "services", in_file.iter());
                findings.add_with_hint(place, format!("unknown service {}", quoted(name)), hint);
            }
        } else if raw.shared_services.contains(name) {
            let hint = "keep it in one of the two: run it here, or borrow it";
            findings.add_with_hint(place, format!("service `{name}` is also in `sharedServices`"), hint);
        } else if shared_only && service.is_some_and(|service| service.raw.strategy.is_none()) {
            findings.add_with_hint(
                place,
                format!("service `{name}` is not shared, and this profile takes only shared ones"),
                "give the service `\"strategy\": \"shared\"`",
            );
        }
    }
    let takes = |service: &Written| {
        raw.only.as_ref().is_none_or(|only| only.contains(&service.name))
            && (!shared_only || service.raw.strategy == Some(Strategy::Shared))
            && !raw.shared_services.contains(&service.name)
    };
    let selected = written.iter().enumerate().filter(|(_, service)| takes(service)).map(|(index, _)| index);
    let left_out_by = match (raw.only.is_some(), shared_only) {
        (true, false) => "`only` does not name it",
        (false, true) => "it does not say `\"strategy\": \"shared\"`",
        _ => "`only` and `strategy` leave it out",
    };
    Selection { selected: selected.collect(), left_out_by }
}
