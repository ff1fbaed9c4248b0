//! `doctor`: what this machine has and lacks for gw, each with what to do.

use super::drive::{connect, visit};
use super::port_check;
use super::prepare::{Secrets, prepare};
use super::session::Session;
use crate::engine::docker::connect::Connection;
use crate::engine::probe::reach::Reach;
use crate::error::Error;
use crate::profile;
use crate::report::view::{Check, Doctor, Verdict};

/// Checks profiles, engine, and what MongoDB needs of the processor.
///
/// # Errors
/// Exit code 4 where gw cannot work like this.
pub(super) async fn doctor(session: &mut Session) -> Result<(), Error> {
    let mut checks = vec![profiles(session)];
    match connect().await {
        Ok(connection) => {
            checks.extend(engine(&connection));
            checks.extend(ports(session).await);
        }
        Err(error) => checks.push(Check {
            check: "engine".into(),
            verdict: Verdict::Fail,
            found: error.to_string(),
            advice: Some("start Docker, or point DOCKER_HOST or a docker context at an engine".into()),
        }),
    }
    checks.push(processor());
    let doctor = Doctor { checks };
    let worst = doctor.worst();
    session.show(&doctor);
    if worst == Verdict::Fail { Err(Error::Exit(4)) } else { Ok(()) }
}

fn check(check: &str, verdict: Verdict, found: impl Into<String>, advice: Option<&str>) -> Check {
    Check { check: check.into(), verdict, found: found.into(), advice: advice.map(str::to_owned) }
}

fn profiles(session: &Session) -> Check {
    match profile::list(&session.settings.root) {
        Err(error) => check(
            "profiles",
            Verdict::Fail,
            error.to_string(),
            Some("run gw in a folder with profiles/, or use -C"),
        ),
        Ok(all) => {
            let broken: Vec<&str> =
                all.iter().filter(|one| !one.problems.is_empty()).map(|one| one.name.as_str()).collect();
            if broken.is_empty() {
                check("profiles", Verdict::Ok, format!("{} without a mistake", all.len()), None)
            } else {
                let found = format!("mistakes in {}", broken.join(", "));
                check("profiles", Verdict::Warn, found, Some("`gw generate --all` shows them"))
            }
        }
    }
}

/// Who holds ports that the profile would need now; the check of profiles tells of one that cannot be read.
async fn ports(session: &Session) -> Option<Check> {
    let settings = &session.settings;
    let prepared = prepare(settings, &settings.profile, Secrets::Named).ok()?;
    let site = match visit(&prepared).await {
        Ok(site) => site,
        Err(error) => return Some(check("ports", Verdict::Warn, error.to_string(), error.hint().as_deref())),
    };
    let profile = &prepared.profile.name;
    let Some(taken) = port_check::taken(&prepared, &site) else {
        return Some(check("ports", Verdict::Ok, format!("free for profile {profile}, or its own"), None));
    };
    let found = format!("{} of profile {profile} taken", taken.conflicts.len());
    let told: Vec<String> = taken.conflicts.iter().map(ToString::to_string).collect();
    let advice = format!("{}\n{}", told.join("\n"), taken.ways());
    Some(check("ports", Verdict::Warn, found, Some(&advice)))
}

/// API versions: 1.44 is Engine 25, the first with a `start_interval` and several networks at creation.
fn engine(connection: &Connection) -> Vec<Check> {
    let (major, minor) = connection.api;
    let found = format!(
        "{} with API {major}.{minor} at {} (from {})",
        connection.version, connection.endpoint.host, connection.endpoint.source
    );
    let mut checks = vec![check("engine", Verdict::Ok, found, None)];
    if !connection.speaks((1, 44)) {
        checks.push(check(
            "health checks",
            Verdict::Warn,
            "this engine has no start_interval",
            Some("gw does not need it; plain `docker compose up --wait` is slow here before Engine 25"),
        ));
    }
    let (found, advice) = match connection.reach {
        Reach::Containers => ("containers' addresses are asked directly", None),
        Reach::Ports => (
            "containers are asked through their published ports",
            Some("a component without one is asked by its health check, inside"),
        ),
        Reach::Perhaps => (
            "containers are asked by their health checks, else through their published ports",
            Some("the engine's host has another name than this machine, so its ports may be another's"),
        ),
        Reach::Open => (
            "containers are asked through ports that are published on more than loopback, else by their health checks",
            Some("for a port in reach give it an `address` in the profile"),
        ),
    };
    checks.push(check("probes", Verdict::Ok, found, advice));
    checks
}

/// mongod 5.0 and later need AVX on amd64; the image only warns, and then the server dies.
fn processor() -> Check {
    match std::fs::read_to_string("/proc/cpuinfo") {
        Ok(text) if cfg!(target_arch = "x86_64") && !text.contains(" avx") => check(
            "processor",
            Verdict::Warn,
            "no AVX",
            Some("MongoDB 5.0 and later end at once on this processor; use mongo:4.4 in an image map"),
        ),
        _ => check("processor", Verdict::Ok, "as MongoDB needs it", None),
    }
}
