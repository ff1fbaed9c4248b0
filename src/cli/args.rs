//! What each command takes: one struct a command.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::examples;
use super::run::{NewRun, OfRun};
use super::value::{
    FormatValue, MomentValue, SchemaValue, ShellValue, TailValue, TargetValue, budget, variable,
};

/// What `gw generate` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Generate {
    /// Every profile
    #[arg(long)]
    pub all: bool,
    /// What to render for: docker
    #[arg(long, value_enum, value_name = "TARGET", default_value = "docker", hide_possible_values = true)]
    pub target: TargetValue,
    /// Write nothing; exit with code 10 if a file is not current
    #[arg(long)]
    pub check: bool,
}

/// Services on the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Services {
    /// Services, stores or the gateway, by name [default: all]
    #[arg(value_name = "SERVICE")]
    pub services: Vec<String>,
}

/// What happens to orphans: containers of this checkout that are in no model that it has now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct Orphans {
    /// Remove containers of this profile that are in no file any more
    #[arg(long)]
    pub remove_orphans: bool,
    /// Leave such containers alone
    #[arg(long, conflicts_with = "remove_orphans")]
    pub keep_orphans: bool,
}

/// How long a run takes: what it may, and what it did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Timing {
    /// Write where the time went, also of a run that failed: a file that ends in .svg, .html or .json
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub timeline: Option<PathBuf>,
    /// End with code 8 when not everything is ready by then, and say what took it: 40s, 1m30s
    #[arg(long, value_name = "TIME", value_parser = budget, conflicts_with = "dry_run")]
    pub budget: Option<Duration>,
}

/// What `gw up` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is one flag")]
pub struct Up {
    /// Which services.
    #[command(flatten)]
    pub services: Services,
    /// Which run.
    #[command(flatten)]
    pub isolation: NewRun,
    /// Build images even where they exist
    #[arg(long)]
    pub build: bool,
    /// Replace containers even where nothing changed
    #[arg(long)]
    pub force_recreate: bool,
    /// Leave alone what the services depend on
    #[arg(long)]
    pub no_deps: bool,
    /// First bring up what this profile borrows of another one
    #[arg(long)]
    pub with_shared: bool,
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Stop containers of this checkout that hold a port which is needed
    #[arg(long)]
    pub take_over: bool,
    /// What happens to orphans.
    #[command(flatten)]
    pub orphans: Orphans,
    /// How long it takes.
    #[command(flatten)]
    pub timing: Timing,
    /// Accepted and not needed: gw up always ends when everything is ready
    #[arg(short, long)]
    pub detach: bool,
    /// Accepted and not needed: gw up always waits
    #[arg(long, hide = true)]
    pub wait: bool,
}

/// What `gw fresh` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is one flag")]
pub struct Fresh {
    /// Which services.
    #[command(flatten)]
    pub services: Services,
    /// Which run.
    #[command(flatten)]
    pub isolation: NewRun,
    /// Remove volumes and their data first
    #[arg(short, long)]
    pub volumes: bool,
    /// Leave alone what the services depend on
    #[arg(long)]
    pub no_deps: bool,
    /// First bring up what this profile borrows of another one
    #[arg(long)]
    pub with_shared: bool,
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Stop containers of this checkout that hold a port which is needed
    #[arg(long)]
    pub take_over: bool,
    /// What happens to orphans.
    #[command(flatten)]
    pub orphans: Orphans,
    /// How long it takes.
    #[command(flatten)]
    pub timing: Timing,
}

/// What `gw adopt` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Adopt {
    /// The folder of another checkout that is gone, whose things become this one's
    #[arg(long, value_name = "FOLDER")]
    pub from: Option<PathBuf>,
    /// The former name of this host
    #[arg(long, value_name = "NAME", conflicts_with = "from")]
    pub host: Option<String>,
    /// Accepted and not needed: a folder is taken over with all its profiles
    #[arg(long, hide = true)]
    pub all: bool,
}

/// What `gw gc` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct Gc {
    /// Remove without asking
    #[arg(short, long)]
    pub yes: bool,
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What `gw down` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is one flag")]
pub struct Down {
    /// Every stack of this checkout, also of profiles that are not there or cannot be read
    #[arg(long, conflicts_with_all = ["services", "keep_orphans"])]
    pub all: bool,
    /// Which services.
    #[command(flatten)]
    pub services: Services,
    /// Which run.
    #[command(flatten)]
    pub isolation: OfRun,
    /// Remove volumes and their data too
    #[arg(short, long)]
    pub volumes: bool,
    /// Go on although other projects use this one
    #[arg(long)]
    pub force: bool,
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// What happens to orphans.
    #[command(flatten)]
    pub orphans: Orphans,
}

/// What `gw stop` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Stop {
    /// Which services.
    #[command(flatten)]
    pub services: Services,
    /// Which run.
    #[command(flatten)]
    pub isolation: OfRun,
    /// Go on although other projects use this one
    #[arg(long)]
    pub force: bool,
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What `gw restart` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Restart {
    /// Which services.
    #[command(flatten)]
    pub services: Services,
    /// Which run.
    #[command(flatten)]
    pub isolation: OfRun,
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What `gw build` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Build {
    /// Which services.
    #[command(flatten)]
    pub services: Services,
    /// Use nothing of earlier builds
    #[arg(long)]
    pub no_cache: bool,
    /// Get newer versions of base images
    #[arg(long)]
    pub pull: bool,
    /// Print what would be built, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What `gw logs` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Logs {
    /// Which services.
    #[command(flatten)]
    pub services: Services,
    /// Which run.
    #[command(flatten)]
    pub isolation: OfRun,
    /// Go on with new lines, also of containers that are replaced
    #[arg(short, long)]
    pub follow: bool,
    /// Only lines from then on: 10m, 1h30m, 2026-01-31T08:00:00Z
    #[arg(long, value_name = "TIME")]
    pub since: Option<MomentValue>,
    /// Only lines until then
    #[arg(long, value_name = "TIME", conflicts_with = "follow")]
    pub until: Option<MomentValue>,
    /// Only the last lines of each container: a number, or all
    #[arg(short = 'n', long, value_name = "LINES", default_value = "all", hide_default_value = true)]
    pub tail: TailValue,
    /// Show when each line was printed
    #[arg(short, long)]
    pub timestamps: bool,
    /// Do not show whose line it is
    #[arg(long, alias = "no-log-prefix")]
    pub no_prefix: bool,
}

/// What `gw exec` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Exec {
    /// Which run.
    #[command(flatten)]
    pub isolation: OfRun,
    /// No terminal for the command
    #[arg(short = 'T', long)]
    pub no_tty: bool,
    /// The user inside: NAME, UID or UID:GID
    #[arg(short, long, value_name = "USER")]
    pub user: Option<String>,
    /// A variable: NAME=VALUE, or NAME with the value that it has here
    #[arg(short, long = "env", value_name = "VARIABLE", value_parser = variable)]
    pub environment: Vec<(String, Option<String>)>,
    /// The working folder inside
    #[arg(short, long, value_name = "FOLDER")]
    pub workdir: Option<String>,
    /// Which of the service's containers
    #[arg(long, value_name = "NUMBER", default_value_t = 1, conflicts_with = "new",
          value_parser = clap::value_parser!(u32).range(1..))]
    pub index: u32,
    /// In a new container, which is removed afterwards
    #[arg(long)]
    pub new: bool,
    /// The service
    #[arg(value_name = "SERVICE")]
    pub service: String,
    /// The command and its arguments
    #[arg(value_name = "CMD", required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    pub command: Vec<String>,
}

/// What `gw env` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Env {
    /// Which run.
    #[command(flatten)]
    pub isolation: OfRun,
    /// The service whose variables are meant [default: addresses of all]
    #[arg(value_name = "SERVICE")]
    pub service: Option<String>,
    /// How they are written: shell, dotenv, json [default: shell; with --output json: json]
    #[arg(long, value_enum, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<FormatValue>,
}

/// What `gw profiles` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Profiles {
    /// As a Markdown table, for a README: with databases, services and ports
    #[arg(long)]
    pub markdown: bool,
}

/// What `gw import` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Import {
    /// The Compose file; - reads standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Print what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What `gw templates` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Templates {
    /// What to do with them.
    #[command(subcommand)]
    pub verb: TemplatesVerb,
}

/// What `gw templates` does.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum TemplatesVerb {
    /// List the templates, and which of them the project overrides
    #[command(after_help = examples::TEMPLATES_LIST)]
    List,
    /// Copy one template into the project, to change it there
    #[command(after_help = examples::TEMPLATES_EJECT)]
    Eject {
        /// The template, as gw templates list names it
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Copy all templates into the project, so that another gw renders the same
    #[command(after_help = examples::TEMPLATES_PIN)]
    Pin,
}

/// What `gw secrets` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Secrets {
    /// What to do with them.
    #[command(subcommand)]
    pub verb: SecretsVerb,
}

/// What `gw secrets` does.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum SecretsVerb {
    /// List the profile's secrets: where each comes from and who uses it, never its value
    #[command(after_help = examples::SECRETS_LIST)]
    List,
    /// Give secrets new values, tell the stores, and replace what runs with the former ones
    #[command(after_help = examples::SECRETS_ROTATE)]
    Rotate {
        /// Secrets, as gw secrets list names them [default: the passwords of the profile's stores]
        #[arg(value_name = "SECRET")]
        secrets: Vec<String>,
        /// Print what would be done, and do nothing
        #[arg(long)]
        dry_run: bool,
    },
}

/// What `gw schema` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Schema {
    /// The kind of file: profile, services, infra, images
    #[arg(value_enum, value_name = "KIND", default_value = "profile", hide_possible_values = true)]
    pub kind: SchemaValue,
}

/// What `gw completions` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Completions {
    /// The shell: bash, elvish, fish, powershell, zsh
    #[arg(value_enum, value_name = "SHELL", hide_possible_values = true)]
    pub shell: ShellValue,
}
