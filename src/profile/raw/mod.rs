//! The input files as they are written: serde and schema shapes, no logic.
//!
//! Their doc comments are the descriptions in `schema/`. `untagged` stands only where JSON itself tells the forms apart
//! (a number or an object): `shape` has checked the form, with a message of its own, before serde sees it.

pub mod infrastructure;
pub mod secret;
pub mod service;

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use infrastructure::{Gateway, Infrastructure};
use secret::Secret;
use service::Service;

/// A profile of gw: one stack under one name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProfileFile {
    /// The schema of this file, for editors.
    #[serde(rename = "$schema")]
    pub schema: Option<String>,
    /// What the profile is for, in one line.
    pub description: Option<String>,
    /// The versions of gw that may use this profile, for example `>=0.1, <0.2`.
    pub gw: Option<String>,
    /// Docker's project and the cluster's namespace. Required here or in the infra file.
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9_-]{0,62}$"))]
    pub project: Option<String>,
    /// The file with the services, relative to this file.
    pub services: String,
    /// A file with databases, gateway and strategy, relative to this file; keys of the profile win over its keys.
    pub infra: Option<String>,
    /// Databases and caches; wins over the infra file and over the services file, key by key.
    pub infrastructure: Option<Infrastructure>,
    /// `shared` takes only the services that say `"strategy": "shared"`.
    pub strategy: Option<Strategy>,
    /// Takes only these services.
    #[schemars(length(min = 1))]
    pub only: Option<Vec<String>>,
    /// The profile whose MongoDB and Redis this one uses instead of its own.
    pub shared_infra: Option<String>,
    /// Services of the owner's that this profile uses instead of running them: of `sharedInfra`'s profile, else of the
    /// profile that the gateway's default names, else of `default`.
    #[serde(default)]
    pub shared_services: Vec<String>,
    /// Host ports: `offset` is added to the ports of the services and infra files; `mongodb`, `redis` and names of
    /// services set the host port itself.
    #[serde(default)]
    #[schemars(schema_with = "ports")]
    pub ports: BTreeMap<String, u16>,
    /// The gateway in front of the services; no gateway without it.
    pub gateway: Option<Gateway>,
    /// Where values of secrets come from, by the secret's name; the profile's entry replaces the infra file's.
    #[serde(default)]
    pub secrets: BTreeMap<String, Secret>,
    /// What only Compose can say of networks, volumes, configs and secrets.
    pub compose: Option<ComposePatch>,
    /// What holds only on a cluster.
    pub kube: Option<Kube>,
}

/// The services of a project, used by several profiles.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServicesFile {
    /// The schema of this file, for editors.
    #[serde(rename = "$schema")]
    pub schema: Option<String>,
    /// Databases and caches; the infra file and the profile win over it, key by key.
    pub infrastructure: Option<Infrastructure>,
    /// What all services have in common. A service's own keys win: objects merge by key, lists and single values replace,
    /// `image` replaces `build` and the other way round, and a probe replaces the probe.
    pub defaults: Option<Service>,
    /// The services by name; a name is a DNS label.
    pub services: BTreeMap<String, Service>,
}

/// Databases, gateway and strategy, used by several profiles.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InfraFile {
    /// The schema of this file, for editors.
    #[serde(rename = "$schema")]
    pub schema: Option<String>,
    /// Docker's project and the cluster's namespace.
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9_-]{0,62}$"))]
    pub project: Option<String>,
    /// `shared` takes only the services that say `"strategy": "shared"`.
    pub strategy: Option<Strategy>,
    /// The gateway in front of the services.
    pub gateway: Option<Gateway>,
    /// Where values of secrets come from, by the secret's name.
    #[serde(default)]
    pub secrets: BTreeMap<String, Secret>,
    /// Databases and caches; wins over the services file, key by key.
    pub infrastructure: Option<Infrastructure>,
}

/// Which images stand in for which.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImagesFile {
    /// The schema of this file, for editors.
    #[serde(rename = "$schema")]
    pub schema: Option<String>,
    /// Each key is a reference as it stands in a profile, each value the one that is used instead.
    #[serde(default)]
    pub images: BTreeMap<String, String>,
    /// A prefix for every reference that `images` does not name, for example `mirror.example.com/hub/`.
    pub mirror: Option<String>,
}

/// Which services a profile takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Strategy {
    /// Services that several projects use.
    Shared,
}

/// What holds only on a cluster.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Kube {
    /// Contexts that gw may touch; `*` stands for any text.
    pub contexts: Option<Vec<String>>,
    /// How requests from outside reach the gateway.
    pub ingress: Option<Ingress>,
    /// The pod security standard of a namespace that gw makes.
    pub pod_security: Option<PodSecurity>,
    /// Names of Secrets with registry credentials.
    pub image_pull_secrets: Option<Vec<String>>,
}

/// How requests from outside reach the gateway.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ingress {
    /// The host name.
    pub host: String,
    /// The ingress class; the cluster's default without it.
    pub class: Option<String>,
}

/// Merged (RFC 7396) over the same sections of the rendered Compose file.
#[derive(Debug, Clone, Default, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ComposePatch {
    /// Over `networks`: drivers, addresses, `external`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub networks: Option<serde_json::Map<String, serde_json::Value>>,
    /// Over `volumes`: drivers, `external`, another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volumes: Option<serde_json::Map<String, serde_json::Value>>,
    /// Over `configs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configs: Option<serde_json::Map<String, serde_json::Value>>,
    /// Over `secrets`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrets: Option<serde_json::Map<String, serde_json::Value>>,
}

/// A pod security standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum PodSecurity {
    /// The strictest, gw's default.
    Restricted,
    /// Forbids what is known to be dangerous.
    Baseline,
    /// Allows everything.
    Privileged,
}

fn ports(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "properties": {
            "offset": {
                "description": "Added to the host ports of services and of stores that are not set here; never to the gateway's.",
                "type": "integer", "minimum": 0, "maximum": 65534
            },
            "mongodb": {
                "description": "Host port of MongoDB; members follow it.",
                "type": "integer", "minimum": 1, "maximum": 65535
            },
            "redis": {
                "description": "Host port of Redis; replicas follow it, sentinels are 20000 higher.",
                "type": "integer", "minimum": 1, "maximum": 65535
            }
        },
        "additionalProperties": {
            "description": "Host port of the service's first port.",
            "type": "integer", "minimum": 1, "maximum": 65535
        }
    })
}
