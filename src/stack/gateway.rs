//! The gateway: which name goes where.

use serde_json::{Value, json};

use super::address::{GATEWAY_PORT, HOST_NAME, qualified};
use super::model::{Component, Content, File, Role};
use super::part::{
    check, component, names_of_the_engine_only, own_network, owner_network, port, ready, words,
};
use super::service::joined_key;
use crate::profile::model::{DefaultRoute, Gateway, Probe, Profile, Service, ServiceKind};

/// The user of the public image.
const USER_ID: &str = "101:101";
/// Where the gateway answers for itself; no service's path begins so.
const READY_PATH: &str = "/__gw/health";

/// Whether the gateway sends anything to the project that is borrowed from.
pub(super) fn borrows(profile: &Profile, gateway: &Gateway) -> bool {
    profile.borrowed.as_ref().is_some_and(|borrowed| {
        gateway.default == DefaultRoute::BorrowedGateway || borrowed.services.iter().any(is_reachable)
    })
}

/// The key of the gateway: unique also on another project's network.
pub(super) fn key(profile: &Profile, gateway: &Gateway) -> String {
    if borrows(profile, gateway) { joined_key(profile, "gateway") } else { "gateway".to_owned() }
}

/// Returns the gateway; `key` is its own unless it joins another project's network.
pub(super) fn gateway(profile: &Profile, gateway: &Gateway, key: &str, image: &str) -> Component {
    let values = values(profile, gateway);
    let file = |name: &str, template: &'static str| File {
        name: format!("gateway-{}", name.split('.').next().unwrap_or_default()),
        target: format!("/etc/gateway/{name}"),
        content: Content::Template { name: template, values: values.clone() },
        mode: 0o444,
    };
    let on_host = values["host_name"] != Value::Null;
    let mut attachments = vec![own_network(profile, key, "gateway")];
    if let Some(borrowed) = profile.borrowed.as_ref().filter(|_| borrows(profile, gateway)) {
        attachments.push(owner_network(profile, &borrowed.project, "gateway"));
    }
    Component {
        command: words(&["sh", "/etc/gateway/start.sh"]),
        user: Some(USER_ID.to_owned()),
        ports: port(GATEWAY_PORT, Some(gateway.port)),
        files: vec![
            file("nginx.conf", "gateway/nginx.conf.tera"),
            file("start.sh", "gateway/start.sh.tera"),
            file("check.sh", "gateway/check.sh.tera"),
        ],
        attachments,
        ready: ready(Probe::Http {
            path: READY_PATH.to_owned(),
            port: GATEWAY_PORT,
            status: Some(200),
            body: None,
        }),
        engine_check: Some(check(&["sh", "/etc/gateway/check.sh"])),
        stop_grace: std::time::Duration::from_secs(2),
        dns: names_of_the_engine_only(),
        extra_hosts: if on_host { vec![format!("{HOST_NAME}=host-gateway")] } else { Vec::new() },
        ..component(profile, key, "gateway", Role::Gateway, image.to_owned())
    }
}

// Every host is NAME.PROJECT: unique where networks are shared, and on the cluster only a suffix away from its full name.
fn values(profile: &Profile, gateway: &Gateway) -> Value {
    let borrowed = profile.borrowed.as_ref();
    let mut routes: Vec<Value> = routes(&profile.services, &profile.project).collect();
    if let Some(borrowed) = borrowed {
        let own = |service: &Service| profile.services.iter().any(|other| other.name == service.name);
        let others: Vec<Service> =
            borrowed.services.iter().filter(|service| !own(service)).cloned().collect();
        routes.extend(self::routes(&others, &borrowed.project));
    }
    let on_host = routes.iter().any(|route| route["host"] == Value::Null);
    let owner = borrowed.filter(|_| gateway.default == DefaultRoute::BorrowedGateway);
    json!({
        "project": profile.project,
        "port": GATEWAY_PORT,
        "ready_path": READY_PATH,
        "routes": routes,
        "default": match &gateway.default {
            DefaultRoute::Service(name) => Value::from(name.clone()),
            DefaultRoute::BorrowedGateway | DefaultRoute::None => Value::Null,
        },
        "owner": owner.map(|owner| json!({
            "name": qualified("gateway", &owner.project),
            "host": qualified("gateway", &owner.project),
            "port": GATEWAY_PORT,
        })),
        "host_name": on_host.then_some(HOST_NAME),
    })
}

// `host` is null where the service shares the host's network.
fn routes<'a>(services: &'a [Service], project: &'a str) -> impl Iterator<Item = Value> + 'a {
    services.iter().filter(|service| is_reachable(service)).map(move |service| {
        json!({
            "name": service.name,
            "host": (!service.host_network).then(|| qualified(&service.name, project)),
            "port": service.ports[0].container,
        })
    })
}

fn is_reachable(service: &Service) -> bool {
    service.kind == ServiceKind::Service && !service.ports.is_empty()
}
