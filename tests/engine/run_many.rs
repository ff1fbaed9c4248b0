//! Many isolated runs at once on one checkout: codes right, and afterwards no trace; in `scripts/soak` also with kills.

use std::hash::{BuildHasher, RandomState};
use std::process::Child;
use std::time::Duration;

use crate::run::{begin, end, project};
use crate::run_isolated::traces;

/// What a killed run may have taken until then.
const LONGEST: u64 = 6000;

fn script(code: usize) -> String {
    format!(
        "test \"$(curl -s -o /dev/null -w '%{{http_code}}' $AUTH_URL/work)\" = 200 || exit 99; exit {code}"
    )
}

/// Eight at once, three times: each has the code of its command, and nothing of them is left.
#[test]
fn eight_at_once() {
    let project = project();
    for _ in 0..3 {
        let runs: Vec<Child> = (0..8).map(|code| begin(&project, &["--isolated"], &script(code))).collect();
        for (code, run) in runs.into_iter().map(end).enumerate() {
            assert_eq!(usize::try_from(run.code), Ok(code), "{}", run.stderr);
        }
        assert_eq!(traces(&project), Vec::<String>::new());
    }
}

/// Twenty, of which every second one is killed after a random time, as often as `GW_RUNS` says: the others' codes are right,
/// `gw gc` removes what the killed ones left, and nothing else.
#[test]
fn twenty_with_kills() {
    let rounds: usize = std::env::var("GW_RUNS").map_or(0, |text| text.parse().expect("GW_RUNS is a number"));
    let project = project();
    for round in 0..rounds.max(1) {
        let count = if rounds == 0 { 4 } else { 20 };
        let mut runs: Vec<Child> =
            (0..count).map(|code| begin(&project, &["--isolated"], &script(code))).collect();
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
            assert!(
                killed || usize::try_from(run.code) == Ok(code),
                "round {round}: {}\n{}",
                run.code,
                run.stderr
            );
        }
        project.expect(0, &["gc", "--yes"]);
        assert_eq!(traces(&project), Vec::<String>::new(), "round {round}");
    }
}
