//! The marks of a time axis: few, at round seconds.

use std::time::Duration;

/// Marks at most.
const MOST: u128 = 8;

/// The times of the marks from zero on, and each in words with as many digits as the distance between two needs.
pub(super) fn ticks(span: Duration) -> Vec<(Duration, String)> {
    let span = span.as_millis();
    let mut step: u128 = 10;
    // 10 ms, 20 ms, 50 ms, 100 ms and so on.
    for factor in [2, 5, 10].iter().cycle() {
        if span / step <= MOST {
            break;
        }
        let decade = 10_u128.pow(step.ilog10());
        step = decade * factor;
    }
    let digits = match step {
        0..100 => 2,
        100..1000 => 1,
        _ => 0,
    };
    let mark = |number: u128| {
        let time = Duration::from_millis(u64::try_from(number * step).unwrap_or(u64::MAX));
        (time, format!("{:.digits$} s", time.as_secs_f64()))
    };
    (0..=span / step).map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_few() {
        let words = |milliseconds| {
            let marks = ticks(Duration::from_millis(milliseconds));
            marks.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(words(0), "0.00 s");
        assert_eq!(words(45), "0.00 s 0.01 s 0.02 s 0.03 s 0.04 s");
        assert_eq!(words(1234), "0.0 s 0.2 s 0.4 s 0.6 s 0.8 s 1.0 s 1.2 s");
        assert_eq!(words(4230), "0.0 s 0.5 s 1.0 s 1.5 s 2.0 s 2.5 s 3.0 s 3.5 s 4.0 s");
        assert_eq!(words(9000), "0 s 2 s 4 s 6 s 8 s");
        assert_eq!(words(90_000), "0 s 20 s 40 s 60 s 80 s");
        assert_eq!(words(3_600_000).split(" s").count(), 9);
    }
}
