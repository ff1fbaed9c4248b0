//! The names of the secrets that stores with `auth` need; gw makes them where nobody says where they come from.

use super::model::{MongoDb, MongoDbMode, Redis};

/// Password of MongoDB's `root`.
pub const MONGODB_ROOT: &str = "GW_MONGODB_ROOT_PASSWORD";
/// Password of the applications' MongoDB user, in a replica set.
pub const MONGODB: &str = "GW_MONGODB_PASSWORD";
/// What the members of a replica set know each other by.
pub const MONGODB_KEYFILE: &str = "GW_MONGODB_KEYFILE";
/// Password of Redis and its sentinels.
pub const REDIS: &str = "GW_REDIS_PASSWORD";

/// All of them.
pub const ALL: [&str; 4] = [MONGODB_ROOT, MONGODB, MONGODB_KEYFILE, REDIS];

/// What names of gw's own begin with: no secret of the user's may.
pub const PREFIX: &str = "GW_";

/// The names that these stores need.
pub fn of(mongodb: Option<&MongoDb>, redis: Option<&Redis>) -> Vec<&'static str> {
    let mut names = Vec::new();
    if let Some(mongodb) = mongodb.filter(|mongodb| mongodb.auth) {
        names.push(MONGODB_ROOT);
        if mongodb.mode != MongoDbMode::Single {
            names.extend([MONGODB, MONGODB_KEYFILE]);
        }
    }
    names.extend(redis.filter(|redis| redis.auth).map(|_| REDIS));
    names
}
