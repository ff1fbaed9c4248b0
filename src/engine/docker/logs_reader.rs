//! Reads the logs of a project's containers: what there is, then what comes.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, SystemTime};

use bollard::Docker;
use bollard::container::LogOutput;
use bollard::errors::Error;
use bollard::models::EventMessage;
use bollard::query_parameters::{EventsOptions, ListContainersOptions, LogsOptions};
use futures_util::stream::{BoxStream, SelectAll};
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc::Sender;

use super::error::is_missing;
use super::logs::{LogFailure, LogLine, LogOptions, LogSelection};
use super::logs_lines::{Line, Lines};
use super::logs_moment::Moment;
use super::request::{self, settled};
use crate::plan::labels;

/// What is known of one container's log.
#[derive(Default)]
struct Log {
    component: String,
    number: u32,
    lines: Lines,
    /// It is being read.
    open: bool,
    /// It started while it was being read: the engine may end the reading with the process before.
    started: bool,
}

const FOREVER: Duration = Duration::from_secs(60 * 60 * 24 * 365);

type Frames = BoxStream<'static, (String, Option<Result<LogOutput, Error>>)>;

/// Reads all logs of a selection and sends their lines.
pub(super) struct Reader {
    docker: Docker,
    selection: LogSelection,
    options: LogOptions,
    lines: Sender<Result<LogLine, LogFailure>>,
    logs: BTreeMap<String, Log>,
    /// The engine's time when following began.
    now: Option<Moment>,
}

/// Nobody reads any more, or the engine is lost.
struct Ended;

impl Reader {
    pub(super) fn new(
        docker: Docker,
        selection: LogSelection,
        options: LogOptions,
        lines: Sender<Result<LogLine, LogFailure>>,
    ) -> Self {
        Self { docker, selection, options, lines, logs: BTreeMap::new(), now: None }
    }

    pub(super) async fn read(mut self) {
        let ended = async {
            let events = self.begin().await?;
            if self.options.tail != Some(0) || !self.options.follow {
                self.history().await?;
            }
            match events {
                Some(events) => self.follow(events).await,
                None => Ok(()),
            }
        };
        let _: Result<(), Ended> = ended.await;
    }

    /// Lists the containers; when following, from a time on from which events are repeated.
    async fn begin(&mut self) -> Result<Option<BoxStream<'static, Result<EventMessage, Error>>>, Ended> {
        let label =
            ("label".to_owned(), vec![format!("{}={}", labels::COMPOSE_PROJECT, self.selection.project)]);
        let mut events = None;
        if self.options.follow {
            let info = self.docker.info().await;
            // The engine's own clock; without it, what starts in the next instants may be missed.
            self.now = info.ok().and_then(|info| info.system_time).and_then(|time| Moment::of_engine(&time));
            let filters = HashMap::from([
                label.clone(),
                ("type".to_owned(), vec!["container".to_owned()]),
                ("event".to_owned(), vec!["start".to_owned()]),
            ]);
            let since = self.now.map(|now| now.seconds().to_string());
            let options = EventsOptions { since, filters: Some(filters), ..EventsOptions::default() };
            events = Some(self.docker.events(Some(options)).boxed());
        }
        let options = ListContainersOptions {
            all: true,
            filters: Some(HashMap::from([label])),
            ..ListContainersOptions::default()
        };
        match settled(|| self.docker.list_containers(Some(options.clone()))).await {
            Ok(containers) => {
                for container in containers {
                    if let Some(id) = container.id {
                        self.meet(&id, &container.labels.unwrap_or_default());
                    }
                }
                Ok(events)
            }
            Err(error) => Err(self.lost(&error).await),
        }
    }

    /// Notes a container that belongs to the selection.
    fn meet(&mut self, id: &str, labelled: &HashMap<String, String>) -> bool {
        let text = |key: &str| labelled.get(key).map(String::as_str);
        let Some(key) = text(labels::COMPOSE_SERVICE) else { return false };
        let chosen = self.selection.components.as_ref().is_none_or(|components| components.contains(key));
        let one_off =
            text(labels::COMPOSE_ONEOFF).is_some_and(|one_off| one_off.eq_ignore_ascii_case("true"));
        if !chosen || one_off || text(labels::COMPOSE_PROJECT) != Some(&self.selection.project) {
            return false;
        }
        self.logs.entry(id.to_owned()).or_insert_with(|| Log {
            component: text(labels::COMPONENT).unwrap_or(key).to_owned(),
            number: text(labels::COMPOSE_NUMBER).and_then(|number| number.parse().ok()).unwrap_or(1),
            ..Log::default()
        });
        true
    }

    /// Gives what there is, merged by its times.
    async fn history(&mut self) -> Result<(), Ended> {
        let ids: Vec<String> = self.logs.keys().cloned().collect();
        let mut heads = Vec::new();
        for id in ids {
            let mut frames = self.frames(&id, false, self.options.tail);
            if let Some(line) = self.next(&id, &mut frames).await? {
                heads.push((line, id, frames));
            }
        }
        loop {
            let earliest =
                heads.iter().enumerate().min_by_key(|(_, (line, ..))| line.at).map(|(index, _)| index);
            let Some(index) = earliest else { return Ok(()) };
            let (_, id, frames) = &mut heads[index];
            let id = id.clone();
            let line = match self.next(&id, frames).await? {
                Some(next) => std::mem::replace(&mut heads[index].0, next),
                None => heads.swap_remove(index).0,
            };
            self.give(&id, line).await?;
        }
    }

    /// The next line of one container.
    async fn next(&mut self, id: &str, frames: &mut Frames) -> Result<Option<Line>, Ended> {
        loop {
            if let Some(line) = self.logs.get_mut(id).and_then(|log| log.lines.next()) {
                return Ok(Some(line));
            }
            match frames.next().await {
                Some((_, frame)) => self.add(id, frame).await?,
                None => return Ok(None),
            }
        }
    }

    /// Gives what comes.
    async fn follow(&mut self, events: BoxStream<'static, Result<EventMessage, Error>>) -> Result<(), Ended> {
        let mut events = events;
        let mut frames: SelectAll<Frames> = SelectAll::new();
        let ids: Vec<String> = self.logs.keys().cloned().collect();
        for id in ids {
            if let (Some(0), Some(now), Some(log)) = (self.options.tail, self.now, self.logs.get_mut(&id)) {
                log.lines.start_at(now);
            }
            frames.push(self.open(&id));
        }
        let until = self.options.until.map_or(FOREVER, |until| until.from(SystemTime::now()));
        let mut over = std::pin::pin!(tokio::time::sleep(until));
        loop {
            tokio::select! {
                () = &mut over => return Ok(()),
                event = events.next() => match event {
                    Some(Ok(event)) => frames.extend(self.started(event)),
                    Some(Err(error)) => return Err(self.lost(&error).await),
                    None => return Err(self.give_up("its events ended".to_owned()).await),
                },
                Some((id, frame)) = frames.next() => {
                    let ended = frame.is_none();
                    self.add(&id, frame).await?;
                    while let Some(line) = self.logs.get_mut(&id).and_then(|log| log.lines.next()) {
                        self.give(&id, line).await?;
                    }
                    if ended && self.logs.get_mut(&id).is_some_and(|log| std::mem::take(&mut log.started)) {
                        frames.push(self.open(&id));
                    }
                }
            }
        }
    }

    /// A container started: a new one, or one whose log ended with its process.
    fn started(&mut self, event: EventMessage) -> Option<Frames> {
        let actor = event.actor?;
        let id = actor.id?;
        if !self.meet(&id, &actor.attributes.unwrap_or_default()) {
            return None;
        }
        let log = self.logs.get_mut(&id)?;
        if log.open {
            log.started = true;
            return None;
        }
        Some(self.open(&id))
    }

    fn open(&mut self, id: &str) -> Frames {
        if let Some(log) = self.logs.get_mut(id) {
            log.lines.again();
            log.open = true;
        }
        self.frames(id, true, None)
    }

    /// The frames of one container's log; the last one is none.
    fn frames(&self, id: &str, follow: bool, tail: Option<u64>) -> Frames {
        let last = self.logs.get(id).and_then(|log| log.lines.last()).map(Moment::seconds);
        let since = self.options.since.map(Moment::seconds);
        let options = LogsOptions {
            follow,
            stdout: true,
            stderr: true,
            timestamps: true,
            // The two channels are written side by side: one second back, what was given is left out.
            since: last.map(|last| last - 1).max(since).unwrap_or(0),
            until: self.options.until.map_or(0, |until| until.seconds().saturating_add(1)),
            tail: tail.map_or_else(|| "all".to_owned(), |tail| tail.to_string()),
        };
        let id = id.to_owned();
        let end = (id.clone(), None);
        let frames = self.docker.logs(&id, Some(options)).map(move |frame| (id.clone(), Some(frame)));
        frames.chain(stream::iter([end])).boxed()
    }

    /// Takes in a frame, or the end of a log.
    async fn add(&mut self, id: &str, frame: Option<Result<LogOutput, Error>>) -> Result<(), Ended> {
        let Some(log) = self.logs.get_mut(id) else { return Ok(()) };
        match frame {
            Some(Ok(frame)) => log.lines.add(&frame),
            None => {
                log.open = false;
                log.lines.end();
            }
            // Replaced or going away: not worth a word.
            Some(Err(error)) if is_missing(&error) || is_going(&error) => {}
            Some(Err(error @ (Error::DockerResponseServerError { .. } | Error::IOError { .. }))) => {
                let words = request::words(&error);
                let failure =
                    LogFailure::Container { component: log.component.clone(), number: log.number, words };
                self.lines.send(Err(failure)).await.map_err(|_| Ended)?;
            }
            Some(Err(error)) => return Err(self.lost(&error).await),
        }
        Ok(())
    }

    async fn give(&self, id: &str, line: Line) -> Result<(), Ended> {
        let (since, until) = (self.options.since, self.options.until);
        let early = line.at.zip(since).is_some_and(|(at, since)| at < since);
        let late = line.at.zip(until).is_some_and(|(at, until)| at > until);
        let Some(log) = self.logs.get(id).filter(|_| !early && !late) else { return Ok(()) };
        let line = LogLine {
            component: log.component.clone(),
            number: log.number,
            stderr: line.stderr,
            timestamp: line.timestamp,
            text: line.text,
        };
        self.lines.send(Ok(line)).await.map_err(|_| Ended)
    }

    async fn lost(&self, error: &Error) -> Ended {
        self.give_up(request::words(error)).await
    }

    async fn give_up(&self, words: String) -> Ended {
        let _ = self.lines.send(Err(LogFailure::Engine(words))).await;
        Ended
    }
}

/// Docker refuses a log while its container is being removed.
fn is_going(error: &Error) -> bool {
    match error {
        Error::DockerResponseServerError { status_code: 409, message } => {
            message.contains("dead") || message.contains("marked for removal")
        }
        _ => false,
    }
}
