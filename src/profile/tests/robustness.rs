//! Damaged inputs end in an error or a profile, never in a panic and never in an error without a place.

use std::path::Path;

use super::project::Project;
use crate::profile::load;

const FILES: &[&str] = &[
    "profiles/default.json",
    "profiles/combo.json",
    "profiles/shared.json",
    "services.dev.json",
    "services.shared.json",
    "infra.shared.json",
];

/// What replaces a byte: each breaks another thing.
const DAMAGE: &[&str] = &["", "\"", "{", "]", "0", "null", "\\", "ä", "\u{0}", "-1"];

#[test]
fn damaged_inputs_never_panic() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Project::empty();
    let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    for name in FILES {
        project.write(name, read(name).as_bytes());
    }
    for name in FILES {
        let text = read(name);
        for (round, (offset, _)) in text.char_indices().step_by(5).enumerate() {
            let (before, after) = text.split_at(offset);
            let damaged = if round % 4 == 0 {
                before.to_owned()
            } else {
                format!("{before}{}{}", DAMAGE[round % DAMAGE.len()], &after[1..])
            };
            project.write(name, damaged.as_bytes());
            for profile in ["combo", "shared"] {
                if let Err(error) = load(project.root(), profile) {
                    assert!(!error.problems.is_empty());
                    assert!(error.problems.iter().all(|problem| problem.line > 0 && problem.column > 0));
                    assert!(!error.to_string().contains("defect"), "{damaged}\n{error}");
                }
            }
        }
        project.write(name, text.as_bytes());
    }
    load(project.root(), "combo").unwrap_or_else(|error| panic!("{error}"));
}
