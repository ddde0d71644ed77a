//! Exact numbers from the decimals people write: times in milliseconds, weights, shares, chances.

use std::ops::RangeInclusive;

use super::error::Problem;
use crate::coordination::number::write_number;

/// Times in files are at most this many milliseconds: a hundred days.
const TIME_MAX_MS: f64 = 8_640_000_000.0;

/// A time in milliseconds with at most three decimals, as microseconds.
pub fn microseconds(path: &str, milliseconds: f64) -> Result<u64, Problem> {
    scaled(milliseconds, 1_000.0).filter(|_| milliseconds <= TIME_MAX_MS).ok_or_else(|| {
        let expected = "milliseconds from 0 to 8640000000 with at most three decimals";
        Problem::new(path, expected, write_number(milliseconds), "write for example 12.5")
    })
}

/// A time on an agent's clock, in milliseconds with at most three decimals, as microseconds; before and after
/// the clock's zero.
pub fn signed_microseconds(path: &str, milliseconds: f64) -> Result<i64, Problem> {
    let size_us = scaled(milliseconds.abs(), 1_000.0).filter(|_| milliseconds.abs() <= TIME_MAX_MS);
    let signed = |size_us: i64| if milliseconds < 0.0 { -size_us } else { size_us };
    size_us.and_then(|us| i64::try_from(us).ok()).map(signed).ok_or_else(|| {
        let expected = "milliseconds from -8640000000 to 8640000000 with at most three decimals";
        Problem::new(path, expected, write_number(milliseconds), "write for example -12.5")
    })
}

/// A positive weight with at most three decimals, as thousandths.
pub fn thousandths(path: &str, weight: f64) -> Result<u64, Problem> {
    scaled(weight, 1_000.0).filter(|milli| *milli > 0 && weight <= 1_000_000.0).ok_or_else(|| {
        let expected = "a weight above 0, up to 1000000, with at most three decimals";
        Problem::new(path, expected, write_number(weight), "write for example 2.5")
    })
}

/// A probability from 0 to 1 with at most six decimals, as parts per million.
pub fn parts_per_million(path: &str, chance: f64) -> Result<u32, Problem> {
    scaled(chance, 1_000_000.0)
        .filter(|ppm| *ppm <= 1_000_000)
        .and_then(|ppm| u32::try_from(ppm).ok())
        .ok_or_else(|| {
            let expected = "a share from 0 to 1 with at most six decimals";
            Problem::new(path, expected, write_number(chance), "write 0.02 for 2 %")
        })
}

/// A speed from 0.001 to 1000 with at most three decimals, as thousandths.
pub fn speed(path: &str, speed: f64) -> Result<u32, Problem> {
    let milli = scaled(speed, 1_000.0).and_then(|milli| u32::try_from(milli).ok());
    milli.filter(|milli| (1..=1_000_000).contains(milli)).ok_or_else(|| {
        let expected = "a speed from 0.001 to 1000 with at most three decimals";
        Problem::new(path, expected, write_number(speed), "write 0.5 for half the normal speed")
    })
}

/// A whole number in this range.
pub fn whole(number: f64, range: RangeInclusive<u32>) -> Option<u32> {
    let whole = scaled(number, 1.0).and_then(|whole| u32::try_from(whole).ok());
    whole.filter(|whole| range.contains(whole))
}

/// A threshold from 0.51 to 1 with at most six decimals, as millionths.
pub fn threshold(path: &str, share: f64) -> Result<u64, Problem> {
    let range = 510_000..=1_000_000;
    scaled(share, 1_000_000.0).filter(|millionths| range.contains(millionths)).ok_or_else(|| {
        let expected = "a share from 0.51 to 1.0 with at most six decimals";
        let repair = "write 0.65 for 65 %, or use \"simple\" for more than half";
        Problem::new(path, expected, write_number(share), repair)
    })
}

/// The number times `scale`, when that is whole and not negative.
fn scaled(number: f64, scale: f64) -> Option<u64> {
    let product = number * scale;
    let rounded = product.round();
    // Decimals have no exact binary form: 2.3 · 1000 is 2299.9999999999995.
    let is_whole = (product - rounded).abs() <= 1e-6 * scale.min(rounded.abs().max(1.0));
    (number.is_finite() && number >= 0.0 && is_whole && rounded < 9.0e15).then_some(rounded as u64)
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
