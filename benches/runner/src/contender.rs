//! Who is measured: the limit, gw, and Docker Compose in two versions with two ways to probe.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::Result;
use crate::engine::Engine;
use crate::limit;
use crate::recipe::Recipe;

/// gw in the folder of its stack.
#[derive(Debug, Clone)]
pub struct Gw {
    /// The binary.
    pub program: PathBuf,
    /// The folder with `profiles/`.
    pub folder: PathBuf,
    /// `DOCKER_HOST`.
    pub host: String,
}

impl Gw {
    /// `gw` with these words, ready to run.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).current_dir(&self.folder).env("DOCKER_HOST", &self.host);
        command.env("GW_PROFILE", "bench").env("NO_COLOR", "1");
        command
    }
}

/// One Docker Compose.
#[derive(Debug, Clone)]
pub struct Compose {
    /// Its version, and how often it probes.
    pub name: String,
    /// `DOCKER_CONFIG` with it as a plugin; `None` is the machine's own.
    pub config: Option<PathBuf>,
    /// The rendered file, and the file over it.
    pub files: [PathBuf; 2],
    /// `DOCKER_HOST`.
    pub host: String,
}

impl Compose {
    fn command(&self, words: &[&str]) -> Command {
        let mut command = compose(self.config.as_ref());
        for file in &self.files {
            command.arg("-f").arg(file);
        }
        command.args(words).env("DOCKER_HOST", &self.host);
        command
    }
}

/// `docker compose`, of a folder for `DOCKER_CONFIG` or the machine's own.
pub fn compose(config: Option<&PathBuf>) -> Command {
    let mut command = Command::new("docker");
    command.arg("compose");
    if let Some(config) = config {
        command.env("DOCKER_CONFIG", config);
    }
    command
}

/// Who is measured.
#[derive(Debug)]
pub enum Contender {
    /// Plain API calls.
    Limit(Recipe),
    /// gw.
    Gw(Gw),
    /// Docker Compose.
    Compose(Compose),
}

impl Contender {
    /// What it is called in the table.
    pub fn name(&self) -> &str {
        match self {
            Self::Limit(_) => "plain API calls",
            Self::Gw(_) => "gw",
            Self::Compose(compose) => &compose.name,
        }
    }

    /// Brings the project up, from nothing or once more; returns when it is ready.
    ///
    /// # Errors
    /// It failed.
    pub fn up(&self, engine: &Engine) -> Result<()> {
        match self {
            Self::Limit(recipe) => limit::up(engine, recipe),
            Self::Gw(gw) => run(gw.command(&["up"])),
            Self::Compose(compose) => run(compose.command(&["up", "-d", "--wait"])),
        }
    }

    /// Whether it can find that nothing is to be done.
    pub fn looks_first(&self) -> bool {
        !matches!(self, Self::Limit(_))
    }

    /// Takes the project down; its volumes stay.
    ///
    /// # Errors
    /// It failed.
    pub fn down(&self, engine: &Engine) -> Result<()> {
        match self {
            Self::Limit(recipe) => limit::down(engine, recipe),
            Self::Gw(gw) => run(gw.command(&["down"])),
            Self::Compose(compose) => run(compose.command(&["down"])),
        }
    }
}

/// Runs a program to its end; what it printed, on standard output.
///
/// # Errors
/// It ended with another code than 0; everything that it said.
pub fn output(mut command: Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(said);
    }
    Err(format!("{command:?}: {}\n{said}{}", output.status, String::from_utf8_lossy(&output.stderr)).into())
}

/// As [`output`], for what is printed to nobody.
///
/// # Errors
/// As [`output`].
pub fn run(command: Command) -> Result<()> {
    output(command).map(|_| ())
}
