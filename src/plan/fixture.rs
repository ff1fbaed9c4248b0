//! A small stack for tests: a store, two services built from one image, a gateway.

use std::collections::BTreeMap;
use std::time::Duration;

use super::desired::{
    Build, Component, Condition, Container, Desired, Endpoint, Mount, MountKind, Network, Probe, Role, Volume,
};
use super::labels;
use super::observed::{self, Observed, State};

/// A component with one container, one network and the hash `hash-KEY`.
pub(crate) fn component(key: &str, role: Role, image: &str, depends_on: &[(&str, Condition)]) -> Component {
    Component {
        name: key.to_owned(),
        role,
        replicas: 1,
        depends_on: depends_on.iter().map(|(on, condition)| ((*on).to_owned(), *condition)).collect(),
        optional: [].into(),
        restarts_with: [].into(),
        probe: Probe::None,
        deadline: Duration::from_secs(60),
        build: None,
        container: Container {
            image: image.to_owned(),
            networks: BTreeMap::from([("default".to_owned(), Endpoint::default())]),
            ..Container::default()
        },
        hash: format!("hash-{key}"),
    }
}

/// A network of the stack's own.
pub(crate) fn network(name: &str) -> Network {
    Network {
        name: name.to_owned(),
        external: false,
        labels: BTreeMap::new(),
        driver: None,
        internal: false,
        driver_options: BTreeMap::new(),
        attachable: false,
        ipv6: false,
        ipam_driver: None,
        subnets: Vec::new(),
    }
}

/// A volume of the stack's own.
pub(crate) fn volume(name: &str) -> Volume {
    Volume {
        name: name.to_owned(),
        external: false,
        labels: BTreeMap::new(),
        driver: None,
        driver_options: BTreeMap::new(),
    }
}

/// A mounted volume.
pub(crate) fn mount(source: &str, target: &str) -> Mount {
    Mount {
        kind: MountKind::Volume,
        source: Some(source.to_owned()),
        target: target.to_owned(),
        read_only: false,
        create_host_path: false,
        no_copy: false,
        tmpfs_size: None,
        tmpfs_mode: None,
        subpath: None,
        propagation: None,
    }
}

/// `ms`: mongo with a volume, auth and kyc built from one image, a gateway that goes to auth.
pub(crate) fn desired() -> Desired {
    let mut mongo = component("mongo", Role::Mongodb, "mongo:8.0", &[]);
    mongo.name = "mongodb".to_owned();
    mongo.container.mounts = vec![mount("mongo", "/data/db")];
    let service = |key| {
        let mut service = component(key, Role::Service, "ms-sample", &[("mongo", Condition::Ready)]);
        service.build = Some(Build {
            context: "/ms/sample".into(),
            dockerfile: "Dockerfile".to_owned(),
            target: None,
            args: BTreeMap::new(),
            network: None,
            hint: None,
        });
        service
    };
    let gateway = component("gateway", Role::Gateway, "nginx:1.28", &[("auth", Condition::Started)]);
    let components =
        [("mongo", mongo), ("auth", service("auth")), ("kyc", service("kyc")), ("gateway", gateway)];
    Desired {
        project: "ms".to_owned(),
        profile: "default".to_owned(),
        networks: BTreeMap::from([("default".to_owned(), network("ms_default"))]),
        volumes: BTreeMap::from([("mongo".to_owned(), volume("ms_mongo"))]),
        components: components.into_iter().map(|(key, component)| (key.to_owned(), component)).collect(),
    }
}

/// A running container as gw makes it for a component.
pub(crate) fn container(desired: &Desired, key: &str, number: u32) -> observed::Container {
    let component = &desired.components[key];
    let labels = [
        (labels::COMPOSE_PROJECT, desired.project.clone()),
        (labels::COMPOSE_SERVICE, key.to_owned()),
        (labels::COMPOSE_NUMBER, number.to_string()),
        (labels::HASH, component.hash.clone()),
        (labels::RESOLVED, format!("resolved-{key}")),
        (labels::OWNER, "a1".to_owned()),
    ];
    observed::Container {
        id: format!("id-{key}-{number}"),
        name: format!("{}-{key}-{number}", desired.project),
        state: State::Running,
        image_id: format!("sha256:{}", component.container.image),
        image: component.container.image.clone(),
        labels: labels.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        ..observed::Container::default()
    }
}

/// Everything of a stack, running and unchanged; jobs ended with 0.
pub(crate) fn observed(desired: &Desired) -> Observed {
    let ours = BTreeMap::from([
        (labels::COMPOSE_PROJECT.to_owned(), desired.project.clone()),
        (labels::OWNER.to_owned(), "a1".to_owned()),
    ]);
    let mut observed = Observed::default();
    for (key, component) in &desired.components {
        let image = &component.container.image;
        observed.images.insert(image.clone(), format!("sha256:{image}"));
        for number in 1..=component.replicas {
            let mut container = container(desired, key, number);
            if component.role == Role::Job {
                (container.state, container.exit_code) = (State::Exited, Some(0));
            }
            observed.containers.push(container);
        }
    }
    for network in desired.networks.values() {
        let labels = if network.external { BTreeMap::new() } else { ours.clone() };
        observed.networks.insert(network.name.clone(), observed::Network { id: "n1".to_owned(), labels });
    }
    for volume in desired.volumes.values() {
        observed.volumes.insert(volume.name.clone(), observed::Volume { labels: ours.clone() });
    }
    observed
}

/// The observed container of a component.
pub(crate) fn of<'a>(observed: &'a mut Observed, key: &str) -> &'a mut observed::Container {
    observed.containers.iter_mut().find(|container| container.component() == key).expect("it has a container")
}
