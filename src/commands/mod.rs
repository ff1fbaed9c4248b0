//! One command, one file: each takes the session and its own options and returns how it ended.

mod addresses;
mod adopt;
mod borrowers;
mod build;
mod doctor;
mod down;
mod down_all;
mod drive;
mod engine_host;
mod evidence;
mod exec;
mod gc;
mod generate;
mod gone;
mod import;
mod interrupt;
mod killed;
mod leaders;
mod lock;
mod logs;
mod look;
mod owner;
mod port_check;
mod ports;
mod preflight;
mod prepare;
mod profiles;
mod reached;
mod redact;
mod run;
mod run_command;
mod run_report;
mod runs;
mod secrets;
mod session;
mod settle;
mod shared;
mod status;
mod sweep;
mod take_down;
mod templates;
mod timeline;
mod up;

pub(crate) use port_check::problem as conflict;
pub(crate) use profiles::problem;
pub(crate) use session::Session;

use crate::error::Error;
use crate::profile::schema;
use crate::settings::command::{Command, Schema};

/// Carries out the command of the settings.
///
/// # Errors
/// See [`Error`].
pub(crate) async fn run(session: &mut Session) -> Result<(), Error> {
    runs::choose(session)?;
    match session.settings.command.clone() {
        Command::Generate(wish) => generate::generate(session, wish),
        Command::Up(wish) => up::up(session, wish).await,
        Command::Fresh(wish) => up::fresh(session, wish).await,
        Command::Run(wish) => run::run(session, wish).await,
        Command::Down(wish) => down::down(session, wish).await,
        Command::Stop(wish) => down::stop(session, wish).await,
        Command::Restart(wish) => down::restart(session, wish).await,
        Command::Build(wish) => build::build(session, wish).await,
        Command::Status(names) => status::status(session, &names).await,
        Command::Health(names) => status::health(session, &names).await,
        Command::Ports(names) => ports::ports(session, &names).await,
        Command::Env(wish) => ports::env(session, wish).await,
        Command::Profiles(markdown) => profiles::profiles(session, markdown),
        Command::Import(wish) => import::import(session, &wish),
        Command::TemplatesList => templates::list(session),
        Command::TemplatesEject(name) => templates::eject(session, &name),
        Command::TemplatesPin => templates::pin(session),
        Command::SecretsList => secrets::list(session),
        Command::SecretsRotate(wish) => secrets::rotate(session, wish).await,
        Command::Doctor => doctor::doctor(session).await,
        Command::Schema(kind) => print_schema(session, kind),
        Command::Completions(script) => {
            session.print(&script);
            Ok(())
        }
        Command::Adopt(wish) => adopt::adopt(session, &wish).await,
        Command::Gc(wish) => gc::gc(session, wish).await,
        Command::Logs(wish) => logs::logs(session, wish).await,
        Command::Exec(wish) => exec::exec(session, wish).await,
    }
}

fn print_schema(session: &mut Session, kind: Schema) -> Result<(), Error> {
    let schema = match kind {
        Schema::Profile => schema::profile(),
        Schema::Services => schema::services(),
        Schema::Infra => schema::infra(),
        Schema::Images => schema::images(),
    };
    let text = serde_json::to_string_pretty(&schema).map_err(|error| Error::Defect(error.to_string()))?;
    session.print(&(text + "\n"));
    Ok(())
}
