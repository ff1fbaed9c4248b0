//! Frames as engines send them, read once and again.

use bollard::container::LogOutput;

use super::Lines;

fn out(text: &str) -> LogOutput {
    LogOutput::StdOut { message: text.to_owned().into() }
}

fn err(text: &str) -> LogOutput {
    LogOutput::StdErr { message: text.to_owned().into() }
}

/// A frame of the given second.
fn at(second: u32, text: &str) -> LogOutput {
    out(&format!("2026-01-31T09:00:{second:02}.000000000Z {text}\n"))
}

fn texts(lines: &mut Lines) -> Vec<String> {
    std::iter::from_fn(|| lines.next())
        .map(|line| format!("{}{}", if line.stderr { "!" } else { "" }, line.text))
        .collect()
}

#[test]
fn frames_become_lines() {
    let mut lines = Lines::default();
    lines.add(&at(1, "one"));
    lines.add(&err("2026-01-31T09:00:02.5Z two\n"));
    lines.add(&at(3, ""));
    lines.add(&out("2026-01-31T09:00:04Z a long "));
    lines.add(&out("2026-01-31T09:00:05Z line\n"));
    lines.add(&LogOutput::Console { message: "2026-01-31T09:00:06+00:00 of a terminal\r\n".into() });
    lines.add(&out("no time\n"));
    assert_eq!(texts(&mut lines), ["one", "!two", "", "a long line", "of a terminal", "no time"]);
    lines.add(&out("2026-01-31T09:00:07Z unfinished"));
    assert_eq!(texts(&mut lines), [] as [&str; 0]);
    lines.end();
    assert_eq!(texts(&mut lines), ["unfinished"]);
}

#[test]
fn second_reading_gives_each_line_once() {
    let mut lines = Lines::default();
    for frame in [at(1, "a"), at(2, "b"), at(2, "c"), err("2026-01-31T09:00:01Z e\n")] {
        lines.add(&frame);
    }
    assert_eq!(texts(&mut lines), ["a", "b", "c", "!e"]);
    lines.again();
    for frame in [at(1, "a"), at(2, "b"), at(2, "c"), at(2, "d"), at(1, "the clock went back")] {
        lines.add(&frame);
    }
    lines.add(&err("2026-01-31T09:00:01Z e\n"));
    lines.add(&err("2026-01-31T09:00:01Z f\n"));
    assert_eq!(texts(&mut lines), ["d", "the clock went back", "!f"]);
    lines.again();
    lines.add(&at(2, "b"));
    lines.add(&at(2, "c"));
    lines.add(&at(2, "d"));
    lines.add(&at(9, "later"));
    assert_eq!(texts(&mut lines), ["later"]);
}

#[test]
fn channel_without_lines_goes_on_where_the_other_stopped() {
    let mut lines = Lines::default();
    lines.add(&at(5, "a"));
    lines.again();
    lines.add(&err("2026-01-31T09:00:01Z before the tail\n"));
    lines.add(&err("2026-01-31T09:00:06Z new\n"));
    assert_eq!(texts(&mut lines), ["a", "!new"]);
}
