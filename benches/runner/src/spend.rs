//! The peak memory of one program: a process between, so that the program is its only child.

use std::path::Path;
use std::process::Command;

use nix::sys::resource::{UsageWho, getrusage};

use crate::Result;
use crate::contender::run;

/// The first word of this program's command line in the process between.
pub const WORD: &str = "spend";

/// Runs a program; its peak resident memory in bytes. `note` is a file for the answer.
///
/// # Errors
/// It failed.
pub fn peak(program: &Command, note: &Path) -> Result<u64> {
    let mut between = Command::new(std::env::current_exe()?);
    between.arg(WORD).arg(note).arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        if let Some(value) = value {
            between.env(name, value);
        }
    }
    if let Some(folder) = program.get_current_dir() {
        between.current_dir(folder);
    }
    run(between)?;
    Ok(std::fs::read_to_string(note)?.trim().parse()?)
}

/// The process between: runs what follows the note's path and writes the peak to the note.
///
/// # Errors
/// The program failed.
pub fn between(words: &[String]) -> Result<()> {
    let [note, program, arguments @ ..] = words else { return Err("spend NOTE PROGRAM...".into()) };
    let status = Command::new(program).args(arguments).status()?;
    // The kernel counts in KiB.
    let peak = u64::try_from(getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss())? * 1024;
    std::fs::write(note, peak.to_string())?;
    if status.success() { Ok(()) } else { Err(format!("{program}: {status}").into()) }
}
