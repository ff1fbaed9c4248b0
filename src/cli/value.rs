//! Values that the command line takes: closed lists, times, counts.

use std::str::FromStr;
use std::time::Duration;

use clap::ValueEnum;

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputValue {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

impl OutputValue {
    /// The value with this name.
    pub fn find(name: &str) -> Option<Self> {
        <Self as ValueEnum>::from_str(name, false).ok()
    }
}

/// When output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColourValue {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl ColourValue {
    /// The value with this name.
    pub fn find(name: &str) -> Option<Self> {
        <Self as ValueEnum>::from_str(name, false).ok()
    }
}

/// What files are rendered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TargetValue {
    /// Compose files
    Docker,
}

/// How variables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatValue {
    /// `export NAME='value'`, for `eval "$(gw env)"`
    Shell,
    /// `NAME="value"`, for a file `.env`
    Dotenv,
    /// A JSON object
    Json,
}

/// A kind of input file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaValue {
    /// `profiles/*.json`
    Profile,
    /// A services file
    Services,
    /// An infra file
    Infra,
    /// An image map
    Images,
}

/// A shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShellValue {
    /// Bash
    Bash,
    /// Elvish
    Elvish,
    /// Fish
    Fish,
    /// `PowerShell`
    #[value(name = "powershell")]
    PowerShell,
    /// Zsh
    Zsh,
}

impl ShellValue {
    /// What writes this shell's completions.
    pub(super) fn generator(self) -> clap_complete::Shell {
        match self {
            Self::Bash => clap_complete::Shell::Bash,
            Self::Elvish => clap_complete::Shell::Elvish,
            Self::Fish => clap_complete::Shell::Fish,
            Self::PowerShell => clap_complete::Shell::PowerShell,
            Self::Zsh => clap_complete::Shell::Zsh,
        }
    }
}

/// How many of the last log lines are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TailValue {
    /// All there are.
    All,
    /// So many of each container.
    Lines(u64),
}

impl FromStr for TailValue {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::All);
        }
        text.parse().map(Self::Lines).map_err(|_| "a number of lines, or `all`, is expected".to_owned())
    }
}

/// A moment: some time ago, or seconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MomentValue {
    /// `10m`, `1h30m`.
    Ago(Duration),
    /// `2026-01-31T08:00:00Z`, `2026-01-31`, `1769846400`.
    At(i64),
}

impl FromStr for MomentValue {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let moment = text.parse().ok().map(Self::At);
        moment
            .or_else(|| duration(text).map(Self::Ago))
            .or_else(|| timestamp(text).map(Self::At))
            .ok_or_else(|| {
                "a time ago (10m, 1h30m) or a moment (2026-01-31T08:00:00Z, 2026-01-31, seconds since 1970) is expected"
                    .to_owned()
            })
    }
}

/// Reads `1h30m`, `45s`, `250ms`.
fn duration(text: &str) -> Option<Duration> {
    let (mut rest, mut sum) = (text, Duration::ZERO);
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let unit =
            rest[digits..].find(|character: char| character.is_ascii_digit()).unwrap_or(rest.len() - digits);
        let milliseconds: u64 = match &rest[digits..digits + unit] {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return None,
        };
        sum = sum.checked_add(Duration::from_millis(number.checked_mul(milliseconds)?))?;
        rest = &rest[digits + unit..];
    }
    (!text.is_empty()).then_some(sum)
}

/// Reads RFC 3339 (with its zone) or a date (in UTC) as seconds since the epoch.
fn timestamp(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', 't', ' ']).unwrap_or((text, "00:00:00Z"));
    let numbers = |text: &str, separator: char, lengths: [usize; 3]| -> Option<[i64; 3]> {
        let parts: Vec<&str> = text.split(separator).collect();
        let well_formed = parts.len() == 3
            && parts
                .iter()
                .zip(lengths)
                .all(|(part, length)| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()));
        let read = |index: usize| parts.get(index)?.parse().ok();
        if well_formed { Some([read(0)?, read(1)?, read(2)?]) } else { None }
    };
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let zone = time.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = time.split_at(zone);
    let [hour, minute, second] = numbers(clock.split('.').next()?, ':', [2, 2, 2])?;
    let offset = match zone {
        "Z" | "z" => 0,
        _ => {
            let [_, hours, minutes] = numbers(&format!("00:{}", zone.get(1..)?), ':', [2, 2, 2])?;
            (hours * 3600 + minutes * 60) * if zone.starts_with('-') { -1 } else { 1 }
        }
    };
    let in_range =
        (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 61;
    in_range.then(|| days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Reads a time that a run may take.
pub(super) fn budget(text: &str) -> Result<Duration, String> {
    let budget = duration(text).filter(|budget| !budget.is_zero());
    budget.ok_or_else(|| "a time above zero is expected: 40s, 2m, 1m30s".to_owned())
}

/// Reads `NAME=VALUE`, or `NAME` alone, which takes the value from gw's own environment.
pub(super) fn variable(text: &str) -> Result<(String, Option<String>), String> {
    let (name, value) =
        text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value.to_owned())));
    if name.is_empty() {
        return Err("NAME=VALUE or NAME is expected".to_owned());
    }
    Ok((name.to_owned(), value))
}

/// Reads the id of an isolated run: it becomes part of a project's name and of a path.
pub(super) fn run_id(text: &str) -> Result<String, String> {
    if is_run_id(text) { Ok(text.to_owned()) } else { Err(format!("an id of a run is expected: {RUN_ID}")) }
}

/// What an id of a run is made of.
pub const RUN_ID: &str = "at most 32 lower-case letters, digits and `-`, a letter or digit first";

/// Whether a text is a good id for a run.
pub fn is_run_id(text: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() <= 32
        && text.bytes().next().is_some_and(good)
        && text.bytes().all(|byte| good(byte) || byte == b'-')
}
