//! What `status`, `health`, `ports`, `env`, `profiles` and `doctor` show.

use std::process::Command;

use serde_json::{Value, json};

use crate::harness::{Project, sample};

/// `auth` is asked, `kyc` has no probe.
fn project() -> Project {
    let project = Project::new(json!({}));
    let port = project.port;
    project.services(&json!({
        "auth": sample(port, json!({ "env": { "ODD": "it's \"quoted\" $$HOME `x` \\ and\nmore" } })),
        "kyc": sample(port + 1, json!({ "ready": "none", "healthcheck": ["/sample-service", "--version"] })),
    }));
    project
}

fn rows(view: &Value) -> Vec<(String, String, String)> {
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = view["components"].as_array().expect("rows");
    rows.iter()
        .map(|row| (text(row, "component"), text(row, "state") + &text(row, "answer"), text(row, "ready")))
        .collect()
}

fn row(component: &str, state: &str, ready: &str) -> (String, String, String) {
    (component.to_owned(), state.to_owned(), ready.to_owned())
}

/// Before anything runs, `status` says so with code 0 and `health` answers 8 with a row for each component.
#[test]
fn views_of_what_does_not_run() {
    let project = project();
    let status = project.expect(0, &["status"]);
    let nothing = format!("nothing runs of profile default (project {})\n", project.name);
    assert_eq!((status.stdout.as_str(), status.stderr.as_str()), ("", nothing.as_str()));
    assert_eq!(rows(&project.view(0, &["status"])), []);
    let health = project.view(8, &["health"]);
    assert_eq!(rows(&health), [row("auth", "no container", "absent"), row("kyc", "no container", "absent")]);
}

/// A component that is not ready, stopped or removed is shown as such; `health` ends 8, `status` 0.
#[test]
fn views_tell_ready_from_unready_stopped_and_absent() {
    let project = project();
    let port = project.port;
    project.expect(0, &["up"]);
    project.expect(0, &["health"]);
    assert_eq!(
        rows(&project.view(0, &["status"])),
        [row("auth", "running", "ready"), row("kyc", "running", "ready")]
    );
    let unready = json!({ "env": { "SAMPLE_UNHEALTHY": "1" }, "ready": "none" });
    let mut services = json!({ "auth": sample(port, unready), "kyc": sample(port + 1, json!({})) });
    project.services(&services);
    project.expect(0, &["up"]);
    // What is running now answers 503 to a probe that the profile gets only afterwards.
    services["auth"]["ready"] = json!({ "http": "/health" });
    project.services(&services);
    let health = project.view(8, &["health"]);
    let found = rows(&health);
    assert_eq!((found[0].0.as_str(), found[0].2.as_str()), ("auth", "not-ready"));
    assert!(found[0].1.starts_with("HTTP 503: "), "{found:?}");
    assert_eq!(rows(&project.view(0, &["status"]))[0], row("auth", "running", "not-ready"));
    project.view(0, &["health", "kyc"]);
    project.expect(0, &["stop", "kyc"]);
    project.expect(0, &["down", "auth"]);
    let status = rows(&project.view(0, &["status"]));
    assert_eq!(status, [row("auth", "absent", "absent"), row("kyc", "exited (0)", "failed")]);
    assert_eq!(
        rows(&project.view(8, &["health"])),
        [row("auth", "no container", "absent"), row("kyc", "exited (0)", "failed")]
    );
    let table = project.expect(0, &["ps"]).stdout;
    assert!(table.starts_with("COMPONENT  ROLE     STATE       HEALTH  PORTS"), "{table}");
}

/// `ports` names each published port, inside and on this machine, and says what does not run.
#[test]
fn ports_shows_what_leads_where() {
    let project = project();
    let port = project.port;
    project.profile(&json!({ "gateway": { "port": port + 40, "default": "auth" } }));
    project.expect(0, &["up", "auth", "gateway"]);
    let table = project.expect(0, &["ports"]).stdout;
    let wanted = format!(
        "COMPONENT  INSIDE        HOST             NOTE
auth       auth:{port}    127.0.0.1:{port}
gateway    gateway:8080  127.0.0.1:{}
kyc        kyc:{}     127.0.0.1:{}  not running
",
        port + 40,
        port + 1,
        port + 1
    );
    assert_eq!(table, wanted);
    let view = project.view(0, &["ports", "auth"]);
    let only = json!([{ "component": "auth", "owner": null, "inside": format!("auth:{port}"), "host": format!("127.0.0.1:{port}"), "note": null }]);
    assert_eq!(view["ports"], only);
}

/// What `env` prints, a shell, a reader of `.env` files and a JSON parser read back unchanged.
#[test]
fn env_is_read_back_unchanged() {
    let project = project();
    project.expect(0, &["up", "auth"]);
    let odd = "it's \"quoted\" $HOME `x` \\ and\nmore";
    let shell = project.expect(0, &["env", "auth"]).stdout;
    let evaluated =
        Command::new("sh").args(["-c", &format!("{shell}printf %s \"$ODD\"")]).output().expect("sh runs");
    assert_eq!(String::from_utf8_lossy(&evaluated.stdout), odd);
    let json: Value =
        serde_json::from_str(&project.expect(0, &["env", "--format", "json", "auth"]).stdout).expect("JSON");
    assert_eq!((json["ODD"].as_str(), json["SERVICE_NAME"].as_str()), (Some(odd), Some("auth")));
    let same: Value =
        serde_json::from_str(&project.expect(0, &["-o", "json", "env", "auth"]).stdout).expect("JSON");
    assert_eq!(same, json);
    let dotenv = project.expect(0, &["env", "--format", "dotenv", "auth"]).stdout;
    assert!(dotenv.contains("ODD=\"it's \\\"quoted\\\" \\$HOME `x` \\\\ and\\nmore\"\n"), "{dotenv}");
    let all = project.expect(0, &["env"]).stdout;
    let (auth, kyc) = (project.port, project.port + 1);
    assert_eq!(
        all,
        format!("export AUTH_URL='http://127.0.0.1:{auth}'\nexport KYC_URL='http://127.0.0.1:{kyc}'\n")
    );
}

/// `profiles` lists what there is, with the mistakes of a broken one counted.
#[test]
fn profiles_lists_also_the_broken_one() {
    let project = project();
    project.profile(&json!({ "description": "Day to day", "gateway": { "port": project.port + 40 } }));
    project.write("profiles/broken.json", "{ \"project\": 3 }");
    let view = project.view(0, &["profiles"]);
    let profiles = view["profiles"].as_array().expect("rows");
    assert_eq!(
        (&profiles[0]["name"], profiles[0]["problems"].as_array().is_some_and(Vec::is_empty)),
        (&json!("broken"), false)
    );
    assert_eq!((&profiles[1]["name"], &profiles[1]["chosen"]), (&json!("default"), &json!(true)));
    assert_eq!(profiles[1]["gateway"], json!(project.port + 40));
    assert_eq!(profiles[1]["project"], json!(project.name));
    let table = project.expect(0, &["profiles"]).stdout;
    assert!(table.contains("gw -p broken generate --check shows them"), "{table}");
}

/// `doctor` is content with a machine that has an engine.
#[test]
fn doctor_is_content_where_all_is_well() {
    let project = project();
    let view = project.view(0, &["doctor"]);
    let checks = view["checks"].as_array().expect("rows");
    let verdict =
        |name: &str| checks.iter().find(|row| row["check"] == name).map(|row| row["verdict"].clone());
    assert_eq!((verdict("profiles"), verdict("engine")), (Some(json!("ok")), Some(json!("ok"))));
    assert!(project.expect(0, &["doctor"]).stdout.starts_with("CHECK "));
}
