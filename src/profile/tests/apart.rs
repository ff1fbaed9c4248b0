//! What keeps the data of a profile with `sharedInfra` apart from its owner's.

use super::project::Project;
use crate::profile::load;

/// The owner's stores where nothing is special about them: database `app`, no prefix.
const PLAIN: &str = r#""mongodb": {}, "redis": {}"#;

/// Profile `p` on the stores of `o`; `own` is what it says about them itself.
fn borrower(project: &str, own: Option<&str>, stores: &str) -> Project {
    let own = own.map_or_else(String::new, |own| format!("\n  \"infrastructure\": {own},"));
    let profile = format!(
        "{{\n  \"project\": \"{project}\",\n  \"services\": \"../s.json\",{own}\n  \"sharedInfra\": \"o\"\n}}"
    );
    let owner =
        format!(r#"{{ "project": "o", "services": "../o.s.json", "infrastructure": {{ {stores} }} }}"#);
    // What the services file says of stores is not a borrower's.
    let services = r#"{ "infrastructure": { "mongodb": { "database": "unused" }, "redis": { "prefix": "unused:" } },
        "services": { "a": { "image": "a:1" } } }"#;
    Project::with(&[
        ("profiles/p.json", &profile),
        ("profiles/o.json", &owner),
        ("o.s.json", r#"{ "services": { "x": { "image": "x:1" } } }"#),
        ("s.json", services),
    ])
}

/// The database and the prefix that `p` uses.
fn used(project: &Project) -> (String, String) {
    let borrowed = load(project.root(), "p").unwrap_or_else(|error| panic!("{error}")).borrowed.unwrap();
    (borrowed.mongodb.unwrap().database, borrowed.redis.unwrap().prefix)
}

#[test]
fn database_and_prefix_are_called_after_the_project() {
    assert_eq!(used(&borrower("mine", None, PLAIN)), ("mine".into(), "mine:".into()));
    let long = "a".repeat(63);
    assert_eq!(used(&borrower(&long, None, PLAIN)).0, long);
}

#[test]
fn the_profile_may_say_otherwise_also_the_owners_own() {
    let own = r#"{ "mongodb": { "database": "app" }, "redis": { "prefix": "" } }"#;
    assert_eq!(used(&borrower("mine", Some(own), PLAIN)), ("app".into(), String::new()));
    let one = r#"{ "redis": { "prefix": "a:b/" } }"#;
    assert_eq!(used(&borrower("mine", Some(one), PLAIN)), ("mine".into(), "a:b/".into()));
    let project = borrower("mine", None, PLAIN);
    project.write("i.json", br#"{ "infrastructure": { "mongodb": { "database": "infra" } } }"#);
    let profile = r#"{ "project": "p", "services": "../s.json", "infra": "../i.json", "sharedInfra": "o" }"#;
    project.write("profiles/p.json", profile.as_bytes());
    assert_eq!(used(&project), ("infra".into(), "p:".into()));
}

#[test]
fn an_owner_has_no_prefix_unless_it_says_so() {
    let project = borrower("mine", None, r#""mongodb": {}, "redis": { "prefix": "o:" }"#);
    let owner = load(project.root(), "o").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(owner.redis.unwrap().prefix, "o:");
    assert_eq!(used(&project).1, "mine:");
    let plain = load(borrower("mine", None, PLAIN).root(), "o").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(plain.redis.unwrap().prefix, "");
}

#[test]
fn a_name_that_is_taken_is_refused() {
    let at = "profiles/p.json:4:18: sharedInfra: its database would be called";
    let hint = "    write `infrastructure.mongodb.database`";
    for (project, whose) in [("app", "the owner's"), ("admin", "MongoDB's"), ("local", "MongoDB's")] {
        let message = format!("{at} `{project}` like the project, and that one is {whose}\n{hint}");
        assert_eq!(borrower(project, None, PLAIN).error("p"), message);
    }
    let taken =
        borrower("mine", None, r#""mongodb": { "database": "Mine" }, "redis": { "prefix": "mine:" }"#);
    assert_eq!(
        taken.error("p"),
        format!(
            "{at} `mine` like the project, and that one is the owner's\n{hint}\n\
             profiles/p.json:4:18: sharedInfra: its keys would begin with `mine:` like the owner's\n    \
             write `infrastructure.redis.prefix`"
        )
    );
}

#[test]
fn what_is_the_owners_to_set_is_refused() {
    let own = r#"{ "mongodb": { "mode": "single", "database": "d" }, "redis": { "auth": true } }"#;
    let hint = "    of borrowed stores a profile sets `mongodb.database` and `redis.prefix`";
    assert_eq!(
        borrower("mine", Some(own), PLAIN).error("p"),
        format!(
            "profiles/p.json:4:36: infrastructure.mongodb.mode: `mode` is the owner's to set: `sharedInfra` uses its mongodb\n{hint}\n\
             profiles/p.json:4:84: infrastructure.redis.auth: `auth` is the owner's to set: `sharedInfra` uses its redis\n{hint}"
        )
    );
    let own = r#"{ "mongodb": { "database": "a b" }, "redis": { "prefix": "a b" } }"#;
    assert_eq!(
        borrower("mine", Some(own), PLAIN).error("p"),
        "profiles/p.json:4:48: infrastructure.mongodb.database: `a b` is not a database's name
    use at most 38 letters, digits, `_` and `-`
profiles/p.json:4:78: infrastructure.redis.prefix: `a b` is not a prefix of keys
    use at most 100 letters, digits, `_`, `-`, `:`, `.` and `/`"
    );
    let own = r#"{ "mongodb": { "database": "d" }, "redis": { "prefix": "r" } }"#;
    assert_eq!(
        borrower("mine", Some(own), r#""redis": {}"#).error("p"),
        "profiles/p.json:4:48: infrastructure.mongodb.database: the owner has no mongodb\n    remove the key"
    );
}
