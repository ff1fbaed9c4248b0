//! Durations (`500ms`, `10s`, `2m`, `1h`) and sizes of memory (`256Mi`, `256m`).

use std::time::Duration;

/// Reads a whole number and a unit of time.
pub(super) fn parse_duration(text: &str) -> Option<Duration> {
    let (number, unit) = split(text)?;
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    number.checked_mul(milliseconds).map(Duration::from_millis)
}

/// Why a size of memory cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MemoryFault {
    /// Docker and Kubernetes read it differently.
    Ambiguous,
    /// Nobody reads it.
    Unreadable,
}

/// Reads a size in bytes; units are powers of 1024, as Docker's and as Kubernetes' `Ki`, `Mi`, `Gi`.
pub(super) fn parse_memory(text: &str) -> Result<u64, MemoryFault> {
    let (number, unit) = split(text).ok_or(MemoryFault::Unreadable)?;
    let shift = match unit {
        "" | "b" => 0,
        "k" | "Ki" => 10,
        "m" | "Mi" => 20,
        "g" | "Gi" => 30,
        "K" | "M" | "G" | "T" | "kb" | "mb" | "gb" | "KB" | "MB" | "GB" => {
            return Err(MemoryFault::Ambiguous);
        }
        _ => return Err(MemoryFault::Unreadable),
    };
    number.checked_mul(1 << shift).ok_or(MemoryFault::Unreadable)
}

fn split(text: &str) -> Option<(u64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    Some((text[..digits].parse().ok()?, &text[digits..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_whole_number_and_a_unit() {
        assert_eq!(parse_duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(parse_duration("2m"), Some(Duration::from_secs(120)));
        for text in
            ["", "10", "s", "1.5s", "10 s", "-1s", "1d", "99999999999999999999s", "9999999999999999999h"]
        {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn memory_means_the_same_on_both_targets() {
        for text in ["256Mi", "256m", "268435456", "262144k"] {
            assert_eq!(parse_memory(text), Ok(256 << 20), "{text}");
        }
        assert_eq!(parse_memory("256M"), Err(MemoryFault::Ambiguous));
        for text in ["", "Mi", "1.5Gi", "1 Gi", "1x", "99999999999999999Gi"] {
            assert_eq!(parse_memory(text), Err(MemoryFault::Unreadable), "{text}");
        }
    }
}
