//! What only Compose can say, in the long form that gw reads back.

use serde_json::{Map, Value, json};

use super::at::At;
use super::scalar;
use crate::manifest::compose::lexical;

/// What a key holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    Text,
    Flag,
    Number,
    /// A size.
    Bytes,
    /// A list of texts, or one.
    List,
    /// A mapping of texts, or a list of `NAME=value`.
    Texts,
    /// `NAME=ADDRESS`, or a mapping.
    Hosts,
    /// A number or a mapping of numbers for each name.
    Limits,
    /// `HOST:CONTAINER:rwm`.
    Devices,
    /// A mapping with keys of its own.
    Keys(Keys),
    /// A list of such.
    Many(Keys),
}

/// Keys of one mapping.
pub(super) type Keys = &'static [(&'static str, Form)];

/// Of a service: those that a profile has no key for.
pub(super) const SERVICE: Keys = &[
    ("annotations", Form::Texts),
    ("cap_add", Form::List),
    ("cap_drop", Form::List),
    ("cgroup", Form::Text),
    ("cgroup_parent", Form::Text),
    ("cpu_period", Form::Number),
    ("cpu_quota", Form::Number),
    ("cpu_shares", Form::Number),
    ("cpuset", Form::Text),
    ("device_cgroup_rules", Form::List),
    ("devices", Form::Devices),
    ("dns", Form::List),
    ("dns_opt", Form::List),
    ("dns_search", Form::List),
    ("domainname", Form::Text),
    ("extra_hosts", Form::Hosts),
    ("group_add", Form::List),
    ("hostname", Form::Text),
    ("init", Form::Flag),
    ("ipc", Form::Text),
    ("labels", Form::Texts),
    ("logging", Form::Keys(&[("driver", Form::Text), ("options", Form::Texts)])),
    ("mem_reservation", Form::Bytes),
    ("mem_swappiness", Form::Number),
    ("memswap_limit", Form::Bytes),
    ("oom_kill_disable", Form::Flag),
    ("oom_score_adj", Form::Number),
    ("pid", Form::Text),
    ("pids_limit", Form::Number),
    ("platform", Form::Text),
    ("privileged", Form::Flag),
    ("pull_policy", Form::Text),
    ("read_only", Form::Flag),
    ("runtime", Form::Text),
    ("security_opt", Form::List),
    ("shm_size", Form::Bytes),
    ("stdin_open", Form::Flag),
    ("stop_signal", Form::Text),
    ("storage_opt", Form::Texts),
    ("sysctls", Form::Texts),
    ("tmpfs", Form::List),
    ("tty", Form::Flag),
    ("ulimits", Form::Limits),
    ("userns_mode", Form::Text),
    ("uts", Form::Text),
    ("working_dir", Form::Text),
];

/// Of a service's network.
pub(super) const ENDPOINT: Keys = &[
    ("aliases", Form::List),
    ("ipv4_address", Form::Text),
    ("ipv6_address", Form::Text),
    ("link_local_ips", Form::List),
    ("mac_address", Form::Text),
    ("priority", Form::Number),
];

/// Of a mount's `bind`, `volume` or `tmpfs`.
pub(super) const MOUNT: Keys = &[
    ("create_host_path", Form::Flag),
    ("propagation", Form::Text),
    ("nocopy", Form::Flag),
    ("subpath", Form::Text),
    ("size", Form::Bytes),
    ("mode", Form::Number),
];

/// Of a network.
pub(super) const NETWORK: Keys = &[
    ("name", Form::Text),
    ("external", Form::Flag),
    ("driver", Form::Text),
    ("driver_opts", Form::Texts),
    ("attachable", Form::Flag),
    ("internal", Form::Flag),
    ("enable_ipv6", Form::Flag),
    ("labels", Form::Texts),
    (
        "ipam",
        Form::Keys(&[
            ("driver", Form::Text),
            (
                "config",
                Form::Many(&[
                    ("subnet", Form::Text),
                    ("gateway", Form::Text),
                    ("ip_range", Form::Text),
                    ("aux_addresses", Form::Texts),
                ]),
            ),
        ]),
    ),
];

/// Of a volume.
pub(super) const VOLUME: Keys = &[
    ("name", Form::Text),
    ("external", Form::Flag),
    ("driver", Form::Text),
    ("driver_opts", Form::Texts),
    ("labels", Form::Texts),
];

/// The keys of a mapping that gw carries out; the others are noted.
pub(super) fn options(at: &At<'_>, keys: Keys) -> Map<String, Value> {
    let mut options = Map::new();
    for (key, at) in at.entries().into_iter().filter(|(key, at)| !key.starts_with("x-") && !at.is_empty()) {
        match keys.iter().find(|(name, _)| *name == key) {
            Some((_, form)) => options.extend(value(&at, *form).map(|value| (key.to_owned(), value))),
            None => at.lost("gw does not carry it out"),
        }
    }
    options
}

/// A value in its long form.
pub(super) fn value(at: &At<'_>, form: Form) -> Option<Value> {
    Some(match form {
        Form::Text => json!(at.patch()?),
        Form::Flag => match at.patch()?.as_str() {
            "true" => json!(true),
            "false" => json!(false),
            other if other.contains('$') => json!(other),
            _ => {
                at.mistake("expected `true` or `false`");
                return None;
            }
        },
        Form::Number => {
            let text = at.patch()?;
            text.parse::<i64>().map_or(json!(text), Value::from)
        }
        Form::Bytes => {
            let text = at.patch()?;
            json!(scalar::bytes(&text).map_or(text, |bytes| bytes.to_string()))
        }
        Form::List => at.one_or_many().iter().filter_map(At::patch).collect(),
        Form::Texts => {
            let pair = |(name, value, at): (String, Option<String>, At<'_>)| {
                let text = value.map(|value| super::variables::patch(&at.pieces(&value)));
                (name, json!(text.unwrap_or_default()))
            };
            Value::Object(at.assignments().into_iter().map(pair).collect())
        }
        Form::Hosts => hosts(at),
        Form::Limits => {
            let one = |at: &At<'_>| {
                if at.is_mapping() {
                    let pair = |(key, at): (&str, At<'_>)| Some((key.to_owned(), value(&at, Form::Number)?));
                    return Some(Value::Object(at.entries().into_iter().filter_map(pair).collect()));
                }
                value(at, Form::Number)
            };
            let pair = |(name, at): (&str, At<'_>)| Some((name.to_owned(), one(&at)?));
            Value::Object(at.entries().into_iter().filter_map(pair).collect())
        }
        Form::Devices => at.items().iter().filter_map(device).collect(),
        Form::Keys(keys) => Value::Object(options(at, keys)),
        Form::Many(keys) => at.items().iter().map(|at| Value::Object(options(at, keys))).collect(),
    })
}

fn hosts(at: &At<'_>) -> Value {
    let texts: Vec<String> = if at.is_mapping() {
        let pair = |(name, at): (&str, At<'_>)| Some(format!("{name}={}", at.patch()?));
        at.entries().into_iter().filter_map(pair).collect()
    } else {
        at.items().iter().filter_map(At::patch).collect()
    };
    let one = |text: &String| match text.split_once(['=', ':']) {
        Some((name, address)) => json!(format!("{name}={}", address.trim_matches(['[', ']']))),
        None => json!(text),
    };
    texts.iter().map(one).collect()
}

fn device(at: &At<'_>) -> Option<Value> {
    if at.is_mapping() {
        return Some(Value::Object(options(
            at,
            &[("source", Form::Text), ("target", Form::Text), ("permissions", Form::Text)],
        )));
    }
    let text = at.patch()?;
    let mut parts = lexical::parts(&text).into_iter();
    let source = parts.next()?;
    let target = parts.next().unwrap_or(source);
    Some(json!({ "source": source, "target": target, "permissions": parts.next().unwrap_or("rwm") }))
}
