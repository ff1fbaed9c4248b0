//! Who is found where: hosts and ports as one component of a profile sees them.

use crate::profile::model::{Gateway, MongoDb, MongoDbMode, Profile, Redis, RedisMode, Service};

/// The port that gw's gateway listens on inside; above 1024, so that no user needs a right for it.
pub(super) const GATEWAY_PORT: u16 = 8080;
/// The port of each MongoDB inside.
pub(super) const MONGODB_PORT: u16 = 27017;
/// The port of each Redis inside.
pub(super) const REDIS_PORT: u16 = 6379;
/// The port of each sentinel inside.
pub(super) const SENTINEL_PORT: u16 = 26379;
/// How far a sentinel's host port is from its Redis's.
pub(super) const SENTINEL_OFFSET: u16 = 20000;
/// The name by which a container calls the host it runs on.
pub(super) const HOST_NAME: &str = "host.docker.internal";

/// Something of this profile's own, or of the profile it borrows from.
pub(super) struct Found<'a, T> {
    /// Its settings.
    pub(super) settings: &'a T,
    /// The project that runs it.
    pub(super) project: &'a str,
    /// It runs in another project.
    pub(super) borrowed: bool,
}

/// A host and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) port: u16,
}

impl std::fmt::Display for Address {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.host, self.port)
    }
}

/// What one component sees.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    /// The profile.
    pub(super) profile: &'a Profile,
    /// Another project's network is in reach, so plain names could mean either side's.
    pub(super) joins_owner: bool,
    /// It shares the host's network and sees published ports only.
    pub(super) on_host: bool,
}

/// The name that is unique among all projects.
pub(super) fn qualified(name: &str, project: &str) -> String {
    format!("{name}.{project}")
}

impl<'a> View<'a> {
    /// The MongoDB that the profile uses.
    pub(super) fn mongodb(&self) -> Option<Found<'a, MongoDb>> {
        self.found(self.profile.mongodb.as_ref(), |borrowed| borrowed.mongodb.as_ref())
    }

    /// The Redis that the profile uses.
    pub(super) fn redis(&self) -> Option<Found<'a, Redis>> {
        self.found(self.profile.redis.as_ref(), |borrowed| borrowed.redis.as_ref())
    }

    /// The gateway that the profile has, else the one it borrows.
    pub(super) fn gateway(&self) -> Option<Found<'a, Gateway>> {
        self.found(self.profile.gateway.as_ref(), |borrowed| borrowed.gateway.as_ref())
    }

    /// A service by its name.
    pub(super) fn service(&self, name: &str) -> Option<Found<'a, Service>> {
        let find = |services: &'a [Service]| services.iter().find(|service| service.name == name);
        self.found(find(&self.profile.services), |borrowed| find(&borrowed.services))
    }

    fn found<T>(
        &self,
        own: Option<&'a T>,
        other: impl Fn(&'a crate::profile::model::Borrowed) -> Option<&'a T>,
    ) -> Option<Found<'a, T>> {
        if let Some(settings) = own {
            return Some(Found { settings, project: &self.profile.project, borrowed: false });
        }
        let owner = self.profile.borrowed.as_ref()?;
        Some(Found { settings: other(owner)?, project: &owner.project, borrowed: true })
    }

    /// Addresses of the MongoDB servers, the first one first.
    pub(super) fn mongodb_servers(&self, found: &Found<'_, MongoDb>) -> Vec<Address> {
        let alone = found.settings.mode == MongoDbMode::Single;
        let names = super::mongodb::names(found.settings.mode);
        let host_port = |index: u16| found.settings.port.map(|first| first + index);
        let names = names.iter().map(|name| if alone { "mongodb" } else { name.as_str() });
        self.servers(names, found, alone, MONGODB_PORT, host_port)
    }

    /// Addresses of the Redis servers, the first one first.
    pub(super) fn redis_servers(&self, found: &Found<'_, Redis>) -> Vec<Address> {
        let alone = found.settings.mode == RedisMode::Single;
        let names = super::redis::names(found.settings.mode);
        let host_port = |index: u16| found.settings.port.map(|first| first + index);
        self.servers(names.iter().map(String::as_str), found, alone, REDIS_PORT, host_port)
    }

    /// Addresses of the sentinels; empty without them.
    pub(super) fn sentinels(&self, found: &Found<'_, Redis>) -> Vec<Address> {
        let names = super::redis::sentinel_names(found.settings.mode);
        let host_port = |index: u16| found.settings.port.map(|first| first + SENTINEL_OFFSET + index);
        self.servers(names.iter().map(String::as_str), found, false, SENTINEL_PORT, host_port)
    }

    /// Address of a service: its first port.
    pub(super) fn service_address(&self, found: &Found<'_, Service>) -> Option<Address> {
        let port = found.settings.ports.first()?;
        Some(match (self.on_host, found.settings.host_network) {
            (true, true) => loopback(port.container),
            (true, false) => loopback(port.host.unwrap_or(port.container)),
            (false, true) => Address { host: HOST_NAME.to_owned(), port: port.container },
            (false, false) => Address {
                host: self.name(&found.settings.name, found.project, found.borrowed),
                port: port.container,
            },
        })
    }

    /// Address of the gateway.
    pub(super) fn gateway_address(&self, found: &Found<'_, Gateway>) -> Address {
        if self.on_host {
            return loopback(found.settings.port);
        }
        Address { host: self.name("gateway", found.project, found.borrowed), port: GATEWAY_PORT }
    }

    // Members of a set announce themselves by one name to everybody, so that name must be unique among projects.
    fn servers<'n, T>(
        &self,
        names: impl Iterator<Item = &'n str>,
        found: &Found<'_, T>,
        alone: bool,
        port: u16,
        host_port: impl Fn(u16) -> Option<u16>,
    ) -> Vec<Address> {
        (0..)
            .zip(names)
            .map(|(index, name)| match host_port(index) {
                Some(published) if self.on_host => loopback(published),
                _ if alone => Address { host: self.name(name, found.project, found.borrowed), port },
                _ => Address { host: qualified(name, found.project), port },
            })
            .collect()
    }

    fn name(&self, name: &str, project: &str, borrowed: bool) -> String {
        if borrowed || self.joins_owner { qualified(name, project) } else { name.to_owned() }
    }
}

fn loopback(port: u16) -> Address {
    Address { host: "127.0.0.1".to_owned(), port }
}
