//! The root parser: options that every command takes, and the list of commands.

use std::path::PathBuf;

use clap::builder::Styles;
use clap::builder::styling::{AnsiColor, Effects};
use clap::{Parser, Subcommand};

use super::args::{
    Adopt, Build, Completions, Down, Env, Exec, Fresh, Gc, Generate, Import, Logs, Profiles, Restart, Schema,
    Secrets, Stop, Templates, Up,
};
use super::examples;
use super::run::{Look, Run};
use super::value::{ColourValue, OutputValue};

/// `cargo`'s colours.
const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .usage(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .literal(AnsiColor::Cyan.on_default().effects(Effects::BOLD))
    .placeholder(AnsiColor::Cyan.on_default());

/// Renders a stack that a JSON profile describes as plain Compose files, and runs exactly those files.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "gw",
    bin_name = "gw",
    version,
    styles = STYLES,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = examples::ROOT
)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub verb: Verb,
}

/// Options that every command takes.
#[derive(Debug, Clone, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// The profile: a name in `profiles/`, or a file.
    #[arg(
        short,
        long,
        global = true,
        value_name = "NAME",
        help = "The profile, by name or file [env: GW_PROFILE] [default: default]"
    )]
    pub profile: Option<String>,
    /// A JSON file that replaces image references.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help = "A JSON file that replaces image references [env: GW_IMAGE_MAP]"
    )]
    pub image_map: Option<PathBuf>,
    /// How results and events are written.
    #[arg(
        short,
        long,
        global = true,
        value_name = "FORMAT",
        value_enum,
        hide_possible_values = true,
        help = "How results are written: text, json [env: GW_OUTPUT] [default: text]"
    )]
    pub output: Option<OutputValue>,
    /// Only failures and results
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Each operation, and what builds print
    #[arg(long, global = true)]
    pub verbose: bool,
    /// When to use colours: auto, always, never [default: auto]
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        alias = "colour",
        hide_possible_values = true
    )]
    pub color: Option<ColourValue>,
    /// The same as --color never
    #[arg(long, global = true, hide = true)]
    pub no_color: bool,
    /// The folder that holds profiles/ [default: the nearest one upwards]
    #[arg(short = 'C', long, global = true, value_name = "ROOT", alias = "root")]
    pub directory: Option<PathBuf>,
}

/// The commands.
#[derive(Debug, Clone, Subcommand)]
#[command(disable_help_subcommand = false)]
pub enum Verb {
    /// Render files, or check that the committed ones are current
    #[command(after_help = examples::GENERATE)]
    Generate(Generate),
    /// Create, start and await what is not running or has changed
    #[command(after_help = examples::UP)]
    Up(Up),
    /// Clean, build, start, await: from nothing to a healthy stack
    #[command(after_help = examples::FRESH)]
    Fresh(Fresh),
    /// Bring up, run a command with the addresses, and take everything down whatever happens
    #[command(after_help = examples::RUN)]
    Run(Run),
    /// Stop and remove containers and networks; volumes only when asked
    #[command(after_help = examples::DOWN)]
    Down(Down),
    /// Stop containers and keep them
    #[command(after_help = examples::STOP)]
    Stop(Stop),
    /// Stop and start containers, and await them
    #[command(after_help = examples::RESTART)]
    Restart(Restart),
    /// Build images
    #[command(after_help = examples::BUILD)]
    Build(Build),
    /// Show what runs
    #[command(visible_alias = "ps", after_help = examples::STATUS)]
    Status(Look),
    /// Ask every component whether it is ready
    #[command(after_help = examples::HEALTH)]
    Health(Look),
    /// Show what containers printed
    #[command(after_help = examples::LOGS)]
    Logs(Logs),
    /// Run a command inside a service's container
    #[command(after_help = examples::EXEC)]
    Exec(Exec),
    /// Show which port of this machine leads where
    #[command(after_help = examples::PORTS)]
    Ports(Look),
    /// Print addresses and credentials as variables, for programs on this machine
    #[command(after_help = examples::ENV)]
    Env(Env),
    /// List the profiles
    #[command(after_help = examples::PROFILES)]
    Profiles(Profiles),
    /// Write profile and services files from an existing Compose file
    #[command(after_help = examples::IMPORT)]
    Import(Import),
    /// List, copy or pin the templates that files are rendered from
    #[command(after_help = examples::TEMPLATES)]
    Templates(Templates),
    /// List secrets, or give them new values
    #[command(after_help = examples::SECRETS)]
    Secrets(Secrets),
    /// Take over what this folder left on the engine before it was moved
    #[command(after_help = examples::ADOPT)]
    Adopt(Adopt),
    /// List and remove what checkouts left that are gone
    #[command(after_help = examples::GC)]
    Gc(Gc),
    /// Check that this machine has what gw needs
    #[command(after_help = examples::DOCTOR)]
    Doctor,
    /// Print the JSON Schema of an input file
    #[command(after_help = examples::SCHEMA)]
    Schema(Schema),
    /// Print completions for a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions(Completions),
}
