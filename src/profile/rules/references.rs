//! `${...}` in strings: each can be read and names something that this profile has.

use super::super::finding::{Findings, Place};
use super::super::model::{MongoDb, Redis, RedisMode, Service};
use super::super::node::Step;
use super::super::reference::{self, FORMS, OwnField, Piece, RedisField, Reference};
use super::super::store_secrets;
use super::super::suggest::{self, quoted};
use super::dependencies::Reach;
use super::secrets;
use super::service::Written;

/// What references of a profile can mean.
pub(in super::super) struct Scope<'a> {
    /// Services and stores that are there.
    pub(in super::super) reach: &'a Reach,
    /// The MongoDB, own or borrowed.
    pub(in super::super) mongodb: Option<&'a MongoDb>,
    /// The Redis, own or borrowed.
    pub(in super::super) redis: Option<&'a Redis>,
    /// Whether the profile has a gateway.
    pub(in super::super) gateway: bool,
    /// Services that are run or borrowed, as far as they have no mistakes.
    pub(in super::super) services: Vec<&'a Service>,
}

/// Checks every string of a service that may hold references.
pub(in super::super) fn check(written: &Written, scope: &Scope<'_>, findings: &mut Findings) {
    let raw = &written.raw;
    let mut text = |text: &str, steps: &[Step<'_>]| {
        check_text(text, written.node.place_of(steps), &written.name, scope, findings);
    };
    for (name, value) in raw.env.iter().flatten() {
        text(value, &["env".into(), name.into()]);
    }
    for (key, list) in [("command", &raw.command), ("args", &raw.args)] {
        for (index, item) in list.iter().flatten().enumerate() {
            text(item, &[key.into(), index.into()]);
        }
    }
    for (index, file) in raw.files.iter().flatten().enumerate() {
        if let Some(content) = &file.content {
            text(content, &["files".into(), index.into(), "content".into()]);
        }
    }
    for (index, name) in raw.secrets.iter().flatten().enumerate() {
        if let Some((message, hint)) = secret(name, scope) {
            findings.push(written.node.place_of(&["secrets".into(), index.into()]), message, hint);
        }
    }
}

fn check_text(text: &str, place: Place, own: &str, scope: &Scope<'_>, findings: &mut Findings) {
    let pieces = match reference::parse(text) {
        Ok(pieces) => pieces,
        Err((offset, inner)) => {
            let closed = text.as_bytes().get(offset + 2 + inner.len()) == Some(&b'}');
            let (message, hint) = if closed { unknown(&inner, scope) } else { open(&inner) };
            findings.add_with_hint(place, message, hint);
            return;
        }
    };
    for piece in &pieces {
        if let Piece::Reference(reference) = piece
            && let Some((message, hint)) = refuse(reference, own, scope)
        {
            findings.push(place, message, hint);
        }
    }
}

fn open(inner: &str) -> (String, String) {
    (
        format!("{} is never closed", quoted(&format!("${{{inner}"))),
        "close it with `}`, or write `$${` for the two characters".into(),
    )
}

fn unknown(inner: &str, scope: &Scope<'_>) -> (String, String) {
    let message = format!("unknown reference {}", quoted(&format!("${{{inner}}}")));
    let services: Vec<String> = scope
        .reach
        .usable()
        .flat_map(|name| ["url", "host", "port"].map(|field| format!("services.{name}.{field}")))
        .collect();
    let known = FORMS.iter().copied().chain(services.iter().map(String::as_str));
    let nearest = if inner.len() > 100 { None } else { suggest::nearest(inner, known) };
    let hint = nearest.map_or_else(
        || {
            let fields = "known: `mongodb.uri`, `redis.url`, `services.NAME.url`, `gateway.url`, `self.name`, `secrets.NAME`, `env.NAME`";
            format!("{fields}; a dollar that stands for itself is `$$`")
        },
        |name| format!("did you mean `${{{name}}}`?"),
    );
    (message, hint)
}

/// Why a reference means nothing in this profile.
fn refuse(reference: &Reference, own: &str, scope: &Scope<'_>) -> Option<(String, Option<String>)> {
    let complete = scope.reach.complete;
    let store = |name: &str| {
        complete.then(|| {
            let hint = format!("add `infrastructure.{name}`, or borrow it with `sharedInfra`");
            (format!("`${{{name}...}}` refers to {name}, which this profile does not have"), Some(hint))
        })
    };
    match reference {
        Reference::Mongodb(_) if scope.mongodb.is_none() => store("mongodb"),
        Reference::Redis(_) if scope.redis.is_none() => store("redis"),
        Reference::Redis(RedisField::Sentinels | RedisField::Master)
            if scope.redis.is_some_and(|redis| redis.mode == RedisMode::Single) =>
        {
            let message = "`${redis.sentinels}` and `${redis.master}` need sentinels, and redis runs as a single server";
            Some((
                message.into(),
                Some("set `infrastructure.redis.mode` to `sentinel`, or use `${redis.url}`".into()),
            ))
        }
        Reference::Gateway(_) if !scope.gateway => complete.then(|| {
            (
                "`${gateway...}` refers to the gateway, which this profile does not have".into(),
                Some("add `gateway`".into()),
            )
        }),
        Reference::Service(name, _) => match scope.reach.refuse(name) {
            Some((message, hint)) => Some((message, Some(hint))),
            None => portless(name, scope),
        },
        Reference::Own(OwnField::Port) => portless(own, scope),
        Reference::Secret(name) => secret(name, scope),
        _ => None,
    }
}

/// A name of gw's own means the password of a store that is there and has one.
fn secret(name: &str, scope: &Scope<'_>) -> Option<(String, Option<String>)> {
    if let Some((message, hint)) = secrets::unknown(name) {
        return Some((message, Some(hint)));
    }
    let own = store_secrets::ALL.contains(&name);
    let there = store_secrets::of(scope.mongodb, scope.redis).contains(&name);
    (own && !there && scope.reach.complete).then(|| {
        let hint = "a store has it with `\"auth\": true`; MongoDB's second user and key are of a replica set";
        (format!("`{name}` is of a store that this profile does not have"), Some(hint.to_owned()))
    })
}

fn portless(name: &str, scope: &Scope<'_>) -> Option<(String, Option<String>)> {
    let service = scope.services.iter().find(|service| service.name == name)?;
    service
        .ports
        .is_empty()
        .then(|| (format!("service `{name}` has no port to refer to"), Some("give it a `port`".to_owned())))
}
