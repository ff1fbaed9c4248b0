//! Puts a probe's question to a container, on the way that `probe::way` chooses.

use bollard::models::ContainerInspectResponse;

use super::operate::DockerEngine;
use crate::engine::backend::Trouble;
use crate::engine::probe::way::{Inside, Way, way};
use crate::engine::probe::{self, Reply};
use crate::plan::desired::Probe;

impl DockerEngine {
    /// The way that a probe's question goes to this container.
    pub(super) fn way(&self, probe: &Probe, container: &ContainerInspectResponse) -> Way {
        let port = probe::port(probe).unwrap_or_default();
        way(probe, self.reach, &self.published_host, &inside(container, port))
    }

    /// Asks once.
    ///
    /// # Errors
    /// The engine is gone; whatever else is in the way is a reply that is not ready.
    pub(super) async fn put(&self, probe: &Probe, way: &Way, container: &str) -> Result<Reply, Trouble> {
        match way {
            Way::Running => Ok(Reply::ready("running")),
            Way::Network(target) => Ok(probe::ask(probe, target).await),
            Way::Command(command) | Way::HealthCheck { command, .. } => {
                self.ask_inside(container, command).await
            }
            Way::NotYet => Ok(Reply::not_ready("it has no address yet")),
            Way::Closed(why) => Ok(Reply::not_ready(why.as_str())),
        }
    }
}

/// What the engine tells of a container, for a question to one of its ports.
fn inside(container: &ContainerInspectResponse, port: u16) -> Inside {
    let host_config = container.host_config.as_ref();
    let settings = container.network_settings.as_ref();
    let networks = settings.and_then(|settings| settings.networks.as_ref());
    let mut addresses = networks.into_iter().flatten().filter_map(|(_, one)| one.ip_address.clone());
    let ports = settings.and_then(|settings| settings.ports.as_ref());
    let bindings = ports.and_then(|ports| ports.get(&format!("{port}/tcp"))?.as_ref());
    let published = bindings.into_iter().flatten().filter_map(|binding| {
        let port = binding.host_port.as_ref()?.parse().ok()?;
        Some((binding.host_ip.clone().unwrap_or_default(), port))
    });
    let check = container.config.as_ref().and_then(|config| config.healthcheck.as_ref());
    Inside {
        host_network: host_config.and_then(|config| config.network_mode.as_deref()) == Some("host"),
        address: addresses.find(|address| !address.is_empty()),
        published: published.collect(),
        healthcheck: check.and_then(|check| check.test.clone()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_question_needs_is_read_from_the_engines_description() {
        let told = serde_json::json!({
            "Config": { "Healthcheck": { "Test": ["CMD", "/app"] } },
            "HostConfig": { "NetworkMode": "shop_default" },
            "NetworkSettings": {
                "Networks": { "shop_default": { "IPAddress": "172.18.0.3" }, "new": { "IPAddress": "" } },
                "Ports": {
                    "80/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "8000" }, { "HostIp": "", "HostPort": "8001" }],
                    "81/tcp": null,
                },
            },
        });
        let container: ContainerInspectResponse = serde_json::from_value(told).expect("it is a description");
        let expected = Inside {
            host_network: false,
            address: Some("172.18.0.3".to_owned()),
            published: vec![("127.0.0.1".to_owned(), 8000), (String::new(), 8001)],
            healthcheck: vec!["CMD".to_owned(), "/app".to_owned()],
        };
        assert_eq!(inside(&container, 80), expected);
        assert_eq!(inside(&container, 81), Inside { published: Vec::new(), ..expected });
        let host = serde_json::json!({ "HostConfig": { "NetworkMode": "host" } });
        let container = serde_json::from_value(host).expect("it is a description");
        assert_eq!(inside(&container, 80), Inside { host_network: true, ..Inside::default() });
    }
}
