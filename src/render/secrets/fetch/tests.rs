//! Fetching: each source, and each way in which it has nothing to give.

use std::os::unix::ffi::OsStringExt;

use super::*;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("gw-fetch-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.0.join(name), bytes).expect("a file");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn asked(folder: &Folder, source: &SecretSource) -> Result<String, String> {
    let environment = |name: &str| match name {
        "HOME" => Some(folder.0.clone().into_os_string()),
        "SET" => Some("value".into()),
        "EMPTY" => Some(OsString::new()),
        "BYTES" => Some(OsString::from_vec(vec![0xff])),
        _ => None,
    };
    fetch(source, &folder.0, &environment).expect("it is a source")
}

/// A variable is taken as it is; one that is not set, is empty or no text is said.
#[test]
fn a_variable() {
    let folder = Folder::new("variable");
    let ask = |name: &str| asked(&folder, &SecretSource::Environment(name.to_owned()));
    assert_eq!(ask("SET"), Ok("value".to_owned()));
    assert_eq!(ask("OTHER"), Err("it is not set".to_owned()));
    assert_eq!(ask("EMPTY"), Err("it is empty".to_owned()));
    assert_eq!(ask("BYTES"), Err("it is not UTF-8 text".to_owned()));
}

/// A single line loses its newline, a text of several lines is kept whole; paths start at the root, or at home.
#[test]
fn a_file() {
    let folder = Folder::new("file");
    let ask = |name: &str| asked(&folder, &SecretSource::File(name.to_owned()));
    folder.put("one", b"secret\r\n");
    folder.put("several", b"-----BEGIN-----\nabc\n-----END-----\n");
    folder.put("nothing", b"\n");
    folder.put("nul", b"a\0b");
    folder.put("long", &vec![b'a'; (64 << 10) + 1]);
    assert_eq!(ask("one"), Ok("secret".to_owned()));
    assert_eq!(ask("~/one"), Ok("secret".to_owned()));
    assert_eq!(ask(&folder.0.join("one").display().to_string()), Ok("secret".to_owned()));
    assert_eq!(ask("several"), Ok("-----BEGIN-----\nabc\n-----END-----\n".to_owned()));
    assert_eq!(ask("nothing"), Err("it is empty".to_owned()));
    assert_eq!(ask("nul"), Err("it holds a NUL byte".to_owned()));
    assert_eq!(ask("long"), Err("it holds more than 64 KiB".to_owned()));
    assert!(ask("absent").is_err_and(|why| why.starts_with("it cannot be read: No such file")));
}

/// What a command prints counts, where it ends well; what it complains of is not repeated.
#[test]
fn a_command() {
    let folder = Folder::new("command");
    let ask = |words: &[&str]| {
        asked(&folder, &SecretSource::Command(words.iter().map(|word| (*word).to_owned()).collect()))
    };
    assert_eq!(ask(&["sh", "-c", "pwd"]), Ok(folder.0.display().to_string()));
    folder.put("tell", b"#!/bin/sh\necho \"told $1\"\n");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(folder.0.join("tell"), mode).expect("a mode");
    assert_eq!(ask(&["./tell", "me"]), Ok("told me".to_owned()));
    assert_eq!(
        ask(&["sh", "-c", "echo half; echo complaint >&2; exit 3"]),
        Err("it ended with exit status: 3; run it by hand to see why".to_owned())
    );
    assert_eq!(ask(&["true"]), Err("it is empty".to_owned()));
    assert!(ask(&["./absent"]).is_err_and(|why| why.starts_with("it cannot be run: No such file")));
    assert_eq!(ask(&["sh", "-c", "cat"]), Err("it is empty".to_owned()), "nobody is asked");
}
