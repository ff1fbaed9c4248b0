//! Profiles of one checkout that want the same ports of the host, and profiles that do not.

use serde_json::{Value, json};

use crate::harness::{Project, get, get_json, sample};
use crate::running::Running;

/// A checkout with `auth` and `kyc` in profile `default`, and `auth` alone, on the same port, in profile `test`.
struct Checkout {
    default: Project,
    /// Its name is the project of profile `test`, whose containers go with it; its folder is not used.
    test: Project,
}

impl Checkout {
    fn new() -> Self {
        let (test, default) = (Project::new(json!({})), Project::new(json!({})));
        let port = default.port;
        default.services(&json!({ "auth": sample(port, json!({})), "kyc": sample(port + 1, json!({})) }));
        let profile = json!({ "project": test.name, "services": "../services.json", "only": ["auth"] });
        default.write("profiles/test.json", &profile.to_string());
        Self { default, test }
    }

    /// `P`, `D` and `T` for the port and the two projects.
    fn text(&self, text: &str) -> String {
        text.replace(&self.default.port.to_string(), "P")
            .replace("gwtP", "D")
            .replace(&format!("gwt{}", self.test.port), "T")
    }

    fn states(&self) -> [Vec<String>; 2] {
        [&self.default, &self.test]
            .map(|project| project.containers().iter().map(|line| self.text(line)).collect())
    }
}

/// A port that another profile holds ends `up`, `fresh` and `--dry-run` with 5 before anything is made, and names holder and ways out.
#[test]
fn two_profiles_that_want_one_port() {
    let checkout = Checkout::new();
    let (default, test) = (&checkout.default, &checkout.test);
    default.expect(0, &["up"]);
    let before = default.files();
    for command in [&["up"][..], &["up", "--dry-run"], &["fresh"]] {
        let ended = default.expect(5, &[&["-p", "test"], command].concat());
        let expected = "\
error: port P/tcp on 127.0.0.1 for auth is taken by container D-auth-1 (project D, profile default) of this checkout
hint: `gw COMMAND -p test --take-over` stops D-auth-1
      `gw down -p default` takes project D down
      another port: `ports.auth` in profiles/test.json
";
        assert_eq!(checkout.text(&ended.stderr), expected.replace("COMMAND", command[0]));
        assert_eq!(ended.stdout, "");
    }
    let shown = default.expect(5, &["-o", "json", "-p", "test", "up"]).stdout;
    let error: Value = serde_json::from_str(shown.lines().last().expect("an error")).expect("JSON");
    let conflict = &error["problems"][0]["conflict"];
    assert_eq!((&error["code"], &conflict["port"]), (&json!(5), &json!(default.port)));
    assert_eq!(
        (&conflict["component"], &conflict["key"], &conflict["protocol"], &conflict["address"]),
        (&json!("auth"), &json!("ports.auth"), &json!("tcp"), &json!("127.0.0.1"))
    );
    let holder = &conflict["holder"];
    assert_eq!(holder["name"], json!(format!("{}-auth-1", default.name)));
    assert_eq!(
        (&holder["kind"], &holder["profile"], &holder["owner"]),
        (&json!("container"), &json!("default"), &json!("this-checkout"))
    );
    assert_eq!((test.containers(), test.networks()), (Vec::new(), Vec::new()));
    let rendered = |name: &String| !before.contains_key(name) && name.contains("compose.yaml");
    assert_eq!(default.files().into_keys().find(rendered), None);
}

/// `--take-over` stops the holder, which stays, and says what is lost; the other profile takes its port back the same way.
#[test]
fn one_profile_takes_a_port_over_from_another() {
    let checkout = Checkout::new();
    let default = &checkout.default;
    default.expect(0, &["up"]);
    let plan = default.expect(0, &["-p", "test", "up", "--take-over", "--dry-run"]).stdout;
    let expected = "  \
  1 clean   stop container D-auth-1 (holds port P)
  2 start   create network default (no such network)
  3 start   create container auth-1 (no container yet) after 2
  4 start   start container auth-1 (created) after 1, 3
  5 health  await auth (must be ready) after 4
  - profile default loses auth: `gw up -p default` brings it back
";
    assert_eq!(checkout.text(&plan), expected);
    assert_eq!(
        checkout.states(),
        [vec!["D-auth-1 running".to_owned(), "D-kyc-1 running".to_owned()], vec![]]
    );
    let ended = default.expect(0, &["-p", "test", "up", "--take-over"]);
    assert!(
        ended.stderr.starts_with("note: profile default loses auth: `gw up -p default` brings it back\n"),
        "{}",
        ended.stderr
    );
    let taken = [
        vec!["D-auth-1 exited".to_owned(), "D-kyc-1 running".to_owned()],
        vec!["T-auth-1 running".to_owned()],
    ];
    assert_eq!(checkout.states(), taken);
    let container = checkout.test.id("auth");
    assert!(container.starts_with(get_json(default.port, "/")["host"].as_str().expect("a host")));
    default.expect(5, &["up"]);
    assert_eq!(checkout.states(), taken);
    let id = default.id("auth");
    default.expect(0, &["up", "--take-over"]);
    assert_eq!(default.id("auth"), id, "what was stopped is started again");
    assert!(id.starts_with(get_json(default.port, "/")["host"].as_str().expect("a host")));
    assert_eq!(checkout.states()[1], ["T-auth-1 exited"]);
}

/// With `--output json` the stop of a holder is an operation of the phase `clean`, and the start comes after it.
#[test]
fn a_take_over_is_told_as_events() {
    let checkout = Checkout::new();
    checkout.default.expect(0, &["up"]);
    let mut run = Running::start(&checkout.default, &["-p", "test", "fresh", "--take-over"]);
    let ended = |operation: String| {
        move |event: &Value| {
            event["event"] == "operation-finished" && event["operation"] == operation.as_str()
        }
    };
    let stop = format!("stop container {}-auth-1", checkout.default.name);
    run.until(&stop, ended(stop.clone()));
    run.until("the start", ended("start container auth-1".into()));
    assert_eq!(run.end().0.code, 0);
}

/// A store that another project uses is not taken over; its users are named.
#[test]
fn what_others_use_is_not_taken_over() {
    // The owner goes last.
    let [default, combo, rival] = [(); 3].map(|()| Project::new(json!({})));
    let (port, projects) = (default.port, [&default, &combo, &rival]);
    let env = json!({ "env": { "REDIS_URL": "${redis.url}" }, "dependsOn": ["redis"] });
    let services = json!({
        "infrastructure": { "redis": { "port": port } }, "services": { "kyc": sample(port + 1, env) },
    });
    default.write("services.json", &services.to_string());
    let borrows = json!({
        "project": combo.name, "services": "../services.json", "sharedInfra": "default", "ports": { "offset": 10 },
    });
    default.write("profiles/combo.json", &borrows.to_string());
    default.write("other.json", &json!({ "services": { "auth": sample(port, json!({})) } }).to_string());
    let wants = json!({ "project": rival.name, "services": "../other.json" });
    default.write("profiles/rival.json", &wants.to_string());
    default.expect(0, &["up"]);
    default.expect(0, &["-p", "combo", "up"]);
    let before = projects.map(Project::containers);
    let ended = default.expect(5, &["-p", "rival", "up", "--take-over"]);
    let expected = format!(
        "error: port {port}/tcp on 127.0.0.1 for auth is taken by container {0}-redis-1 (project {0}, profile default) of this checkout\n\
         hint: --take-over leaves {0}-redis-1 alone: {1}-{1}-kyc-1 uses project {0}\n\
         \x20     another port: `ports.auth` in profiles/rival.json\n",
        default.name, combo.name
    );
    assert_eq!(ended.stderr, expected);
    assert_eq!(projects.map(Project::containers), before);
}

/// Three profiles with ports of their own are up at once, one of them on another's store, and none disturbs another.
#[test]
fn three_profiles_side_by_side() {
    // The owner goes last.
    let [default, test, combo] = [(); 3].map(|()| Project::new(json!({})));
    let port = default.port;
    let env = json!({ "env": { "REDIS_URL": "${redis.url}" }, "dependsOn": ["redis"] });
    let services = json!({
        "infrastructure": { "redis": { "port": port + 5 } },
        "services": { "auth": sample(port, env.clone()), "kyc": sample(port + 1, env) },
    });
    default.write("services.json", &services.to_string());
    let profiles = [
        ("default", json!({ "project": default.name, "gateway": { "port": port + 40, "default": "auth" } })),
        (
            "test",
            json!({
                "project": test.name, "ports": { "offset": 10 }, "gateway": { "port": port + 41, "default": "auth" },
            }),
        ),
        (
            "combo",
            json!({
                "project": combo.name, "only": ["kyc"], "sharedInfra": "default", "ports": { "offset": 30 },
                "gateway": { "port": port + 42, "default": { "profile": "default" } },
            }),
        ),
    ];
    for (name, mut profile) in profiles {
        profile["services"] = json!("../services.json");
        default.write(&format!("profiles/{name}.json"), &profile.to_string());
    }
    for profile in ["default", "test", "combo"] {
        default.expect(0, &["-p", profile, "up"]);
    }
    let before = [&default, &test, &combo].map(Project::containers);
    for profile in ["default", "test", "combo"] {
        default.expect(0, &["-p", profile, "health"]);
        default.expect(0, &["-p", profile, "up"]);
    }
    assert_eq!([&default, &test, &combo].map(Project::containers), before);
    for (gateway, kyc) in [(40, &default), (41, &test)] {
        let (status, body) = get(port + gateway, "/", &[("X-Target-Service", "kyc")]);
        let answer: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(status, 200);
        assert!(kyc.id("kyc").starts_with(answer["host"].as_str().expect("a host")), "{gateway}: {body}");
    }
    assert_eq!(get(port + 31, "/health", &[]).0, 200);
}
