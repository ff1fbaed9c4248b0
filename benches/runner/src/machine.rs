//! The machine and the programs that the figures belong to.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use crate::Result;
use crate::contender::{compose, output};
use crate::engine::Engine;

/// What the figures belong to, in words.
///
/// # Errors
/// The engine does not answer.
pub fn describe(engine: &Engine) -> Result<Value> {
    let version = engine.get("/version")?;
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let os = read("/etc/os-release");
    let os =
        os.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).unwrap_or("unknown").trim_matches('"');
    let processors = read("/proc/cpuinfo");
    let model = processors.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let memory = read("/proc/meminfo");
    let memory = memory.lines().find_map(|line| line.strip_prefix("MemTotal:")).unwrap_or_default();
    let memory: u64 = memory.trim().trim_end_matches(" kB").parse().unwrap_or_default();
    let load = read("/proc/loadavg");
    let mut date = Command::new("date");
    date.args(["-u", "+%F"]);
    Ok(json!({
        "date": output(date)?.trim(),
        "cores": std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
        "processor": model.trim_start_matches([' ', '\t', ':']),
        "memory_mib": memory / 1024,
        "os": os,
        "kernel": read("/proc/sys/kernel/osrelease").trim(),
        "engine": version["Version"],
        "api": version["ApiVersion"],
        "load_before": load.split(' ').next().unwrap_or_default(),
    }))
}

/// The version of a Docker Compose: `2.26`, `5.5`.
///
/// # Errors
/// There is none.
pub fn compose_version(config: Option<&PathBuf>) -> Result<String> {
    let mut command = compose(config);
    command.args(["version", "--short"]);
    let version = output(command)?;
    let parts: Vec<&str> = version.trim().trim_start_matches('v').split('.').take(2).collect();
    Ok(parts.join("."))
}
