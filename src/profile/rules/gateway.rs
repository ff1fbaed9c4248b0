//! The gateway: its port, and where a request without a header goes.

use super::super::finding::Findings;
use super::super::model::{DefaultRoute, Gateway, Service, ServiceKind};
use super::super::node::Node;
use super::super::raw::infrastructure as raw;
use super::check_image;
use super::dependencies::Reach;
use super::ports::Claim;

/// Turns the gateway into the model; `settings` is the tree that `gateway` stands in.
pub(in super::super) fn gateway(
    written: &raw::Gateway,
    settings: &Node,
    reach: &Reach,
    services: &[&Service],
    findings: &mut Findings,
) -> Option<(Gateway, Claim)> {
    let place = |key: &'static str| settings.place_of(&["gateway".into(), key.into()]);
    let image = written.image.clone().unwrap_or_else(|| "nginx:1.28".to_owned());
    check_image(&image, place("image"), findings);
    let default = match &written.default {
        None => DefaultRoute::None,
        Some(raw::GatewayDefault::Other(_)) => DefaultRoute::BorrowedGateway,
        Some(raw::GatewayDefault::Service(name)) => {
            if let Some((message, hint)) = reach.refuse(name) {
                findings.add_with_hint(place("default"), message, hint);
            } else if let Some(service) = services.iter().find(|service| service.name == *name) {
                if service.kind == ServiceKind::Job {
                    findings.add(place("default"), format!("`{name}` is a job and answers no requests"));
                } else if service.ports.is_empty() {
                    let message = format!("service `{name}` has no port that the gateway could ask");
                    findings.add_with_hint(place("default"), message, "give it a `port`");
                }
            }
            DefaultRoute::Service(name.clone())
        }
    };
    let Some(port) = written.port else {
        let hint = "write it in the profile or in its infra file";
        findings.add_with_hint(settings.place_of(&["gateway".into()]), "the key `port` is missing", hint);
        return None;
    };
    let claim = Claim {
        port,
        address: "127.0.0.1".to_owned(),
        protocol: "tcp".to_owned(),
        owner: "the gateway".to_owned(),
        place: place("port"),
    };
    Some((Gateway { image, port, default }, claim))
}
