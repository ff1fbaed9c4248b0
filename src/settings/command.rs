//! What is to be done, as plain values.

use std::path::PathBuf;
use std::time::Duration;

use crate::report::timeline;

/// A command with its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Render files, or check them.
    Generate(Generate),
    /// Bring up what is not.
    Up(Up),
    /// Bring up from nothing.
    Fresh(Fresh),
    /// Bring up for a command, and take down.
    Run(Run),
    /// Take down.
    Down(Down),
    /// Stop and keep.
    Stop(Stop),
    /// Stop and start.
    Restart(Restart),
    /// Build images.
    Build(Build),
    /// Show what runs, of these services or of all.
    Status(Vec<String>),
    /// Ask everything whether it is ready, of these services or of all.
    Health(Vec<String>),
    /// Show what containers printed.
    Logs(Logs),
    /// Run a command in a container.
    Exec(Exec),
    /// Show ports, of these services or of all.
    Ports(Vec<String>),
    /// Print variables.
    Env(Env),
    /// List profiles; `true`: as Markdown.
    Profiles(bool),
    /// Write profile and services files from a Compose file.
    Import(Import),
    /// List the templates.
    TemplatesList,
    /// Copy the named template into the project.
    TemplatesEject(String),
    /// Copy all templates into the project.
    TemplatesPin,
    /// Take over what this checkout made before.
    Adopt(Adopt),
    /// Remove what checkouts left that are gone.
    Gc(Gc),
    /// List the profile's secrets.
    SecretsList,
    /// Give secrets new values.
    SecretsRotate(Rotate),
    /// Check this machine.
    Doctor,
    /// Print the schema of a kind of file.
    Schema(Schema),
    /// Print this text, which is a completion script.
    Completions(String),
}

impl Command {
    /// Whether standard output is not gw's own, but that of a command which it runs.
    pub fn leaves_output(&self) -> bool {
        matches!(self, Self::Run(_))
    }

    /// How long the command takes, where it has options for that.
    pub fn timing(&self) -> Option<&Timing> {
        match self {
            Self::Up(up) => Some(&up.timing),
            Self::Fresh(fresh) => Some(&fresh.timing),
            _ => None,
        }
    }
}

/// Options of `generate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generate {
    /// Every profile, not only the chosen one.
    pub all: bool,
    /// Nothing is written.
    pub check: bool,
}

/// What happens to containers of this checkout that are in no model it has now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Orphans {
    /// What the command does by itself: `up` names them, `fresh` and `down` remove them.
    #[default]
    Default,
    /// They go.
    Remove,
    /// They stay.
    Keep,
}

/// How long a run takes: what it may, and what it did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timing {
    /// The file for the timeline, as it was named, and its kind.
    pub timeline: Option<(PathBuf, timeline::Format)>,
    /// The time that the whole command may take.
    pub budget: Option<Duration>,
}

/// Options of `up`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one flag of the command line")]
pub struct Up {
    /// Names from the command line; empty means all.
    pub services: Vec<String>,
    /// Images are built even where they exist.
    pub build: bool,
    /// Containers are replaced even where nothing changed.
    pub force_recreate: bool,
    /// What the services depend on is left alone.
    pub no_deps: bool,
    /// What is borrowed comes up first.
    pub with_shared: bool,
    /// The plan is only printed.
    pub dry_run: bool,
    /// Containers of this checkout that hold a wanted port are stopped.
    pub take_over: bool,
    /// What happens to orphans.
    pub orphans: Orphans,
    /// How long it takes.
    pub timing: Timing,
}

/// Options of `fresh`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one flag of the command line")]
pub struct Fresh {
    /// Names from the command line; empty means all.
    pub services: Vec<String>,
    /// Volumes and their data go first.
    pub volumes: bool,
    /// What the services depend on is left alone.
    pub no_deps: bool,
    /// What is borrowed comes up first.
    pub with_shared: bool,
    /// The plan is only printed.
    pub dry_run: bool,
    /// Containers of this checkout that hold a wanted port are stopped.
    pub take_over: bool,
    /// What happens to orphans.
    pub orphans: Orphans,
    /// How long it takes.
    pub timing: Timing,
}

/// Options of `run`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    /// Names from the command line; empty means all.
    pub services: Vec<String>,
    /// Images are built even where they exist.
    pub build: bool,
    /// After a failure nothing is taken down.
    pub keep_on_failure: bool,
    /// Absolute path of the folder that a report goes to.
    pub report: Option<PathBuf>,
    /// The command and its arguments; at least one word.
    pub command: Vec<String>,
}

/// Which run of the profile a command is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Isolation {
    /// The profile's own project.
    #[default]
    None,
    /// An isolated run that nobody named: a new one, or the only one that there is.
    Unnamed,
    /// The isolated run with this id.
    Named(String),
}

/// What `adopt` takes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Adopt {
    /// What this checkout left at its former places.
    Moved,
    /// What another checkout left in this folder.
    From(PathBuf),
    /// What this checkout made when its host had this name.
    Host(String),
}

/// Options of `gc`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gc {
    /// Nobody is asked.
    pub yes: bool,
    /// The plan is only printed.
    pub dry_run: bool,
}

/// Options of `secrets rotate`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rotate {
    /// Names of secrets; empty means the passwords of the profile's stores.
    pub secrets: Vec<String>,
    /// The steps are only printed.
    pub dry_run: bool,
}

/// Options of `down`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one flag")]
pub struct Down {
    /// Every stack of this checkout, whatever profiles say.
    pub all: bool,
    /// Names from the command line; empty means all.
    pub services: Vec<String>,
    /// Volumes and their data go too.
    pub volumes: bool,
    /// It goes on although others use the project.
    pub force: bool,
    /// The plan is only printed.
    pub dry_run: bool,
    /// What happens to orphans.
    pub orphans: Orphans,
}

/// Options of `stop`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stop {
    /// Names from the command line; empty means all.
    pub services: Vec<String>,
    /// It goes on although others use the project.
    pub force: bool,
    /// The plan is only printed.
    pub dry_run: bool,
}

/// Options of `restart`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Restart {
    /// Names from the command line; empty means all.
    pub services: Vec<String>,
    /// The plan is only printed.
    pub dry_run: bool,
}

/// Options of `build`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Build {
    /// Names from the command line; empty means all.
    pub services: Vec<String>,
    /// Nothing of earlier builds is used.
    pub no_cache: bool,
    /// Newer versions of base images are pulled.
    pub pull: bool,
    /// The plan is only printed.
    pub dry_run: bool,
}

/// A moment on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// So long ago.
    Ago(Duration),
    /// Seconds since the epoch.
    At(i64),
}

/// Options of `logs`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Logs {
    /// Names from the command line; empty means all.
    pub services: Vec<String>,
    /// Goes on with new lines.
    pub follow: bool,
    /// Only lines from then on.
    pub since: Option<Moment>,
    /// Only lines until then.
    pub until: Option<Moment>,
    /// So many of the last lines of each container; `None` is all.
    pub tail: Option<u64>,
    /// Each line with its time.
    pub timestamps: bool,
    /// Each line with its container's name.
    pub prefix: bool,
}

/// Options of `exec`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exec {
    /// The service.
    pub service: String,
    /// The command and its arguments; at least one word.
    pub command: Vec<String>,
    /// The command gets a terminal, where gw has one.
    pub terminal: bool,
    /// The user inside.
    pub user: Option<String>,
    /// Variables; without a value, gw's own.
    pub environment: Vec<(String, Option<String>)>,
    /// The working folder inside.
    pub working_dir: Option<String>,
    /// Which container.
    pub container: Place,
}

/// The container that a command runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The service's container with this number, from 1.
    Running(u32),
    /// A new one, removed afterwards.
    New,
}

/// Options of `env`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Env {
    /// The service whose variables are meant; `None` means the addresses of all.
    pub service: Option<String>,
    /// How they are written.
    pub format: Format,
}

/// How variables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `export NAME='value'`.
    Shell,
    /// `NAME="value"`.
    Dotenv,
    /// A JSON object.
    Json,
}

/// Options of `import`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Absolute path of the Compose file; `None` is standard input.
    pub file: Option<PathBuf>,
    /// Where relative paths of what is read from standard input start: the current folder.
    pub here: PathBuf,
    /// Nothing is written.
    pub dry_run: bool,
}

/// A kind of input file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// `profiles/*.json`.
    Profile,
    /// A services file.
    Services,
    /// An infra file.
    Infra,
    /// An image map.
    Images,
}
