//! Logs: in order, in part, and followed across restarts and replacements.

use std::time::{Duration, SystemTime};

use futures_util::{Stream, StreamExt};
use gw::engine::docker::logs::{LogFailure, LogLine, LogOptions, LogSelection, Moment, stream};

use crate::engine::{Place, base, docker, output, run};

/// Starts a container of the place's project.
fn start(place: &Place, component: &str, more: &[&str], script: &str) -> String {
    let name = format!("{}-{component}-1", place.name);
    let project = format!("com.docker.compose.project={}", place.name);
    let service = format!("com.docker.compose.service=k-{component}");
    let own = format!("gw.component={component}");
    let mut arguments = vec!["run", "--detach", "--name", &name, "--label", &project, "--label", &service];
    arguments.extend(["--label", &own, "--label", "com.docker.compose.container-number=1", "--init"]);
    arguments.extend(more);
    let base = base();
    arguments.extend([base.as_str(), "sh", "-c", script]);
    output(&arguments)
}

fn ended(id: &str) {
    output(&["wait", id]);
}

fn selection(place: &Place) -> LogSelection {
    LogSelection { project: place.name.clone(), components: None }
}

async fn all(selection: LogSelection, options: LogOptions) -> Vec<String> {
    stream(&docker(), selection, options).map(|line| shown(&line.expect("a line"))).collect().await
}

fn shown(line: &LogLine) -> String {
    format!("{}-{}{} {}", line.component, line.number, if line.stderr { "!" } else { ":" }, line.text)
}

/// Reads until a line that ends like this came, and checks that nothing else comes at once.
async fn until(
    lines: &mut (impl Stream<Item = Result<LogLine, LogFailure>> + Unpin),
    end: &str,
) -> Vec<String> {
    let mut read = Vec::new();
    let whole = tokio::time::timeout(Duration::from_secs(30), async {
        while let Some(line) = lines.next().await {
            read.push(shown(&line.expect("a line")));
            if read.last().is_some_and(|line| line.ends_with(end)) {
                return;
            }
        }
    });
    let in_time = whole.await.is_ok();
    assert!(in_time, "no {end} in {read:?}");
    read
}

#[tokio::test]
async fn containers_are_interleaved_by_their_times() {
    let place = Place::new("interleaved");
    let beat =
        |word: &str| format!("for i in 1 2 3; do echo {word}$i; sleep 0.4; done; echo {word}-error >&2");
    let one = start(&place, "one", &[], &beat("a"));
    std::thread::sleep(Duration::from_millis(200));
    let two = start(&place, "two", &[], &format!("{}; printf unfinished", beat("b")));
    ended(&one);
    ended(&two);
    let lines = stream(&docker(), selection(&place), LogOptions::default());
    let lines: Vec<LogLine> = lines.map(|line| line.expect("a line")).collect().await;
    assert!(lines.is_sorted_by_key(|line| line.timestamp.clone()), "{lines:?}");
    let components: Vec<&str> = lines.iter().map(|line| line.component.as_str()).collect();
    assert!(
        components.windows(2).filter(|pair| pair[0] != pair[1]).count() >= 3,
        "not interleaved: {components:?}"
    );
    let of = |component: &str| {
        lines.iter().filter(|line| line.component == component).map(shown).collect::<Vec<_>>()
    };
    assert_eq!(of("one"), ["one-1: a1", "one-1: a2", "one-1: a3", "one-1! a-error"]);
    assert_eq!(of("two"), ["two-1: b1", "two-1: b2", "two-1: b3", "two-1! b-error", "two-1: unfinished"]);
}

#[tokio::test]
async fn part_of_the_lines_can_be_asked_for() {
    let place = Place::new("part");
    let id = start(&place, "one", &[], "for i in 1 2 3 4 5; do echo $i; sleep 0.3; done");
    ended(&id);
    start(&place, "other", &["--tty"], "echo terminal; sleep 60");
    start(&place, "job", &["--label", "com.docker.compose.oneoff=True"], "echo one-off; sleep 60");
    let only = LogSelection { components: Some(["k-one".to_owned()].into()), ..selection(&place) };
    let tail = LogOptions { tail: Some(2), ..LogOptions::default() };
    assert_eq!(all(only.clone(), tail.clone()).await, ["one-1: 4", "one-1: 5"]);
    let lines = all(selection(&place), tail).await;
    assert_eq!(lines, ["one-1: 4", "one-1: 5", "other-1: terminal"]);
    let lines: Vec<LogLine> = stream(&docker(), only.clone(), LogOptions::default())
        .map(|line| line.expect("a line"))
        .collect()
        .await;
    let moment = |index: usize| Moment::of_engine(&lines[index].timestamp).expect("a time");
    let some = LogOptions { since: Some(moment(1)), until: Some(moment(3)), ..LogOptions::default() };
    assert_eq!(all(only, some).await, ["one-1: 2", "one-1: 3", "one-1: 4"]);
    let none = LogSelection { project: format!("{}-none", place.name), components: None };
    assert_eq!(all(none, LogOptions::default()).await, [] as [&str; 0]);
}

#[tokio::test]
async fn following_lives_on_across_restart_and_replacement() {
    let place = Place::new("follow");
    let script = "echo begin; echo trouble >&2; sleep 1; echo end; exec sleep 60";
    let first = start(&place, "one", &[], script);
    let options = LogOptions { follow: true, ..LogOptions::default() };
    let mut lines = Box::pin(stream(&docker(), selection(&place), options));
    let begin = ["one-1: begin", "one-1! trouble", "one-1: end"].map(str::to_owned).to_vec();
    let sorted = |mut lines: Vec<String>| {
        lines.sort();
        lines
    };
    assert_eq!(sorted(until(&mut lines, "end").await), sorted(begin.clone()));
    // The same container once more: its log has the lines of before, too.
    output(&["restart", "--time", "1", &first]);
    assert_eq!(sorted(until(&mut lines, "end").await), sorted(begin.clone()));
    // Another container of the same component.
    output(&["rm", "--force", &first]);
    start(&place, "one", &[], "echo replaced; exec sleep 60");
    assert_eq!(until(&mut lines, "replaced").await, ["one-1: replaced"]);
    // And one of another component.
    start(&place, "two", &[], "echo added; exec sleep 60");
    assert_eq!(until(&mut lines, "added").await, ["two-1: added"]);
    let more = tokio::time::timeout(Duration::from_secs(1), lines.next()).await;
    assert!(more.is_err(), "more lines: {more:?}");
}

#[tokio::test]
async fn following_can_begin_now() {
    let place = Place::new("now");
    let id = start(
        &place,
        "one",
        &[],
        "echo old; while ! test -e /go; do sleep 0.1; done; echo new; exec sleep 60",
    );
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let options = LogOptions { follow: true, tail: Some(0), ..LogOptions::default() };
    let mut lines = Box::pin(stream(&docker(), selection(&place), options));
    let first = tokio::time::timeout(Duration::from_millis(1500), lines.next()).await;
    assert!(first.is_err(), "an old line: {first:?}");
    run(&["exec", &id, "touch", "/go"]);
    assert_eq!(until(&mut lines, "new").await, ["one-1: new"]);
}

#[tokio::test]
async fn following_ends_when_its_time_is_over() {
    let place = Place::new("until");
    start(&place, "one", &[], "while true; do echo beat; sleep 0.2; done");
    let until = Some(Moment::ago(Duration::ZERO, SystemTime::now() + Duration::from_secs(2)));
    let options = LogOptions { follow: true, until, ..LogOptions::default() };
    let lines = tokio::time::timeout(Duration::from_secs(30), all(selection(&place), options)).await;
    assert!(!lines.expect("the end").is_empty());
}

#[tokio::test]
async fn log_that_cannot_be_read_is_named_and_others_go_on() {
    let place = Place::new("driver");
    let mute = start(&place, "mute", &["--log-driver", "none"], "echo lost");
    let one = start(&place, "one", &[], "echo kept");
    ended(&mute);
    ended(&one);
    let lines: Vec<_> = stream(&docker(), selection(&place), LogOptions::default()).collect().await;
    let kept: Vec<String> = lines.iter().flatten().map(shown).collect();
    assert_eq!(kept, ["one-1: kept"]);
    let failures: Vec<String> =
        lines.iter().filter_map(|line| Some(line.as_ref().err()?.to_string())).collect();
    assert_eq!(
        failures,
        ["the log of mute-1 cannot be read: configured logging driver does not support reading"]
    );
}
