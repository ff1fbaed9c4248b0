//! Many isolated runs at once on one checkout: codes right, and afterwards no trace; in `scripts/soak` also with kills.

use std::hash::{BuildHasher, RandomState};
use std::process::Child;
use std::time::Duration;

use serde_json::json;

use crate::harness::{Project, sample};
use crate::run::{begin, end, project};
use crate::run_isolated::traces;
use crate::second::SecondEngine;

/// What a killed run may have taken until then, in milliseconds.
const LONGEST: u64 = 6000;

/// The service answers, or the code is another one.
fn script(path: &str, code: usize) -> String {
    format!("curl -sf -o /dev/null $AUTH_URL{path} || exit 99; exit {code}")
}

/// Eight at once, three times: each has the code of its command, and nothing of them is left.
#[test]
fn eight_at_once() {
    let project = project();
    for _ in 0..3 {
        let begun = |code| begin(&project, &["--isolated"], &script("/work", code));
        let runs: Vec<Child> = (0..8).map(begun).collect();
        for (code, run) in runs.into_iter().map(end).enumerate() {
            assert_eq!(usize::try_from(run.code), Ok(code), "{}", run.stderr);
        }
        assert_eq!(traces(&project), Vec::<String>::new());
    }
}

/// Twenty, of which every second one is killed after a random time, as often as `GW_RUNS` says, four without it: the others' codes
/// are right, and `gw gc` removes what the killed ones left.
#[test]
fn twenty_with_kills() {
    let rounds: Option<usize> =
        std::env::var("GW_RUNS").ok().map(|text| text.parse().expect("GW_RUNS is a number"));
    let count = if rounds.is_some() { 20 } else { 4 };
    // gc looks at everything on an engine, so this one is the test's own.
    let engine = SecondEngine::start();
    let project = Project::of(|port| json!({ "auth": sample(port, json!({})) })).on(&engine.host());
    for round in 0..rounds.unwrap_or(1) {
        let begun = |code| begin(&project, &["--isolated"], &script("/health", code));
        let mut runs: Vec<Child> = (0..count).map(begun).collect();
        let random = RandomState::new();
        let mut times: Vec<(u64, usize)> =
            (0..count).step_by(2).map(|one| (random.hash_one(one) % LONGEST, one)).collect();
        times.sort_unstable();
        let mut now = 0;
        for (at, one) in times {
            std::thread::sleep(Duration::from_millis(at - now));
            now = at;
            // One that has ended meanwhile ended well.
            let _ = runs[one].kill();
        }
        for (code, run) in runs.into_iter().map(end).enumerate() {
            let killed = code % 2 == 0 && run.code == -1;
            let well = killed || usize::try_from(run.code) == Ok(code);
            assert!(well, "round {round}: {} for {code}\n{}", run.code, run.stderr);
        }
        project.expect(0, &["gc", "--yes"]);
        assert_eq!(traces(&project), Vec::<String>::new(), "round {round}");
    }
}
