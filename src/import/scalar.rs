//! What Compose makes of scalars: values without quotes, durations, sizes.

/// The text that Compose uses where a scalar without quotes stands: `true`, `1.10` and `0755` are `true`, `1.1` and `493`.
/// `None` is nothing.
pub(super) fn plain(text: &str) -> Option<String> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return None,
        "True" | "TRUE" => return Some("true".to_owned()),
        "False" | "FALSE" => return Some("false".to_owned()),
        _ => {}
    }
    Some(integer(text).or_else(|| float(text)).unwrap_or_else(|| text.to_owned()))
}

fn integer(text: &str) -> Option<String> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let digits = digits.replace('_', "");
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x', ..] => (16, &digits[2..]),
        [b'0', b'o', ..] => (8, &digits[2..]),
        [b'0', b'b', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits.as_str()),
    };
    let sign = if text.starts_with('-') { "-" } else { "" };
    u64::from_str_radix(digits, radix).ok().map(|number| format!("{sign}{number}"))
}

fn float(text: &str) -> Option<String> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_number = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && unsigned.chars().all(|letter| letter.is_ascii_digit() || "._eE+-".contains(letter));
    let number: f64 = text.replace('_', "").parse().ok().filter(|_| is_number)?;
    // As Go prints it: with an exponent only where it is very large or small.
    let plain = number == 0.0 || (1e-4..1e21).contains(&number.abs());
    Some(if plain { number.to_string() } else { text.to_owned() })
}

/// Milliseconds of a duration as Go writes it: `1m30s`, `1.5s`, `500ms`.
pub(super) fn milliseconds(text: &str) -> Option<u64> {
    let (mut total, mut rest) = (0.0_f64, text);
    while !rest.is_empty() {
        let (number, tail) = rest.split_at(rest.find(|letter: char| letter.is_ascii_alphabetic())?);
        let end = tail.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(tail.len());
        let unit = match &tail[..end] {
            "us" => 0.001,
            "ms" => 1.0,
            "s" => 1_000.0,
            "m" => 60_000.0,
            "h" => 3_600_000.0,
            _ => return None,
        };
        total += number.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0)? * unit;
        rest = &tail[end..];
    }
    (!text.is_empty()).then(|| whole(total)).flatten()
}

/// A duration as a profile writes it: a whole number and one unit.
pub(super) fn duration(milliseconds: u64) -> String {
    for (unit, name) in [(3_600_000, "h"), (60_000, "m"), (1_000, "s")] {
        if milliseconds >= unit && milliseconds.is_multiple_of(unit) {
            return format!("{}{name}", milliseconds / unit);
        }
    }
    format!("{milliseconds}ms")
}

/// Bytes of a size as Docker writes it: `512M`, `1.5gb`, `64k`; units are powers of 1024.
pub(super) fn bytes(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let end = lower.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(lower.len());
    let unit = lower[end..].trim_start();
    let unit = unit.strip_suffix('b').unwrap_or(unit);
    let shift = match unit.strip_suffix('i').unwrap_or(unit) {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        "p" => 50,
        _ => return None,
    };
    let number: f64 = lower[..end].parse().ok()?;
    whole(number * f64::from(1_u32 << (shift / 2)) * f64::from(1_u32 << (shift / 2)))
}

/// Bytes as a profile writes them: in the largest unit that goes in.
pub(super) fn memory(bytes: u64) -> String {
    for (shift, unit) in [(30, "Gi"), (20, "Mi"), (10, "Ki")] {
        if bytes > 0 && bytes.is_multiple_of(1 << shift) {
            return format!("{}{unit}", bytes >> shift);
        }
    }
    bytes.to_string()
}

/// A number without its fraction, which has at most 19 digits.
fn whole(number: f64) -> Option<u64> {
    format!("{:.0}", number.floor()).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each pair was printed by `docker compose config` 2.26.1.
    #[test]
    fn plain_scalars_are_what_compose_takes_them_for() {
        for (written, used) in [
            ("1.0", "1"),
            ("0755", "493"),
            ("1e3", "1000"),
            ("true", "true"),
            ("True", "true"),
            ("1_000", "1000"),
            ("yes", "yes"),
            ("0x1f", "31"),
            ("1.10", "1.1"),
            ("0o17", "15"),
            (".5", "0.5"),
            ("1.2.3", "1.2.3"),
            ("10m", "10m"),
            ("-5", "-5"),
            ("0", "0"),
        ] {
            assert_eq!(plain(written).as_deref(), Some(used), "{written}");
        }
        assert_eq!((plain("~"), plain("")), (None, None));
    }

    #[test]
    fn durations_and_sizes_are_read_as_docker_does_and_written_for_a_profile() {
        for (written, used) in
            [("1m30s", "90s"), ("1.5s", "1500ms"), ("2h", "2h"), ("120s", "2m"), ("0s", "0ms")]
        {
            assert_eq!(milliseconds(written).map(duration).as_deref(), Some(used), "{written}");
        }
        assert_eq!((milliseconds("10"), milliseconds(""), milliseconds("1d")), (None, None, None));
        for (written, used) in
            [("512M", "512Mi"), ("1.5g", "1536Mi"), ("10mb", "10Mi"), ("1000", "1000"), ("2GiB", "2Gi")]
        {
            assert_eq!(bytes(written).map(memory).as_deref(), Some(used), "{written}");
        }
        assert_eq!((bytes("x"), bytes("1x")), (None, None));
    }
}
