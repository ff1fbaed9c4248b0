//! What is borrowed in `status` and `health`, and taking down or stopping a project that others use.

use serde_json::{Value, json};

use crate::harness::{Project, sample};
use crate::owners::copied;
use crate::sharing::{GATEWAY, MONGODB, OFFSET, REDIS, combo, owner};

/// Component, owner and readiness of each row.
fn rows(view: &Value) -> Vec<(String, String, String)> {
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = view["components"].as_array().expect("rows");
    rows.iter().map(|row| (text(row, "component"), text(row, "owner"), text(row, "ready"))).collect()
}

fn row(component: &str, owner: &str, ready: &str) -> (String, String, String) {
    (component.to_owned(), owner.to_owned(), ready.to_owned())
}

/// `status` and `health` list what is borrowed as the owner's, asked there; one that is not ready makes `health` end 8.
#[test]
fn borrowed_parts_are_listed_as_the_owners() {
    let project = owner();
    combo(&project);
    let ms = project.name.as_str();
    // The owner's rows say nothing of whether this profile runs.
    let nothing = project.expect(0, &["-p", "combo", "status"]);
    assert_eq!(nothing.stderr, format!("nothing runs of profile combo (project {ms}-combo)\n"));
    let absent = project.view(8, &["-p", "combo", "health"]);
    assert_eq!(rows(&absent)[2..], ["gateway", "mongodb", "redis"].map(|name| row(name, ms, "absent")));

    project.expect(0, &["-p", "combo", "up", "--with-shared"]);
    let all = [
        row("gateway", "", "ready"),
        row("kyc", "", "ready"),
        row("gateway", ms, "ready"),
        row("mongodb", ms, "ready"),
        row("redis", ms, "ready"),
    ];
    for view in ["status", "health"] {
        assert_eq!(rows(&project.view(0, &["-p", "combo", view])), all);
        let table = project.expect(0, &["-p", "combo", view]).stdout;
        let line = format!("mongodb (of {ms}) ");
        assert!(table.lines().any(|one| one.starts_with(&line)), "{table}");
        assert_eq!(
            rows(&project.view(0, &["-p", "combo", view, "redis", "kyc"])),
            [all[1].clone(), all[4].clone()]
        );
        assert_eq!(rows(&project.view(0, &["-p", "combo", view, "gateway"])), all[..1]);
        let unknown = project.expect(2, &["-p", "combo", view, "nobody"]);
        let expected = "no service \"nobody\" in profile combo; it has gateway, kyc, mongodb, redis, gateway";
        assert!(unknown.stderr.contains(expected), "{}", unknown.stderr);
    }
    let health = project.view(0, &["-p", "combo", "health", "mongodb"]);
    assert_eq!(health["components"][0]["role"], "standalone");

    project.docker(&["stop", &project.id("redis")]);
    let stopped = project.view(8, &["-p", "combo", "health", "mongodb", "redis"]);
    assert_eq!(rows(&stopped), [row("mongodb", ms, "ready"), row("redis", ms, "failed")]);
    assert_eq!(rows(&project.view(0, &["-p", "combo", "status"]))[4], row("redis", ms, "failed"));
}

/// `ports` and `env` tell where this machine reaches what is borrowed, with the borrower's own database.
#[test]
fn ports_and_variables_lead_to_what_is_borrowed() {
    let project = owner();
    let combo = combo(&project);
    project.expect(0, &["-p", "combo", "up", "--with-shared"]);
    let (port, ms) = (project.port, project.name.as_str());
    let view = project.view(0, &["-p", "combo", "ports"]);
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows: Vec<[String; 3]> = view["ports"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| ["owner", "inside", "host"].map(|name| text(row, name)))
        .collect();
    let row = |owner: &str, inside: &str, port: u16| {
        [owner.to_owned(), inside.to_owned(), format!("127.0.0.1:{port}")]
    };
    let expected = [
        row("", "gateway:8080", port + OFFSET + GATEWAY),
        row("", &format!("kyc:{}", port + 1), port + 1 + OFFSET),
        row(ms, &format!("gateway.{ms}:8080"), port + GATEWAY),
        row(ms, &format!("mongodb.{ms}:27017"), port + MONGODB),
        row(ms, &format!("redis.{ms}:6379"), port + REDIS),
    ];
    assert_eq!(rows, expected);
    let one = project.expect(0, &["-p", "combo", "ports", "redis"]).stdout;
    assert!(one.lines().count() == 2 && one.contains(&format!("redis (of {ms})")), "{one}");

    let variables = project.expect(0, &["-p", "combo", "env", "kyc", "--format", "json"]).stdout;
    let variables: Value = serde_json::from_str(&variables).expect("JSON");
    let uri = variables["MONGODB_URI"].as_str().expect("a text");
    let place = format!("@127.0.0.1:{}/{combo}?authSource=admin", port + MONGODB);
    assert!(uri.starts_with("mongodb://root:") && uri.ends_with(&place), "{uri}");
    let all = project.expect(0, &["-p", "combo", "env"]).stdout;
    for line in [
        format!("export GATEWAY_URL='http://127.0.0.1:{}'", port + OFFSET + GATEWAY),
        format!("@127.0.0.1:{}'", port + REDIS),
    ] {
        assert!(all.contains(&line), "{line}\n{all}");
    }
}

/// The error of a project that `combo` still uses.
fn still_used(project: &Project, combo: &str) -> String {
    format!(
        "error: project {} is still used: by project {combo} (profile combo) with {combo}-{combo}-gateway-1, {combo}-{combo}-kyc-1\n\
         hint: first: gw down -p combo\n      or go on with --force: what uses it then fails\n",
        project.name
    )
}

/// An owner that is used is neither taken down nor stopped, whole or in a part that is used, and the users are named; a part that nobody
/// uses is. Who uses it is read from the engine: `.gw` may be gone but for the owner's name and the secrets.
#[test]
fn an_owner_that_is_used_stays_up_and_names_its_users() {
    let project = owner();
    let combo = combo(&project);
    project.expect(0, &["up"]);
    project.expect(0, &["-p", "combo", "up"]);
    for left in std::fs::read_dir(project.root.join(".gw")).expect("it is there").flatten() {
        if !["owner.json", "secrets"].contains(&left.file_name().to_str().expect("a name")) {
            std::fs::remove_dir_all(left.path()).expect("it can be removed");
        }
    }
    let before = (project.containers(), project.containers_of(&combo));
    for arguments in [
        &["down"][..],
        &["down", "-v"],
        &["down", "--dry-run"],
        &["down", "mongodb"],
        &["down", "kyc", "gateway"],
        &["stop"],
        &["stop", "redis"],
    ] {
        let refused = project.expect(5, arguments);
        assert_eq!(refused.stderr, still_used(&project, &combo), "{arguments:?}");
    }
    assert_eq!((project.containers(), project.containers_of(&combo)), before);
    project.expect(0, &["stop", "kyc"]);
    project.expect(0, &["down", "kyc"]);
    assert_eq!(project.containers().len(), 4);
    project.expect(0, &["restart", "redis"]);
    let emptied = project.expect(0, &["fresh", "--volumes", "--no-deps", "redis"]);
    let note = format!(
        "note: project {combo} uses this one ({combo}-{combo}-gateway-1, {combo}-{combo}-kyc-1): what"
    );
    assert!(emptied.stderr.contains(&note), "{}", emptied.stderr);

    // Whose profile is gone may use anything.
    std::fs::remove_file(project.root.join("profiles/combo.json")).expect("it can be removed");
    let refused = project.expect(5, &["down", "auth"]);
    assert_eq!(refused.stderr, still_used(&project, &combo));
}

/// With `--force` an owner goes; the network that others are attached to stays and is named, and goes with a later `down`.
#[test]
fn force_takes_a_used_owner_down_and_leaves_the_network() {
    let project = owner();
    let combo = combo(&project);
    project.expect(0, &["up"]);
    project.expect(0, &["-p", "combo", "up"]);
    let down = project.expect(0, &["down", "--force"]);
    let note = format!(
        "note: network {0}_default stays: containers {combo}-{combo}-gateway-1, {combo}-{combo}-kyc-1 are attached to it\n",
        project.name
    );
    assert!(down.stderr.contains(&note), "{}", down.stderr);
    assert_eq!((project.containers(), project.networks().len()), (vec![], 1));
    project.expect(8, &["-p", "combo", "health"]);
    // Everybody finds each other again on the same network.
    project.expect(0, &["up"]);
    project.expect(0, &["-p", "combo", "health"]);
    project.expect(0, &["-p", "combo", "down"]);
    project.expect(0, &["down"]);
    assert_eq!((project.containers(), project.networks()), (vec![], vec![]));
}

/// What a borrower stopped uses nothing: the owner goes, with its network, and the borrower comes up again on the new one.
#[test]
fn a_stopped_borrower_holds_nobody_and_comes_back() {
    let project = owner();
    let combo = combo(&project);
    project.expect(0, &["up"]);
    project.expect(0, &["-p", "combo", "up"]);
    project.expect(0, &["-p", "combo", "stop"]);
    project.expect(0, &["down"]);
    assert_eq!(project.networks(), Vec::<String>::new());
    project.expect(0, &["up"]);
    let up = project.expect(0, &["-p", "combo", "up"]);
    assert!(up.stderr.contains(&format!("remove container {combo}-{combo}-kyc-1")), "{}", up.stderr);
    project.expect(0, &["-p", "combo", "health"]);
}

/// A borrower in a copied folder does not use the original's stores: they are another checkout's.
#[test]
fn another_checkouts_project_is_not_borrowed_from() {
    let project = owner();
    combo(&project);
    project.expect(0, &["up"]);
    let copy = Project::new(json!({ "auth": sample(project.port + 40, json!({})) }));
    copied(&project.root.join("."), &copy.root);
    let gateway = copy.port + GATEWAY + OFFSET;
    copy.further(
        "combo",
        &json!({
            "only": ["kyc"], "sharedInfra": "default", "ports": { "offset": OFFSET },
            "gateway": { "port": gateway, "default": { "profile": "default" } },
        }),
    );
    for arguments in [&["up"][..], &["up", "--with-shared"], &["health"]] {
        let refused = copy.expect(5, &[&["-p", "combo"], arguments].concat());
        let owner = format!("project {} belongs to the checkout in {}", project.name, project.root.display());
        assert!(refused.stderr.contains(&owner), "{}", refused.stderr);
    }
    assert_eq!(project.containers().len(), 5);
}
