//! The rules as <https://docs.docker.com/build/concepts/context/#dockerignore-files> states them.

use super::Dockerignore;

fn rules(text: &str) -> Dockerignore {
    Dockerignore::parse(text).expect("patterns")
}

#[test]
fn patterns_match_as_documented() {
    let table: &[(&str, &[&str], &[&str])] = &[
        ("# comment\n*/temp*", &["somedir/temporary.txt", "somedir/temp"], &["temp", "a/b/temporary.txt"]),
        ("*/*/temp*", &["somedir/subdir/temporary.txt"], &["somedir/temporary.txt"]),
        ("temp?", &["tempa", "tempb"], &["temp", "tempab", "sub/tempa"]),
        ("**/*.go", &["main.go", "a/main.go", "a/b/c.go"], &["main.goo", "go"]),
        ("*.md", &["README.md"], &["docs/README.md"]),
        ("target", &["target", "target/debug/gw"], &["sub/target", "targets"]),
        ("**/target", &["target", "a/target", "a/b/target/x"], &["a/targets"]),
        ("/foo/bar", &["foo/bar", "foo/bar/baz"], &["bar"]),
        ("foo/bar/", &["foo/bar", "foo/bar/baz"], &["foo"]),
        ("./foo//bar/../baz", &["foo/baz"], &["foo/bar"]),
        ("foo/**", &["foo/bar", "foo/bar/baz"], &["foo", "food"]),
        ("**", &["a", "a/b", ".git"], &[]),
        ("*", &["a", "a/b", ".git/config"], &[]),
        ("a/**/b", &["a/b", "a/x/b", "a/x/y/b/z"], &["a/xb", "b"]),
        ("[a-c]x\n[^a-z]y", &["ax", "cx", "1y"], &["dx", "ay"]),
        ("\\#real\n\\*", &["#real", "*"], &["a"]),
        (".\n/\n\n   \n", &[], &["a", "b/c"]),
        ("  spaced  ", &["spaced"], &[]),
        ("a.b", &["a.b"], &["axb"]),
        ("\u{feff}first", &["first"], &[]),
        ("# not this\n #this is a file", &["#this is a file"], &["not this"]),
    ];
    for (text, excluded, kept) in table {
        let rules = rules(text);
        for path in *excluded {
            assert!(rules.excludes(path), "{text:?} must exclude {path}");
        }
        for path in *kept {
            assert!(!rules.excludes(path), "{text:?} must keep {path}");
        }
    }
}

#[test]
fn the_last_match_decides() {
    let some = rules("*.md\n!README*.md\nREADME-secret.md");
    assert!(!some.excludes("README.md") && some.excludes("README-secret.md") && some.excludes("other.md"));
    let all = rules("*.md\nREADME-secret.md\n!README*.md");
    assert!(!all.excludes("README-secret.md"));
    let below = rules("*\n!bin/sample-service");
    assert!(below.excludes("bin") && below.excludes("bin/other") && !below.excludes("bin/sample-service"));
}

#[test]
fn folders_are_entered_only_for_exceptions() {
    let none = rules("node_modules");
    assert!(!none.may_include_below("node_modules"));
    let exact = rules("*\n!bin/sample-service");
    assert!(exact.may_include_below("bin") && !exact.may_include_below("target"));
    let wild = rules("*\n!**/*.rs");
    assert!(wild.may_include_below("src"));
    let half = rules("*\n!src/*.rs");
    assert!(half.may_include_below("src") && !half.may_include_below("target"));
}

#[test]
fn mistakes_are_named_with_their_line() {
    assert_eq!(Dockerignore::parse("a\n!").unwrap_err(), (2, "`!` without a pattern".to_owned()));
    assert_eq!(Dockerignore::parse("[a").unwrap_err(), (1, "`[a` is no pattern".to_owned()));
}
