//! MongoDB: one server, or a replica set with the job that initiates it.

use std::time::Duration;

use serde_json::json;

use super::address::{Found, MONGODB_PORT, View};
use super::model::{Component, Content, Dependency, File, Role, Text, Until};
use super::part::{check, component, memory, names_of_the_engine_only, port, ready, volume, words};
use super::reference::{REPLICA_SET, ROOT_USER, USER, mongodb_login};
use super::secret;
use crate::profile::model::{MongoDb, MongoDbMode, Probe, Profile, Readiness, Restart};

/// The user of the public image.
const USER_ID: &str = "999:999";
/// The key of the job that initiates the replica set.
const INITIATE: &str = "mongo-initiate";
/// A replica set waits for an election, on a slow machine for a long one.
const INITIATE_DEADLINE: Duration = Duration::from_secs(120);
/// mongod otherwise waits 15 s for clients that might still come back.
const QUICK_SHUTDOWN: &str = "shutdownTimeoutMillisForSignaledShutdown=100";

/// Keys of the servers, the first one first. A key is a name, not a role: after a failover the primary is another.
pub(super) fn names(mode: MongoDbMode) -> Vec<String> {
    match mode {
        MongoDbMode::Single => vec!["mongo".to_owned()],
        MongoDbMode::ReplicaSet { members } => std::iter::once("mongo-primary".to_owned())
            .chain((1..members).map(|number| format!("mongo-secondary-{number}")))
            .collect(),
    }
}

/// What a dependent of `mongodb` waits for.
pub(super) fn dependencies(mode: MongoDbMode) -> Vec<Dependency> {
    let mut dependencies: Vec<Dependency> =
        names(mode).into_iter().map(|on| Dependency { on, until: Until::Ready }).collect();
    if mode != MongoDbMode::Single {
        dependencies.push(Dependency { on: INITIATE.to_owned(), until: Until::Completed });
    }
    dependencies
}

/// Returns the servers, and the job where there is one.
pub(super) fn components(profile: &Profile, mongodb: &MongoDb, image: &str) -> Vec<Component> {
    let servers = (0..).zip(names(mongodb.mode));
    match mongodb.mode {
        MongoDbMode::Single => servers
            .map(|(index, key)| single(mongodb, server(profile, mongodb, image, &key, index)))
            .collect(),
        MongoDbMode::ReplicaSet { .. } => servers
            .map(|(index, key)| member(mongodb, server(profile, mongodb, image, &key, index), index))
            .chain([initiate(profile, mongodb, image)])
            .collect(),
    }
}

// The first member keeps its data in the single server's volume, so that a change of mode finds it.
fn server(profile: &Profile, mongodb: &MongoDb, image: &str, key: &str, index: u16) -> Component {
    let name = if mongodb.mode == MongoDbMode::Single { "mongodb" } else { key };
    let data = if index == 0 { "mongodb".to_owned() } else { key.replacen("mongo", "mongodb", 1) };
    Component {
        user: Some(USER_ID.to_owned()),
        ports: port(MONGODB_PORT, mongodb.port.map(|first| first + index)),
        mounts: vec![volume(&data, "/data/db"), memory("/data/configdb")],
        // The container's own address: while the image's entry point sets users up, a server listens on 127.0.0.1 only.
        engine_check: Some(check(&["bash", "-c", &format!("</dev/tcp/$HOSTNAME/{MONGODB_PORT}")])),
        ..component(profile, key, name, Role::Mongodb, image.to_owned())
    }
}

fn single(mongodb: &MongoDb, mut server: Component) -> Component {
    server.command = words(&["mongod", "--bind_ip_all", "--setParameter", QUICK_SHUTDOWN]);
    server.ready = ready(Probe::MongoDb { port: MONGODB_PORT });
    if mongodb.auth {
        root_user(&mut server);
        server.credentials = Text::from(format!("{ROOT_USER}:")).and(Text::secret(secret::MONGODB_ROOT));
    }
    server
}

// Before the job a member is ready when it answers, because the job waits for it; who becomes primary is the job's question.
fn member(mongodb: &MongoDb, mut server: Component, index: u16) -> Component {
    server.ready = ready(Probe::MongoDbMember { port: MONGODB_PORT });
    server.command = words(&["bash", "/etc/mongo/start.sh"]);
    server.dns = names_of_the_engine_only();
    server.files = vec![File {
        name: "mongo-start".to_owned(),
        target: "/etc/mongo/start.sh".to_owned(),
        content: Content::Template {
            name: "stores/mongodb-start.sh.tera",
            values: json!({ "set": REPLICA_SET, "auth": mongodb.auth, "key": secret::MONGODB_KEYFILE }),
        },
        mode: 0o444,
    }];
    if let Some((user, password)) = mongodb_login(mongodb) {
        server.credentials = Text::from(format!("{user}:")).and(Text::secret(password));
        server.secrets = vec![secret::MONGODB_KEYFILE.to_owned()];
        // Only the first: the others must be empty to be initiated, and get their users from it.
        if index == 0 {
            root_user(&mut server);
        }
    }
    server
}

fn root_user(server: &mut Component) {
    server.environment.insert("MONGO_INITDB_ROOT_USERNAME".to_owned(), Text::from(ROOT_USER));
    server.environment.insert("MONGO_INITDB_ROOT_PASSWORD".to_owned(), Text::secret(secret::MONGODB_ROOT));
}

fn initiate(profile: &Profile, mongodb: &MongoDb, image: &str) -> Component {
    let view = View { profile, joins_owner: false, on_host: false };
    let found = Found { settings: mongodb, project: &profile.project, borrowed: false };
    let members: Vec<String> = view.mongodb_servers(&found).iter().map(ToString::to_string).collect();
    let mut job = Component {
        user: Some(USER_ID.to_owned()),
        command: words(&["mongosh", "--quiet", "--norc", "--nodb", "/etc/mongo/initiate.js"]),
        files: vec![File {
            name: INITIATE.to_owned(),
            target: "/etc/mongo/initiate.js".to_owned(),
            content: Content::Template {
                name: "stores/mongodb-initiate.js.tera",
                values: json!({
                    "set": REPLICA_SET, "members": members, "database": mongodb.database,
                    "root": ROOT_USER, "user": USER, "auth": mongodb.auth,
                }),
            },
            mode: 0o444,
        }],
        mounts: vec![memory("/data/db"), memory("/data/configdb")],
        depends_on: names(mongodb.mode)
            .into_iter()
            .map(|on| Dependency { on, until: Until::Ready })
            .collect(),
        ready: Readiness { probe: Probe::None, deadline: INITIATE_DEADLINE },
        restart: Restart::No,
        environment: [("HOME".to_owned(), Text::from("/tmp"))].into(),
        stop_grace: Duration::from_secs(1),
        ..component(profile, INITIATE, INITIATE, Role::Job, image.to_owned())
    };
    if mongodb.auth {
        job.environment.insert("MONGODB_ROOT_PASSWORD".to_owned(), Text::secret(secret::MONGODB_ROOT));
        job.environment.insert("MONGODB_PASSWORD".to_owned(), Text::secret(secret::MONGODB));
    }
    job
}
