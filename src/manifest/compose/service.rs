//! One service: a component with its container.

use serde_json::json;

use super::cursor::Cursor;
use super::document::Shared;
use super::{
    build, container, depends, extension, files, hash, health, host, long_form, mounts, networks, ports,
};
use crate::plan::desired::{Component, Container};

/// Reads a service; `None` where nothing can be made of it.
pub(super) fn component(key: &str, service: &Cursor<'_>, shared: &Shared<'_>) -> Option<Component> {
    if !service.is_mapping(long_form::none) {
        return None;
    }
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    if key.is_empty() || !key.chars().all(is_part) {
        service.report("a service's name has letters, digits, `.`, `_` and `-` only");
    }
    let extension = extension::service(key, service);
    let mut build = build::read(service);
    let mut container = Container {
        image: image(key, service, shared, service.get("build").is_some()),
        ..Container::default()
    };
    container::process(service, &mut container);
    container::resources(service, &mut container);
    host::settings(service, &mut container);
    networks::join(service, &mut container, shared);
    container.ports = ports::published(service);
    container.expose = ports::exposed(service);
    container.mounts = mounts::read(service, shared);
    container.files = files::read(service, shared);
    container.healthcheck = health::read(service);
    if let Some(hint) = extension.hint {
        match &mut build {
            Some(build) => build.hint = Some(hint),
            None => {
                service.report("`x-gw.hint` is shown when a build fails, and this service has no `build`");
            }
        }
    }
    let mut links = depends::read(service);
    for (other, condition) in extension.depends_on {
        match links.conditions.get_mut(&other) {
            Some(weaker) => *weaker = condition,
            None => service.report(format!("`x-gw.depends_on` names {other}, which `depends_on` does not")),
        }
    }
    let probe = extension.probe.unwrap_or_else(|| health::probe(container.healthcheck.as_ref()));
    Some(Component {
        name: extension.name,
        role: extension.role,
        replicas: replicas(service),
        depends_on: links.conditions,
        optional: links.optional,
        restarts_with: links.restarts_with,
        probe,
        deadline: extension.deadline,
        hash: hash::of(&container, build.as_ref()),
        build,
        container,
    })
}

/// The image's reference; a built one without a name is called as Compose calls it.
fn image(key: &str, service: &Cursor<'_>, shared: &Shared<'_>, is_built: bool) -> String {
    if service.get("image").is_none() {
        if !is_built {
            service.missing("image", "redis:8");
        }
        return format!("{}-{key}", shared.project);
    }
    service.text_at("image").unwrap_or_default()
}

fn replicas(service: &Cursor<'_>) -> u32 {
    let deploy = service.get("deploy").filter(|deploy| deploy.is_mapping(long_form::none));
    if let Some(placement) = deploy.as_ref().and_then(|deploy| deploy.get("placement")) {
        placement.is_mapping(long_form::none);
    }
    let replicas = deploy.and_then(|deploy| deploy.number_at("replicas"));
    container::agreed(service, ("scale", service.number_at("scale")), ("deploy.replicas", replicas))
        .unwrap_or(1)
}

/// The long form of a service's dependencies.
pub(super) fn dependency() -> serde_json::Value {
    json!({ "condition": "service_started", "required": true })
}
