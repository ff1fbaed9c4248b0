//! `hello` and, with the applications' user, `ping` through the MongoDB driver.

use std::time::Duration;

use mongodb::Client;
use mongodb::bson::{Document, doc};
use mongodb::options::ClientOptions;
use tokio::net::TcpStream;

use super::{Reply, Target, first_line};
use crate::plan::standing::Standing;

/// For the driver's own waits; shorter than [`super::PATIENCE`], so that its reason is what is shown.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) async fn ask(target: &Target, credentials: &str) -> Reply {
    if let Err(error) = listens(target).await {
        return Reply::not_ready(error.to_string());
    }
    let at = if credentials.is_empty() { String::new() } else { format!("{credentials}@") };
    let uri = format!("mongodb://{at}{}:{}/?directConnection=true", target.host, target.port);
    // The driver's futures must not be dropped half-way (RUST-937): a task of its own runs to its end.
    let answer = tokio::spawn(async move { talk(&uri).await }).await;
    match answer {
        Ok(Ok(reply)) => reply,
        Ok(Err(error)) => Reply::not_ready(first_line(&in_words(&error))),
        Err(error) => Reply::not_ready(error.to_string()),
    }
}

async fn talk(uri: &str) -> mongodb::error::Result<Reply> {
    let client = client(uri).await?;
    let database = client.database("admin");
    let hello = database.run_command(doc! { "hello": 1 }).await?;
    // `listDatabases` needs a user where users are required, unlike `ping`.
    database.run_command(doc! { "listDatabases": 1, "nameOnly": true }).await?;
    client.shutdown().immediate(true).await;
    let standing = Standing { role: Some(role(&hello).to_owned()), ..Standing::default() };
    Ok(Reply { standing, ..Reply::ready("ok") })
}

/// Whether somebody listens. The driver itself would try again where nobody does, each half second until it gives up.
pub(super) async fn listens(target: &Target) -> std::io::Result<()> {
    TcpStream::connect((target.host.as_str(), target.port)).await.map(drop)
}

/// A client that gives up before the question does.
pub(super) async fn client(uri: &str) -> mongodb::error::Result<Client> {
    let mut options = ClientOptions::parse(uri).await?;
    options.server_selection_timeout = Some(PATIENCE);
    options.connect_timeout = Some(PATIENCE);
    options.app_name = Some("gw".into());
    options.retry_reads = Some(false);
    Client::with_options(options)
}

/// The order of the driver's own classification: a standalone server is writable too, but names no set.
fn role(hello: &Document) -> &'static str {
    let flag = |name: &str| hello.get_bool(name).unwrap_or(false);
    if hello.get_str("setName").is_ok() {
        match (flag("isWritablePrimary"), flag("secondary")) {
            (true, _) => "primary",
            (_, true) => "secondary",
            _ => "member",
        }
    } else if flag("isreplicaset") {
        "not initiated"
    } else {
        "standalone"
    }
}

/// The driver's error without the description of the whole topology.
pub(super) fn in_words(error: &mongodb::error::Error) -> String {
    let text = error.kind.to_string();
    let inner = text.split("Error: ").last().unwrap_or(&text);
    let inner = inner.split(" }").next().unwrap_or(inner);
    inner.split(", labels: ").next().unwrap_or(inner).trim_start_matches("Kind: ").to_owned()
}
