//! Why a store did not do what it was asked.

use std::fmt;
use std::time::Duration;

/// A failed use of a store.
#[derive(Debug)]
pub(crate) enum StoreError {
    /// Nothing came back in time.
    NoAnswer(Duration),
    /// MongoDB or its driver said no.
    Mongo(mongodb::error::Error),
    /// Redis or its driver said no.
    Redis(redis::RedisError),
    /// What was just written was not there.
    NotReadBack(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer(limit) => write!(f, "no answer within {} ms", limit.as_millis()),
            Self::Mongo(error) => error.kind.fmt(f),
            Self::Redis(error) => error.fmt(f),
            Self::NotReadBack(what) => write!(f, "wrote {what} and did not find it again"),
        }
    }
}

impl From<mongodb::error::Error> for StoreError {
    fn from(error: mongodb::error::Error) -> Self {
        Self::Mongo(error)
    }
}

impl From<redis::RedisError> for StoreError {
    fn from(error: redis::RedisError) -> Self {
        Self::Redis(error)
    }
}
