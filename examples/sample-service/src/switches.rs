//! The switches by which the service is told to misbehave.

use std::ffi::OsString;
use std::time::Duration;

use crate::values::Values;

/// Everything about a start that is not plain service.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Switches {
    /// How long to wait before listening.
    pub(crate) start_delay: Duration,
    /// How many MiB to allocate and fill before listening.
    pub(crate) allocate_mb: u32,
    /// When and with which code to exit unasked.
    pub(crate) own_exit: Option<OwnExit>,
    /// How `/health` answers.
    pub(crate) health: HealthAnswer,
    /// Whether SIGTERM does nothing.
    pub(crate) ignore_sigterm: bool,
    /// How many numbered lines to print at the start.
    pub(crate) log_lines: u32,
    /// Whether to do the work once instead of serving.
    pub(crate) job: bool,
}

/// An exit that nobody asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OwnExit {
    /// How long after the start.
    pub(crate) after: Duration,
    /// The exit code.
    pub(crate) code: u8,
}

/// How `/health` answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HealthAnswer {
    /// Truthfully, after the first requests were told "not ready".
    TruthAfter(u32),
    /// Always 503.
    Unhealthy,
    /// Never.
    Hang,
}

impl Switches {
    /// Reads the switches; problems stay with `values`.
    pub(crate) fn read<L: Fn(&str) -> Option<OsString>>(values: &mut Values<L>) -> Self {
        Self {
            start_delay: values.milliseconds("SAMPLE_START_DELAY_MS").unwrap_or_default(),
            allocate_mb: values.number("SAMPLE_ALLOCATE_MB", u32::MAX.into()).unwrap_or_default(),
            own_exit: own_exit(values),
            health: health_answer(values),
            ignore_sigterm: values.is_on("SAMPLE_IGNORE_SIGTERM"),
            log_lines: values.number("SAMPLE_LOG_LINES", u32::MAX.into()).unwrap_or_default(),
            job: values.is_on("SAMPLE_JOB"),
        }
    }
}

fn own_exit<L: Fn(&str) -> Option<OsString>>(values: &mut Values<L>) -> Option<OwnExit> {
    let after = values.milliseconds("SAMPLE_EXIT_AFTER_MS");
    let code = values.number("SAMPLE_EXIT_CODE", u8::MAX.into());
    if after.is_none() && code.is_none() {
        return None;
    }
    Some(OwnExit { after: after.unwrap_or_default(), code: code.unwrap_or(1) })
}

fn health_answer<L: Fn(&str) -> Option<OsString>>(values: &mut Values<L>) -> HealthAnswer {
    let hang = values.is_on("SAMPLE_HANG");
    let unhealthy = values.is_on("SAMPLE_UNHEALTHY");
    let not_ready_first = values.number("SAMPLE_NOT_READY_FIRST", u32::MAX.into()).unwrap_or_default();
    match (hang, unhealthy) {
        (true, _) => HealthAnswer::Hang,
        (false, true) => HealthAnswer::Unhealthy,
        (false, false) => HealthAnswer::TruthAfter(not_ready_first),
    }
}
