//! Turns clap's types into our own; the one place that names both.

use super::command::{
    Build, Command, Down, Env, Exec, Format, Fresh, Generate, Logs, Moment, Orphans, Place, Schema, Stop, Up,
};
use crate::cli::args::{self, TemplatesVerb};
use crate::cli::value::{FormatValue, MomentValue, SchemaValue, TailValue};
use crate::cli::{self, Verb};
use crate::report::mode::Output;

impl Command {
    /// The command that was typed.
    pub(super) fn from_verb(verb: Verb, output: Output) -> Self {
        match verb {
            Verb::Generate(args::Generate { all, target: _, check }) => {
                Self::Generate(Generate { all, check })
            }
            Verb::Up(args) => Self::Up(up(args)),
            Verb::Fresh(args) => Self::Fresh(Fresh {
                services: args.services.services,
                volumes: args.volumes,
                no_deps: args.no_deps,
                dry_run: args.dry_run,
                orphans: orphans(args.orphans),
            }),
            Verb::Down(args) => Self::Down(Down {
                services: args.services.services,
                volumes: args.volumes,
                dry_run: args.dry_run,
                orphans: orphans(args.orphans),
            }),
            Verb::Stop(args) => Self::Stop(stop(args)),
            Verb::Restart(args) => Self::Restart(stop(args)),
            Verb::Build(args) => Self::Build(Build {
                services: args.services.services,
                no_cache: args.no_cache,
                pull: args.pull,
            }),
            Verb::Status(args) => Self::Status(args.services),
            Verb::Health(args) => Self::Health(args.services),
            Verb::Logs(args) => Self::Logs(logs(args)),
            Verb::Exec(args) => Self::Exec(exec(args)),
            Verb::Ports(args) => Self::Ports(args.services),
            Verb::Env(args) => Self::Env(Env { service: args.service, format: format(args.format, output) }),
            Verb::Profiles => Self::Profiles,
            Verb::Templates(args) => match args.verb {
                TemplatesVerb::List => Self::TemplatesList,
                TemplatesVerb::Eject { name } => Self::TemplatesEject(name),
                TemplatesVerb::Pin => Self::TemplatesPin,
            },
            Verb::Doctor => Self::Doctor,
            Verb::Schema(args) => Self::Schema(match args.kind {
                SchemaValue::Profile => Schema::Profile,
                SchemaValue::Services => Schema::Services,
                SchemaValue::Infra => Schema::Infra,
                SchemaValue::Images => Schema::Images,
            }),
            Verb::Completions(args) => Self::Completions(cli::completions(args.shell)),
        }
    }
}

fn up(args: args::Up) -> Up {
    Up {
        services: args.services.services,
        build: args.build,
        force_recreate: args.force_recreate,
        no_deps: args.no_deps,
        dry_run: args.dry_run,
        orphans: orphans(args.orphans),
    }
}

fn stop(args: args::Stop) -> Stop {
    Stop { services: args.services.services, dry_run: args.dry_run }
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
