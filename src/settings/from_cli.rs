//! Turns clap's types into our own; the one place that names both.

use std::path::Path;

use super::SettingsError;
use super::command::{
    Adopt, Build, Command, Down, Env, Exec, Format, Fresh, Gc, Generate, Import, Isolation, Logs, Moment,
    Orphans, Place, Restart, Rotate, Run, Schema, Stop, Timing, Up,
};
use crate::cli::args::{self, SecretsVerb, TemplatesVerb};
use crate::cli::value::{FormatValue, MomentValue, SchemaValue, TailValue};
use crate::cli::{self, Verb};
use crate::report::mode::Output;
use crate::report::timeline;

impl Command {
    /// The command that was typed; `here` is the current folder.
    ///
    /// # Errors
    /// The timeline cannot be written where it is wished.
    pub(super) fn from_verb(verb: Verb, output: Output, here: &Path) -> Result<Self, SettingsError> {
        Ok(match verb {
            Verb::Generate(args::Generate { all, target: _, check }) => {
                Self::Generate(Generate { all, check })
            }
            Verb::Up(args) => Self::Up(up(args, here)?),
            Verb::Fresh(args) => Self::Fresh(Fresh {
                services: args.services.services,
                volumes: args.volumes,
                no_deps: args.no_deps,
                with_shared: args.with_shared,
                dry_run: args.dry_run,
                take_over: args.take_over,
                orphans: orphans(args.orphans),
                timing: timing(args.timing, here)?,
            }),
            Verb::Run(args) => Self::Run(Run {
                services: args.services.services,
                build: args.build,
                keep_on_failure: args.keep_on_failure,
                report: args.report.map(|folder| here.join(folder)),
                command: args.command,
            }),
            Verb::Down(args) => Self::Down(Down {
                all: args.all,
                services: args.services.services,
                volumes: args.volumes,
                force: args.force,
                dry_run: args.dry_run,
                orphans: orphans(args.orphans),
            }),
            Verb::Stop(args) => Self::Stop(Stop {
                services: args.services.services,
                force: args.force,
                dry_run: args.dry_run,
            }),
            Verb::Restart(args) => {
                Self::Restart(Restart { services: args.services.services, dry_run: args.dry_run })
            }
            Verb::Build(args) => Self::Build(Build {
                services: args.services.services,
                no_cache: args.no_cache,
                pull: args.pull,
                dry_run: args.dry_run,
            }),
            Verb::Status(args) => Self::Status(args.services.services),
            Verb::Health(args) => Self::Health(args.services.services),
            Verb::Logs(args) => Self::Logs(logs(args)),
            Verb::Exec(args) => Self::Exec(exec(args)),
            Verb::Ports(args) => Self::Ports(args.services.services),
            Verb::Env(args) => Self::Env(Env { service: args.service, format: format(args.format, output) }),
            Verb::Profiles(args) => Self::Profiles(args.markdown),
            Verb::Import(args) => Self::Import(Import {
                file: (args.file != Path::new("-")).then(|| here.join(args.file)),
                here: here.to_owned(),
                dry_run: args.dry_run,
            }),
            Verb::Templates(args) => match args.verb {
                TemplatesVerb::List => Self::TemplatesList,
                TemplatesVerb::Eject { name } => Self::TemplatesEject(name),
                TemplatesVerb::Pin => Self::TemplatesPin,
            },
            Verb::Secrets(args) => match args.verb {
                SecretsVerb::List => Self::SecretsList,
                SecretsVerb::Rotate { secrets, dry_run } => Self::SecretsRotate(Rotate { secrets, dry_run }),
            },
            Verb::Adopt(args) => Self::Adopt(adopt(args)),
            Verb::Gc(args) => Self::Gc(Gc { yes: args.yes, dry_run: args.dry_run }),
            Verb::Doctor => Self::Doctor,
            Verb::Schema(args) => Self::Schema(match args.kind {
                SchemaValue::Profile => Schema::Profile,
                SchemaValue::Services => Schema::Services,
                SchemaValue::Infra => Schema::Infra,
                SchemaValue::Images => Schema::Images,
            }),
            Verb::Completions(args) => Self::Completions(cli::completions(args.shell)),
        })
    }
}

/// What a command line says of `--isolated`; `None` where the command does not know it.
pub(super) fn isolation(verb: &Verb) -> Option<Isolation> {
    let isolated = match verb {
        Verb::Up(args) => &args.isolation.isolated,
        Verb::Fresh(args) => &args.isolation.isolated,
        Verb::Run(args) => &args.isolation.isolated,
        Verb::Down(args) => &args.isolation.isolated,
        Verb::Stop(args) => &args.isolation.isolated,
        Verb::Restart(args) => &args.isolation.isolated,
        Verb::Status(args) | Verb::Health(args) | Verb::Ports(args) => &args.isolation.isolated,
        Verb::Logs(args) => &args.isolation.isolated,
        Verb::Exec(args) => &args.isolation.isolated,
        Verb::Env(args) => &args.isolation.isolated,
        _ => return None,
    };
    Some(match isolated {
        None => Isolation::None,
        Some(None) => Isolation::Unnamed,
        Some(Some(id)) => Isolation::Named(id.clone()),
    })
}

fn up(args: args::Up, here: &Path) -> Result<Up, SettingsError> {
    Ok(Up {
        services: args.services.services,
        build: args.build,
        force_recreate: args.force_recreate,
        no_deps: args.no_deps,
        with_shared: args.with_shared,
        dry_run: args.dry_run,
        take_over: args.take_over,
        orphans: orphans(args.orphans),
        timing: timing(args.timing, here)?,
    })
}

/// What can be known before anything is done is checked here: a run takes long, and its timeline must not be lost.
fn timing(args: args::Timing, here: &Path) -> Result<Timing, SettingsError> {
    let Some(file) = args.timeline else { return Ok(Timing { timeline: None, budget: args.budget }) };
    let Some(format) = timeline::Format::of(&file) else {
        return Err(SettingsError::TimelineFormat { file });
    };
    let path = here.join(&file);
    if path.is_dir() {
        return Err(SettingsError::TimelineFolder { file });
    }
    let folder = file.parent().unwrap_or(&file).to_owned();
    if !path.parent().is_some_and(Path::is_dir) {
        return Err(SettingsError::TimelineNowhere { file, folder });
    }
    Ok(Timing { timeline: Some((file, format)), budget: args.budget })
}

fn adopt(args: args::Adopt) -> Adopt {
    match (args.from, args.host) {
        (Some(folder), _) => Adopt::From(folder),
        (None, Some(host)) => Adopt::Host(host),
        (None, None) => Adopt::Moved,
    }
}

fn orphans(args: args::Orphans) -> Orphans {
    match (args.remove_orphans, args.keep_orphans) {
        (_, true) => Orphans::Keep,
        (true, _) => Orphans::Remove,
        _ => Orphans::Default,
    }
}

fn logs(args: args::Logs) -> Logs {
    Logs {
        services: args.services.services,
        follow: args.follow,
        since: args.since.map(moment),
        until: args.until.map(moment),
        tail: match args.tail {
            TailValue::All => None,
            TailValue::Lines(lines) => Some(lines),
        },
        timestamps: args.timestamps,
        prefix: !args.no_prefix,
    }
}

fn moment(value: MomentValue) -> Moment {
    match value {
        MomentValue::Ago(duration) => Moment::Ago(duration),
        MomentValue::At(seconds) => Moment::At(seconds),
    }
}

fn exec(args: args::Exec) -> Exec {
    Exec {
        service: args.service,
        command: args.command,
        terminal: !args.no_tty,
        user: args.user,
        environment: args.environment,
        working_dir: args.workdir,
        container: if args.new { Place::New } else { Place::Running(args.index) },
    }
}

fn format(value: Option<FormatValue>, output: Output) -> Format {
    match (value, output) {
        (Some(FormatValue::Shell), _) | (None, Output::Text) => Format::Shell,
        (Some(FormatValue::Dotenv), _) => Format::Dotenv,
        (Some(FormatValue::Json), _) | (None, Output::Json) => Format::Json,
    }
}
