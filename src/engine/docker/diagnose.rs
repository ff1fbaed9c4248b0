//! Gathers the evidence when a component failed: state, exit code, memory, last log lines.

use bollard::query_parameters::LogsOptions;
use futures_util::StreamExt;

use super::error::trouble;
use super::operate::DockerEngine;
use super::ready::Wait;
use super::request::inspect;
use crate::engine::backend::Trouble;
use crate::plan::diagnosis::{Diagnosis, Reason};

/// Log lines on the failure screen.
const LINES: usize = 20;
/// Log lines in the report.
const REPORT_LINES: usize = 2000;

/// What a report keeps of a container.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The engine's description of it, as JSON.
    pub inspect: String,
    /// Its last log lines.
    pub log: String,
}

impl DockerEngine {
    /// A failed component with the evidence; an engine that goes away ends its containers, which is not their failure.
    pub(super) async fn diagnose(&self, wait: &Wait<'_>, reason: Reason, waiting: &[String]) -> Trouble {
        let asked = inspect(&self.docker, wait.container).await;
        let inspected = match asked.map_err(trouble) {
            Ok(container) => Some(container),
            Err(lost @ Trouble::EngineLost(_)) => return lost,
            Err(_) => None,
        };
        let state = inspected.and_then(|container| container.state).unwrap_or_default();
        let words = state.status.map_or_else(|| "gone".to_owned(), |status| status.to_string());
        // A new start makes the engine forget it.
        let out_of_memory = matches!(
            reason,
            Reason::Exited { out_of_memory: true, .. }
                | Reason::CrashLoop { out_of_memory: true, .. }
                | Reason::JobFailed { out_of_memory: true, .. }
        );
        let seconds = wait.since.elapsed().as_secs();
        Trouble::Component(Box::new(Diagnosis {
            component: wait.key.to_owned(),
            container: wait.container.to_owned(),
            reason,
            probe: (wait.asked > 0).then(|| wait.question()),
            answers: wait.answers.clone(),
            state: format!("{words} after {seconds} s"),
            // While the engine waits before the next try, it says that the container runs.
            exit_code: state
                .exit_code
                .filter(|_| state.running != Some(true) || state.restarting == Some(true)),
            out_of_memory: state.oom_killed == Some(true) || out_of_memory,
            logs: self.last_lines(wait.container, LINES).await,
            waiting: waiting.to_vec(),
        }))
    }

    /// The description and the log of a container, as far as the engine still has them.
    pub async fn evidence(&self, container: &str) -> Evidence {
        let inspected = inspect(&self.docker, container).await.ok();
        let inspect = inspected.and_then(|one| serde_json::to_string_pretty(&one).ok()).unwrap_or_default();
        let log: String =
            self.last_lines(container, REPORT_LINES).await.into_iter().map(|line| line + "\n").collect();
        Evidence { inspect, log }
    }

    async fn last_lines(&self, container: &str, count: usize) -> Vec<String> {
        let options =
            LogsOptions { stdout: true, stderr: true, tail: count.to_string(), ..Default::default() };
        let mut text = String::new();
        let mut chunks = std::pin::pin!(self.docker.logs(container, Some(options)));
        while let Some(Ok(chunk)) = chunks.next().await {
            text.push_str(&String::from_utf8_lossy(&chunk.into_bytes()));
        }
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines[lines.len().saturating_sub(count)..].to_vec()
    }
}
