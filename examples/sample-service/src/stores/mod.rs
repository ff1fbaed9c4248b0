//! The databases: reached when first needed, found again after a restart, asked with a limit on the time.

mod error;
mod mongodb;
mod redis;
mod report;
mod watched;

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use self::error::StoreError;
use self::mongodb::MongoStore;
use self::redis::RedisStore;
pub(crate) use self::report::{Ping, health_report, own_report};
use crate::redact::Redactor;
use crate::settings::Settings;

/// How long a store has for its ping.
const PING_LIMIT: Duration = Duration::from_secs(1);

/// How long a store has for its part of the work.
const WORK_LIMIT: Duration = Duration::from_secs(3);

/// How long the drivers themselves wait: a little less, so that their own reason is what is reported.
const DRIVER_LIMIT: Duration = Duration::from_millis(900);

/// The stores that were given, if any.
pub(crate) struct Stores {
    mongodb: Option<MongoStore>,
    redis: Option<RedisStore>,
    redactor: Redactor,
    description: String,
}

impl Stores {
    /// Remembers where the stores are; connects to nothing.
    pub(crate) fn new(settings: &Settings) -> Self {
        let addresses = [settings.mongodb_uri.as_deref(), settings.redis_url.as_deref()];
        let redactor = Redactor::new(addresses.into_iter().flatten());
        let shown = addresses.map(|address| address.map_or("none".to_owned(), |text| redactor.clean(text)));
        let key = format!("{}work:{}", settings.redis_key_prefix, settings.service);
        Self {
            mongodb: settings.mongodb_uri.clone().map(MongoStore::new),
            redis: settings.redis_url.clone().map(|url| RedisStore::new(url, key)),
            redactor,
            description: format!("MongoDB {}, Redis {}", shown[0], shown[1]),
        }
    }

    /// Says which stores are in use, without their passwords.
    pub(crate) fn describe(&self) -> &str {
        &self.description
    }

    /// Pings all stores at once.
    pub(crate) async fn ping(&self) -> Vec<Ping> {
        let (mongodb, redis) =
            tokio::join!(async { Some(self.timed("mongodb", self.mongodb.as_ref()?.ping()).await) }, async {
                Some(self.timed("redis", self.redis.as_ref()?.ping()).await)
            },);
        mongodb.into_iter().chain(redis).collect()
    }

    /// Writes a document, increments a counter, and returns both as read back; `null` for a store not given.
    ///
    /// # Errors
    /// With the reason of each store that failed.
    pub(crate) async fn work(&self, service: &str, host: &str) -> Result<Value, Value> {
        let (document, counter) = tokio::join!(
            async { Some(within(WORK_LIMIT, self.mongodb.as_ref()?.write_and_read(service, host)).await) },
            async { Some(within(WORK_LIMIT, self.redis.as_ref()?.increment_and_read()).await) },
        );
        match (document.transpose(), counter.transpose()) {
            (Ok(document), Ok(counter)) => {
                Ok(json!({ "service": service, "document": document, "counter": counter }))
            }
            (document, counter) => {
                let reasons = json!({ "mongodb": self.reason(document), "redis": self.reason(counter) });
                Err(json!({ "error": "the work failed", "service": service, "reasons": reasons }))
            }
        }
    }

    async fn timed(&self, store: &'static str, ping: impl Future<Output = Result<(), StoreError>>) -> Ping {
        let started = Instant::now();
        let failure = self.reason(within(PING_LIMIT, ping).await);
        Ping { store, latency: started.elapsed(), failure }
    }

    fn reason<T>(&self, result: Result<T, StoreError>) -> Option<String> {
        result.err().map(|error| self.redactor.clean(&error.to_string()))
    }
}

/// Gives `work` up after `limit`. Both drivers close a connection whose command was given up.
async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    tokio::time::timeout(limit, work).await.unwrap_or(Err(StoreError::NoAnswer(limit)))
}
