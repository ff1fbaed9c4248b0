//! Words for numbers: durations, sizes, plurals; and texts of strangers made harmless.

use std::time::Duration;

/// `0.41 s`, `12.3 s`, `2 min 5 s`, `3 h 20 min`.
pub(super) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 0.995 {
        return format!("{seconds:.2} s");
    }
    if seconds < 59.95 {
        return format!("{seconds:.1} s");
    }
    // Half seconds round up, so that 59.95 s is a minute.
    let whole = (duration + Duration::from_millis(500)).as_secs();
    match whole {
        0..3600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
    }
}

/// `now`, `12 s ago`, `5 min ago`, `3 h ago`, `2 days ago`.
pub(super) fn ago(seconds: u64) -> String {
    match seconds {
        0 => "now".to_owned(),
        1..120 => format!("{seconds} s ago"),
        120..7200 => format!("{} min ago", seconds / 60),
        7200..172_800 => format!("{} h ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

/// `812 B`, `4.2 kB`, `210.0 MB`.
pub(super) fn bytes(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")];
    for (size, unit) in UNITS {
        if bytes >= size {
            return format!("{}.{} {unit}", bytes / size, bytes % size * 10 / size);
        }
    }
    format!("{bytes} B")
}

/// `1 line`, `3 lines`.
pub(super) fn count(number: usize, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}

/// A text from outside as one line without control characters, so that it cannot steer the terminal.
pub(super) fn one_line(text: &str) -> String {
    let text = console::strip_ansi_codes(text.trim_end());
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}
