//! Log lines of several containers.

use crate::report::logs::{Channel, Options, Prefixer, Source};
use crate::report::mode::Output;
use crate::report::streams::{Captured, Streams};

const TEXT: Options = Options { output: Output::Text, prefix: true, timestamps: false };

fn prefixer(options: Options, colour: bool) -> (Prefixer, Captured) {
    let (mut streams, captured) = Streams::in_memory();
    streams.out.colour = colour;
    let all = ["mongodb", "auth", "kyc"];
    (Prefixer::new(streams.out, options, &all, &[("auth", 1), ("mongodb", 1)]), captured)
}

fn source(component: &str, number: u32) -> Source {
    Source { component: component.to_owned(), number, channel: Channel::Out }
}

#[test]
fn lines_are_aligned_and_never_torn() {
    let (mut prefixer, captured) = prefixer(TEXT, false);
    let (auth, mongodb) = (source("auth", 1), source("mongodb", 1));
    let complaint = Source { channel: Channel::Err, ..auth.clone() };
    prefixer.push(&auth, b"one\ntw").expect("memory");
    prefixer.push(&mongodb, b"up\r\n\n").expect("memory");
    prefixer.push(&complaint, b"bad\n").expect("memory");
    prefixer.push(&auth, b"o\nthr").expect("memory");
    prefixer.end(&auth).expect("memory");
    prefixer.end(&auth).expect("memory");
    prefixer.push(&source("notification", 12), "\u{fc}nfinished".as_bytes()).expect("memory");
    prefixer.end_all().expect("memory");
    prefixer.push(&auth, b"again\n").expect("memory");
    let expected = "\
auth-1    | one
mongodb-1 | up
mongodb-1 |\u{20}
auth-1    | bad
auth-1    | two
auth-1    | thr
notification-12 | \u{fc}nfinished
auth-1          | again
";
    assert_eq!(captured.out(), expected);
}

#[test]
fn without_prefixes_bytes_stay_as_they_are() {
    let (mut prefixer, captured) = prefixer(Options { prefix: false, ..TEXT }, false);
    prefixer.push(&source("auth", 1), b"\x1b[31mred\tline\n").expect("memory");
    assert_eq!(captured.out(), "\u{1b}[31mred\tline\n");
}

#[test]
fn a_component_has_its_colour_and_a_line_keeps_its_own() {
    let text = |components: &[&str]| {
        let (mut prefixer, captured) = prefixer(TEXT, true);
        for component in components {
            prefixer.push(&source(component, 1), b"a\x1b[31mb\n").expect("memory");
        }
        captured.out()
    };
    let (auth, mongodb, kyc) = (text(&["auth"]), text(&["mongodb"]), text(&["kyc"]));
    assert!(auth.ends_with("auth-1    |\u{1b}[0m a\u{1b}[31mb\u{1b}[0m\n"), "{auth:?}");
    assert_eq!(
        text(&["kyc", "mongodb", "auth"]),
        format!("{kyc}{mongodb}{auth}"),
        "the order does not matter"
    );
    let colours: std::collections::BTreeSet<&str> =
        [&auth, &mongodb, &kyc].iter().filter_map(|text| text.split('m').next()).collect();
    assert_eq!(colours.len(), 3, "{colours:?}");
}

#[test]
fn programs_get_one_object_a_line() {
    let (mut prefixer, captured) = prefixer(Options { output: Output::Json, timestamps: true, ..TEXT }, true);
    let source = Source { channel: Channel::Err, ..source("auth", 2) };
    prefixer.push(&source, b"2026-01-31T08:00:00.5Z a \"b\" \xff\n").expect("memory");
    let expected = concat!(
        r#"{"version":1,"event":"log","component":"auth","number":2,"stream":"stderr","#,
        r#""time":"2026-01-31T08:00:00.5Z","line":"a \"b\" "#,
        "\u{fffd}\"}\n"
    );
    assert_eq!(captured.out(), expected);
}

#[test]
fn a_line_without_an_end_does_not_grow_for_ever() {
    let (mut prefixer, captured) = prefixer(Options { prefix: false, ..TEXT }, false);
    for _ in 0..3 {
        prefixer.push(&source("auth", 1), &vec![b'x'; 400_000]).expect("memory");
    }
    assert_eq!(captured.out().len(), 1_200_001);
}
