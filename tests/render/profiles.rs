//! Profiles as the loader makes them, built by hand: the four of this repository, and the four combinations of modes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use gw::profile::model::{
    Borrowed, Build, DefaultRoute, Gateway, ImageSource, MongoDb, MongoDbMode, Port, Probe, Profile,
    Readiness, Redis, RedisFlavor, RedisMode, Resources, Restart, Service, ServiceKind,
};

/// A sample service as `services.dev.json` describes it.
pub(crate) fn service(name: &str, container: u16, host: u16) -> Service {
    let env = [
        ("SERVICE_NAME", "${self.name}"),
        ("PORT", "${self.port}"),
        ("MONGODB_URI", "${mongodb.uri}"),
        ("REDIS_URL", "${redis.url}"),
        ("REDIS_KEY_PREFIX", "${redis.prefix}"),
    ];
    Service {
        name: name.to_owned(),
        kind: ServiceKind::Service,
        source: ImageSource::Build(Build {
            context: "examples/sample-service".to_owned(),
            file: "Dockerfile".to_owned(),
            target: None,
            args: BTreeMap::new(),
            network: None,
            hint: None,
        }),
        command: Vec::new(),
        args: Vec::new(),
        user: None,
        ports: vec![Port {
            container,
            host: Some(host),
            address: "127.0.0.1".to_owned(),
            protocol: "tcp".to_owned(),
        }],
        env: env.map(|(name, text)| (name.to_owned(), text.to_owned())).into(),
        env_files: Vec::new(),
        depends_on: vec!["mongodb".to_owned(), "redis".to_owned()],
        ready: Readiness {
            probe: Probe::Http { path: "/health".to_owned(), port: container, status: None, body: None },
            deadline: Duration::from_secs(60),
        },
        engine_check: Some(vec!["/sample-service".to_owned(), "--health".to_owned()]),
        replicas: 1,
        resources: Resources::default(),
        files: Vec::new(),
        secrets: Vec::new(),
        volumes: Vec::new(),
        networks: Vec::new(),
        restart: Restart::UnlessStopped,
        stop_grace: Duration::from_secs(10),
        host_network: false,
        compose: None,
        kube: None,
    }
}

/// A profile with one `auth`, single stores and a gateway.
pub(crate) fn small() -> Profile {
    Profile {
        name: "small".to_owned(),
        root: PathBuf::from("/nowhere"),
        description: None,
        project: "small".to_owned(),
        services: vec![service("auth", 9001, 9001)],
        mongodb: Some(mongodb(MongoDbMode::Single, 27017, false)),
        redis: Some(redis(RedisMode::Single, 6379, false)),
        gateway: Some(gateway(9999, DefaultRoute::Service("auth".to_owned()))),
        borrowed: None,
        secrets: BTreeMap::new(),
        compose: None,
    }
}

/// The profile `default`.
pub(crate) fn default() -> Profile {
    let names = ["auth", "kyc", "account", "payment", "notification"];
    let services = (9001..).zip(names).map(|(port, name)| service(name, port, port)).collect();
    Profile { name: "default".to_owned(), project: "ms".to_owned(), services, ..small() }
}

/// The profile `combo`: kyc only, on ms's stores.
pub(crate) fn combo() -> Profile {
    let owner = default();
    let apart = |store: MongoDb| MongoDb { database: "combo".to_owned(), ..store };
    let prefixed = |store: Redis| Redis { prefix: "combo:".to_owned(), ..store };
    Profile {
        name: "combo".to_owned(),
        project: "combo".to_owned(),
        services: vec![service("kyc", 9002, 9032)],
        mongodb: None,
        redis: None,
        gateway: Some(gateway(9997, DefaultRoute::BorrowedGateway)),
        borrowed: Some(Borrowed {
            profile: owner.name,
            project: owner.project,
            mongodb: owner.mongodb.map(apart),
            redis: owner.redis.map(prefixed),
            services: Vec::new(),
            gateway: owner.gateway,
            secrets: owner.secrets,
        }),
        ..small()
    }
}

/// One of the four combinations of modes, with or without passwords.
pub(crate) fn modes(name: &str, mongodb_mode: MongoDbMode, redis_mode: RedisMode, auth: bool) -> Profile {
    Profile {
        name: name.to_owned(),
        project: "modes".to_owned(),
        services: vec![service("auth", 9021, 9021)],
        mongodb: Some(mongodb(mongodb_mode, 27019, auth)),
        redis: Some(redis(redis_mode, 6381, auth)),
        gateway: Some(gateway(9996, DefaultRoute::Service("auth".to_owned()))),
        ..small()
    }
}

fn mongodb(mode: MongoDbMode, port: u16, auth: bool) -> MongoDb {
    MongoDb { mode, image: "mongo:8.0".to_owned(), port: Some(port), auth, database: "ms".to_owned() }
}

fn redis(mode: RedisMode, port: u16, auth: bool) -> Redis {
    let image = "redis:8".to_owned();
    let (flavor, sentinel_image, prefix) = (RedisFlavor::Official, image.clone(), String::new());
    Redis { mode, flavor, image, sentinel_image, port: Some(port), auth, prefix }
}

/// The profile `modes` with Bitnami's Redis.
pub(crate) fn bitnami(name: &str, redis_mode: RedisMode) -> Profile {
    let profile = modes(name, MongoDbMode::Single, redis_mode, true);
    let bitnami = |store: Redis| Redis {
        flavor: RedisFlavor::Bitnami,
        image: "bitnamilegacy/redis:8.2".to_owned(),
        sentinel_image: "bitnamilegacy/redis-sentinel:8.2".to_owned(),
        ..store
    };
    Profile { redis: profile.redis.clone().map(bitnami), ..profile }
}

/// A gateway.
pub(crate) fn gateway(port: u16, default: DefaultRoute) -> Gateway {
    Gateway { image: "nginx:1.28".to_owned(), port, default }
}
