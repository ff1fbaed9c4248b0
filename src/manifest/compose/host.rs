//! What a container sees and may do of its host: names, rights, devices, namespaces.

use std::collections::BTreeMap;

use serde_json::json;

use super::cursor::Cursor;
use super::long_form;
use crate::plan::desired::Container;

/// Reads them.
pub(super) fn settings(service: &Cursor<'_>, container: &mut Container) {
    container.dns = service.texts_at("dns");
    container.dns_search = service.texts_at("dns_search");
    container.dns_opt = service.texts_at("dns_opt");
    container.extra_hosts = extra_hosts(service);
    container.cap_add = service.texts_at("cap_add");
    container.cap_drop = service.texts_at("cap_drop");
    container.privileged = service.boolean_at("privileged").unwrap_or_default();
    container.read_only = service.boolean_at("read_only").unwrap_or_default();
    container.security_opt = service.texts_at("security_opt");
    container.sysctls = service.text_map_at("sysctls");
    container.ulimits = ulimits(service);
    container.devices = devices(service);
    container.device_cgroup_rules = service.texts_at("device_cgroup_rules");
    container.tmpfs = service.texts_at("tmpfs");
    container.pid = namespace(service, "pid");
    container.ipc = namespace(service, "ipc");
    container.uts = namespace(service, "uts");
    container.cgroup = service.text_at("cgroup");
    container.cgroup_parent = service.text_at("cgroup_parent");
    container.userns_mode = service.text_at("userns_mode");
    container.runtime = service.text_at("runtime");
    container.storage_options = service.text_map_at("storage_opt");
}

/// `host`, `private`, `shareable`; not another service's, which would bind both lives together.
fn namespace(service: &Cursor<'_>, key: &str) -> Option<String> {
    let namespace = service.get(key)?;
    let text = namespace.text()?;
    if text.starts_with("service:") || text.starts_with("container:") {
        namespace
            .report(format!("gw does not share a container's {key} namespace; remove it, or write `host`"));
        return None;
    }
    Some(text)
}

fn extra_hosts(service: &Cursor<'_>) -> Vec<String> {
    let Some(hosts) = service.get("extra_hosts") else { return Vec::new() };
    let line = |host: &Cursor<'_>| {
        let text = host.text()?;
        if text.contains('=') {
            return Some(text);
        }
        match host.scalar().and_then(|scalar| scalar.raw.split_once(':')) {
            Some((name, address)) => host.report_short(json!(format!("{name}={address}"))),
            None => host.report("expected `NAME=ADDRESS`"),
        }
        None
    };
    hosts.items(long_form::hosts).iter().filter_map(line).collect()
}

/// One number stands for both limits; `docker compose config` prints it so.
fn ulimits(service: &Cursor<'_>) -> BTreeMap<String, (i64, i64)> {
    let Some(limits) = service.get("ulimits") else { return BTreeMap::new() };
    let mut read = BTreeMap::new();
    for (name, limit) in limits.entries(long_form::none) {
        if limit.scalar().is_some() {
            if let Some(both) = limit.number() {
                read.insert(name.to_owned(), (both, both));
            }
        } else if limit.is_mapping(long_form::none) {
            match (limit.get("soft"), limit.get("hard")) {
                (Some(soft), Some(hard)) => {
                    if let (Some(soft), Some(hard)) = (soft.number(), hard.number()) {
                        read.insert(name.to_owned(), (soft, hard));
                    }
                }
                _ => limit.report("a limit has `soft` and `hard`"),
            }
        }
    }
    read
}

fn devices(service: &Cursor<'_>) -> Vec<String> {
    let Some(devices) = service.get("devices") else { return Vec::new() };
    let device = |device: &Cursor<'_>| {
        if !device.is_mapping(long_form::device) {
            return None;
        }
        if device.get("source").is_none() {
            device.missing("source", "/dev/null");
        }
        let source = device.text_at("source")?;
        let target = device.text_at("target").unwrap_or_else(|| source.clone());
        let permissions = device.text_at("permissions").unwrap_or_else(|| "rwm".to_owned());
        Some(format!("{source}:{target}:{permissions}"))
    };
    devices
        .items(|devices| long_form::in_list(devices, long_form::device))
        .iter()
        .filter_map(device)
        .collect()
}
