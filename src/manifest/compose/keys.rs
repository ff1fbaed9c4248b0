//! The one table of keys that gw carries out; `docs/compose.md` shows it, and a test holds both together.
//!
//! A place is a path with `*` for names of the user's; items of a list add nothing to it.

/// A key that is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The mapping it stands in, as in `services.*.build`; empty is the top of the file.
    pub place: &'static str,
    /// The key.
    pub key: &'static str,
    /// The engine's field that it sets, or what it does where it is none; empty where the keys below say it.
    pub field: &'static str,
}

const fn key(place: &'static str, key: &'static str, field: &'static str) -> Key {
    Key { place, key, field }
}

/// Whether a mapping's key is carried out; else what to say.
pub(super) fn refuse(place: &str, name: &str) -> Option<String> {
    let known = || KEYS.iter().filter(|key| key.place == place).map(|key| key.key);
    if known().any(|key| key == name) {
        return None;
    }
    if let Some((_, _, reason)) = REFUSED.iter().find(|(at, key, _)| *at == place && *key == name) {
        return Some(format!("gw does not carry out `{name}`: {reason}"));
    }
    Some(match nearest(name, known()) {
        Some(near) => format!("unknown key `{name}`; did you mean `{near}`?"),
        None => format!("unknown key `{name}`; docs/compose.md lists those that gw carries out"),
    })
}

/// Whether a place is a mapping with fixed keys, not one of the user's names.
pub(super) fn is_place(place: &str) -> bool {
    KEYS.iter().any(|key| key.place == place)
}

/// The nearest of some names, where one is near enough.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Longer than any key; the comparison of a huge one would take long.
    if name.len() > 64 {
        return None;
    }
    let distance = |other: &str| strsim::damerau_levenshtein(name, other);
    let allowed = (name.chars().count() / 3).max(1);
    known
        .map(|other| (distance(other), other))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, near)| near)
}

/// `a, b or c`.
pub(super) fn one_of(choices: &[&str]) -> String {
    match choices {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|choice| format!("`{choice}`")).collect();
            format!("{} or `{last}`", first.join(", "))
        }
    }
}

/// Every key that gw carries out.
pub const KEYS: &[Key] = &[
    key("", "name", "the prefix of every name, and the label com.docker.compose.project"),
    key("", "services", ""),
    key("", "networks", ""),
    key("", "volumes", ""),
    key("", "configs", ""),
    key("", "secrets", ""),
    key("", "x-gw", ""),
    key("x-gw", "profile", "the profile, as a label"),
    key("x-gw", "version", "checked to be text"),
    key("services.*", "annotations", "HostConfig.Annotations"),
    key("services.*", "build", ""),
    key("services.*", "cap_add", "HostConfig.CapAdd"),
    key("services.*", "cap_drop", "HostConfig.CapDrop"),
    key("services.*", "cgroup", "HostConfig.CgroupnsMode"),
    key("services.*", "cgroup_parent", "HostConfig.CgroupParent"),
    key("services.*", "command", "Cmd"),
    key("services.*", "configs", ""),
    key("services.*", "cpu_period", "HostConfig.CpuPeriod"),
    key("services.*", "cpu_quota", "HostConfig.CpuQuota"),
    key("services.*", "cpu_shares", "HostConfig.CpuShares"),
    key("services.*", "cpus", "HostConfig.NanoCpus"),
    key("services.*", "cpuset", "HostConfig.CpusetCpus"),
    key("services.*", "depends_on", ""),
    key("services.*", "deploy", ""),
    key("services.*", "device_cgroup_rules", "HostConfig.DeviceCgroupRules"),
    key("services.*", "devices", ""),
    key("services.*", "dns", "HostConfig.Dns"),
    key("services.*", "dns_opt", "HostConfig.DnsOptions"),
    key("services.*", "dns_search", "HostConfig.DnsSearch"),
    key("services.*", "domainname", "Domainname"),
    key("services.*", "entrypoint", "Entrypoint"),
    key("services.*", "environment", "Env"),
    key("services.*", "expose", "ExposedPorts"),
    key("services.*", "extra_hosts", "HostConfig.ExtraHosts"),
    key("services.*", "group_add", "HostConfig.GroupAdd"),
    key("services.*", "healthcheck", ""),
    key("services.*", "hostname", "Hostname"),
    key("services.*", "image", "Image"),
    key("services.*", "init", "HostConfig.Init"),
    key("services.*", "ipc", "HostConfig.IpcMode"),
    key("services.*", "labels", "Labels"),
    key("services.*", "logging", ""),
    key("services.*", "mem_limit", "HostConfig.Memory"),
    key("services.*", "mem_reservation", "HostConfig.MemoryReservation"),
    key("services.*", "mem_swappiness", "HostConfig.MemorySwappiness"),
    key("services.*", "memswap_limit", "HostConfig.MemorySwap"),
    key("services.*", "network_mode", "HostConfig.NetworkMode"),
    key("services.*", "networks", "NetworkingConfig.EndpointsConfig"),
    key("services.*", "oom_kill_disable", "HostConfig.OomKillDisable"),
    key("services.*", "oom_score_adj", "HostConfig.OomScoreAdj"),
    key("services.*", "pid", "HostConfig.PidMode"),
    key("services.*", "pids_limit", "HostConfig.PidsLimit"),
    key("services.*", "platform", "the platform of pull, build and create"),
    key("services.*", "ports", ""),
    key("services.*", "privileged", "HostConfig.Privileged"),
    key("services.*", "pull_policy", "when gw pulls"),
    key("services.*", "read_only", "HostConfig.ReadonlyRootfs"),
    key("services.*", "restart", "HostConfig.RestartPolicy"),
    key("services.*", "runtime", "HostConfig.Runtime"),
    key("services.*", "scale", "how many containers"),
    key("services.*", "secrets", ""),
    key("services.*", "security_opt", "HostConfig.SecurityOpt"),
    key("services.*", "shm_size", "HostConfig.ShmSize"),
    key("services.*", "stdin_open", "OpenStdin"),
    key("services.*", "stop_grace_period", "StopTimeout"),
    key("services.*", "stop_signal", "StopSignal"),
    key("services.*", "storage_opt", "HostConfig.StorageOpt"),
    key("services.*", "sysctls", "HostConfig.Sysctls"),
    key("services.*", "tmpfs", "HostConfig.Tmpfs"),
    key("services.*", "tty", "Tty"),
    key("services.*", "ulimits", "HostConfig.Ulimits"),
    key("services.*", "user", "User"),
    key("services.*", "userns_mode", "HostConfig.UsernsMode"),
    key("services.*", "uts", "HostConfig.UTSMode"),
    key("services.*", "volumes", "HostConfig.Mounts"),
    key("services.*", "working_dir", "WorkingDir"),
    key("services.*", "x-gw", ""),
    key("services.*.build", "args", "buildargs"),
    key("services.*.build", "context", "the build context"),
    key("services.*.build", "dockerfile", "dockerfile"),
    key("services.*.build", "network", "networkmode"),
    key("services.*.build", "target", "target"),
    key("services.*.configs", "gid", "group in the archive that is copied in"),
    key("services.*.configs", "mode", "mode in that archive"),
    key("services.*.configs", "source", "a key of `configs`"),
    key("services.*.configs", "target", "path in that archive"),
    key("services.*.configs", "uid", "user in that archive"),
    key("services.*.depends_on.*", "condition", "what the start waits for"),
    key("services.*.depends_on.*", "required", "`false`: it may fail or be absent"),
    key("services.*.depends_on.*", "restart", "`true`: its recreation restarts this one"),
    key("services.*.deploy", "placement", "only empty"),
    key("services.*.deploy", "replicas", "how many containers"),
    key("services.*.deploy", "resources", ""),
    key("services.*.deploy.resources", "limits", ""),
    key("services.*.deploy.resources.limits", "cpus", "HostConfig.NanoCpus"),
    key("services.*.deploy.resources.limits", "memory", "HostConfig.Memory"),
    key("services.*.deploy.resources.limits", "pids", "HostConfig.PidsLimit"),
    key("services.*.devices", "permissions", "HostConfig.Devices.CgroupPermissions"),
    key("services.*.devices", "source", "HostConfig.Devices.PathOnHost"),
    key("services.*.devices", "target", "HostConfig.Devices.PathInContainer"),
    key("services.*.healthcheck", "disable", "Healthcheck.Test"),
    key("services.*.healthcheck", "interval", "Healthcheck.Interval"),
    key("services.*.healthcheck", "retries", "Healthcheck.Retries"),
    key("services.*.healthcheck", "start_interval", "Healthcheck.StartInterval"),
    key("services.*.healthcheck", "start_period", "Healthcheck.StartPeriod"),
    key("services.*.healthcheck", "test", "Healthcheck.Test"),
    key("services.*.healthcheck", "timeout", "Healthcheck.Timeout"),
    key("services.*.logging", "driver", "HostConfig.LogConfig.Type"),
    key("services.*.logging", "options", "HostConfig.LogConfig.Config"),
    key("services.*.networks.*", "aliases", "EndpointsConfig.Aliases"),
    key("services.*.networks.*", "ipv4_address", "EndpointsConfig.IPAMConfig.IPv4Address"),
    key("services.*.networks.*", "ipv6_address", "EndpointsConfig.IPAMConfig.IPv6Address"),
    key("services.*.networks.*", "link_local_ips", "EndpointsConfig.IPAMConfig.LinkLocalIPs"),
    key("services.*.networks.*", "mac_address", "EndpointsConfig.MacAddress"),
    key("services.*.networks.*", "priority", "the order of attachment"),
    key("services.*.ports", "host_ip", "HostConfig.PortBindings.HostIp"),
    key("services.*.ports", "mode", "`ingress` or `host`, the same on one engine"),
    key("services.*.ports", "protocol", "HostConfig.PortBindings"),
    key("services.*.ports", "published", "HostConfig.PortBindings.HostPort"),
    key("services.*.ports", "target", "HostConfig.PortBindings"),
    key("services.*.secrets", "gid", "group in the archive that is copied in"),
    key("services.*.secrets", "mode", "mode in that archive"),
    key("services.*.secrets", "source", "a key of `secrets`"),
    key("services.*.secrets", "target", "path in that archive"),
    key("services.*.secrets", "uid", "user in that archive"),
    key("services.*.ulimits.*", "hard", "HostConfig.Ulimits.Hard"),
    key("services.*.ulimits.*", "soft", "HostConfig.Ulimits.Soft"),
    key("services.*.volumes", "bind", ""),
    key("services.*.volumes", "read_only", "Mounts.ReadOnly"),
    key("services.*.volumes", "source", "Mounts.Source"),
    key("services.*.volumes", "target", "Mounts.Target"),
    key("services.*.volumes", "tmpfs", ""),
    key("services.*.volumes", "type", "Mounts.Type"),
    key("services.*.volumes", "volume", ""),
    key("services.*.volumes.bind", "create_host_path", "Mounts.BindOptions.CreateMountpoint"),
    key("services.*.volumes.bind", "propagation", "Mounts.BindOptions.Propagation"),
    key("services.*.volumes.tmpfs", "mode", "Mounts.TmpfsOptions.Mode"),
    key("services.*.volumes.tmpfs", "size", "Mounts.TmpfsOptions.SizeBytes"),
    key("services.*.volumes.volume", "nocopy", "Mounts.VolumeOptions.NoCopy"),
    key("services.*.volumes.volume", "subpath", "Mounts.VolumeOptions.Subpath"),
    key("services.*.x-gw", "deadline", "time until it counts as failed"),
    key("services.*.x-gw", "depends_on", "what to wait for where Compose cannot say it"),
    key("services.*.x-gw", "hint", "what to do when its build fails"),
    key("services.*.x-gw", "name", "the name users know it by"),
    key("services.*.x-gw", "probe", "how gw asks whether it is ready"),
    key("services.*.x-gw", "role", "what it is for"),
    key("networks.*", "attachable", "Attachable"),
    key("networks.*", "driver", "Driver"),
    key("networks.*", "driver_opts", "Options"),
    key("networks.*", "enable_ipv6", "EnableIPv6"),
    key("networks.*", "external", "must exist, is never made or removed"),
    key("networks.*", "internal", "Internal"),
    key("networks.*", "ipam", ""),
    key("networks.*", "labels", "Labels"),
    key("networks.*", "name", "Name"),
    key("networks.*.ipam", "config", ""),
    key("networks.*.ipam", "driver", "IPAM.Driver"),
    key("networks.*.ipam.config", "aux_addresses", "IPAM.Config.AuxiliaryAddresses"),
    key("networks.*.ipam.config", "gateway", "IPAM.Config.Gateway"),
    key("networks.*.ipam.config", "ip_range", "IPAM.Config.IPRange"),
    key("networks.*.ipam.config", "subnet", "IPAM.Config.Subnet"),
    key("volumes.*", "driver", "Driver"),
    key("volumes.*", "driver_opts", "DriverOpts"),
    key("volumes.*", "external", "must exist, is never made or removed"),
    key("volumes.*", "labels", "Labels"),
    key("volumes.*", "name", "Name"),
    key("configs.*", "content", "the file's bytes"),
    key("configs.*", "environment", "the file's bytes, from a variable"),
    key("configs.*", "file", "the file's bytes, from a file"),
    key("configs.*", "name", "nothing: the engine sees the file only"),
    key("secrets.*", "environment", "the file's bytes, from a variable"),
    key("secrets.*", "file", "the file's bytes, from a file"),
    key("secrets.*", "name", "nothing: the engine sees the file only"),
];

/// Keys of Compose's that gw does not carry out, and what to write instead.
const REFUSED: &[(&str, &str, &str)] = &[
    ("services.*", "attach", "`gw up --attach` and `gw logs` choose what is shown"),
    (
        "services.*",
        "container_name",
        "gw names containers PROJECT-KEY-NUMBER, as Compose does without it; remove it",
    ),
    ("services.*", "develop", "gw does not watch files; remove it"),
    ("services.*", "env_file", "write its variables under `environment`, as `docker compose config` does"),
    (
        "services.*",
        "extends",
        "write what it takes from there into this service, as `docker compose config` does",
    ),
    (
        "services.*",
        "links",
        "services of one network reach each other by name; remove it, or write `depends_on`",
    ),
    (
        "services.*",
        "external_links",
        "join the other project's network under `networks` with `external: true`",
    ),
    ("services.*", "label_file", "write its labels under `labels`, as `docker compose config` does"),
    ("services.*", "mac_address", "write it as `mac_address` of a network under `networks`"),
    ("services.*", "profiles", "gw resolves profiles itself; `gw --profile` chooses what is rendered"),
    ("services.*", "volumes_from", "name the same volumes under `volumes`"),
    ("services.*.deploy", "restart_policy", "write `restart`"),
    ("services.*.deploy", "labels", "write `labels` of the service"),
    ("services.*.deploy.resources", "reservations", "write `mem_reservation`"),
    ("services.*.networks.*", "gw_priority", "write `priority`"),
    ("services.*.volumes.bind", "selinux", "relabel the folder on the host instead"),
    ("configs.*", "external", "there is no swarm; write `content`, `environment` or `file`"),
    ("secrets.*", "external", "there is no swarm; write `environment` or `file`"),
    ("", "include", "write the included services into this file, as `docker compose config` does"),
    (
        "",
        "version",
        "it has no meaning since Compose 2, and `docker compose config` does not print it; remove it",
    ),
];
