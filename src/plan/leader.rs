//! Who leads a store of several servers: whom most of those name who have a say, and who says so itself.
//!
//! A server that was cut off may take itself for the leader long after the others chose another one, and sentinels name a dead
//! master until they agree on its successor; so neither word counts alone.

use super::desired::{Component, Probe, Role};
use super::standing::Standing;

/// A kind of store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Store {
    /// MongoDB, led by a primary.
    Mongodb,
    /// Redis, led by a master.
    Redis,
}

impl Store {
    /// What its leader is called.
    pub fn leader(self) -> &'static str {
        match self {
            Self::Mongodb => "primary",
            Self::Redis => "master",
        }
    }
}

/// A server of a store or a sentinel, and what it answered.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// The store that it belongs to.
    pub store: Store,
    /// It has a say in who leads: a member of a replica set, a sentinel.
    pub votes: bool,
    /// The address that the others know it by, `redis-master.shared:6379`.
    pub address: &'a str,
    /// What it said; [`Standing::default`] where it did not answer.
    pub standing: &'a Standing,
}

/// The store that a component belongs to, and whether it has a say in who leads; `None` where it is no part of one.
pub fn part(component: &Component) -> Option<(Store, bool)> {
    match (&component.probe, component.role) {
        (Probe::Sentinel { .. }, _) => Some((Store::Redis, true)),
        (Probe::MongodbMember { .. }, _) => Some((Store::Mongodb, true)),
        (_, Role::Redis) => Some((Store::Redis, false)),
        (_, Role::Mongodb) => Some((Store::Mongodb, false)),
        _ => None,
    }
}

/// Whether somebody should lead this store: a single server leads nobody.
pub fn is_led(store: Store, members: &[Member<'_>]) -> bool {
    members.iter().any(|member| member.store == store && member.votes)
}

/// The one that leads a store; `None` where nobody does.
pub fn leader<'m, 'a>(store: Store, members: &'m [Member<'a>]) -> Option<&'m Member<'a>> {
    let voters: Vec<&Member<'_>> =
        members.iter().filter(|member| member.store == store && member.votes).collect();
    let supporters = |address: &str| {
        voters.iter().filter(|voter| voter.standing.names.as_deref() == Some(address)).count()
    };
    members.iter().find(|member| {
        member.store == store
            && member.standing.role.as_deref() == Some(store.leader())
            && supporters(member.address) * 2 > voters.len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(role: &str, names: &str) -> Standing {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Standing { role: some(role), names: some(names), position: None }
    }

    /// Members `a`, `b`, `c` with what each says it is and names.
    fn mongodb(said: [(&str, &str); 3]) -> Option<String> {
        let standings = said.map(|(role, names)| standing(role, names));
        let members: Vec<Member<'_>> = ["a", "b", "c"]
            .iter()
            .zip(&standings)
            .map(|(address, standing)| Member { store: Store::Mongodb, votes: true, address, standing })
            .collect();
        leader(Store::Mongodb, &members).map(|member| member.address.to_owned())
    }

    /// Servers `a`, `b`, `c` with what each says it is, and whom three sentinels name.
    fn redis(roles: [&str; 3], names: [&str; 3]) -> Option<String> {
        let servers = roles.map(|role| standing(role, ""));
        let sentinels = names.map(|names| standing("sentinel", names));
        let servers = ["a", "b", "c"].into_iter().zip(&servers);
        let sentinels = ["x", "y", "z"].into_iter().zip(&sentinels);
        let redis =
            |votes| move |(address, standing)| Member { store: Store::Redis, votes, address, standing };
        let members: Vec<Member<'_>> = servers.map(redis(false)).chain(sentinels.map(redis(true))).collect();
        leader(Store::Redis, &members).map(|member| member.address.to_owned())
    }

    #[test]
    fn the_one_that_most_name_and_that_says_so_leads() {
        let well = [("primary", "a"), ("secondary", "a"), ("secondary", "a")];
        assert_eq!(mongodb(well).as_deref(), Some("a"));
        let one_is_down = [("", ""), ("primary", "b"), ("secondary", "b")];
        assert_eq!(mongodb(one_is_down).as_deref(), Some("b"));
        assert_eq!(redis(["replica", "master", "replica"], ["b"; 3]).as_deref(), Some("b"));
        assert_eq!(redis(["", "master", "replica"], ["b", "b", ""]).as_deref(), Some("b"));
    }

    #[test]
    fn one_that_was_cut_off_leads_nobody() {
        let both = [("primary", "a"), ("primary", "b"), ("secondary", "b")];
        assert_eq!(mongodb(both).as_deref(), Some("b"));
        let alone = [("primary", "a"), ("", ""), ("", "")];
        assert_eq!(mongodb(alone), None);
        assert_eq!(redis(["master", "master", "replica"], ["a", "b", "b"]).as_deref(), Some("b"));
    }

    #[test]
    fn while_they_have_not_agreed_nobody_leads() {
        assert_eq!(mongodb([("secondary", ""); 3]), None);
        // The sentinels still name the dead one.
        assert_eq!(redis(["", "replica", "replica"], ["a"; 3]), None);
        assert_eq!(redis(["master", "replica", "replica"], ["a", "", ""]), None);
        assert_eq!(redis(["master", "master", "replica"], ["a", "b", ""]), None);
    }

    #[test]
    fn a_single_server_leads_nobody() {
        let standing = standing("master", "");
        let alone = Member { store: Store::Redis, votes: false, address: "a", standing: &standing };
        assert!(!is_led(Store::Redis, &[alone]) && leader(Store::Redis, &[alone]).is_none());
        let sentinel = Member { votes: true, ..alone };
        assert!(is_led(Store::Redis, &[alone, sentinel]) && !is_led(Store::Mongodb, &[alone, sentinel]));
    }
}
