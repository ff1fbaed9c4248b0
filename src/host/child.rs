//! A command of the user's on this host: started with gw's own streams, signalled, and its exit code as shells count it.

use std::io::{self, IsTerminal};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::process::{Child as Process, Command};

/// A command that runs.
pub struct Child {
    process: Process,
    id: Option<Pid>,
    /// It leads a group of its own, which a signal reaches whole.
    leads: bool,
}

impl Child {
    /// Starts a command; the variables are added to gw's own.
    ///
    /// On a terminal it stays in gw's group, so that it may read from there; Ctrl-C then comes to both from the terminal itself.
    ///
    /// # Errors
    /// There is no such program, or it cannot be run.
    pub fn start(words: &[String], variables: &[(String, String)]) -> io::Result<Self> {
        let (program, arguments) =
            words.split_first().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        let leads = !io::stdin().is_terminal();
        let mut command = Command::new(program);
        command.args(arguments).envs(variables.iter().map(|(name, value)| (name, value)));
        if leads {
            command.process_group(0);
        }
        let process = command.spawn()?;
        let id = process.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        Ok(Self { process, id, leads })
    }

    /// Waits for its end; its exit code, 128 and the signal's number where a signal ended it. May be dropped and asked again.
    ///
    /// # Errors
    /// The system does not tell.
    pub async fn ended(&mut self) -> io::Result<u8> {
        self.process.wait().await.map(code)
    }

    /// Hands on a signal that gw got; a Ctrl-C on a terminal has come to the command already.
    pub fn hand_on(&self, signal: Signal) {
        if self.leads || signal != Signal::INT {
            self.send(signal);
        }
    }

    /// Ends it at once, and whatever is left in its group.
    pub fn kill(&self) {
        self.send(Signal::KILL);
    }

    /// What has ended already needs no signal, so that one does not arrive is no failure.
    fn send(&self, signal: Signal) {
        let Some(id) = self.id else { return };
        let _ = if self.leads { kill_process_group(id, signal) } else { kill_process(id, signal) };
    }
}

fn code(status: ExitStatus) -> u8 {
    let signalled = status.signal().and_then(|signal| 128_u8.checked_add(u8::try_from(signal).ok()?));
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.or(signalled).unwrap_or(u8::MAX)
}

/// The exit code for a command that could not be started, as shells count it.
pub fn not_started(error: &io::Error) -> u8 {
    if error.kind() == io::ErrorKind::NotFound { 127 } else { 126 }
}

/// Whether whoever started gw has it live on when its terminal goes, as `nohup` does.
pub fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    ignored(&status).is_some_and(|signals| signals & 1 == 1)
}

/// The signals that a process ignores, one bit each, SIGHUP the lowest.
fn ignored(status: &str) -> Option<u64> {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(mask.trim(), 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_a_shell() {
        assert_eq!(code(ExitStatus::from_raw(0)), 0);
        assert_eq!(code(ExitStatus::from_raw(3 << 8)), 3);
        assert_eq!(code(ExitStatus::from_raw(9)), 137);
        assert_eq!(not_started(&io::Error::from(io::ErrorKind::NotFound)), 127);
        assert_eq!(not_started(&io::Error::from(io::ErrorKind::PermissionDenied)), 126);
    }

    #[test]
    fn what_is_ignored_stands_in_a_mask() {
        let status = "Name:\tgw\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\n";
        assert_eq!(ignored(status), Some(0x1001));
        assert_eq!(ignored("Name:\tgw\n"), None);
    }
}
