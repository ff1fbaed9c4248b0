//! Where secrets come from: what is taken, and every mistake with its place.

use super::project::Project;
use crate::profile::load;
use crate::profile::model::SecretSource;

const SERVICES: (&str, &str) = ("s.json", r#"{ "services": { "a": { "image": "a:1", "port": 8001 } } }"#);

/// Each source is taken from profile and infra file; the profile's entry replaces the infra file's as a whole.
#[test]
fn sources_of_profile_and_infra_file() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{ "project": "p", "services": "../s.json", "infra": "../i.json", "secrets": {
                "A": { "env": "CI_A" }, "B": { "file": "~/keys/b" } } }"#,
        ),
        (
            "i.json",
            r#"{ "secrets": { "B": { "env": "CI_B" }, "C": { "command": ["pass", "c"] },
                "GW_REDIS_PASSWORD": { "generate": 64 } } }"#,
        ),
        SERVICES,
    ]);
    let profile = load(project.root(), "p").expect("it loads");
    let expected = [
        ("A", SecretSource::Environment("CI_A".to_owned())),
        ("B", SecretSource::File("~/keys/b".to_owned())),
        ("C", SecretSource::Command(vec!["pass".to_owned(), "c".to_owned()])),
        ("GW_REDIS_PASSWORD", SecretSource::Generated(64)),
    ];
    assert_eq!(profile.secrets, expected.map(|(name, source)| (name.to_owned(), source)).into());
}

/// Every mistake of all files at once, with file, line, column and field.
#[test]
fn mistakes_in_sources() {
    let project = Project::with(&[
        (
            "profiles/p.json",
            r#"{
  "project": "p", "services": "../s.json", "infra": "../i.json",
  "secrets": {
    "A": { "env": "CI A" },
    "B": { "env": "CI_B", "file": "b" },
    "C": {},
    "1D": { "file": "keys/" },
    "GW_REDIS_PASWORD": { "generate": 32 }
  }
}"#,
        ),
        (
            "i.json",
            r#"{
  "secrets": {
    "E": { "command": [""] },
    "F": { "variable": "x" },
    "G": { "generate": 4 },
    "H": { "command": [] }
  }
}"#,
        ),
        SERVICES,
    ]);
    assert_eq!(
        project.error("p"),
        "i.json:4:12: secrets.F.variable: unknown key
    known keys: env, file, command, generate
i.json:5:24: secrets.G.generate: 4 is out of range: expected 8 to 1024
i.json:6:23: secrets.H.command: the list is empty
profiles/p.json:4:19: secrets.A.env: `CI A` is not a variable's name
    use letters, digits, `_`, `-` and `.`, no digit first
profiles/p.json:5:10: secrets.B: a secret comes from one place: `env`, `file`, `command` or `generate`
    write exactly one of them
profiles/p.json:6:10: secrets.C: a secret comes from one place: `env`, `file`, `command` or `generate`
    write exactly one of them
profiles/p.json:7:5: secrets.1D: `1D` is not a secret's name
    use letters, digits and `_`, no digit first
profiles/p.json:7:21: secrets.1D.file: `keys/` is not a file
    write the path of a file
profiles/p.json:8:5: secrets.GW_REDIS_PASWORD: `GW_REDIS_PASWORD` begins as gw's own secrets do, and is none of them
    did you mean `GW_REDIS_PASSWORD`?"
    );
    project.write("i.json", br#"{ "secrets": { "E": { "command": [""] } } }"#);
    assert!(
        project.error("p").starts_with("i.json:1:35: secrets.E.command[0]: the command has no name\n"),
        "{}",
        project.error("p")
    );
}

/// A borrowed store's password is its owner's to say, and a password that no store has is nobody's.
#[test]
fn passwords_of_stores_that_are_somebody_elses_or_nobodys() {
    let project = Project::with(&[
        (
            "profiles/owner.json",
            r#"{ "project": "o", "services": "../s.json", "infrastructure": { "redis": { "auth": true } } }"#,
        ),
        (
            "profiles/p.json",
            r#"{
  "project": "p", "services": "../t.json", "sharedInfra": "owner",
  "secrets": { "GW_REDIS_PASSWORD": { "env": "X" } }
}"#,
        ),
        (
            "t.json",
            r#"{ "services": { "b": {
  "image": "a:1", "secrets": ["GW_REDIS_PASSWORD", "GW_MONGODB_PASSWORD", "GW_X"],
  "env": { "K": "${secrets.GW_MONGODB_ROOT_PASSWORD}" } } } }"#,
        ),
        SERVICES,
    ]);
    assert_eq!(
        project.error("p"),
        "profiles/p.json:3:16: secrets.GW_REDIS_PASSWORD: `GW_REDIS_PASSWORD` is of a store that `owner` lends
    say in profile `owner` where it comes from
t.json:2:52: services.b.secrets[1]: `GW_MONGODB_PASSWORD` is of a store that this profile does not have
    a store has it with `\"auth\": true`; MongoDB's second user and key are of a replica set
t.json:2:75: services.b.secrets[2]: `GW_X` begins as gw's own secrets do, and is none of them
    gw's own: GW_MONGODB_ROOT_PASSWORD, GW_MONGODB_PASSWORD, GW_MONGODB_KEYFILE, GW_REDIS_PASSWORD
t.json:3:17: services.b.env.K: `GW_MONGODB_ROOT_PASSWORD` is of a store that this profile does not have
    a store has it with `\"auth\": true`; MongoDB's second user and key are of a replica set"
    );
}
