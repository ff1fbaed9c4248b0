//! The engine's events of one project, folded into what each container does now.
//!
//! Facts about the events: a restart by policy gives `die` then `start` and nothing for the pause between; `docker stop`
//! gives `kill`, `die`, `stop`; `oom` comes before `die`. Podman has no `stop`: `cleanup` comes after the `die` of a container
//! that nothing starts again. It has no `oom` either, wants to be asked for `died` to tell of a `die`, and says `remove`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use bollard::Docker;
use bollard::models::EventMessage;
use bollard::query_parameters::EventsOptions;
use futures_util::StreamExt;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::engine::backend::Trouble;
use crate::engine::backend::chain;
use crate::plan::labels;
use crate::plan::observed::State;

/// The events that change what a container does.
const ACTIONS: [&str; 10] =
    ["start", "die", "died", "stop", "cleanup", "oom", "pause", "unpause", "destroy", "remove"];

/// What the events said of one container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) state: State,
    pub(super) exit_code: Option<i64>,
    /// Ends since the watch began; with the next start the address may be another.
    pub(super) ends: u32,
    pub(super) out_of_memory: bool,
    /// Somebody asked the engine to stop it: no policy starts it again.
    pub(super) stopped: bool,
}

#[derive(Default)]
struct Table {
    containers: HashMap<String, Seen>,
    lost: Option<String>,
}

/// Follows the events of one project while it lives.
pub(super) struct Watch {
    table: Arc<Mutex<Table>>,
    changes: watch::Receiver<u64>,
    task: JoinHandle<()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Watch {
    /// Begins to follow.
    pub(super) fn begin(docker: &Docker, project: &str) -> Self {
        let filters = HashMap::from([
            ("type".to_owned(), vec!["container".to_owned()]),
            // Health checks alone make three events a second and container: they are not asked for.
            ("event".to_owned(), ACTIONS.iter().map(|action| (*action).to_owned()).collect()),
            ("label".to_owned(), vec![format!("{}={project}", labels::COMPOSE_PROJECT)]),
        ]);
        // What happens before the engine has read the request counts too.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let since = format!("{}.{:09}", now.as_secs(), now.subsec_nanos());
        let options = EventsOptions { filters: Some(filters), since: Some(since), ..Default::default() };
        let table = Arc::new(Mutex::new(Table::default()));
        let (sender, changes) = watch::channel(0);
        let (docker, shared) = (docker.clone(), Arc::clone(&table));
        let task = tokio::spawn(async move {
            let mut events = std::pin::pin!(docker.events(Some(options)));
            let mut lost = "its event stream ended".to_owned();
            while let Some(event) = events.next().await {
                match event {
                    // gw's own probes are events too: they must not wake who waits, or each would end the next one.
                    Ok(event) if !fold(&mut lock(&shared).containers, &event) => continue,
                    Ok(_) => {}
                    Err(error) => {
                        lost = chain(&error);
                        break;
                    }
                }
                sender.send_modify(|count| *count += 1);
            }
            lock(&shared).lost = Some(lost);
            sender.send_modify(|count| *count += 1);
        });
        Self { table, changes, task }
    }

    /// What is known of a container; `None` before its first event.
    ///
    /// # Errors
    /// The engine is gone.
    pub(super) fn seen(&self, id: &str) -> Result<Option<Seen>, Trouble> {
        let table = lock(&self.table);
        match &table.lost {
            Some(why) => Err(Trouble::EngineLost(why.clone())),
            None => Ok(table.containers.get(id).cloned()),
        }
    }

    /// Ends when something is known of a container that is not `known`, or the engine is gone.
    pub(super) async fn changed(&self, id: &str, known: Option<&Seen>) {
        let mut changes = self.changes.clone();
        loop {
            changes.mark_unchanged();
            match self.seen(id) {
                Ok(seen) if seen.as_ref() == known => {}
                _ => return,
            }
            if changes.changed().await.is_err() {
                return;
            }
        }
    }
}

fn lock(table: &Mutex<Table>) -> std::sync::MutexGuard<'_, Table> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the event says something about what a container does.
fn fold(containers: &mut HashMap<String, Seen>, event: &EventMessage) -> bool {
    let (Some(actor), Some(action)) = (&event.actor, &event.action) else { return false };
    // A health check or an `exec` must not make a container that runs one that was only created.
    let Some(id) = actor.id.as_ref().filter(|_| ACTIONS.contains(&action.as_str())) else { return false };
    let attribute = |name: &str| actor.attributes.as_ref().and_then(|all| all.get(name));
    let fresh =
        Seen { state: State::Running, exit_code: None, ends: 0, out_of_memory: false, stopped: false };
    let seen = containers.entry(id.clone()).or_insert(fresh);
    match action.as_str() {
        "start" => {
            seen.state = State::Running;
            seen.stopped = false;
        }
        "die" | "died" => {
            seen.ends += 1;
            seen.exit_code = attribute("exitCode").and_then(|code| code.parse().ok());
            seen.state = State::Restarting;
        }
        "stop" | "cleanup" => {
            seen.state = State::Exited;
            seen.stopped = true;
        }
        "oom" => seen.out_of_memory = true,
        "pause" => seen.state = State::Paused,
        "unpause" => seen.state = State::Running,
        "destroy" | "remove" => seen.state = State::Removing,
        _ => {}
    }
    true
}

#[cfg(test)]
mod tests;
