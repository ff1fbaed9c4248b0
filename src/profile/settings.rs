//! Rules for the keys of the profile itself: version, project, and the names in `ports`.

use super::finding::Findings;
use super::names;
use super::node::Node;
use super::raw::ProfileFile;
use super::rules::dependencies::Reach;
use super::suggest::{self, quoted};

/// The version of this gw.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Checks version and project; gives the project, empty where there is none.
pub(super) fn check(raw: &ProfileFile, merged: &Node, complete: bool, findings: &mut Findings) -> String {
    if let Some(range) = &raw.gw {
        version(range, merged, findings);
    }
    let Some(project) = &raw.project else {
        if complete {
            let hint = "write it in the profile or in its infra file";
            findings.add_with_hint(merged.place, "the key `project` is missing", hint);
        }
        return String::new();
    };
    if !names::is_project(project) {
        findings.add_with_hint(
            merged.place_of(&["project".into()]),
            format!("{} is not a name for a project", quoted(project)),
            "use at most 63 lower-case letters, digits, `-` and `_`, a letter or digit first",
        );
    }
    project.clone()
}

fn version(range: &str, merged: &Node, findings: &mut Findings) {
    let place = merged.place_of(&["gw".into()]);
    let (Ok(wanted), Ok(own)) = (semver::VersionReq::parse(range), semver::Version::parse(VERSION)) else {
        findings.add_with_hint(
            place,
            format!("{} is not a range of versions", quoted(range)),
            "write it like `>=0.1, <0.2`",
        );
        return;
    };
    if !wanted.matches(&own) {
        findings.add_with_hint(
            place,
            format!("this profile is for gw {range}, and this is gw {VERSION}"),
            "use a gw that fits, or change the range and run `gw generate`",
        );
    }
}

/// Checks that each key of `ports` names something that this profile runs; `stores` says whether MongoDB and Redis are.
pub(super) fn check_port_names(
    raw: &ProfileFile,
    merged: &Node,
    reach: &Reach,
    (mongodb, redis): (bool, bool),
    findings: &mut Findings,
) {
    for name in raw.ports.keys() {
        let place = merged.key_place_of(&["ports".into()], name);
        match name.as_str() {
            "offset" => {}
            "mongodb" | "redis" => {
                let there = if name == "mongodb" { mongodb } else { redis };
                if !there && reach.complete {
                    let hint = "remove the key; a borrowed one keeps its owner's port";
                    findings.add_with_hint(place, format!("this profile runs no {name} of its own"), hint);
                }
            }
            _ if reach.selected.contains(name) => {}
            _ if reach.borrowed.contains(name) => {
                let hint = "remove the key; it keeps its owner's port";
                findings.add_with_hint(place, format!("service `{name}` is borrowed"), hint);
            }
            _ => {
                if let Some((message, hint)) = reach.refuse(name) {
                    let known = reach.in_file.iter().chain(["offset", "mongodb", "redis"]);
                    let nearest = if name.len() > 100 { None } else { suggest::nearest(name, known) };
                    let hint = nearest
                        .filter(|_| message.starts_with("unknown"))
                        .map_or(hint, |name| format!("did you mean `{name}`?"));
                    findings.add_with_hint(place, message, hint);
                }
            }
        }
    }
}
