//! `exec`: a command in a service's container, or with `--new` in a container of its own.

use super::drive::{self, visit};
use super::prepare::{Secrets, prepare};
use super::session::Session;
use crate::engine::backend::Trouble;
use crate::engine::docker::exec::{self, ExecFailure, ExecOptions};
use crate::engine::docker::exec_streams::Streams;
use crate::error::Error;
use crate::plan::observed::State;
use crate::plan::selection::find;
use crate::settings::command::{Exec, Place};

/// Runs a command with the user's streams; gw ends with the command's exit code.
///
/// # Errors
/// [`Error::Exit`] with the command's code; see [`Error`].
pub(super) async fn exec(session: &mut Session, wish: Exec) -> Result<(), Error> {
    let settings = &session.settings;
    let prepared = prepare(settings, &settings.profile, Secrets::Used)?;
    let key = find(&prepared.desired, &wish.service)?;
    let site = visit(&prepared).await?;
    let options = ExecOptions {
        command: wish.command,
        user: wish.user,
        env: wish.environment.into_iter().filter_map(variable).collect(),
        workdir: wish.working_dir,
        tty: wish.terminal,
        interactive: true,
    };
    let docker = &site.connection.docker;
    let cancel = session.interrupt().wait();
    let code = match wish.container {
        Place::New => {
            let _tidy = session.interrupt().tidy();
            let container = drive::engine(&prepared, &site.connection).one_off(&key)?;
            exec::new_container(docker, container, &options, Streams::of_process(), cancel).await
        }
        Place::Running(number) => {
            let found = site.observed.containers.iter().find(|container| {
                container.component() == key && container.number() == number && !container.is_one_off()
            });
            let Some(container) = found.filter(|container| container.state == State::Running) else {
                let start = format!("start it with `gw up {0}`, or use `gw exec --new {0}`", wish.service);
                return Err(
                    Trouble::Refused(format!("{}-{number} does not run; {start}", wish.service)).into()
                );
            };
            exec::run(docker, &container.id, &options, Streams::of_process(), cancel).await
        }
    };
    match code {
        Ok(0) => Ok(()),
        Ok(code) => Err(Error::Exit(u8::try_from(code).unwrap_or(1))),
        Err(ExecFailure::Interrupted) => Err(Error::Interrupted),
        Err(failure) => Err(Trouble::Refused(failure.to_string()).into()),
    }
}

/// `NAME=value`; a name alone takes gw's own value, and nothing where there is none, as `docker exec -e NAME` does.
fn variable((name, value): (String, Option<String>)) -> Option<String> {
    let value = value.or_else(|| std::env::var(&name).ok())?;
    Some(format!("{name}={value}"))
}
