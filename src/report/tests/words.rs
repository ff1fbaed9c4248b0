//! Words for numbers.

use std::time::Duration;

use crate::report::environment;
use crate::report::words::{ago, bytes, count, duration, one_line};

#[test]
fn durations_get_coarser_as_they_grow() {
    let seconds = |seconds: f64| duration(Duration::from_secs_f64(seconds));
    for (value, expected) in [
        (0.0, "0.00 s"),
        (0.0004, "0.00 s"),
        (0.414, "0.41 s"),
        (0.996, "1.0 s"),
        (12.34, "12.3 s"),
        (59.94, "59.9 s"),
        (59.97, "1 min 0 s"),
        (125.0, "2 min 5 s"),
        (3599.6, "1 h 0 min"),
        (12_000.0, "3 h 20 min"),
    ] {
        assert_eq!(seconds(value), expected, "{value}");
    }
    let shown = [0, 1, 119, 120, 7199, 7200, 172_799, 172_800].map(ago);
    let expected =
        ["now", "1 s ago", "119 s ago", "2 min ago", "119 min ago", "2 h ago", "47 h ago", "2 days ago"];
    assert_eq!(shown, expected);
}

#[test]
fn sizes_and_counts() {
    let shown = [0, 999, 1000, 4_250, 210_000_000, 3_900_000_000].map(bytes);
    assert_eq!(shown, ["0 B", "999 B", "1.0 kB", "4.2 kB", "210.0 MB", "3.9 GB"]);
    assert_eq!(count(1, "line", "lines"), "1 line");
    assert_eq!(count(2, "line", "lines"), "2 lines");
}

#[test]
fn texts_of_strangers_cannot_steer_the_terminal() {
    assert_eq!(one_line("a\u{1b}[2Jb\u{1b}]0;title\u{7}c\r\nd\n"), "abc  d");
    assert_eq!(one_line("plain \u{fc}ml\u{e4}ut"), "plain \u{fc}ml\u{e4}ut");
}

#[test]
fn variables_are_read_back_as_they_were() {
    let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let variables = [
        variable("URL", "redis://127.0.0.1:6379/0"),
        variable("PASSWORD", "a'b\"c$d\\e f\n"),
        variable("EMPTY", ""),
    ];
    let shell =
        "export URL='redis://127.0.0.1:6379/0'\nexport PASSWORD='a'\\''b\"c$d\\e f\n'\nexport EMPTY=''\n";
    assert_eq!(environment::shell(&variables), shell);
    let dotenv = "URL=redis://127.0.0.1:6379/0\nPASSWORD=\"a'b\\\"c\\$d\\\\e f\\n\"\nEMPTY=\n";
    assert_eq!(environment::dotenv(&variables), dotenv);
    let json = r#"{"URL":"redis://127.0.0.1:6379/0","PASSWORD":"a'b\"c$d\\e f\n","EMPTY":""}"#;
    assert_eq!(environment::json(&variables).trim_end(), json);
}
