//! Lays one tree over another; each value keeps the place where it was written.

use std::collections::HashMap;

use super::node::{Member, Node, Value};

/// Ways to say the same thing, of which a service has one.
const ALTERNATIVES: &[&str] = &["image", "build"];

/// The probes of `ready`, of which a service has one.
pub(super) const PROBES: &[&str] = &["http", "tcp", "exec", "redis", "mongodb"];

/// `over` on top of `base`: objects merge by key, everything else replaces.
pub(super) fn merge(base: &Node, over: &Node) -> Node {
    let (Value::Object(below), Value::Object(above)) = (&base.value, &over.value) else {
        return over.clone();
    };
    let mut members: Vec<Member> = below.clone();
    let known: HashMap<&str, usize> =
        below.iter().enumerate().map(|(index, member)| (member.key.as_str(), index)).collect();
    for member in above {
        match known.get(member.key.as_str()) {
            Some(index) => {
                let below = &mut members[*index];
                below.node = merge(&below.node, &member.node);
                below.key_place = member.key_place;
            }
            None => members.push(member.clone()),
        }
    }
    Node { place: over.place, end: over.end, value: Value::Object(members) }
}

/// The settings of a profile on top of those of its infra file; where a secret comes from is said in one of the two.
pub(super) fn merge_settings(infra: &Node, profile: &Node) -> Node {
    let mut base = infra.clone();
    if let (Value::Object(members), Some(own)) = (&mut base.value, profile.get("secrets"))
        && let Some(below) = members.iter_mut().find(|member| member.key == "secrets")
    {
        remove(&mut below.node, |name| own.get(name).is_some());
    }
    merge(&base, profile)
}

/// A service on top of the defaults of its file; an alternative replaces the other one.
pub(super) fn merge_service(defaults: &Node, service: &Node) -> Node {
    let mut base = defaults.clone();
    if ALTERNATIVES.iter().any(|key| service.get(key).is_some()) {
        remove(&mut base, |key| ALTERNATIVES.contains(&key) && service.get(key).is_none());
    }
    if let (Value::Object(members), Some(ready)) = (&mut base.value, service.get("ready"))
        && PROBES.iter().any(|probe| ready.get(probe).is_some())
        && let Some(below) = members.iter_mut().find(|member| member.key == "ready")
    {
        remove(&mut below.node, |key| key != "deadline");
    }
    merge(&base, service)
}

/// Takes out the members of an object that a condition names.
pub(super) fn remove(node: &mut Node, condition: impl Fn(&str) -> bool) {
    if let Value::Object(members) = &mut node.value {
        members.retain(|member| !condition(&member.key));
    }
}
