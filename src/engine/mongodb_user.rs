//! Changes the password of a MongoDB user, on one server or on whichever member of a set is primary.

use std::time::Duration;

use mongodb::Client;
use mongodb::bson::{Document, doc};
use mongodb::error::ErrorKind;
use mongodb::options::{ClientOptions, Credential, ServerAddress};

use super::probe::Target;

/// For the driver's own waits.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long somebody may take to answer and to become primary: a set may have to elect one.
const DEADLINE: Duration = Duration::from_secs(60);
/// Between two rounds of questions.
const PAUSE: Duration = Duration::from_millis(100);

/// A user whose password changes.
#[derive(Clone, Copy)]
pub struct Change<'a> {
    /// The user, in the database `admin`.
    pub user: &'a str,
    /// The password that it may still have.
    pub former: &'a str,
    /// The one that it shall have.
    pub new: &'a str,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It had the former password, and has the new one.
    Former,
    /// It had the new one.
    New,
}

/// Why a password could not be changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It has neither of the two.
    #[error("{user} has neither the new nor the former password")]
    Neither {
        /// The user.
        user: String,
    },
    /// Nobody who takes writes answered.
    #[error("no server that takes writes answered within {} s: {last}", DEADLINE.as_secs())]
    NoAnswer {
        /// What was heard last.
        last: String,
    },
}

/// The command that changes a password, for the database `admin`: acknowledged when a majority has it.
pub fn command(user: &str, password: &str) -> Document {
    doc! { "updateUser": user, "pwd": password, "writeConcern": { "w": "majority" } }
}

/// Makes a user have the new password. May be done again, whenever it was cut off.
///
/// # Errors
/// See [`Refusal`].
pub async fn change(servers: &[Target], change: Change<'_>) -> Result<Found, Refusal> {
    let mut last = "there is none".to_owned();
    let rounds = async {
        loop {
            for server in servers {
                match attempt(server, change).await {
                    Ok(Attempt::Done(found)) => return Ok(found),
                    Ok(Attempt::Neither) => return Err(Refusal::Neither { user: change.user.to_owned() }),
                    Ok(Attempt::NotPrimary) => "none is primary".clone_into(&mut last),
                    Err(error) => last = super::probe::first_line(&error.kind.to_string()),
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    let ended = tokio::time::timeout(DEADLINE, rounds).await;
    ended.unwrap_or(Err(Refusal::NoAnswer { last }))
}

/// What one server says.
enum Attempt {
    Done(Found),
    NotPrimary,
    Neither,
}

async fn attempt(server: &Target, change: Change<'_>) -> mongodb::error::Result<Attempt> {
    let anyone = client(server, None)?;
    let hello = anyone.database("admin").run_command(doc! { "hello": 1 }).await;
    anyone.shutdown().immediate(true).await;
    if !takes_writes(&hello?) {
        return Ok(Attempt::NotPrimary);
    }
    if gets_in(server, change.user, change.new).await? {
        return Ok(Attempt::Done(Found::New));
    }
    if !gets_in(server, change.user, change.former).await? {
        return Ok(Attempt::Neither);
    }
    let user = client(server, Some((change.user, change.former)))?;
    let changed = user.database("admin").run_command(command(change.user, change.new)).await;
    user.shutdown().immediate(true).await;
    changed?;
    Ok(Attempt::Done(Found::Former))
}

/// Whether a server is alone or primary, by its answer to `hello`.
fn takes_writes(hello: &Document) -> bool {
    hello.get_bool("isWritablePrimary").unwrap_or(false)
}

/// Whether a user gets in with a password.
async fn gets_in(server: &Target, user: &str, password: &str) -> mongodb::error::Result<bool> {
    let client = client(server, Some((user, password)))?;
    // `ping` needs no user where users are required, and so tells nothing.
    let question = doc! { "listDatabases": 1, "nameOnly": true };
    let answer = client.database("admin").run_command(question).await;
    client.shutdown().immediate(true).await;
    match answer {
        Ok(_) => Ok(true),
        Err(error) if matches!(*error.kind, ErrorKind::Authentication { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

fn client(server: &Target, login: Option<(&str, &str)>) -> mongodb::error::Result<Client> {
    let mut options = ClientOptions::default();
    options.hosts = vec![ServerAddress::Tcp { host: server.host.clone(), port: Some(server.port) }];
    options.direct_connection = Some(true);
    options.server_selection_timeout = Some(PATIENCE);
    options.connect_timeout = Some(PATIENCE);
    options.app_name = Some("gw".to_owned());
    options.retry_reads = Some(false);
    options.retry_writes = Some(false);
    options.credential = login.map(|(user, password)| {
        let mut credential = Credential::default();
        credential.username = Some(user.to_owned());
        credential.password = Some(password.to_owned());
        credential.source = Some("admin".to_owned());
        credential
    });
    Client::with_options(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is sent is as MongoDB 8.0 documents `updateUser`: only the password changes, and a majority has it.
    #[test]
    fn the_command_changes_the_password_and_nothing_else() {
        let expected = doc! { "updateUser": "root", "pwd": "new", "writeConcern": { "w": "majority" } };
        assert_eq!(command("root", "new"), expected);
    }

    /// Members of a set that are not primary are not asked to change anything.
    #[test]
    fn only_who_takes_writes_is_told() {
        assert!(takes_writes(&doc! { "isWritablePrimary": true }));
        assert!(takes_writes(&doc! { "isWritablePrimary": true, "setName": "rs0" }));
        assert!(!takes_writes(&doc! { "isWritablePrimary": false, "secondary": true, "setName": "rs0" }));
        assert!(!takes_writes(&doc! { "isreplicaset": true }));
    }

    /// Where nobody is, the reason is the driver's, without any password.
    #[tokio::test]
    async fn nobody_there_is_no_answer() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let nobody = Target { host: "127.0.0.1".to_owned(), port, proxied: false };
        let change = Change { user: "root", former: "swordfish", new: "sunflower" };
        let error = attempt(&nobody, change).await.map(|_| ()).expect_err("nobody is there").to_string();
        assert!(!error.contains("swordfish") && !error.contains("sunflower"), "{error}");
    }
}
