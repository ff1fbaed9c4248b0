//! The files as they are written, held by `tests/fixtures/timeline/`; `UPDATE_GOLDEN=1` writes those.

use std::path::Path;

use super::*;
use crate::report::timeline::Format;

#[test]
fn the_files_are_the_committed_ones() {
    let timeline = from_nothing().timeline(Outcome::Done, 2710);
    for (name, format) in [("up.svg", Format::Svg), ("up.html", Format::Html), ("up.json", Format::Json)] {
        let text = format.write(&timeline).expect("it can be written");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/timeline").join(name);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("the folder can be made");
            std::fs::write(&file, &text).expect("the file can be written");
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(committed, text, "{} differs; UPDATE_GOLDEN=1 rewrites it", file.display());
    }
}

#[test]
fn the_json_of_a_small_run() {
    let mut run = Run::new();
    let auth = run.component("auth", &[], &[]);
    run.component("kyc", &[], &[auth]);
    run.planned();
    run.ran(10, 100, auth.0);
    run.ran(100, 200, auth.1);
    run.starts(200, auth.2);
    run.news(250, "auth", "503");
    run.ends(1200, auth.2, Outcome::Cancelled);
    let text = Format::Json.write(&run.timeline(failed("over"), 1250)).expect("it can be written");
    let compact: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let expected = concat!(
        r#"{"version":1,"command":"up","profile":"default","project":"ms","outcome":"failed","message":"over","seconds":1.25,"#,
        r#""critical_path":["#,
        r#"{"operation":"create container auth-1","row":"auth","outcome":"done","begin":0.01,"end":0.1},"#,
        r#"{"operation":"start container auth-1","row":"auth","outcome":"done","begin":0.1,"end":0.2},"#,
        r#"{"operation":"await auth","row":"auth","outcome":"cancelled","begin":0.2,"end":1.2}],"#,
        r#""rows":[{"name":"auth","outcome":"cancelled","segments":["#,
        r#"{"kind":"create","begin":0.01,"end":0.1,"critical":true},"#,
        r#"{"kind":"start","begin":0.1,"end":0.2,"critical":true},"#,
        r#"{"kind":"ready","begin":0.2,"end":1.2,"critical":true}]},"#,
        r#"{"name":"kyc","outcome":"cancelled","segments":["#,
        r#"{"kind":"wait","begin":0.01,"end":1.2,"on":"auth","critical":false}]}],"#,
        r#""unfinished":[{"operation":"await auth","component":"auth","seconds":1.0,"last":"503"}]}"#
    );
    assert_eq!(compact.to_string(), expected);
}

/// Names, messages and answers are text, never markup; a page loads nothing.
#[test]
fn what_others_wrote_is_escaped() {
    let evil = "<script src='//x'>&\"\u{1b}[31m\u{0}\u{fffe}";
    let mut run = Run::new();
    let pulled = run.add(Phase::Build, pull(evil), &[]);
    let auth = run.component(evil, &[], &[]);
    run.component("kyc", &[], &[auth]);
    run.planned();
    run.record.project = evil.to_owned();
    run.record.profile = evil.to_owned();
    run.ran(10, 100, pulled);
    run.ran(10, 100, auth.0);
    run.starts(100, auth.1);
    run.ends(200, auth.1, failed(evil));
    let timeline = run.timeline(failed(&format!("{evil}\n{evil}")), 200);
    for format in [Format::Svg, Format::Html] {
        let text = format.write(&timeline).expect("it can be written");
        assert!(text.contains("&lt;script src=&#39;//x&#39;&gt;&amp;&quot;"), "{text}");
        assert!(!text.contains("<script"), "{text}");
        let steers = |character: char| character.is_control() && character != '\n';
        assert!(!text.contains(steers) && !text.contains('\u{fffe}'), "{text}");
    }
}

#[test]
fn long_names_and_lines_are_shortened_with_the_whole_as_a_tooltip() {
    let name = "a-very-long-name-of-a-service-that-nobody-can-read";
    let mut run = Run::new();
    let mut last = run.component(name, &[], &[]);
    for number in 0..3 {
        last = run.component(&format!("{name}-{number}"), &[], &[last]);
    }
    run.planned();
    run.ran(0, 10, last.0);
    let text = Format::Svg.write(&run.timeline(Outcome::Cancelled, 10)).expect("it can be written");
    assert!(text.contains("</title>a-very-long-name-of-a-service…</text>"), "{text}");
    assert!(text.contains(&format!("{name}-2")), "{text}");
}

#[test]
fn the_end_of_a_files_name_decides() {
    let of = |name: &str| Format::of(Path::new(name));
    assert_eq!(of("a.svg"), Some(Format::Svg));
    assert_eq!(of("b/a.tar.HTML"), Some(Format::Html));
    assert_eq!(of(".x/up.json"), Some(Format::Json));
    for name in ["a", "svg", ".svg", "a.png", "a.htm", ""] {
        assert_eq!(of(name), None, "{name}");
    }
}
