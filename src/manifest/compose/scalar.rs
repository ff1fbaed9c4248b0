//! What a scalar is: YAML's kinds, durations, bytes.

use std::time::Duration;

/// What YAML 1.1 or 1.2 makes of a scalar without quotes, named for an error; `None` is text.
pub(super) fn kind(plain: &str) -> Option<&'static str> {
    match plain {
        "" | "~" | "null" | "Null" | "NULL" => return Some("nothing"),
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => return Some("a truth value"),
        ".nan" | ".NaN" | ".NAN" => return Some("a number"),
        _ => {}
    }
    let unsigned = plain.strip_prefix(['-', '+']).unwrap_or(plain).replace('_', "");
    if unsigned.eq_ignore_ascii_case(".inf") {
        return Some("a number");
    }
    let based = |prefix: &str, radix: u32| {
        unsigned
            .strip_prefix(prefix)
            .is_some_and(|digits| !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix)))
    };
    let decimal = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && unsigned.parse::<f64>().is_ok();
    if decimal || based("0x", 16) || based("0o", 8) || based("0b", 2) {
        return Some("a number");
    }
    is_date(plain).then_some("a date")
}

/// `2026-11-21`, with or without a time.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let mut digits = |at_most: usize| {
        parts.next().is_some_and(|part| {
            (1..=at_most).contains(&part.len()) && part.chars().all(|digit| digit.is_ascii_digit())
        })
    };
    text.as_bytes().get(4) == Some(&b'-')
        && digits(4)
        && digits(2)
        && parts.next().is_some_and(|day| day.starts_with(|first: char| first.is_ascii_digit()))
}

/// A duration as Go prints it: `1h2m3.5s`, `500ms`.
pub(super) fn duration(text: &str) -> Option<Duration> {
    if text == "0" {
        return Some(Duration::ZERO);
    }
    let mut total = 0_u128;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let (number, tail) = rest.split_at(end);
        let end = tail.find(|letter: char| letter.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        total = total.checked_add(nanoseconds(number, unit)?)?;
        rest = tail;
    }
    let nanoseconds = u64::try_from(total).ok()?;
    (!text.is_empty()).then(|| Duration::from_nanos(nanoseconds))
}

fn nanoseconds(number: &str, unit: &str) -> Option<u128> {
    let factor: u128 = match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || whole.len() > 18 {
        return None;
    }
    let whole: u128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let digits: String = fraction.chars().take(18).collect();
    let part: u128 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    if !fraction.chars().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let scale = 10_u128.pow(u32::try_from(digits.len()).ok()?);
    whole.checked_mul(factor)?.checked_add(part.checked_mul(factor)? / scale)
}

/// The bytes of `256m`, which Compose takes and `docker compose config` prints as a number.
pub(super) fn short_bytes(text: &str) -> Option<i64> {
    let lower = text.trim().to_ascii_lowercase();
    let end = lower.find(|letter: char| !letter.is_ascii_digit())?;
    let (number, unit) = lower.split_at(end);
    let shift = match unit.trim() {
        "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        "t" | "tb" | "tib" => 40,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(1 << shift)
}

/// Permission bits: octal with a leading zero, as people write them, or decimal, as Compose prints them.
pub(super) fn mode(text: &str) -> Option<u32> {
    let octal = text.strip_prefix("0o").or_else(|| text.strip_prefix('0').filter(|rest| !rest.is_empty()));
    let mode = match octal {
        Some(digits) => u32::from_str_radix(digits, 8).ok()?,
        None => text.parse().ok()?,
    };
    (mode <= 0o7777).then_some(mode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duration_reads_what_go_prints() {
        assert_eq!(duration("1h2m3.5s"), Some(Duration::from_millis(3_723_500)));
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("1m0s"), Some(Duration::from_mins(1)));
        assert_eq!(duration("1.5µs"), Some(Duration::from_nanos(1500)));
        assert_eq!(duration("0s"), Some(Duration::ZERO));
        for text in
            ["", "10", "s", "1x", "-1s", "1s2", ".s", "1..2s", "99999999999999999999h", "9999999999999h"]
        {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn kind_knows_what_needs_quotes() {
        for text in [
            "",
            "~",
            "null",
            "true",
            "False",
            "1",
            "-1",
            "1.5",
            "1e3",
            "0x1f",
            "0o17",
            "012",
            "1_000",
            ".inf",
            "2026-11-21",
            "2026-1-2 10:00:00",
        ] {
            assert!(kind(text).is_some(), "{text}");
        }
        for text in [
            "yes",
            "no",
            "a",
            "1.2.3",
            "8080/tcp",
            "1000:1000",
            "infinity",
            "nan",
            "-",
            "e",
            "0x",
            "2026-11",
            "10s",
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
    }

    #[test]
    fn mode_is_octal_with_a_leading_zero_and_decimal_without() {
        assert_eq!(mode("0440"), Some(0o440));
        assert_eq!(mode("0o440"), Some(0o440));
        assert_eq!(mode("288"), Some(0o440));
        assert_eq!(mode("0"), Some(0));
        assert_eq!(mode("0980"), None);
        assert_eq!(mode("99999"), None);
    }

    #[test]
    fn short_bytes_reads_the_units_of_compose() {
        assert_eq!(short_bytes("256m"), Some(268_435_456));
        assert_eq!(short_bytes("1GB"), Some(1 << 30));
        assert_eq!(short_bytes("12"), None);
        assert_eq!(short_bytes("9999999999999t"), None);
    }
}
