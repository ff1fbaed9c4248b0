//! Secrets from elsewhere, as files, and nowhere else.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::harness::{Ended, Project, ended, eventually, sample};

/// A key of several lines, with everything in it that a text can stumble over.
const KEY: &str = "-----BEGIN KEY-----\nfirst'line\"of$key\\n=\nsecond-line-of-the-key\n-----END KEY-----\n";
/// The value of the variable `GWT_TOKEN`.
const TOKEN: &str = "token from the environment";
/// Logs in to Redis with the password from its file.
const LOG_IN: &str = "redis-cli -h redis -a \"$(cat /run/secrets/GW_REDIS_PASSWORD)\" ping";
/// What the command prints.
const TOLD: &str = "told-by-a-command";

/// A service whose secrets come from a variable, a file and a command, beside a store's, which gw makes; `script` is what it runs.
fn with_sources(script: &str) -> Project {
    let project = Project::new(json!({}));
    project.profile(&json!({ "secrets": {
        "TOKEN": { "env": "GWT_TOKEN" },
        "KEY": { "file": "keys/key.pem" },
        "TOLD": { "command": ["sh", "tell"] },
        "MADE": { "generate": 24 },
    } }));
    project.write("keys/key.pem", KEY);
    project.write("tell", &format!("echo a complaint with {TOLD} >&2\necho {TOLD}\n"));
    let services = json!({
        "infrastructure": { "redis": { "auth": true } },
        "services": { "app": {
            "image": "redis:8", "command": ["sh", "-c", script], "restart": "no", "stopGrace": "0s", "dependsOn": ["redis"],
            "env": { "TOKEN": "${secrets.TOKEN}", "URL": "${redis.url}", "MADE": "${secrets.MADE}" },
            "secrets": ["KEY", "TOLD", "GW_REDIS_PASSWORD"],
            "files": [{ "target": "/etc/app/redis-url", "content": "${redis.url}" }],
            "ready": { "exec": ["test", "-e", "/tmp/ready"], "deadline": "30s" },
        } },
    });
    project.write("services.json", &services.to_string());
    project
}

fn gw(project: &Project, arguments: &[&str]) -> Ended {
    ended(project.command(arguments).env("GWT_TOKEN", TOKEN).output().expect("gw runs"))
}

fn expect(project: &Project, code: i32, arguments: &[&str]) -> Ended {
    let ended = gw(project, arguments);
    assert_eq!(ended.code, code, "gw {arguments:?}\n{}\n{}", ended.stdout, ended.stderr);
    ended
}

/// Every value that must not be seen, and every line of it.
fn values(project: &Project) -> Vec<String> {
    let made = project.secret_values("default");
    let mut values = vec![TOKEN.to_owned(), TOLD.to_owned(), KEY.to_owned(), made["MADE"].clone()];
    values.extend(KEY.lines().map(str::to_owned));
    values.push(made["GW_REDIS_PASSWORD"].clone());
    let json =
        |value: &String| serde_json::Value::String(value.clone()).to_string().trim_matches('"').to_owned();
    let escaped: Vec<String> = values.iter().map(json).collect();
    values.extend(escaped);
    values
}

/// Panics where a text holds a secret.
fn clean(values: &[String], what: &str, text: &str) {
    for value in values {
        assert!(!text.contains(value.as_str()), "{what} holds {value}:\n{text}");
    }
}

/// Looks through everything that gw wrote and everything that it put on the engine, but for where secrets belong.
fn nothing_leaked(project: &Project, said: &[Ended]) {
    let values = values(project);
    for ended in said {
        clean(&values, "standard output", &ended.stdout);
        clean(&values, "standard error", &ended.stderr);
    }
    let known = ["keys/key.pem", "tell", ".gw/secrets/default/env"];
    let mut seen = 0;
    for (path, content) in project.files().into_iter().filter(|(path, _)| !known.contains(&path.as_str())) {
        clean(&values, &path, &String::from_utf8_lossy(&content));
        seen += 1;
    }
    assert!(seen > 5, "{seen} files");
    let label = format!("label=com.docker.compose.project={}", project.name);
    for kind in ["container", "volume", "network"] {
        let all = if kind == "container" { &["-a"][..] } else { &[] };
        let list = [&[kind, "ls", "-q", "--filter", &label][..], all].concat();
        let found = project.docker(&list).stdout;
        for id in found.lines() {
            let format = if kind == "container" { "{{json .Config.Labels}}" } else { "{{json .Labels}}" };
            clean(&values, kind, &project.docker(&[kind, "inspect", "-f", format, id]).stdout);
        }
    }
}

/// Prints all that it knows, then runs on, or ends with an error.
fn loud(end: &str) -> String {
    format!("env; cat /run/secrets/* /etc/app/redis-url; {LOG_IN}; {end}")
}

/// After a run that succeeds no value of any source is in a rendered file, a log, an event, a timeline, a label or an answer;
/// the service has them all.
#[test]
fn a_run_that_succeeds_shows_no_secret() {
    let project = with_sources(&loud("touch /tmp/ready; sleep 1000"));
    let mut said = vec![expect(&project, 0, &["--verbose", "up", "--timeline", "up.html"])];
    let seen = |command: &str| project.expect(0, &["exec", "-T", "app", "--", "sh", "-c", command]).stdout;
    assert_eq!(seen("cat /run/secrets/KEY"), KEY);
    assert_eq!(seen("printf '%s|' \"$TOKEN\" \"$(cat /run/secrets/TOLD)\""), format!("{TOKEN}|{TOLD}|"));
    assert_eq!(seen("printf %s $MADE").len(), 24);
    said.push(expect(&project, 0, &["-o", "json", "fresh", "--timeline", "fresh.json"]));
    for command in ["logs", "status", "health", "ports", "profiles", "doctor", "generate"] {
        said.push(expect(&project, 0, &[command]));
        said.push(expect(&project, 0, &["-o", "json", command]));
    }
    let log = &said[2].stdout;
    assert!(log.contains("TOKEN=***") && log.contains("PONG"), "{log}");
    for arguments in [
        &["generate", "--check"][..],
        &["up", "--dry-run"],
        &["fresh", "--dry-run"],
        &["secrets", "list"],
        &["-o", "json", "secrets", "list"],
        &["secrets", "rotate", "--dry-run"],
    ] {
        said.push(expect(&project, 0, arguments));
    }
    nothing_leaked(&project, &said);
    // Nobody needs a source to look at what runs, or to take it down.
    project.expect(0, &["status"]);
    project.expect(0, &["down"]);
}

/// After a run that fails the screen, the events, the error and the evidence hold no value either.
#[test]
fn a_run_that_fails_shows_no_secret() {
    let project = with_sources(&loud("echo last line; exit 4"));
    let said = vec![
        expect(&project, 7, &["--verbose", "up", "--timeline", "up.svg"]),
        expect(&project, 7, &["-o", "json", "fresh"]),
        expect(&project, 7, &["-q", "up"]),
    ];
    assert!(said[0].stderr.contains("last line") && said[0].stderr.contains("***"), "{}", said[0].stderr);
    let reports = project.files().into_keys().filter(|path| path.starts_with(".gw/reports/"));
    assert!(
        reports.filter(|path| path.ends_with("app.inspect.json")).count() == 3,
        "{:?}",
        project.files().keys()
    );
    nothing_leaked(&project, &said);
    // Whoever cannot be asked says nothing of what he would have told.
    project.write("tell", &format!("echo {TOLD}; echo {TOLD} >&2; exit 9\n"));
    let refused = expect(&project, 3, &["up"]);
    assert_eq!(
        refused.stderr,
        "error: no value for TOLD from the command `sh tell`: it ended with exit status: 9; run it by hand to see why\n"
    );
}

/// What is not there is said all at once and before anything is made, with where it should come from.
#[test]
fn sources_that_have_nothing_are_named_before_anything_is_made() {
    let project = with_sources("true");
    std::fs::remove_dir_all(project.root.join("keys")).expect("it was there");
    let refused = project.expect(3, &["up"]);
    assert_eq!(
        refused.stderr,
        "error: no value for KEY from the file keys/key.pem: it cannot be read: No such file or directory (os error 2)\n    \
         no value for TOKEN from the variable GWT_TOKEN: it is not set\n"
    );
    assert_eq!(project.containers(), Vec::<String>::new());
    project.expect(0, &["generate"]);
    let list = project.view(0, &["secrets", "list"]);
    let rows: BTreeMap<&str, (&Value, &Value)> = list["secrets"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (row["name"].as_str().expect("a name"), (&row["is_set"], &row["source"])))
        .collect();
    assert_eq!(rows["TOKEN"], (&json!(false), &json!("the variable GWT_TOKEN")));
    assert_eq!(rows["TOLD"], (&json!(true), &json!("the command `sh tell`")));
    assert_eq!(rows["MADE"], (&json!(true), &json!("gw")));
}

/// Secrets that others may read are refused by every command that would use them, with the commands that close them.
#[test]
fn secrets_that_others_may_read_are_refused() {
    let project = with_sources("true");
    expect(&project, 0, &["generate"]);
    let root = project.root.canonicalize().expect("the root").join(".gw/secrets/default");
    let mode = |path: &str, mode: u32| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(root.join(path), permissions).expect("a mode can be set");
    };
    mode("env", 0o644);
    mode("", 0o750);
    let at = root.display();
    for command in [&["up"][..], &["status"], &["down"], &["secrets", "list"], &["env"]] {
        let refused = expect(&project, 3, command).stderr;
        assert!(
            refused.starts_with(&format!(
                "error: others may read secrets: {at} has mode 0750, {at}/env has mode 0644\n\
                 hint: close them: chmod 700 {at} && chmod 600 {at}/env\n"
            )),
            "{refused}"
        );
    }
    mode("env", 0o600);
    mode("", 0o700);
    expect(&project, 0, &["secrets", "list"]);
}

/// A service that takes its secrets as files has none in its environment, started by gw and by plain Compose from the same file.
#[test]
fn an_application_takes_secrets_as_files() {
    let project = with_sources(&format!("{LOG_IN} | grep -q PONG && touch /tmp/ready; sleep 1000"));
    let mut services: Value =
        serde_json::from_slice(&std::fs::read(project.root.join("services.json")).expect("the services"))
            .expect("JSON");
    services["services"]["app"]["env"] = json!({ "REDIS_URL_FILE": "/etc/app/redis-url" });
    project.write("services.json", &services.to_string());
    let as_files = || {
        let environment = project.inspect("app", "{{json .Config.Env}}");
        clean(&values(&project), "the environment", &environment);
        let read = |path: &str| project.docker(&["exec", &project.id("app"), "cat", path]).stdout;
        let password = project.secret_values("default")["GW_REDIS_PASSWORD"].clone();
        assert_eq!((read("/run/secrets/KEY"), read("/run/secrets/TOLD")), (KEY.to_owned(), TOLD.to_owned()));
        assert_eq!(read("/run/secrets/GW_REDIS_PASSWORD"), password);
        assert_eq!(read("/etc/app/redis-url"), format!("redis://:{password}@redis:6379/0"));
    };
    // Nobody uses it here, and `values` asks for it.
    project.secrets("default", "MADE=123456789012345678901234\n");
    expect(&project, 0, &["up"]);
    as_files();
    project.expect(0, &["down"]);
    let file = project.compose_file().display().to_string();
    let up = ["compose", "--env-file", ".gw/secrets/default/env", "-f", &file, "up", "-d", "--wait"];
    let started = project.docker(&up);
    assert_eq!(started.code, 0, "{}", started.stderr);
    eventually("the service got in", std::time::Duration::from_secs(3), || {
        project.docker(&["exec", &project.id("app"), "test", "-e", "/tmp/ready"]).code == 0
    });
    as_files();
}

/// A password of a store that comes from elsewhere is the store's, and services log in with it.
#[test]
fn a_stores_password_may_come_from_elsewhere() {
    let project = Project::new(json!({}));
    let port = project.port;
    project.profile(&json!({ "secrets": { "GW_REDIS_PASSWORD": { "file": "password" } } }));
    let env = json!({ "env": { "REDIS_URL": "${redis.url}" }, "dependsOn": ["redis"] });
    let services = json!({
        "infrastructure": { "redis": { "auth": true } }, "services": { "auth": sample(port, env) },
    });
    project.write("services.json", &services.to_string());
    project.write("password", "from-elsewhere\n");
    project.expect(0, &["up"]);
    project.expect(0, &["health"]);
    assert_eq!(project.secret_values("default")["GW_REDIS_PASSWORD"], "from-elsewhere");
    project.write("password", "another-one\n");
    project.expect(0, &["up"]);
    project.expect(0, &["health"]);
    assert!(project.inspect("auth", "{{json .Config.Env}}").contains("another-one"));
    project.write("password", "not good\n");
    let refused = project.expect(3, &["up"]).stderr;
    assert!(refused.starts_with("error: GW_REDIS_PASSWORD has other characters than letters"), "{refused}");
}
