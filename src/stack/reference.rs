//! Fills the references of a profile's strings in.

use super::address::{Found, View};
use super::model::{Part as TextPart, Text};
use super::secret;
use crate::profile::model::{MongoDb, MongoDbMode, Redis, RedisMode, Service};
use crate::profile::reference::{AddressField, MongodbField, OwnField, Piece, RedisField, Reference, parse};

/// Name of the replica set.
pub(super) const REPLICA_SET: &str = "rs0";
/// Name of the master at the sentinels.
pub(super) const MASTER: &str = "mymaster";
/// User of MongoDB's administrator; with a single server the applications' too.
pub(super) const ROOT_USER: &str = "root";
/// The applications' user in a replica set.
pub(super) const USER: &str = "app";

/// Resolves a string of `own`'s. What the loader should have refused stays as it is written.
pub(super) fn resolve(text: &str, view: View<'_>, own: &Service) -> Text {
    let Ok(pieces) = parse(text) else { return Text::literal(text) };
    let mut resolved = Text::default();
    for piece in pieces {
        resolved = resolved.and(match piece {
            Piece::Literal(literal) => Text::literal(literal),
            Piece::Reference(reference) => value(&reference, view, own).unwrap_or_default(),
        });
    }
    join_literals(resolved)
}

/// Whether one of the texts names something of the profile that is borrowed from.
pub(super) fn borrows<'t>(mut texts: impl Iterator<Item = &'t str>, view: View<'_>) -> bool {
    let borrowed = |piece: &Piece| match piece {
        Piece::Reference(Reference::Mongodb(_)) => view.mongodb().is_some_and(|found| found.borrowed),
        Piece::Reference(Reference::Redis(_)) => view.redis().is_some_and(|found| found.borrowed),
        Piece::Reference(Reference::Service(name, _)) => {
            view.service(name).is_some_and(|found| found.borrowed)
        }
        Piece::Reference(Reference::Gateway(_)) => view.gateway().is_some_and(|found| found.borrowed),
        _ => false,
    };
    texts.any(|text| parse(text).is_ok_and(|pieces| pieces.iter().any(borrowed)))
}

fn value(reference: &Reference, view: View<'_>, own: &Service) -> Option<Text> {
    Some(match reference {
        Reference::Mongodb(field) => mongodb(*field, view, &view.mongodb()?)?,
        Reference::Redis(field) => redis(*field, view, &view.redis()?)?,
        Reference::Service(name, field) => address(*field, &view.service_address(&view.service(name)?)?),
        Reference::Gateway(field) => address(*field, &view.gateway_address(&view.gateway()?)),
        Reference::Own(field) => Text::from(match field {
            OwnField::Name => own.name.clone(),
            OwnField::Port => own.ports.first()?.container.to_string(),
            OwnField::Project => view.profile.project.clone(),
            OwnField::Profile => view.profile.name.clone(),
        }),
        Reference::Secret(name) => Text::secret(name),
        Reference::Environment { name, default } => {
            Text(vec![TextPart::Environment { name: name.clone(), default: default.clone() }])
        }
    })
}

fn address(field: AddressField, address: &super::address::Address) -> Text {
    Text::from(match field {
        AddressField::Url => format!("http://{address}"),
        AddressField::Host => address.host.clone(),
        AddressField::Port => address.port.to_string(),
    })
}

fn mongodb(field: MongodbField, view: View<'_>, found: &Found<'_, MongoDb>) -> Option<Text> {
    let servers = view.mongodb_servers(found);
    let first = servers.first()?;
    let login = mongodb_login(found.settings);
    Some(match field {
        MongodbField::Uri => mongodb_uri(view, found),
        MongodbField::Host => Text::from(first.host.clone()),
        MongodbField::Port => Text::from(first.port.to_string()),
        MongodbField::Database => Text::from(found.settings.database.clone()),
        MongodbField::User => Text::from(login.map_or("", |(user, _)| user)),
        MongodbField::Password => login.map_or_else(Text::default, |(_, secret)| Text::secret(secret)),
    })
}

/// User and the name of the password's secret that applications log in with.
pub(super) fn mongodb_login(mongodb: &MongoDb) -> Option<(&'static str, &'static str)> {
    mongodb.auth.then_some(match mongodb.mode {
        MongoDbMode::Single => (ROOT_USER, secret::MONGODB_ROOT),
        MongoDbMode::ReplicaSet { .. } => (USER, secret::MONGODB),
    })
}

fn mongodb_uri(view: View<'_>, found: &Found<'_, MongoDb>) -> Text {
    let servers = view.mongodb_servers(found);
    let login = mongodb_login(found.settings);
    let mut text = Text::from("mongodb://");
    if let Some((user, secret)) = login {
        text = text.and(format!("{user}:")).and(Text::secret(secret)).and("@");
    }
    let mut options = Vec::new();
    if login.is_some() {
        options.push("authSource=admin".to_owned());
    }
    let replica_set = found.settings.mode != MongoDbMode::Single;
    // From the host the members' own names do not resolve: one server, and no discovery.
    let seeds = if view.on_host && replica_set { &servers[..1] } else { &servers[..] };
    if view.on_host && replica_set {
        options.push("directConnection=true".to_owned());
    } else if replica_set {
        options.push(format!("replicaSet={REPLICA_SET}"));
    }
    let seeds: Vec<String> = seeds.iter().map(ToString::to_string).collect();
    let options = if options.is_empty() { String::new() } else { format!("?{}", options.join("&")) };
    text.and(format!("{}/{}{options}", seeds.join(","), found.settings.database))
}

fn redis(field: RedisField, view: View<'_>, found: &Found<'_, Redis>) -> Option<Text> {
    let servers = view.redis_servers(found);
    let first = servers.first()?;
    let sentinels: Vec<String> = view.sentinels(found).iter().map(ToString::to_string).collect();
    let watched = found.settings.mode != RedisMode::Single;
    Some(match field {
        RedisField::Url => {
            let scheme = if watched { "redis+sentinel://" } else { "redis://" };
            let login = if found.settings.auth {
                Text::from(":").and(Text::secret(secret::REDIS)).and("@")
            } else {
                Text::default()
            };
            let place =
                if watched { format!("{}/{MASTER}/0", sentinels.join(",")) } else { format!("{first}/0") };
            Text::from(scheme).and(login).and(place)
        }
        RedisField::Host => Text::from(first.host.clone()),
        RedisField::Port => Text::from(first.port.to_string()),
        RedisField::Password if found.settings.auth => Text::secret(secret::REDIS),
        RedisField::Password => Text::default(),
        RedisField::Sentinels => Text::from(sentinels.join(",")),
        RedisField::Master => Text::from(if watched { MASTER } else { "" }),
        RedisField::Prefix => Text::from(found.settings.prefix.clone()),
    })
}

fn join_literals(text: Text) -> Text {
    let mut parts: Vec<TextPart> = Vec::new();
    for found in text.0 {
        match (parts.last_mut(), found) {
            (Some(TextPart::Literal(before)), TextPart::Literal(more)) => before.push_str(&more),
            (_, found) => parts.push(found),
        }
    }
    Text(parts)
}
