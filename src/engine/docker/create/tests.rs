//! What the engine is asked to create, as exact JSON.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::plan::desired::{Endpoint, Healthcheck, PublishedPort, Role};
use crate::plan::fixture::{self, component, mount, network, volume};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A container that uses every field.
fn everything() -> Container {
    let endpoint = |priority, address: Option<&str>| Endpoint {
        aliases: texts(&["auth", "auth.ms"]),
        ipv4_address: address.map(str::to_owned),
        ipv6_address: None,
        priority,
        mac_address: address.map(|_| "02:42:ac:11:00:02".to_owned()),
        link_local_ips: address.map(|_| "169.254.1.1".to_owned()).into_iter().collect(),
    };
    let bind = desired::Mount {
        kind: MountKind::Bind,
        create_host_path: true,
        read_only: true,
        propagation: Some("rslave".to_owned()),
        ..mount("/src", "/app")
    };
    let memory = desired::Mount {
        kind: MountKind::Tmpfs,
        source: None,
        tmpfs_size: Some(1024),
        tmpfs_mode: Some(0o1777),
        ..mount("", "/cache")
    };
    let data = desired::Mount { no_copy: true, subpath: Some("inner".to_owned()), ..mount("mongo", "/data") };
    let port = |published, address: &str| PublishedPort {
        target: 9001,
        published,
        address: address.to_owned(),
        protocol: "tcp".to_owned(),
    };
    Container {
        image: "auth:1".to_owned(),
        pull_policy: Some("always".to_owned()),
        platform: Some("linux/amd64".to_owned()),
        entrypoint: Some(texts(&["/entry"])),
        command: Some(texts(&["serve", "--all"])),
        environment: BTreeMap::from([("A".to_owned(), Some("1".to_owned())), ("UNSET".to_owned(), None)]),
        user: Some("1000:1000".to_owned()),
        group_add: texts(&["docker"]),
        working_dir: Some("/app".to_owned()),
        hostname: Some("auth-host".to_owned()),
        labels: pairs(&[("in", "the file")]),
        ports: vec![port(9001, "127.0.0.1"), port(0, "")],
        expose: texts(&["9001/tcp", "9002/udp"]),
        networks: BTreeMap::from([
            ("default".to_owned(), endpoint(0, None)),
            ("front".to_owned(), endpoint(5, Some("10.0.0.9"))),
        ]),
        network_mode: None,
        mounts: vec![data, bind, memory],
        files: Vec::new(),
        tmpfs: texts(&["/tmp", "/run:size=1m"]),
        healthcheck: Some(Healthcheck {
            test: texts(&["CMD", "true"]),
            interval: Some(Duration::from_secs(10)),
            timeout: Some(Duration::from_secs(3)),
            start_period: Some(Duration::from_secs(60)),
            start_interval: Some(Duration::from_millis(500)),
            retries: Some(4),
        }),
        ..limits()
    }
}

/// The second half of it.
fn limits() -> Container {
    Container {
        restart: Some("on-failure:3".to_owned()),
        stop_signal: Some("SIGINT".to_owned()),
        stop_grace: Some(Duration::from_secs(7)),
        init: Some(true),
        dns: texts(&["127.0.0.1"]),
        dns_search: texts(&["test"]),
        dns_opt: texts(&["ndots:1"]),
        extra_hosts: texts(&["host.docker.internal=host-gateway", "six=::1"]),
        cap_add: texts(&["NET_ADMIN"]),
        cap_drop: texts(&["ALL"]),
        privileged: true,
        read_only: true,
        security_opt: texts(&["no-new-privileges"]),
        sysctls: pairs(&[("net.core.somaxconn", "1024")]),
        ulimits: BTreeMap::from([("nofile".to_owned(), (1024, 2048))]),
        cpus: Some(1.5),
        memory: Some(1 << 28),
        pids_limit: Some(100),
        shm_size: Some(1 << 26),
        devices: texts(&["/dev/fuse", "/dev/a:/dev/b:r"]),
        tty: true,
        stdin_open: true,
        pid: Some("host".to_owned()),
        ipc: Some("shareable".to_owned()),
        runtime: Some("runc".to_owned()),
        log_driver: Some("json-file".to_owned()),
        log_options: pairs(&[("max-size", "10m")]),
        oom_score_adj: Some(-5),
        oom_kill_disable: true,
        domainname: Some("test".to_owned()),
        memory_reservation: Some(1 << 27),
        memory_swap: Some(-1),
        memory_swappiness: Some(10),
        cpu_shares: Some(512),
        cpu_quota: Some(50_000),
        cpu_period: Some(100_000),
        cpuset: Some("0-3".to_owned()),
        cgroup: Some("host".to_owned()),
        cgroup_parent: Some("/gw".to_owned()),
        userns_mode: Some("host".to_owned()),
        uts: Some("host".to_owned()),
        storage_options: pairs(&[("size", "1G")]),
        device_cgroup_rules: texts(&["c 1:3 mr"]),
        annotations: pairs(&[("note", "x")]),
        ..Container::default()
    }
}

fn stack() -> Desired {
    let mut desired = fixture::desired();
    desired.networks.insert("front".to_owned(), network("ms_front"));
    desired.volumes.insert("mongo".to_owned(), volume("ms_mongo"));
    desired
}

/// The body as JSON for an engine of this API version.
fn created(container: Container, api: (usize, usize)) -> Value {
    let component = Component { container, ..component("auth", Role::Service, "auth:1", &[]) };
    let labels = HashMap::from([("gw.hash".to_owned(), "h".to_owned())]);
    serde_json::to_value(body(&stack(), "auth", &component, labels, api)).expect("it is JSON")
}

/// Text, because it is too long for `json!`.
fn expected_host_config() -> Value {
    serde_json::from_str(HOST_CONFIG).expect("it is JSON")
}

const HOST_CONFIG: &str = r#"{
        "Annotations": { "note": "x" },
        "CapAdd": ["NET_ADMIN"],
        "CapDrop": ["ALL"],
        "CgroupParent": "/gw",
        "CgroupnsMode": "host",
        "CpuPeriod": 100000,
        "CpuQuota": 50000,
        "CpuShares": 512,
        "CpusetCpus": "0-3",
        "DeviceCgroupRules": ["c 1:3 mr"],
        "Devices": [
            { "PathOnHost": "/dev/fuse", "PathInContainer": "/dev/fuse", "CgroupPermissions": "rwm" },
            { "PathOnHost": "/dev/a", "PathInContainer": "/dev/b", "CgroupPermissions": "r" }
        ],
        "Dns": ["127.0.0.1"],
        "DnsOptions": ["ndots:1"],
        "DnsSearch": ["test"],
        "ExtraHosts": ["host.docker.internal:host-gateway", "six:::1"],
        "GroupAdd": ["docker"],
        "Init": true,
        "IpcMode": "shareable",
        "LogConfig": { "Type": "json-file", "Config": { "max-size": "10m" } },
        "Memory": 268435456,
        "MemoryReservation": 134217728,
        "MemorySwap": -1,
        "MemorySwappiness": 10,
        "Mounts": [
            {
                "Type": "volume", "Source": "ms_mongo", "Target": "/data", "ReadOnly": false,
                "VolumeOptions": { "NoCopy": true, "Subpath": "inner" }
            },
            {
                "Type": "bind", "Source": "/src", "Target": "/app", "ReadOnly": true,
                "BindOptions": { "CreateMountpoint": true, "Propagation": "rslave" }
            },
            {
                "Type": "tmpfs", "Target": "/cache", "ReadOnly": false,
                "TmpfsOptions": { "SizeBytes": 1024, "Mode": 1023 }
            }
        ],
        "NanoCpus": 1500000000,
        "NetworkMode": "ms_front",
        "OomKillDisable": true,
        "OomScoreAdj": -5,
        "PidMode": "host",
        "PidsLimit": 100,
        "PortBindings": {
            "9001/tcp": [
                { "HostIp": "127.0.0.1", "HostPort": "9001" },
                { "HostIp": "", "HostPort": "" }
            ]
        },
        "Privileged": true,
        "ReadonlyRootfs": true,
        "RestartPolicy": { "Name": "on-failure", "MaximumRetryCount": 3 },
        "Runtime": "runc",
        "SecurityOpt": ["no-new-privileges"],
        "ShmSize": 67108864,
        "StorageOpt": { "size": "1G" },
        "Sysctls": { "net.core.somaxconn": "1024" },
        "Tmpfs": { "/tmp": "", "/run": "size=1m" },
        "Ulimits": [{ "Name": "nofile", "Soft": 1024, "Hard": 2048 }],
        "UTSMode": "host",
        "UsernsMode": "host"
    }"#;

#[test]
fn every_field_of_a_container_reaches_the_engine() {
    let expected = json!({
        "Image": "auth:1",
        "Entrypoint": ["/entry"],
        "Cmd": ["serve", "--all"],
        "Env": ["A=1"],
        "User": "1000:1000",
        "WorkingDir": "/app",
        "Hostname": "auth-host",
        "Domainname": "test",
        "Labels": { "gw.hash": "h" },
        "ExposedPorts": { "9001/tcp": {}, "9002/udp": {} },
        "Healthcheck": {
            "Test": ["CMD", "true"], "Interval": 10_000_000_000_u64, "Timeout": 3_000_000_000_u64, "Retries": 4,
            "StartPeriod": 60_000_000_000_u64, "StartInterval": 500_000_000,
        },
        "StopSignal": "SIGINT",
        "StopTimeout": 7,
        "Tty": true,
        "OpenStdin": true,
        "HostConfig": expected_host_config(),
        "NetworkingConfig": { "EndpointsConfig": {
            "ms_default": { "Aliases": ["auth", "auth.ms"] },
            "ms_front": {
                "Aliases": ["auth", "auth.ms"],
                "MacAddress": "02:42:ac:11:00:02",
                "IPAMConfig": { "IPv4Address": "10.0.0.9", "LinkLocalIPs": ["169.254.1.1"] },
            },
        } },
    });
    let created = created(everything(), (1, 44));
    let keys = |value: &Value| value.as_object().map(|all| all.keys().cloned().collect::<BTreeSet<_>>());
    assert_eq!(keys(&created), keys(&expected));
    assert_eq!(keys(&created["HostConfig"]), keys(&expected["HostConfig"]));
    assert_eq!(created, expected, "\n{created:#}");
}

#[test]
fn an_older_engine_gets_no_start_interval_and_the_second_network_later() {
    let body = created(everything(), (1, 43));
    assert_eq!(body["Healthcheck"].get("StartInterval"), None);
    let first = body["NetworkingConfig"]["EndpointsConfig"].as_object().expect("it has a network");
    assert_eq!(first.keys().collect::<Vec<_>>(), ["ms_front"]);
    let names = |api| {
        let later = later(&stack(), "auth", &everything(), api);
        later.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(names((1, 43)), ["ms_default"]);
    assert_eq!(names((1, 44)), Vec::<String>::new());
}

#[test]
fn what_a_container_does_not_say_is_not_sent() {
    let body = created(Container { image: "auth:1".to_owned(), ..Container::default() }, (1, 44));
    assert_eq!(
        body,
        json!({
            "Image": "auth:1", "Env": [], "ExposedPorts": {}, "Labels": { "gw.hash": "h" },
            "Tty": false, "OpenStdin": false,
            "HostConfig": {
                "Mounts": [], "NetworkMode": "none", "PortBindings": {}, "Privileged": false, "ReadonlyRootfs": false,
            },
        })
    );
}

#[test]
fn restart_policies_are_those_of_the_engine() {
    for (policy, name) in [("always", "always"), ("unless-stopped", "unless-stopped"), ("no", "no")] {
        let body = created(Container { restart: Some(policy.to_owned()), ..Container::default() }, (1, 44));
        assert_eq!(body["HostConfig"]["RestartPolicy"], json!({ "Name": name }));
    }
}

#[test]
fn podman_is_not_told_of_a_name_server_on_loopback() {
    let dns = |servers: &[&str]| {
        let host_config = HostConfig { dns: Some(texts(servers)), ..HostConfig::default() };
        let body = ContainerCreateBody { host_config: Some(host_config), ..ContainerCreateBody::default() };
        for_podman(body).host_config.and_then(|config| config.dns)
    };
    assert_eq!(dns(&["127.0.0.1"]), Some(Vec::new()));
    assert_eq!(dns(&["10.0.0.2", "::1"]), Some(texts(&["10.0.0.2"])));
}
