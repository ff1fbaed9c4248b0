//! Env files: what is read, and that it is read as it was written.

use super::*;

fn read(text: &str) -> BTreeMap<String, String> {
    values(text).expect("it can be read")
}

/// Quotes end where Compose ends them, and hold what Compose finds in them (compared with `docker compose config` by hand).
#[test]
fn values_are_those_that_compose_reads() {
    let text = "# a comment\nexport A=1\nB = two words \n\nC='one\ntwo $X\n# three\n\nfour' # why\n\
                D=\"it's \\\"q\\\" \\$x \\\\ n\\nl\"\nE='a\\b'\nF=pl#ain\nG='a\\'b'\nH='back\\'\nI=\n";
    let expected = [
        ("A", "1"),
        ("B", "two words"),
        ("C", "one\ntwo $X\n# three\n\nfour"),
        ("D", "it's \"q\" $x \\ n\nl"),
        ("E", "a\\b"),
        ("F", "pl#ain"),
        ("G", "a'b"),
        ("H", "back\\"),
        ("I", ""),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(read(text), expected.into());
}

/// Whatever a value holds, it is read as it was written, and other lines stay as they are.
#[test]
fn what_is_written_reads_as_it_was() {
    let existing = "# mine\nKEPT='x\ny'\nA=old\n";
    for value in [
        "plain",
        "with space",
        "$dollar #hash",
        "it's",
        "\"double\"",
        "both ' and \"",
        "back\\slash",
        "ends with\\",
        "it's\\",
        "\\'",
        "one\ntwo\n\nthree\n",
        "it's\n\\n two\n",
        "ä€",
        "",
    ] {
        let text = replaced(existing, &[("A".to_owned(), value.to_owned())].into());
        assert!(text.starts_with("# mine\nKEPT='x\ny'\nA="), "{text}");
        let expected =
            [("A", value), ("KEPT", "x\ny")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(read(&text), expected.into(), "{text}");
        assert_eq!(replaced(&text, &read(&text)), text);
    }
}

/// A line that cannot be read is named by its number and not repeated.
#[test]
fn what_cannot_be_read_has_a_line() {
    for (text, line) in [("A=1\nno value\n", 2), ("A='x\ny\n", 1), ("\nB='x'y\n", 2), ("=x", 1), ("A B=x", 1)]
    {
        let (found, message) = values(text).expect_err(text);
        assert_eq!(found, line, "{text}");
        assert!(
            !message.contains("no value") && !message.contains('y') || message.contains("something"),
            "{message}"
        );
    }
}
