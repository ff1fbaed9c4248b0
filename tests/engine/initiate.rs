//! The job that initiates a replica set, in the real mongosh against a server that this test plays: which commands it sends, in
//! which order, with the fields and error codes that MongoDB 8.0 documents.

use std::path::Path;
use std::process::Command;

use gw::manifest::compose::read;
use serde_json::{Value, json};

use crate::harness::{Project, finished, mapped};

/// Takes the place of mongosh's `Mongo`: prints what it is asked, and answers and refuses as `SERVER` says.
const SERVER: &str = r"
const server = JSON.parse(process.env.SERVER);
class Mongo {
  constructor(uri) { this.uri = uri; }
  getDB(db) {
    const told = (asked) => {
      print(JSON.stringify({ uri: this.uri, db, ...asked }));
      const refusals = server.refuses[Object.keys(asked)[0]] ?? [];
      const refusal = refusals.shift();
      if (refusal) throw Object.assign(new Error(refusal.codeName), refusal);
      return { ok: 1 };
    };
    return {
      hello: () => { told({ hello: 1 }); return server.hello; },
      runCommand: (command) => told(command),
      getUsers: () => { told({ usersInfo: 1 }); return { users: server.users.map((user) => ({ user })), ok: 1 }; },
      createUser: ({ user, ...rest }) => told({ createUser: user, ...rest }),
      updateUser: (user, change) => told({ updateUser: user, ...change }),
      getCollection: (update) => ({
        updateOne: (q, u, { writeConcern, ...rest }) => told({ update, q, u: Object.keys(u), ...rest, writeConcern }),
      }),
    };
  }
}
";

/// A project with a replica set of three, rendered.
fn rendered() -> Project {
    let project = Project::new(json!({}));
    let mongodb = json!({ "mode": "replicaSet", "members": 3, "auth": true, "database": "shop" });
    project.write(
        "services.json",
        &json!({ "infrastructure": { "mongodb": mongodb }, "services": {} }).to_string(),
    );
    project.expect(0, &["generate"]);
    project
}

/// The job's script, as it stands in the rendered file.
fn script(project: &Project) -> String {
    let file = project.compose_file();
    let text = std::fs::read_to_string(&file).expect("the file was rendered");
    let desired =
        read(&text, &file, &|name| Some(format!("value of {name}")), &|path| std::fs::read_to_string(path));
    let desired = desired.unwrap_or_else(|error| panic!("{error}"));
    let files = &desired.components["mongo-initiate"].container.files;
    let script = files.iter().find(|file| Path::new(&file.target).extension().is_some_and(|end| end == "js"));
    script.expect("the job has a script").content.clone()
}

/// Runs the job against a server; the commands that it sent.
fn commands(project: &Project, server: &Value) -> Vec<Value> {
    let script = script(project);
    project.write("initiate.js", &format!("{SERVER}{script}"));
    let mounted = format!("{}:/initiate.js:ro", project.root.join("initiate.js").display());
    let mut command = Command::new("docker");
    command.args(["run", "--rm", "--network", "none", "--user", "999:999", "--volume", &mounted]);
    for variable in ["HOME=/tmp", "MONGODB_ROOT_PASSWORD=of-root", "MONGODB_PASSWORD=of-app"] {
        command.args(["--env", variable]);
    }
    command.args(["--env", &format!("SERVER={server}"), &mapped("mongo:8.0")]);
    let ended = finished(command.args(["mongosh", "--quiet", "--norc", "--nodb", "/initiate.js"]), 0);
    assert!(ended.stdout.ends_with("replica set rs0 of 3 takes writes\n"), "{}", ended.stdout);
    let lines = ended.stdout.lines().filter(|line| line.starts_with('{'));
    lines.map(|line| serde_json::from_str(line).expect("it is JSON")).collect()
}

/// What the job sends in its steps: `look`, `initiate`, `users`, `create`, `change`, `write`.
fn step(project: &Project, name: &str) -> Value {
    let members: Vec<String> = ["mongo-primary", "mongo-secondary-1", "mongo-secondary-2"]
        .map(|member| format!("{member}.{}:27017", project.name))
        .into();
    let patience = "serverSelectionTimeoutMS=2000&authSource=admin";
    let first = format!("mongodb://root:of-root@{}/?directConnection=true&{patience}", members[0]);
    let set = |login: &str| format!("mongodb://{login}@{}/?replicaSet=rs0&{patience}", members.join(","));
    let (root, app) = (set("root:of-root"), set("app:of-app"));
    let roles = ["readWriteAnyDatabase", "dbAdminAnyDatabase"];
    let quick = json!({ "electionTimeoutMillis": 2000, "heartbeatIntervalMillis": 500, "catchUpTimeoutMillis": 1000 });
    let hosts: Vec<Value> =
        (0..).zip(&members).map(|(number, host)| json!({ "_id": number, "host": host })).collect();
    match name {
        "look" => json!({ "uri": first, "db": "admin", "hello": 1 }),
        "initiate" => json!({
            "uri": first, "db": "admin",
            "replSetInitiate": { "_id": "rs0", "members": hosts, "settings": quick },
        }),
        "users" => json!({ "uri": root, "db": "admin", "usersInfo": 1 }),
        "create" => {
            json!({ "uri": root, "db": "admin", "createUser": "app", "pwd": "of-app", "roles": roles })
        }
        "change" => json!({ "uri": root, "db": "admin", "updateUser": "app", "pwd": "of-app" }),
        "write" => json!({
            "uri": app, "db": "shop", "update": "gw.ready", "q": { "_id": "ready" }, "u": ["$set"],
            "upsert": true, "writeConcern": { "w": "majority" },
        }),
        other => panic!("{other} is no step"),
    }
}

/// The steps of a run, in their order.
fn steps(project: &Project, names: &str) -> Vec<Value> {
    names.split(' ').map(|name| step(project, name)).collect()
}

/// A member that has no configuration yet.
fn new() -> Value {
    json!({ "isWritablePrimary": false, "secondary": false, "isreplicaset": true })
}

/// The first run initiates through the first member, makes the applications' user, and writes to a majority as that user; another
/// run finds the set, gives the user the password of now, and writes again.
#[test]
fn a_set_is_initiated_once_and_its_user_kept() {
    let project = rendered();
    let first = commands(&project, &json!({ "hello": new(), "users": ["root"], "refuses": {} }));
    assert_eq!(first, steps(&project, "look initiate users create write"));
    let member = json!({ "setName": "rs0", "isWritablePrimary": false, "secondary": true });
    let again = commands(&project, &json!({ "hello": member, "users": ["root", "app"], "refuses": {} }));
    assert_eq!(again, steps(&project, "look users change write"));
}

/// Who is not there yet, or is in the middle of an election, is asked again; that somebody else was quicker is as good.
#[test]
fn refusals_that_pass_are_tried_again() {
    let project = rendered();
    let refusal = |code: u16, name: &str| json!({ "code": code, "codeName": name });
    let refuses = json!({
        "replSetInitiate": [refusal(74, "NodeNotFound"), refusal(109, "ConfigurationInProgress"), refusal(23, "AlreadyInitialized")],
        "createUser": [refusal(10107, "NotWritablePrimary")],
        "update": [refusal(189, "PrimarySteppedDown")],
    });
    let sent = commands(&project, &json!({ "hello": new(), "users": ["root"], "refuses": refuses }));
    let expected = "look initiate look initiate look initiate users create users create write write";
    assert_eq!(sent, steps(&project, expected));
}
