//! A container's process and its limits.

use super::cursor::Cursor;
use super::long_form;
use crate::plan::desired::Container;

/// What runs, as whom, and how it ends.
pub(super) fn process(service: &Cursor<'_>, container: &mut Container) {
    container.pull_policy = pull_policy(service);
    container.platform = service.text_at("platform");
    container.entrypoint = command(service, "entrypoint");
    container.command = command(service, "command");
    container.environment = service.optional_map_at("environment");
    container.user = service.text_at("user");
    container.group_add = service.texts_at("group_add");
    container.working_dir = service.text_at("working_dir");
    container.hostname = service.text_at("hostname");
    container.domainname = service.text_at("domainname");
    container.labels = service.text_map_at("labels");
    container.annotations = service.text_map_at("annotations");
    container.restart = restart(service);
    container.stop_signal = service.text_at("stop_signal");
    container.stop_grace = service.duration_at("stop_grace_period");
    container.init = service.boolean_at("init");
    container.tty = service.boolean_at("tty").unwrap_or_default();
    container.stdin_open = service.boolean_at("stdin_open").unwrap_or_default();
    if let Some(logging) = service.get("logging").filter(|logging| logging.is_mapping(long_form::none)) {
        container.log_driver = logging.text_at("driver");
        container.log_options = logging.text_map_at("options");
    }
}

/// How much of the host it may use.
pub(super) fn resources(service: &Cursor<'_>, container: &mut Container) {
    let deploy = service.get("deploy");
    let resources = deploy.and_then(|deploy| deploy.get("resources"));
    let resources = resources.filter(|resources| resources.is_mapping(long_form::none));
    let limits = resources.and_then(|resources| resources.get("limits"));
    let limits = limits.filter(|limits| limits.is_mapping(long_form::none));
    let limit = |key: &str| limits.as_ref().and_then(|limits| limits.get(key));
    let cores = |cursor: Cursor<'_>| {
        let is_amount = |cores: &f64| cores.is_finite() && *cores >= 0.0;
        cursor.parse("a number of cores such as 0.5", |text| text.parse().ok().filter(is_amount))
    };
    container.cpus = agreed(
        service,
        ("cpus", service.get("cpus").and_then(cores)),
        ("deploy.resources.limits.cpus", limit("cpus").and_then(cores)),
    )
    .filter(|cores| *cores > 0.0);
    container.memory = agreed(
        service,
        ("mem_limit", service.bytes_at("mem_limit")),
        ("deploy.resources.limits.memory", limit("memory").and_then(|memory| memory.bytes())),
    )
    .filter(is_set);
    container.pids_limit = agreed(
        service,
        ("pids_limit", service.number_at("pids_limit")),
        ("deploy.resources.limits.pids", limit("pids").and_then(|pids| pids.number())),
    )
    .filter(is_set);
    container.memory_reservation = service.bytes_at("mem_reservation").filter(is_set);
    container.memory_swap = service.bytes_at("memswap_limit").filter(is_set);
    container.memory_swappiness = service.number_at("mem_swappiness").filter(is_set);
    container.cpu_shares = service.number_at("cpu_shares").filter(is_set);
    container.cpu_quota = service.number_at("cpu_quota").filter(is_set);
    container.cpu_period = service.number_at("cpu_period").filter(is_set);
    container.cpuset = service.text_at("cpuset");
    container.shm_size = service.bytes_at("shm_size").filter(is_set);
    container.oom_score_adj = service.number_at("oom_score_adj").filter(is_set);
    container.oom_kill_disable = service.boolean_at("oom_kill_disable").unwrap_or_default();
}

/// To Compose, zero is the same as absent.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that `filter` takes")]
fn is_set(number: &i64) -> bool {
    *number != 0
}

/// The one value of two keys that mean the same.
pub(super) fn agreed<T: PartialEq>(
    service: &Cursor<'_>,
    (first_key, first): (&str, Option<T>),
    (second_key, second): (&str, Option<T>),
) -> Option<T> {
    if first.is_some() && second.is_some() && first != second {
        service.report(format!("`{first_key}` and `{second_key}` say different things; keep one"));
    }
    first.or(second)
}

fn pull_policy(service: &Cursor<'_>) -> Option<String> {
    let policy =
        service.get("pull_policy")?.choice(&["always", "missing", "if_not_present", "never", "build"])?;
    Some(if policy == "if_not_present" { "missing".to_owned() } else { policy })
}

fn command(service: &Cursor<'_>, key: &str) -> Option<Vec<String>> {
    let words = service.get(key)?.items(long_form::command);
    Some(words.iter().filter_map(Cursor::text).collect())
}

fn restart(service: &Cursor<'_>) -> Option<String> {
    let restart = service.get("restart")?;
    let text = restart.text()?;
    let is_count = |count: &str| count.parse::<u32>().is_ok();
    let is_known = ["no", "always", "unless-stopped", "on-failure"].contains(&text.as_str())
        || text.strip_prefix("on-failure:").is_some_and(is_count);
    if !is_known {
        restart.report("expected `no`, `always`, `unless-stopped`, `on-failure` or `on-failure:3`");
    }
    is_known.then_some(text)
}
