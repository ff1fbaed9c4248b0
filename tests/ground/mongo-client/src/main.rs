//! `ground-mongo-client URI DATABASE COMMAND...`: sends each COMMAND (a JSON document) to the server and prints its answer
//! as one line of JSON. A refused command prints `{"code": N, ...}`, a failure of any other kind goes to standard error; both end 1.
//!
//! `ground-mongo-client --write URI DATABASE`: inserts until standard input ends, then prints what became of it.

mod write;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use mongodb::bson::Document;
use mongodb::error::ErrorKind;
use mongodb::options::ClientOptions;
use mongodb::{Client, Database};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(error) => {
            // Nothing can be done when standard error is closed.
            let _ = writeln!(std::io::stderr(), "mongo-client: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<ExitCode> {
    let mut arguments = std::env::args().skip(1).peekable();
    let writes = arguments.next_if_eq("--write").is_some();
    let uri = arguments.next().context("no URI was given")?;
    let database = arguments.next().context("no database was given")?;
    let database = open(uri, &database).await?;
    if writes { write::until_input_ends(&database).await } else { send(&database, arguments).await }
}

/// A URI that names a replica set has the driver find its members; any other one is for the one server that it names.
async fn open(uri: String, database: &str) -> anyhow::Result<Database> {
    let mut options = ClientOptions::parse(uri).await?;
    if options.repl_set_name.is_none() {
        options.direct_connection = Some(true);
        options.server_selection_timeout = Some(Duration::from_secs(5));
    }
    Ok(Client::with_options(options)?.database(database))
}

async fn send(database: &Database, commands: impl Iterator<Item = String>) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for command in commands {
        let document: Document =
            serde_json::from_str(&command).with_context(|| format!("{command} is no JSON document"))?;
        let answer = match database.run_command(document).await {
            Ok(answer) => serde_json::to_value(answer)?,
            Err(error) => {
                code = ExitCode::FAILURE;
                refusal(&error).ok_or(error)?
            }
        };
        writeln!(std::io::stdout(), "{answer}")?;
    }
    Ok(code)
}

/// What the server itself said: a command that it refused, or credentials that it did not take.
fn refusal(error: &mongodb::error::Error) -> Option<Value> {
    match error.kind.as_ref() {
        ErrorKind::Command(refused) => Some(json!({ "code": refused.code, "message": refused.message })),
        ErrorKind::Authentication { message, .. } => Some(json!({ "code": 18, "message": message })),
        _ => None,
    }
}
