//! What `gw run` takes, and `--isolated` of the commands that know it.

use std::path::PathBuf;

use clap::Args;

use super::args::Services;
use super::value::run_id;

/// What `gw run` takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Run {
    /// Which services.
    #[command(flatten)]
    pub services: Services,
    /// Which run.
    #[command(flatten)]
    pub isolation: NewRun,
    /// Build images even where they exist
    #[arg(long)]
    pub build: bool,
    /// Leave everything as it is when the command or the start fails
    #[arg(long)]
    pub keep_on_failure: bool,
    /// Keep rendered files, logs, descriptions, events and junit.xml in this folder
    #[arg(long, value_name = "FOLDER")]
    pub report: Option<PathBuf>,
    /// The command and its arguments, after --
    #[arg(value_name = "CMD", required = true, last = true)]
    pub command: Vec<String>,
}

/// `--isolated` where a run may be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct NewRun {
    /// The run.
    #[arg(
        long,
        value_name = "ID",
        num_args = 0..=1,
        require_equals = true,
        value_parser = run_id,
        help = "A project, network and ports of its own: the run with this id, else a new one [env: GW_ISOLATED]"
    )]
    pub isolated: Option<Option<String>>,
}

/// `--isolated` where a run is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct OfRun {
    /// The run.
    #[arg(
        long,
        value_name = "ID",
        num_args = 0..=1,
        require_equals = true,
        value_parser = run_id,
        help = "The isolated run with this id, else the only one that there is [env: GW_ISOLATED]"
    )]
    pub isolated: Option<Option<String>>,
}

/// What `gw status`, `gw health` and `gw ports` take.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Look {
    /// Which services.
    #[command(flatten)]
    pub services: Services,
    /// Which run.
    #[command(flatten)]
    pub isolation: OfRun,
}
