//! Which components of an owner's stack a borrower uses.

use super::{gateway, mongodb, redis, service};
use crate::profile::model::{Borrowed, Profile};

/// A part of an owner's stack that another profile uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lent {
    /// The word for it: `mongodb`, `redis`, a service's name, `gateway`.
    pub name: String,
    /// The keys of its components in the owner's stack.
    pub keys: Vec<String>,
}

/// Returns what a borrower uses of `owner`: stores, services, gateway, in this order.
pub fn lent(owner: &Profile, borrowed: &Borrowed) -> Vec<Lent> {
    let mut parts = Vec::new();
    let mut part = |name: &str, keys: Vec<String>| parts.push(Lent { name: name.to_owned(), keys });
    if let Some(store) = &borrowed.mongodb {
        let keys = mongodb::dependencies(store.mode).into_iter().map(|dependency| dependency.on);
        part("mongodb", keys.collect());
    }
    if let Some(store) = &borrowed.redis {
        let keys = redis::dependencies(store.mode).into_iter().map(|dependency| dependency.on);
        part("redis", keys.collect());
    }
    for lent in &borrowed.services {
        part(&lent.name, vec![service::key(owner, lent)]);
    }
    if let Some(settings) = borrowed.gateway.as_ref().and(owner.gateway.as_ref()) {
        part("gateway", vec![gateway::key(owner, settings)]);
    }
    parts
}
