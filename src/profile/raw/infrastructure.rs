//! Databases, caches and the gateway as they are written.

use schemars::JsonSchema;
use serde::Deserialize;

/// Databases and caches; each is optional.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Infrastructure {
    /// A MongoDB.
    pub mongodb: Option<MongoDb>,
    /// A Redis.
    pub redis: Option<Redis>,
}

/// A MongoDB.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MongoDb {
    /// One server or a replica set; `single` without it.
    pub mode: Option<MongoDbMode>,
    /// Members of the replica set: 1, 3, 5 or 7; 3 without it.
    #[schemars(range(min = 1, max = 7))]
    pub members: Option<u16>,
    /// First host port, members follow it; not published without it.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u16>,
    /// Whether users and passwords are required.
    pub auth: Option<bool>,
    /// The image; `mongo:8.0` without it.
    pub image: Option<String>,
    /// The database that applications use; `app` without it, and the project's name for a profile with `sharedInfra`.
    pub database: Option<String>,
}

/// How many servers MongoDB runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum MongoDbMode {
    /// One server.
    Single,
    /// A replica set.
    ReplicaSet,
}

/// A Redis.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Redis {
    /// One server, or a master with replicas and sentinels; `single` without it.
    pub mode: Option<RedisMode>,
    /// Replicas beside the master; 2 without it.
    #[schemars(range(min = 1, max = 9))]
    pub replicas: Option<u16>,
    /// Sentinels; 3 without it.
    #[schemars(range(min = 1, max = 9))]
    pub sentinels: Option<u16>,
    /// Host port of the first server, replicas follow it, sentinels are 20000 higher; not published without it.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u16>,
    /// Whether a password is required.
    pub auth: Option<bool>,
    /// The image; `redis:8` without it, and required with another flavor.
    pub image: Option<String>,
    /// What keys of applications begin with; nothing without it, and `PROJECT:` for a profile with `sharedInfra`.
    pub prefix: Option<String>,
    /// Whose image it is, which decides on paths and variables; `official` without it.
    pub flavor: Option<RedisFlavor>,
}

/// How many servers Redis runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum RedisMode {
    /// One server.
    Single,
    /// A master, replicas, and sentinels that watch them.
    Sentinel,
}

/// Whose Redis image it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum RedisFlavor {
    /// The official image.
    Official,
    /// Bitnami's image, or one that somebody builds from its source.
    Bitnami,
}

/// The gateway in front of the services.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Gateway {
    /// The host port, required here or in the infra file; `ports.offset` is not added.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u16>,
    /// Where a request without `X-Target-Service` goes: a service, or another profile's gateway; 404 without it.
    pub default: Option<GatewayDefault>,
    /// The image; `nginx:1.28` without it.
    pub image: Option<String>,
}

/// Where a request without `X-Target-Service` goes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum GatewayDefault {
    /// A service.
    Service(String),
    /// Another profile's gateway.
    Other(OtherGateway),
}

/// Another profile's gateway.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OtherGateway {
    /// The profile.
    pub profile: String,
}
