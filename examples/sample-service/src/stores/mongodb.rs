//! MongoDB: one client, made at first use, proved alive before each use; it finds a restarted server again.

use mongodb::bson::oid::ObjectId;
use mongodb::bson::{DateTime, Document, doc};
use mongodb::error::{Error, ErrorKind};
use mongodb::options::ClientOptions;
use mongodb::{Client, Database};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::DRIVER_LIMIT;
use super::error::StoreError;

/// The database when the address names none.
const DEFAULT_DATABASE: &str = "sample";

/// The collection that the work writes to.
const COLLECTION: &str = "work";

/// A MongoDB that was given by its address.
pub(crate) struct MongoStore {
    uri: String,
    client: OnceCell<Client>,
}

impl MongoStore {
    /// Remembers the address.
    pub(crate) fn new(uri: String) -> Self {
        Self { uri, client: OnceCell::new() }
    }

    /// Asks for a sign of life.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        self.database().await?;
        Ok(())
    }

    /// Writes a document and returns it as it was read back.
    ///
    /// # Errors
    /// When either fails.
    pub(crate) async fn write_and_read(&self, service: &str, host: &str) -> Result<Value, StoreError> {
        let database = self.database().await?;
        let collection = database.collection::<Document>(COLLECTION);
        let written = doc! { "service": service, "host": host, "at": DateTime::now() };
        let id = collection.insert_one(written).await?.inserted_id;
        let found = collection.find_one(doc! { "_id": &id }).await?;
        let found = found.ok_or_else(|| StoreError::NotReadBack(format!("document {id}")))?;
        Ok(json!({
            "database": database.name(),
            "collection": COLLECTION,
            "id": id.as_object_id().map(ObjectId::to_hex),
            "service": found.get_str("service").ok(),
            "host": found.get_str("host").ok(),
            "at": found.get_datetime("at").ok().and_then(|at| at.try_to_rfc3339_string().ok()),
        }))
    }

    /// Returns the database, which has just answered a ping.
    async fn database(&self) -> Result<Database, Error> {
        let client = self.client.get_or_try_init(|| connect(&self.uri)).await?;
        let database = client.default_database().unwrap_or_else(|| client.database(DEFAULT_DATABASE));
        match ping(&database).await {
            // A kept connection to a server that has gone since; another is made for the next command.
            Err(error) if is_broken_connection(&error) => ping(&database).await?,
            result => result?,
        }
        Ok(database)
    }
}

async fn connect(uri: &str) -> Result<Client, Error> {
    let mut options = ClientOptions::parse(uri).await?;
    options.server_selection_timeout = Some(DRIVER_LIMIT);
    options.connect_timeout = Some(DRIVER_LIMIT);
    Client::with_options(options)
}

async fn ping(database: &Database) -> Result<(), Error> {
    database.run_command(doc! { "ping": 1 }).await.map(drop)
}

fn is_broken_connection(error: &Error) -> bool {
    matches!(*error.kind, ErrorKind::Io(_) | ErrorKind::ConnectionPoolCleared { .. })
}
