//! Gathers the evidence when a component failed: state, exit code, memory, last log lines.

use bollard::query_parameters::{InspectContainerOptions, LogsOptions};
use futures_util::StreamExt;

use super::operate::DockerEngine;
use super::ready::Wait;
use crate::engine::probe;
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
    /// The evidence of a failed component.
    pub(super) async fn diagnose(&self, wait: &Wait<'_>, reason: Reason, waiting: &[String]) -> Diagnosis {
        let inspected =
            self.docker.inspect_container(wait.container, None::<InspectContainerOptions>).await.ok();
        let state = inspected.and_then(|container| container.state).unwrap_or_default();
        let words = state.status.map_or_else(|| "gone".to_owned(), |status| status.to_string());
        let seconds = wait.since.elapsed().as_secs();
        Diagnosis {
            component: wait.key.to_owned(),
            container: wait.container.to_owned(),
            reason,
            probe: (wait.asked > 0).then(|| probe::in_words(&wait.component.probe)),
            answers: wait.answers.clone(),
            state: format!("{words} after {seconds} s"),
            exit_code: state.exit_code.filter(|_| state.running != Some(true)),
            out_of_memory: state.oom_killed.unwrap_or(false),
            logs: self.last_lines(wait.container, LINES).await,
            waiting: waiting.to_vec(),
        }
    }

    /// The description and the log of a container, as far as the engine still has them.
    pub async fn evidence(&self, container: &str) -> Evidence {
        let inspected = self.docker.inspect_container(container, None::<InspectContainerOptions>).await.ok();
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
