//! `logs`: what containers printed, interleaved, each line with its container's name.

use std::collections::BTreeSet;
use std::time::SystemTime;

use futures_util::StreamExt;

use super::drive::visit;
use super::prepare::{Secrets, prepare};
use super::redact::Redact;
use super::session::Session;
use crate::engine::backend::Trouble;
use crate::engine::docker::logs::{LogFailure, LogLine, LogOptions, LogSelection, Moment, stream};
use crate::error::Error;
use crate::plan::selection::select;
use crate::report::logs::{Channel, Options, Prefixer, Source};
use crate::settings::command::{self, Logs};

/// Shows logs; with `--follow` until the user ends it.
///
/// # Errors
/// See [`Error`].
pub(super) async fn logs(session: &mut Session, wish: Logs) -> Result<(), Error> {
    let settings = &session.settings;
    let prepared = prepare(settings, &settings.profile, Secrets::Used)?;
    let selected = select(&prepared.desired, &wish.services, false)?;
    let site = visit(&prepared).await?;
    let components = &prepared.desired.components;
    let named: Vec<&str> = components.values().map(|component| component.name.as_str()).collect();
    let shown: Vec<(&str, u32)> = components
        .iter()
        .filter(|(key, _)| selected.contains(*key))
        .flat_map(|(_, component)| (1..=component.replicas).map(|number| (component.name.as_str(), number)))
        .collect();
    let timestamps = wish.timestamps || session.is_json();
    let options = Options { output: settings.output, prefix: wish.prefix, timestamps };
    let mut prefixer = Prefixer::new(session.streams.out.clone(), options, &named, &shown);
    let whole = wish.services.is_empty();
    let selection = LogSelection {
        project: prepared.desired.project.clone(),
        components: (!whole).then(|| selected.into_iter().collect::<BTreeSet<String>>()),
    };
    let now = SystemTime::now();
    let moment = |moment: command::Moment| match moment {
        command::Moment::Ago(ago) => Moment::ago(ago, now),
        command::Moment::At(seconds) => Moment::at(seconds),
    };
    let wanted = LogOptions {
        follow: wish.follow,
        since: wish.since.map(moment),
        until: wish.until.map(moment),
        tail: wish.tail,
    };
    let redact = Redact::new(&prepared.hidden);
    let mut lines = std::pin::pin!(stream(&site.connection.docker, selection, wanted));
    let interrupt = session.interrupt().wait();
    tokio::pin!(interrupt);
    loop {
        let line = tokio::select! {
            line = lines.next() => line,
            () = &mut interrupt => return Err(Error::Interrupted),
        };
        match line {
            None => return Ok(()),
            Some(Ok(mut line)) => {
                line.text = redact.text(&line.text);
                if let Err(error) = print(&mut prefixer, &line, timestamps) {
                    // Also where the reader went away: nobody is left to follow for.
                    session.wrote(Err(error));
                    return Ok(());
                }
            }
            Some(Err(failure @ LogFailure::Container { .. })) => session.note(failure.to_string()),
            Some(Err(failure @ LogFailure::Engine(_))) => {
                return Err(Trouble::EngineLost(failure.to_string()).into());
            }
        }
    }
}

fn print(prefixer: &mut Prefixer, line: &LogLine, timestamps: bool) -> std::io::Result<()> {
    let channel = if line.stderr { Channel::Err } else { Channel::Out };
    let source = Source { component: line.component.clone(), number: line.number, channel };
    let text =
        if timestamps { format!("{} {}\n", line.timestamp, line.text) } else { format!("{}\n", line.text) };
    prefixer.push(&source, text.as_bytes())
}
