//! Redis: one shared connection, proved before each use and replaced when it is no good: its server is gone, or a master no more.

use std::sync::{Mutex, PoisonError};

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ErrorKind, RedisError, RedisResult, Value as Answer, cmd};
use serde_json::{Value, json};

use super::DRIVER_LIMIT;
use super::error::StoreError;
use super::watched::Watched;

/// A Redis that was given by its address.
pub(crate) struct RedisStore {
    url: String,
    key: String,
    kept: Mutex<Option<MultiplexedConnection>>,
}

impl RedisStore {
    /// Remembers the address and the counter's key.
    pub(crate) fn new(url: String, key: String) -> Self {
        Self { url, key, kept: Mutex::new(None) }
    }

    /// Asks for a sign of life.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        self.connection().await?;
        Ok(())
    }

    /// Increments the counter and returns it as it was read back.
    ///
    /// # Errors
    /// When either fails.
    pub(crate) async fn increment_and_read(&self) -> Result<Value, StoreError> {
        let mut connection = self.connection().await?;
        let written: i64 = cmd("INCR").arg(&self.key).query_async(&mut connection).await?;
        let found: Option<i64> = cmd("GET").arg(&self.key).query_async(&mut connection).await?;
        // Another one may have counted in between, but never backwards.
        match found.filter(|found| *found >= written) {
            Some(found) => Ok(json!({ "key": self.key, "value": found })),
            None => Err(StoreError::NotReadBack(format!("{} = {written}", self.key))),
        }
    }

    /// Returns a connection that has just proved good: the kept one, else a new one.
    async fn connection(&self) -> RedisResult<MultiplexedConnection> {
        let watched = Watched::read(&self.url)?;
        let kept = self.keep(None);
        if let Some(mut connection) = kept
            && prove(&mut connection, watched.is_some()).await.is_ok()
        {
            self.keep(Some(connection.clone()));
            return Ok(connection);
        }
        let client = match &watched {
            Some(watched) => watched.master().await?,
            None => Client::open(self.url.as_str())?,
        };
        let mut connection = connect(&client).await?;
        prove(&mut connection, watched.is_some()).await?;
        self.keep(Some(connection.clone()));
        Ok(connection)
    }

    /// Puts a connection in the kept one's place and returns that. It is out while in use, so that one whose
    /// use was given up half-way is never used again.
    fn keep(&self, connection: Option<MultiplexedConnection>) -> Option<MultiplexedConnection> {
        std::mem::replace(&mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner), connection)
    }
}

async fn connect(client: &Client) -> RedisResult<MultiplexedConnection> {
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(DRIVER_LIMIT))
        .set_response_timeout(Some(DRIVER_LIMIT));
    client.get_multiplexed_async_connection_with_config(&config).await
}

/// Asks for a sign of life; of one of several servers, for the word that it is the master: a replica answers pings too.
async fn prove(connection: &mut MultiplexedConnection, watched: bool) -> RedisResult<()> {
    if !watched {
        return cmd("PING").query_async(connection).await;
    }
    let role: Vec<Answer> = cmd("ROLE").query_async(connection).await?;
    let role = role.first().map(redis::from_redis_value_ref::<String>).transpose()?;
    match role.as_deref() {
        Some("master") => Ok(()),
        _ => Err(RedisError::from((ErrorKind::Client, "It is no master any more"))),
    }
}
