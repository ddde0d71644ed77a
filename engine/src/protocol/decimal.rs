//! Exact numbers from the decimals people write: times in milliseconds, weights, shares, chances.

use std::fmt::Display;
use std::ops::RangeInclusive;

use super::number::{units, with_point, write_number};
use super::problem::Problem;

/// Times in files are at most this long: a hundred days.
pub const TIME_MAX_US: u64 = 8_640_000_000_000;

/// A time in milliseconds with at most three decimals, as microseconds.
pub fn microseconds(path: &str, milliseconds: f64) -> Result<u64, Problem> {
    scaled(milliseconds, 3).filter(|us| *us <= TIME_MAX_US).ok_or_else(|| {
        let expected = "milliseconds from 0 to 8640000000 with at most three decimals";
        Problem::new(path, expected, write_number(milliseconds), "write for example 12.5")
    })
}

/// A time on an agent's clock, in milliseconds with at most three decimals, as microseconds; before and after
/// the clock's zero.
pub fn signed_microseconds(path: &str, milliseconds: f64) -> Result<i64, Problem> {
    let us = units(milliseconds, 3).and_then(|us| i64::try_from(us).ok());
    us.filter(|us| us.unsigned_abs() <= TIME_MAX_US).ok_or_else(|| {
        let expected = "milliseconds from -8640000000 to 8640000000 with at most three decimals";
        Problem::new(path, expected, write_number(milliseconds), "write for example -12.5")
    })
}

/// A positive weight with at most three decimals, as thousandths.
pub fn thousandths(path: &str, weight: f64) -> Result<u64, Problem> {
    scaled(weight, 3).filter(|milli| *milli > 0 && weight <= 1_000_000.0).ok_or_else(|| {
        let expected = "a weight above 0, up to 1000000, with at most three decimals";
        Problem::new(path, expected, write_number(weight), "write for example 2.5")
    })
}

/// A probability from 0 to 1 with at most six decimals, as parts per million.
pub fn parts_per_million(path: &str, chance: f64) -> Result<u32, Problem> {
    scaled(chance, 6)
        .filter(|ppm| *ppm <= 1_000_000)
        .and_then(|ppm| u32::try_from(ppm).ok())
        .ok_or_else(|| {
            let expected = "a share from 0 to 1 with at most six decimals";
            Problem::new(path, expected, write_number(chance), "write 0.02 for 2 %")
        })
}

/// A speed from 0.001 to 1000 with at most three decimals, as thousandths.
pub fn speed(path: &str, speed: f64) -> Result<u32, Problem> {
    let milli = scaled(speed, 3).and_then(|milli| u32::try_from(milli).ok());
    milli.filter(|milli| (1..=1_000_000).contains(milli)).ok_or_else(|| {
        let expected = "a speed from 0.001 to 1000 with at most three decimals";
        Problem::new(path, expected, write_number(speed), "write 0.5 for half the normal speed")
    })
}

/// Counts that only grow may begin up to here: so far from the end of their type, no run reaches it.
pub const COUNT_MAX: u64 = 1_000_000_000;

/// Nothing is done more often than this by one timer until it is over: a run has to end.
pub const PERIODS_MAX: u64 = 1_000_000;

/// Checks a period: a span holds at most [`PERIODS_MAX`] of them. `until` says what ends the span.
pub fn period(path: &str, period_us: u64, span_us: u64, until: &str) -> Result<(), Problem> {
    let least_us = span_us.div_ceil(PERIODS_MAX);
    if period_us >= least_us {
        return Ok(());
    }
    let expected =
        format!("{} or more, for at most {PERIODS_MAX} times {until}", with_point(least_us, 3));
    let repair = "raise it, leave it out, or end earlier";
    Err(Problem::new(path, expected, with_point(period_us, 3), repair))
}

/// A number that has to be in this range.
pub fn within<T: PartialOrd + Display>(
    path: &str,
    number: T,
    range: RangeInclusive<T>,
    repair: &str,
) -> Result<T, Problem> {
    if range.contains(&number) {
        return Ok(number);
    }
    let expected = format!("{} to {}", range.start(), range.end());
    Err(Problem::new(path, expected, number.to_string(), repair))
}

/// A whole number in this range.
pub fn whole(number: f64, range: RangeInclusive<u32>) -> Option<u32> {
    let whole = scaled(number, 0).and_then(|whole| u32::try_from(whole).ok());
    whole.filter(|whole| range.contains(whole))
}

/// A threshold from 0.51 to 1 with at most six decimals, as millionths.
pub fn threshold(path: &str, share: f64) -> Result<u64, Problem> {
    let range = 510_000..=1_000_000;
    scaled(share, 6).filter(|millionths| range.contains(millionths)).ok_or_else(|| {
        let expected = "a share from 0.51 to 1.0 with at most six decimals";
        let repair = "write 0.65 for 65 %, or use \"simple\" for more than half";
        Problem::new(path, expected, write_number(share), repair)
    })
}

/// So many units of the last of these decimals, when that is whole and not negative.
fn scaled(number: f64, decimals: u32) -> Option<u64> {
    units(number, decimals).and_then(|units| u64::try_from(units).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_become_exact() {
        assert_eq!(thousandths("w", 2.3).unwrap(), 2_300);
        assert_eq!(microseconds("t", 12.345).unwrap(), 12_345);
        assert_eq!(parts_per_million("p", 0.000_001).unwrap(), 1);
        assert_eq!(threshold("s", 0.65).unwrap(), 650_000);
        assert_eq!(threshold("s", 1.0).unwrap(), 1_000_000);
    }

    #[test]
    fn what_is_no_weight_is_refused() {
        for weight in [0.0, -1.0, f64::NAN, f64::INFINITY, 0.0001, 2e6] {
            let problem = thousandths("agents[0].weight", weight).unwrap_err();
            assert_eq!(problem.found, write_number(weight));
        }
    }

    #[test]
    fn half_is_no_threshold_and_neither_is_more_than_all() {
        for share in [0.5, 1.2, f64::NAN, -0.6] {
            assert!(threshold("threshold", share).is_err(), "{share}");
        }
    }
}
