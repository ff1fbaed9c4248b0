//! Points in time of logs: how long ago, or when; pure.

use std::fmt;
use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A point in time, in nanoseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i128);

impl Moment {
    /// So long before `now`.
    pub fn ago(ago: Duration, now: SystemTime) -> Self {
        let now = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let nanoseconds = |duration: Duration| i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX);
        Self(nanoseconds(now) - nanoseconds(ago))
    }

    /// So many seconds since 1970.
    pub fn at(seconds: i64) -> Self {
        Self(i128::from(seconds) * NANOSECONDS)
    }

    /// Reads a time as engines write it.
    pub fn of_engine(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, &Rfc3339).ok().map(|time| Self(time.unix_timestamp_nanos()))
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

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::Moment;

    #[test]
    fn moments_are_counted_from_1970() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        assert_eq!(Moment::ago(Duration::from_secs(600), now).seconds(), 999_400);
        assert_eq!(Moment::at(12).seconds(), 12);
        assert_eq!(Moment::of_engine("1970-01-02T01:00:00.5+01:00").map(Moment::seconds), Some(86_400));
        assert_eq!(Moment::of_engine("yesterday"), None);
        assert_eq!(Moment::at(1_000_010).from(now), Duration::from_secs(10));
        assert_eq!(Moment::at(5).from(now), Duration::ZERO);
        assert_eq!(Moment::at(86_400).to_string(), "1970-01-02T00:00:00Z");
    }
}
