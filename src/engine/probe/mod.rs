//! Asks a component itself whether it is ready. Only an answer counts: a published port accepts with nobody inside.

use std::time::Duration;

use crate::plan::desired::Probe;
use crate::plan::standing::Standing;

mod http;
mod mongodb;
mod mongodb_member;
pub mod reach;
mod redis;
mod sentinel;
mod tcp;
pub mod way;

/// How long one question may take.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// Where a component answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Address or name that can be reached from here.
    pub host: String,
    /// The port there.
    pub port: u16,
    /// It is a published port: the engine's proxy may accept there with nobody inside.
    pub proxied: bool,
}

/// What a component answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// It is ready.
    pub ready: bool,
    /// The answer in one line, without any secret.
    pub text: String,
    /// Of a store: its place among the others.
    pub standing: Standing,
}

impl Reply {
    pub(crate) fn ready(text: impl Into<String>) -> Self {
        Self { ready: true, text: text.into(), standing: Standing::default() }
    }

    pub(crate) fn not_ready(text: impl Into<String>) -> Self {
        Self { ready: false, text: text.into(), standing: Standing::default() }
    }
}

/// Asks once over the network. `Exec` and `None` are not asked here.
pub async fn ask(probe: &Probe, target: &Target) -> Reply {
    let question = async {
        match probe {
            Probe::Http { path, status, body, .. } => http::ask(target, path, *status, body.as_deref()).await,
            Probe::Tcp { .. } => tcp::ask(target).await,
            Probe::Redis { password, .. } => redis::ask(target, password).await,
            Probe::Sentinel { password, master, replicas, sentinels, .. } => {
                sentinel::ask(target, password, &sentinel::Watch::of(master, *replicas, *sentinels)).await
            }
            Probe::Mongodb { credentials, .. } => mongodb::ask(target, credentials).await,
            Probe::MongodbMember { .. } => mongodb_member::ask(target).await,
            Probe::Exec { .. } | Probe::None => Reply::ready("nothing to ask"),
        }
    };
    let patience = tokio::time::timeout(PATIENCE, question).await;
    patience.unwrap_or_else(|_| Reply::not_ready(format!("no answer within {} s", PATIENCE.as_secs())))
}

/// The question in words: `GET /health on port 9001`.
pub fn in_words(probe: &Probe) -> String {
    match probe {
        Probe::Http { path, port, .. } => format!("GET {path} on port {port}"),
        Probe::Tcp { port } => format!("TCP connect to port {port}"),
        Probe::Exec { command } => format!("exec {}", command.join(" ")),
        Probe::Redis { port, .. } => format!("Redis PING on port {port}"),
        Probe::Sentinel { port, .. } => format!("sentinel's view on port {port}"),
        Probe::Mongodb { port, .. } => format!("MongoDB ping on port {port}"),
        Probe::MongodbMember { port, .. } => format!("MongoDB hello on port {port}"),
        Probe::None => "running".to_owned(),
    }
}

/// The port inside that a probe asks.
pub fn port(probe: &Probe) -> Option<u16> {
    match probe {
        Probe::Http { port, .. }
        | Probe::Tcp { port }
        | Probe::Redis { port, .. }
        | Probe::Sentinel { port, .. }
        | Probe::Mongodb { port, .. }
        | Probe::MongodbMember { port, .. } => Some(*port),
        Probe::Exec { .. } | Probe::None => None,
    }
}

/// The first line of a text, shortened for a screen.
pub(crate) fn first_line(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    if line.chars().count() <= 300 {
        line.to_owned()
    } else {
        line.chars().take(299).chain(['…']).collect()
    }
}

#[cfg(test)]
mod tests;
