//! Asks one container once how it is: for `status` and `health`.

use std::time::{Duration, Instant};

use super::error::{is_missing, trouble};
use super::operate::DockerEngine;
use super::request::inspect;
use crate::engine::backend::Trouble;
use crate::engine::probe::Reply;
use crate::plan::desired::{Component, Role};

/// How a container is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    /// What it was asked, in words.
    pub question: Option<String>,
    /// Its own answer; `None` where it does not run and so cannot be asked.
    pub reply: Option<Reply>,
    /// How long the answer took.
    pub latency: Option<Duration>,
    /// Seconds since the epoch when it started or ended.
    pub since: Option<u64>,
    /// Its exit code, where it ended.
    pub exit_code: Option<i64>,
    /// It runs.
    pub running: bool,
}

impl DockerEngine {
    /// Asks a container of a component.
    ///
    /// # Errors
    /// The engine does not answer.
    pub async fn examine(&self, component: &Component, id: &str) -> Result<Option<Examination>, Trouble> {
        let inspected = match inspect(&self.docker, id).await {
            Ok(inspected) => inspected,
            Err(error) if is_missing(&error) => return Ok(None),
            Err(error) => return Err(trouble(error)),
        };
        let state = inspected.state.clone().unwrap_or_default();
        let running = state.running == Some(true) && state.restarting != Some(true);
        let time = if running { state.started_at } else { state.finished_at };
        let mut examination = Examination {
            question: None,
            reply: None,
            latency: None,
            since: time.as_deref().and_then(epoch),
            exit_code: state.exit_code.filter(|_| !running),
            running,
        };
        if !running || component.role == Role::Job {
            return Ok(Some(examination));
        }
        let begin = Instant::now();
        let way = self.way(&component.probe, &inspected);
        examination.reply = Some(self.put(&component.probe, &way, id).await?);
        examination.latency = Some(begin.elapsed());
        examination.question = Some(way.in_words(&component.probe));
        Ok(Some(examination))
    }
}

/// Seconds since the epoch of the engine's RFC 3339 time, always in UTC; `None` for its zero time.
fn epoch(text: &str) -> Option<u64> {
    let time = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).ok()?;
    u64::try_from(time.unix_timestamp()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_times_become_seconds() {
        assert_eq!(epoch("1970-01-02T00:00:01.5Z"), Some(86_401));
        assert_eq!(epoch("0001-01-01T00:00:00Z"), None);
    }
}
