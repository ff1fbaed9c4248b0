//! `--since` and `--until`: how long ago, or when; pure.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A point in time, in nanoseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i128);

/// Text that is no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no time: write how long ago (10m, 1h30m, 2d), a time with its zone (2026-01-31T09:00:00Z) or Unix seconds"
)]
pub struct MomentError {
    text: String,
}

impl Moment {
    /// Reads `10m`, `1h30m`, `2d` (ago), `2026-01-31T09:00:00Z` or Unix seconds.
    ///
    /// # Errors
    ///
    /// When it is none of them.
    pub fn parse(text: &str, now: SystemTime) -> Result<Self, MomentError> {
        let text = text.trim();
        let read = seconds(text).or_else(|| ago(text, now)).or_else(|| instant(text));
        read.map(Self).ok_or_else(|| MomentError { text: text.to_owned() })
    }

    /// Reads a time as engines write it.
    pub(super) fn of_engine(text: &str) -> Option<Self> {
        instant(text).map(Self)
    }

    /// How long it is until then.
    pub(super) fn from(self, now: SystemTime) -> Duration {
        let now = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let then = u64::try_from(self.0).map_or(Duration::ZERO, Duration::from_nanos);
        then.saturating_sub(now)
    }

    /// Whole seconds, rounded down, as bollard 0.21.1 asks for logs.
    pub(super) fn seconds(self) -> i32 {
        i32::try_from(self.0.div_euclid(NANOSECONDS)).unwrap_or(if self.0 < 0 { 0 } else { i32::MAX }).max(0)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = OffsetDateTime::from_unix_timestamp_nanos(self.0)
            .ok()
            .and_then(|time| time.format(&Rfc3339).ok());
        formatter.write_str(&time.unwrap_or_else(|| self.seconds().to_string()))
    }
}

const NANOSECONDS: i128 = 1_000_000_000;

/// `1700000000`, `1700000000.25`
fn seconds(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || fraction.len() > 9 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let nanoseconds = i128::from_str(&format!("{fraction:0<9}")).ok()?;
    Some(i128::from_str(whole).ok()? * NANOSECONDS + nanoseconds)
}

/// `1h30m`, `1.5h`, `200ms`: units as in Go, and days.
fn ago(text: &str, now: SystemTime) -> Option<i128> {
    let mut rest = text;
    let mut sum = Duration::ZERO;
    while !rest.is_empty() {
        let end = rest.find(|character: char| !(character.is_ascii_digit() || character == '.'))?;
        let number: f64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let end = rest.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(rest.len());
        let unit = match &rest[..end] {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            _ => return None,
        };
        rest = &rest[end..];
        sum = sum.checked_add(Duration::try_from_secs_f64(number * unit).ok()?)?;
    }
    let now = now.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    (!text.is_empty()).then_some(())?;
    Some(i128::try_from(now.as_nanos()).ok()? - i128::try_from(sum.as_nanos()).ok()?)
}

fn instant(text: &str) -> Option<i128> {
    OffsetDateTime::parse(text, &Rfc3339).ok().map(OffsetDateTime::unix_timestamp_nanos)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::Moment;

    #[test]
    fn times_are_read() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        for (text, seconds) in [
            ("10m", 999_400),
            ("1h30m", 994_600),
            ("1.5h", 994_600),
            ("2d", 827_200),
            ("90s", 999_910),
            ("1500ms", 999_998),
            ("0s", 1_000_000),
            ("12", 12),
            ("1700000000", 1_700_000_000),
            ("1700000000.75", 1_700_000_000),
            ("1970-01-02T00:00:00Z", 86_400),
            ("1970-01-02T01:00:00.5+01:00", 86_400),
        ] {
            assert_eq!(Moment::parse(text, now).map(Moment::seconds), Ok(seconds), "{text}");
        }
        let [half, whole] = ["5.5", "5"].map(|text| Moment::parse(text, now).expect("a moment"));
        assert!(half > whole);
        assert_eq!(half.from(now), Duration::ZERO);
        let later = Moment::parse("1000010.5", now).expect("a moment");
        assert_eq!(later.from(now), Duration::from_millis(10_500));
    }

    #[test]
    fn other_text_is_named() {
        let now = SystemTime::now();
        for text in
            ["", "10", "m", "10x", "-5m", "2026-01-31", "2026-01-31T09:00:00", "yesterday", "1m2", "1e3s"]
        {
            let read = Moment::parse(text, now);
            assert_eq!(read.is_ok(), text == "10", "{text}: {read:?}");
        }
        let error = Moment::parse("soon", now).unwrap_err().to_string();
        assert_eq!(
            error,
            "`soon` is no time: write how long ago (10m, 1h30m, 2d), a time with its zone (2026-01-31T09:00:00Z) or Unix \
             seconds"
        );
    }
}
