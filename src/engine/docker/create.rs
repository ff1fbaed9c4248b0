//! From a component to what the engine is asked to create; pure.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use bollard::models::{
    ContainerCreateBody, DeviceMapping, EndpointIpamConfig, EndpointSettings, HealthConfig, HostConfig,
    HostConfigCgroupnsModeEnum, HostConfigLogConfig, Mount, MountBindOptions,
    MountBindOptionsPropagationEnum, MountTmpfsOptions, MountType, MountVolumeOptions, NetworkingConfig,
    PortBinding, ResourcesUlimits, RestartPolicy, RestartPolicyNameEnum,
};

use crate::engine::probe::reach::is_loopback;
use crate::plan::desired::{self, Component, Container, Desired, MountKind};

/// What the engine is asked to create for one container of a component.
pub(super) fn body(
    desired: &Desired,
    key: &str,
    component: &Component,
    labels: HashMap<String, String>,
    api: (usize, usize),
) -> ContainerCreateBody {
    let container = &component.container;
    ContainerCreateBody {
        hostname: container.hostname.clone(),
        domainname: container.domainname.clone(),
        user: container.user.clone(),
        tty: Some(container.tty),
        open_stdin: Some(container.stdin_open),
        env: Some(environment(&container.environment)),
        cmd: container.command.clone(),
        entrypoint: container.entrypoint.clone(),
        image: Some(container.image.clone()),
        working_dir: container.working_dir.clone(),
        labels: Some(labels),
        exposed_ports: Some(exposed(container)),
        healthcheck: container.healthcheck.as_ref().map(|check| healthcheck(check, api)),
        stop_signal: container.stop_signal.clone(),
        stop_timeout: container.stop_grace.and_then(|grace| i64::try_from(grace.as_secs()).ok()),
        host_config: Some(host_config(desired, container)),
        networking_config: networking(desired, key, container, api),
        ..Default::default()
    }
}

/// The same for Podman, whose containers would ask a name server on loopback instead of the one that knows the project's names;
/// Docker's ask that one first and hand on what it does not know.
pub(super) fn for_podman(mut body: ContainerCreateBody) -> ContainerCreateBody {
    if let Some(host_config) = &mut body.host_config {
        let outside = |server: &String| !is_loopback(server);
        host_config.dns = host_config.dns.take().map(|servers| servers.into_iter().filter(outside).collect());
    }
    body
}

fn environment(variables: &BTreeMap<String, Option<String>>) -> Vec<String> {
    variables
        .iter()
        .filter_map(|(name, value)| value.as_ref().map(|value| format!("{name}={value}")))
        .collect()
}

fn exposed(container: &Container) -> Vec<String> {
    let published = container.ports.iter().map(|port| format!("{}/{}", port.target, port.protocol));
    let mut ports: Vec<String> = published.chain(container.expose.iter().cloned()).collect();
    ports.sort();
    ports.dedup();
    ports
}

fn nanoseconds(duration: Option<Duration>) -> Option<i64> {
    duration.and_then(|duration| i64::try_from(duration.as_nanos()).ok())
}

/// `start_interval` needs API 1.44; older engines drop it, or read 30 s instead (moby#46733).
fn healthcheck(check: &desired::Healthcheck, api: (usize, usize)) -> HealthConfig {
    HealthConfig {
        test: Some(check.test.clone()),
        interval: nanoseconds(check.interval),
        timeout: nanoseconds(check.timeout),
        retries: check.retries,
        start_period: nanoseconds(check.start_period),
        start_interval: if api >= (1, 44) { nanoseconds(check.start_interval) } else { None },
    }
}

fn host_config(desired: &Desired, container: &Container) -> HostConfig {
    HostConfig {
        port_bindings: Some(port_bindings(container)),
        mounts: Some(container.mounts.iter().map(|one| mount(desired, one)).collect()),
        tmpfs: tmpfs(container),
        restart_policy: container.restart.as_deref().map(restart_policy),
        network_mode: Some(network_mode(desired, container)),
        init: container.init,
        dns: list(&container.dns),
        dns_search: list(&container.dns_search),
        dns_options: list(&container.dns_opt),
        extra_hosts: list(&container.extra_hosts)
            .map(|hosts| hosts.iter().map(|host| host.replacen('=', ":", 1)).collect()),
        cap_add: list(&container.cap_add),
        cap_drop: list(&container.cap_drop),
        group_add: list(&container.group_add),
        privileged: Some(container.privileged),
        readonly_rootfs: Some(container.read_only),
        security_opt: list(&container.security_opt),
        sysctls: map(&container.sysctls),
        ulimits: (!container.ulimits.is_empty()).then(|| ulimits(container)),
        nano_cpus: container.cpus.map(nano_cpus),
        memory: container.memory,
        memory_reservation: container.memory_reservation,
        memory_swap: container.memory_swap,
        memory_swappiness: container.memory_swappiness,
        cpu_shares: container.cpu_shares,
        cpu_quota: container.cpu_quota,
        cpu_period: container.cpu_period,
        cpuset_cpus: container.cpuset.clone(),
        cgroup_parent: container.cgroup_parent.clone(),
        cgroupns_mode: container.cgroup.as_deref().map(cgroup_namespace),
        userns_mode: container.userns_mode.clone(),
        uts_mode: container.uts.clone(),
        storage_opt: map(&container.storage_options),
        device_cgroup_rules: list(&container.device_cgroup_rules),
        annotations: map(&container.annotations),
        pids_limit: container.pids_limit,
        shm_size: container.shm_size,
        devices: (!container.devices.is_empty())
            .then(|| container.devices.iter().map(|one| device(one)).collect()),
        pid_mode: container.pid.clone(),
        ipc_mode: container.ipc.clone(),
        runtime: container.runtime.clone(),
        log_config: container
            .log_driver
            .clone()
            .map(|driver| HostConfigLogConfig { typ: Some(driver), config: map(&container.log_options) }),
        oom_score_adj: container.oom_score_adj,
        oom_kill_disable: container.oom_kill_disable.then_some(true),
        ..Default::default()
    }
}

fn list(values: &[String]) -> Option<Vec<String>> {
    (!values.is_empty()).then(|| values.to_vec())
}

fn map(values: &BTreeMap<String, String>) -> Option<HashMap<String, String>> {
    (!values.is_empty()).then(|| values.clone().into_iter().collect())
}

#[expect(clippy::cast_possible_truncation, reason = "a number of cores times 10^9 is far below 2^63")]
fn nano_cpus(cpus: f64) -> i64 {
    (cpus * 1e9).round() as i64
}

fn cgroup_namespace(mode: &str) -> HostConfigCgroupnsModeEnum {
    if mode == "host" { HostConfigCgroupnsModeEnum::HOST } else { HostConfigCgroupnsModeEnum::PRIVATE }
}

fn port_bindings(container: &Container) -> HashMap<String, Option<Vec<PortBinding>>> {
    let mut bindings: HashMap<String, Option<Vec<PortBinding>>> = HashMap::new();
    for port in &container.ports {
        let binding = PortBinding {
            host_ip: Some(port.address.clone()),
            host_port: Some(if port.published == 0 { String::new() } else { port.published.to_string() }),
        };
        let key = format!("{}/{}", port.target, port.protocol);
        bindings.entry(key).or_default().get_or_insert_default().push(binding);
    }
    bindings
}

fn mount(desired: &Desired, mount: &desired::Mount) -> Mount {
    let typ = match mount.kind {
        MountKind::Volume => MountType::VOLUME,
        MountKind::Bind => MountType::BIND,
        MountKind::Tmpfs => MountType::TMPFS,
    };
    let named =
        |key: &String| desired.volumes.get(key).map_or_else(|| key.clone(), |volume| volume.name.clone());
    let source = match mount.kind {
        MountKind::Volume => mount.source.as_ref().map(named),
        _ => mount.source.clone(),
    };
    Mount {
        typ: Some(typ),
        source,
        target: Some(mount.target.clone()),
        read_only: Some(mount.read_only),
        bind_options: (mount.kind == MountKind::Bind).then(|| MountBindOptions {
            create_mountpoint: Some(mount.create_host_path),
            propagation: mount.propagation.as_deref().and_then(propagation),
            ..Default::default()
        }),
        volume_options: (mount.kind == MountKind::Volume).then(|| MountVolumeOptions {
            no_copy: Some(mount.no_copy),
            subpath: mount.subpath.clone(),
            ..Default::default()
        }),
        tmpfs_options: (mount.kind == MountKind::Tmpfs).then(|| MountTmpfsOptions {
            size_bytes: mount.tmpfs_size,
            mode: mount.tmpfs_mode.map(i64::from),
            ..Default::default()
        }),
        ..Default::default()
    }
}

fn propagation(name: &str) -> Option<MountBindOptionsPropagationEnum> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

fn tmpfs(container: &Container) -> Option<HashMap<String, String>> {
    let split = |entry: &String| match entry.split_once(':') {
        Some((path, options)) => (path.to_owned(), options.to_owned()),
        None => (entry.clone(), String::new()),
    };
    (!container.tmpfs.is_empty()).then(|| container.tmpfs.iter().map(split).collect())
}

fn restart_policy(policy: &str) -> RestartPolicy {
    let (name, count) = policy.split_once(':').unwrap_or((policy, ""));
    let name = match name {
        "always" => RestartPolicyNameEnum::ALWAYS,
        "unless-stopped" => RestartPolicyNameEnum::UNLESS_STOPPED,
        "on-failure" => RestartPolicyNameEnum::ON_FAILURE,
        _ => RestartPolicyNameEnum::NO,
    };
    RestartPolicy { name: Some(name), maximum_retry_count: count.parse().ok() }
}

fn ulimits(container: &Container) -> Vec<ResourcesUlimits> {
    let limit = |(name, (soft, hard)): (&String, &(i64, i64))| ResourcesUlimits {
        name: Some(name.clone()),
        soft: Some(*soft),
        hard: Some(*hard),
    };
    container.ulimits.iter().map(limit).collect()
}

fn device(device: &str) -> DeviceMapping {
    let mut parts = device.split(':');
    let host = parts.next().unwrap_or_default().to_owned();
    let inside = parts.next().map_or_else(|| host.clone(), str::to_owned);
    let rights = parts.next().unwrap_or("rwm").to_owned();
    DeviceMapping {
        path_on_host: Some(host),
        path_in_container: Some(inside),
        cgroup_permissions: Some(rights),
    }
}

/// The networks by descending priority, then name: the first one becomes the container's `network_mode`.
fn ordered<'a>(desired: &'a Desired, container: &'a Container) -> Vec<(String, &'a desired::Endpoint)> {
    let full =
        |key: &String| desired.networks.get(key).map_or_else(|| key.clone(), |network| network.name.clone());
    let mut networks: Vec<_> =
        container.networks.iter().map(|(key, endpoint)| (full(key), endpoint)).collect();
    networks.sort_by_key(|(_, endpoint)| -endpoint.priority);
    networks
}

fn network_mode(desired: &Desired, container: &Container) -> String {
    container.network_mode.clone().unwrap_or_else(|| {
        ordered(desired, container).first().map_or_else(|| "none".to_owned(), |(name, _)| name.clone())
    })
}

/// Several endpoints at once need API 1.44; on older engines [`later`] joins the others after the creation.
fn networking(
    desired: &Desired,
    key: &str,
    container: &Container,
    api: (usize, usize),
) -> Option<NetworkingConfig> {
    let count = if api >= (1, 44) { usize::MAX } else { 1 };
    let endpoints = ordered(desired, container).into_iter().take(count);
    let endpoints: HashMap<_, _> = endpoints.map(|(name, one)| (name, endpoint(key, one))).collect();
    (!endpoints.is_empty()).then_some(NetworkingConfig { endpoints_config: Some(endpoints) })
}

/// The networks that the creation could not join yet.
pub(super) fn later(
    desired: &Desired,
    key: &str,
    container: &Container,
    api: (usize, usize),
) -> Vec<(String, EndpointSettings)> {
    let skip = if api >= (1, 44) { usize::MAX } else { 1 };
    let networks = ordered(desired, container).into_iter().skip(skip);
    networks.map(|(name, one)| (name, endpoint(key, one))).collect()
}

fn endpoint(key: &str, endpoint: &desired::Endpoint) -> EndpointSettings {
    let mut aliases = vec![key.to_owned()];
    aliases.extend(endpoint.aliases.iter().filter(|alias| *alias != key).cloned());
    let fixed = endpoint.ipv4_address.is_some()
        || endpoint.ipv6_address.is_some()
        || !endpoint.link_local_ips.is_empty();
    EndpointSettings {
        aliases: Some(aliases),
        mac_address: endpoint.mac_address.clone(),
        ipam_config: fixed.then(|| EndpointIpamConfig {
            ipv4_address: endpoint.ipv4_address.clone(),
            ipv6_address: endpoint.ipv6_address.clone(),
            link_local_ips: list(&endpoint.link_local_ips),
        }),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests;
