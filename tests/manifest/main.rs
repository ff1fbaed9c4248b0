//! The Compose read-back, held against `docker compose config` and against its own page.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use gw::manifest::compose;
use gw::plan::desired::{Desired, Probe};

/// The variables of the fixtures.
const VARIABLES: &[(&str, &str)] = &[
    ("PASSWORD", "pa$$word ${X}"),
    ("TOKEN", "t"),
    ("PROBE_PORT", "8080"),
    ("FROM_ENVIRONMENT", "from outside"),
    ("EMPTY", ""),
];

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/compose-read-back/every-key.yaml")
}

fn variable(name: &str) -> Option<String> {
    VARIABLES.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
}

fn read(text: &str, file: &Path) -> Desired {
    compose::read(text, file, &variable, &|path| std::fs::read_to_string(path))
        .unwrap_or_else(|error| panic!("{error}"))
}

/// What `docker compose config` makes of a file.
fn config(file: &Path) -> String {
    let output = Command::new("docker")
        .args(["compose", "--file"])
        .arg(file)
        .arg("config")
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", std::env::var_os("HOME").unwrap_or_default())
        .envs(VARIABLES.iter().copied())
        .output()
        .expect("docker runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn what_compose_config_prints_reads_the_same_as_its_input() {
    let file = fixture();
    let text = std::fs::read_to_string(&file).expect("the fixture is there");
    let printed = config(&file);
    assert_ne!(text, printed);
    assert_eq!(read(&text, &file), read(&printed, Path::new("/elsewhere/compose.yaml")), "{printed}");
}

/// Reads a text with no variables but `PASSWORD`, and with no files.
fn problems(text: &str) -> String {
    let variable = |name: &str| (name == "PASSWORD").then(|| "s3cret".to_owned());
    let open = |_: &Path| Err(std::io::Error::from(std::io::ErrorKind::NotFound));
    match compose::read(text, Path::new("/p/compose.yaml"), &variable, &open) {
        Ok(_) => "none\n".to_owned(),
        Err(error) => format!("{error}\n"),
    }
}

/// `errors.txt` has texts and what is said of them, word for word.
#[test]
fn each_mistake_is_named_with_its_place_and_what_to_do() {
    let path = fixture().with_file_name("errors.txt");
    let expected = std::fs::read_to_string(&path).expect("the fixture is there");
    let mut actual = String::new();
    for case in expected.split("=== file\n").skip(1) {
        let (text, _) = case.split_once("=== errors\n").expect("each case has errors");
        write!(actual, "=== file\n{text}=== errors\n{}", problems(text)).unwrap();
    }
    assert!(!actual.contains("s3cret"), "an error shows a secret");
    assert_eq!(actual, expected);
}

/// Texts made to hurt: each is refused, at once, and nothing panics.
#[test]
fn hostile_texts_are_refused() {
    let mut bomb = String::from("a0: &a0 x\n");
    let mut chain = String::from("name: ms\nservices:\n");
    for key in 1..=2_000 {
        let before = key - 1;
        writeln!(bomb, "a{key}: &a{key} [*a{before}, *a{before}]").unwrap();
        writeln!(chain, "  a{before}: {{image: x, depends_on: {{a{key}: {{condition: service_started}}}}}}")
            .unwrap();
    }
    let defaults = format!("name: {}x{}\n", "${A:-".repeat(10_000), "}".repeat(10_000));
    for (text, expected) in [
        (
            "#".repeat(40_000_000),
            "1:1: the file has 40000000 bytes, more than the 33554432 that gw reads; move large content into files of their own",
        ),
        ("[".repeat(100_000), "1:65: nested more than 64 levels deep"),
        ("{a: ".repeat(100_000), "1:257: nested more than 64 levels deep"),
        ("- ".repeat(100_000), "1:129: nested more than 64 levels deep"),
        (bomb, "2:10: an alias (`*name`); write its content out, as `docker compose config` does"),
        (
            defaults,
            "1:7: name: `${A:-${A:-${A:-${A:-${A:-${A:-${A:-${A:-${A:-${A:-${A:-${A:-` is not a variable; write $$ for a dollar sign",
        ),
        (
            chain,
            "2002:41: services.a1999.depends_on.a2000: there is no service `a2000` in this file; did you mean `a1000`?",
        ),
        ("\0".to_owned(), ""),
        ("name: \"\\x".to_owned(), ""),
        ("a: b: c".to_owned(), ""),
    ] {
        let start = std::time::Instant::now();
        let said = problems(&text);
        assert!(said.contains(expected), "{}", said.chars().take(600).collect::<String>());
        assert_ne!(said, "none\n", "{}", text.chars().take(100).collect::<String>());
        assert!(start.elapsed().as_secs() < 10, "too slow: {}", said.chars().take(200).collect::<String>());
    }
}

fn place(at: &str, key: &str) -> String {
    if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") }
}

/// Every path of a document, with `*` for names of the user's.
fn places(value: &serde_json::Value, at: &str, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(items) => items.iter().for_each(|item| places(item, at, found)),
        serde_json::Value::Object(entries) => {
            let is_fixed = compose::KEYS.iter().any(|key| key.place == at);
            for (key, value) in entries {
                let path = place(at, if is_fixed { key } else { "*" });
                places(value, &path, found);
                found.push(path);
            }
        }
        _ => {}
    }
}

#[test]
fn the_fixture_has_every_key() {
    let text = std::fs::read_to_string(fixture()).expect("the fixture is there");
    let document: serde_json::Value = serde_saphyr::from_str(&text).expect("YAML");
    let mut found = Vec::new();
    places(&document, "", &mut found);
    for key in compose::KEYS {
        assert!(found.contains(&place(key.place, key.key)), "{key:?} is not in the fixture");
    }
}

/// The page's table and the code's are one.
#[test]
fn the_page_lists_exactly_the_keys_that_are_carried_out() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/compose.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let row = |line: &str| {
        let cells: Vec<&str> = line.strip_prefix("| `")?.split(" | ").collect();
        Some((cells.first()?.trim_end_matches('`').to_owned(), (*cells.get(1)?).to_owned()))
    };
    let documented: Vec<(String, String)> = page.lines().filter_map(row).collect();
    let carried: Vec<(String, String)> =
        compose::KEYS.iter().map(|key| (place(key.place, key.key), key.field.to_owned())).collect();
    assert_eq!(documented, carried);
}

/// A small file: what stands for everything that it does not say.
#[test]
fn absent_settings_have_the_defaults_of_compose() {
    let text = "name: ms\nservices:\n  web:\n    build: {context: ../web}\n    configs: [{source: site}]\n  other:\n    image: x\n    healthcheck: {test: [CMD, a, b]}\nconfigs:\n  site: {content: a}\nvolumes:\n  unused: null\n";
    let desired = read(text, Path::new("/p/q/compose.yaml"));
    let web = &desired.components["web"];
    assert_eq!(desired.networks["default"].name, "ms_default");
    assert!(desired.volumes.is_empty(), "an unused volume is not made");
    assert_eq!((web.name.as_str(), web.replicas), ("web", 1));
    assert_eq!((web.deadline, &web.probe), (Duration::from_secs(60), &Probe::None));
    assert_eq!(web.container.image, "ms-web");
    let build = web.build.as_ref().expect("it is built");
    assert_eq!((build.context.as_path(), build.dockerfile.as_str()), (Path::new("/p/web"), "Dockerfile"));
    assert!(web.container.networks.contains_key("default"));
    let file = &web.container.files[0];
    assert_eq!((file.target.as_str(), file.content.as_str(), file.mode, file.uid), ("/site", "a", 0o444, 0));
    let probe = Probe::Exec { command: vec!["a".into(), "b".into()] };
    assert_eq!(desired.components["other"].probe, probe);
    let hash = &web.hash;
    assert_eq!(hash.len(), 16);
    let changed = read(&text.replace("content: a", "content: b"), Path::new("/p/q/compose.yaml"));
    assert_ne!(&changed.components["web"].hash, hash, "a changed file changes the hash");
    assert_eq!(changed.components["other"].hash, desired.components["other"].hash);
}

#[test]
fn what_compose_config_makes_of_short_forms_is_read() {
    let file = fixture().with_file_name("short.yaml");
    let text = std::fs::read_to_string(&file).expect("the fixture is there");
    let refused = problems(&text);
    assert!(refused.lines().filter(|line| line.contains("is a short form")).count() > 20, "{refused}");
    let desired = read(&config(&file), &file);
    let auth = &desired.components["auth"].container;
    assert_eq!(auth.command.as_deref(), Some(&["serve".to_owned(), "two words".to_owned()][..]));
    assert_eq!(auth.environment["FROM_FILE"].as_deref(), Some("yes"));
    assert_eq!(auth.environment["B"].as_deref(), Some("x$y"));
    assert_eq!(auth.files[0].content, "set $host");
    assert_eq!((auth.ports.len(), auth.mounts.len(), auth.memory), (4, 3, Some(256 << 20)));
}
