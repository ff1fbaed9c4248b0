//! A service's variables as a program on this machine needs them: with the addresses at which it reaches what they name; pure.
//!
//! Clients of a set ask its members for the others, and get names that only the project's network knows. So here an address of
//! a whole set becomes the leader's own: the primary's or the master's of now.

use super::addresses::Address;
use crate::plan::leader::Store;

/// A replica set, or a Redis that sentinels watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Set {
    store: Store,
    /// What its clients are told, joined by commas: the members, or the sentinels.
    seeds: String,
    /// The server that leads it, or its first one.
    server: Address,
    /// Nobody leads it now.
    headless: bool,
}

/// The sets among some addresses, in the order of [`Store`], the profile's own before borrowed ones.
pub(super) fn sets(addresses: &[Address]) -> Vec<Set> {
    let mut owners: Vec<&Option<String>> = addresses.iter().map(|address| &address.owner).collect();
    owners.sort();
    owners.dedup();
    let find = |owner: &Option<String>, store: Store| {
        let of_it = |votes: bool| {
            addresses.iter().filter(move |one| one.owner == *owner && one.part == Some((store, votes)))
        };
        let seeds: Vec<&str> = of_it(true).map(|one| one.everywhere.as_str()).collect();
        let mut servers = of_it(store == Store::Mongodb);
        let first = servers.clone().next()?;
        let leader = servers.find(|one| one.leads);
        let server = leader.unwrap_or(first).clone();
        (!seeds.is_empty()).then(|| Set { store, seeds: seeds.join(","), server, headless: leader.is_none() })
    };
    let found =
        owners.into_iter().flat_map(|owner| [Store::Mongodb, Store::Redis].map(|store| find(owner, store)));
    found.flatten().collect()
}

impl Set {
    /// The name and value of the variable that leads to it: `MONGODB_URL`, `REDIS_URL`; `None` where it is not published.
    pub(super) fn variable(&self) -> Option<(String, String)> {
        let (name, scheme, rest) = match self.store {
            Store::Mongodb => ("MONGODB_URL", "mongodb", "/?directConnection=true"),
            Store::Redis => ("REDIS_URL", "redis", ""),
        };
        let url = format!("{scheme}://{}{}{rest}", self.server.credentials, self.server.host.as_ref()?);
        Some((name.to_owned(), url))
    }

    /// What is to be said where nobody leads it and a server of it runs.
    pub(super) fn note(&self) -> Option<String> {
        let what = match self.store {
            Store::Mongodb => "MongoDB",
            Store::Redis => "Redis",
        };
        let missing = self.headless && self.server.running;
        missing.then(|| {
            let leader = self.store.leader();
            format!("{what} has no {leader} now; its address here is that of {}", self.server.component)
        })
    }

    /// A text in which the address of the whole set is its leader's.
    fn in_text(&self, text: &str) -> String {
        let (Some(host), Some((before, after))) = (&self.server.host, text.split_once(&self.seeds)) else {
            return text.to_owned();
        };
        match self.store {
            Store::Mongodb => {
                let end = after.find(char::is_whitespace).unwrap_or(after.len());
                let (options, rest) = after.split_at(end);
                format!("{before}{host}{}{}", direct(options), self.in_text(rest))
            }
            Store::Redis => {
                // A list of sentinels by itself stays one.
                let Some((start, login)) = before.rsplit_once("redis+sentinel://") else {
                    return text.to_owned();
                };
                let Some(rest) = after.strip_prefix('/') else { return text.to_owned() };
                let end =
                    rest.find(|letter: char| letter == '/' || letter.is_whitespace()).unwrap_or(rest.len());
                format!("{start}redis://{login}{host}{}", self.in_text(&rest[end..]))
            }
        }
    }
}

/// The rest of a URI with `directConnection=true` for `replicaSet=NAME`.
fn direct(options: &str) -> String {
    let Some((before, after)) = options.split_once("replicaSet=") else { return options.to_owned() };
    let end = after.find('&').unwrap_or(after.len());
    format!("{before}directConnection=true{}", &after[end..])
}

/// A text as this machine reaches what it names.
pub(super) fn reached(text: &str, sets: &[Set], addresses: &[Address]) -> String {
    let text = sets.iter().fold(text.to_owned(), |text, set| set.in_text(&text));
    addresses.iter().fold(text, |text, address| {
        let Some(host) = &address.host else { return text };
        let text = seen_from_host(&text, &address.inside, host);
        seen_from_host(&text, &address.everywhere, host)
    })
}

/// A text with an address inside the project replaced by the one on the host; a longer name or number is another address.
fn seen_from_host(text: &str, inside: &str, host: &str) -> String {
    let part = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let (mut seen, mut rest) = (String::new(), text);
    while let Some(place) = rest.find(inside) {
        let (before, after) = (&rest[..place], &rest[place + inside.len()..]);
        let longer = before.ends_with(part)
            || (before.is_empty() && seen.ends_with(part))
            || after.starts_with(|letter: char| letter.is_ascii_digit());
        seen.push_str(before);
        seen.push_str(if longer { inside } else { host });
        rest = after;
    }
    seen + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::desired::Role;

    #[test]
    fn only_the_whole_address_is_replaced() {
        let seen = |text| seen_from_host(text, "redis:6379", "127.0.0.1:16379");
        assert_eq!(seen("redis://:secret@redis:6379/0"), "redis://:secret@127.0.0.1:16379/0");
        assert_eq!(seen("redis:6379,redis:6379"), "127.0.0.1:16379,127.0.0.1:16379");
        assert_eq!(seen("my-redis:6379 redis:63790 redis"), "my-redis:6379 redis:63790 redis");
    }

    fn address(component: &str, inside: u16, host: u16, part: (Store, bool)) -> Address {
        Address {
            component: component.to_owned(),
            owner: None,
            role: Role::Service,
            credentials: if part.0 == Store::Redis { ":pw@" } else { "app:pw@" }.to_owned(),
            inside: format!("{component}:{inside}"),
            everywhere: format!("{component}.shop:{inside}"),
            host: Some(format!("127.0.0.1:{host}")),
            hidden: false,
            running: true,
            part: Some(part),
            says: None,
            leads: false,
        }
    }

    /// A replica set and a watched Redis of two each; the second one of each leads, if `led`.
    fn both(led: bool) -> Vec<Address> {
        let mut all = vec![
            address("mongo-primary", 27017, 1, (Store::Mongodb, true)),
            address("mongo-secondary-1", 27017, 2, (Store::Mongodb, true)),
            address("redis-master", 6379, 3, (Store::Redis, false)),
            address("redis-replica-1", 6379, 4, (Store::Redis, false)),
            address("redis-sentinel-1", 26379, 5, (Store::Redis, true)),
            address("redis-sentinel-2", 26379, 6, (Store::Redis, true)),
        ];
        for leader in [1, 3] {
            all[leader].leads = led;
        }
        all
    }

    fn text(text: &str) -> String {
        let addresses = both(true);
        reached(text, &sets(&addresses), &addresses)
    }

    #[test]
    fn the_address_of_a_set_becomes_its_leaders() {
        assert_eq!(
            text(
                "mongodb://app:pw@mongo-primary.shop:27017,mongo-secondary-1.shop:27017/app?authSource=admin&replicaSet=rs0"
            ),
            "mongodb://app:pw@127.0.0.1:2/app?authSource=admin&directConnection=true"
        );
        assert_eq!(
            text(
                "mongodb://mongo-primary.shop:27017,mongo-secondary-1.shop:27017/app?replicaSet=rs0&w=1 and more"
            ),
            "mongodb://127.0.0.1:2/app?directConnection=true&w=1 and more"
        );
        assert_eq!(
            text("redis+sentinel://:pw@redis-sentinel-1.shop:26379,redis-sentinel-2.shop:26379/mymaster/0"),
            "redis://:pw@127.0.0.1:4/0"
        );
    }

    #[test]
    fn what_names_single_members_keeps_them() {
        assert_eq!(
            text("redis-sentinel-1.shop:26379,redis-sentinel-2.shop:26379"),
            "127.0.0.1:5,127.0.0.1:6"
        );
        assert_eq!(text("mongodb://mongo-primary.shop:27017/?w=1"), "mongodb://127.0.0.1:1/?w=1");
    }

    #[test]
    fn a_variable_leads_to_the_leader_or_to_the_first_one_with_a_note() {
        let variables = |led: bool| -> Vec<String> {
            let named = sets(&both(led)).into_iter().filter_map(|set| set.variable());
            named.map(|(name, value)| format!("{name}={value}")).collect()
        };
        let notes = |led: bool| -> Vec<String> { sets(&both(led)).iter().filter_map(Set::note).collect() };
        let leaders = [
            "MONGODB_URL=mongodb://app:pw@127.0.0.1:2/?directConnection=true",
            "REDIS_URL=redis://:pw@127.0.0.1:4",
        ];
        assert_eq!((variables(true), notes(true)), (leaders.map(str::to_owned).to_vec(), Vec::new()));
        let first = [
            "MONGODB_URL=mongodb://app:pw@127.0.0.1:1/?directConnection=true",
            "REDIS_URL=redis://:pw@127.0.0.1:3",
        ];
        let said = [
            "MongoDB has no primary now; its address here is that of mongo-primary",
            "Redis has no master now; its address here is that of redis-master",
        ];
        assert_eq!(
            (variables(false), notes(false)),
            (first.map(str::to_owned).to_vec(), said.map(str::to_owned).to_vec())
        );
    }

    #[test]
    fn single_servers_are_no_sets() {
        let mut single = both(true);
        single.retain(|one| one.component == "redis-master");
        assert_eq!(sets(&single), []);
    }
}
