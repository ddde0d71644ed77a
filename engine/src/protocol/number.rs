//! Numbers as people write them, read and written. A number is meant as its decimal: every decimal of up to
//! [`DIGITS_MAX`] digits has a floating-point number of its own, which is kept until a rule makes an integer
//! of it.

/// As many digits as a floating-point number always keeps.
pub const DIGITS_MAX: usize = 15;

/// A decimal number, exactly as it is written.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    is_negative: bool,
    /// Without zeros at either end, so none for zero.
    digits: String,
    /// The power of ten that the last digit counts.
    exponent: i64,
}

impl Decimal {
    /// Digits with an optional sign, point and exponent: `12`, `-0.5`, `2.5e-3`. `None` for other texts.
    fn read(text: &str) -> Option<Self> {
        let (decimal, exponent) = match text.split_once(['e', 'E']) {
            Some((decimal, exponent)) => (decimal, read_exponent(exponent)?),
            None => (text, 0),
        };
        let is_negative = decimal.starts_with('-');
        let decimal = decimal.strip_prefix(['-', '+']).unwrap_or(decimal);
        let (whole, part) = decimal.split_once('.').unwrap_or((decimal, ""));
        let digits = format!("{whole}{part}");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let kept = digits.trim_end_matches('0');
        let exponent = exponent - part.len() as i64 + (digits.len() - kept.len()) as i64;
        let kept = kept.trim_start_matches('0');
        Some(match kept {
            "" => Self { is_negative: false, digits: String::new(), exponent: 0 },
            kept => Self { is_negative, digits: kept.to_owned(), exponent },
        })
    }

    /// The decimal that people mean by a number: [`DIGITS_MAX`] digits of it. `None` for an infinite one.
    fn of(number: f64) -> Option<Self> {
        Self::read(&format!("{number:.*e}", DIGITS_MAX - 1))
    }

    /// So many times ten to the power of `decimals`, if that is a whole number below 10^38.
    fn units(&self, decimals: u32) -> Option<i128> {
        if self.digits.is_empty() {
            return Some(0);
        }
        let zeros = usize::try_from(self.exponent + i64::from(decimals)).ok()?;
        if self.digits.len() + zeros > 38 {
            return None;
        }
        let size: i128 = format!("{}{}", self.digits, "0".repeat(zeros)).parse().ok()?;
        Some(if self.is_negative { -size } else { size })
    }
}

/// An exponent, cut to a billion in size: no number is left beyond.
fn read_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse().unwrap_or(i64::MAX).min(1_000_000_000);
    Some(if text.starts_with('-') { -size } else { size })
}

/// Digits with an optional sign, point and exponent: `12`, `-0.5`, `2.5e-3`, as the nearest number there is. `None` for
/// other texts.
#[must_use]
pub fn read_number(text: &str) -> Option<f64> {
    Decimal::read(text)?;
    text.parse().ok()
}

/// The same where nothing is lost: `None` too for more than [`DIGITS_MAX`] digits, and for what is too large or too close
/// to zero.
#[must_use]
pub fn read_exactly(text: &str) -> Option<f64> {
    let written = Decimal::read(text)?;
    let number = text.parse().ok()?;
    (Decimal::of(number)? == written).then_some(number)
}

/// A whole number, however it is written: `7`, `7.0`, `0.7e1`, `-0`. `None` for others, and from 10^38 on.
#[must_use]
pub fn read_whole(text: &str) -> Option<i128> {
    Decimal::read(text)?.units(0)
}

/// A number for a message: 15 digits, and an exponent where people would lose count of zeros.
#[must_use]
pub fn write_number(number: f64) -> String {
    let Some(Decimal { is_negative, digits, exponent }) = Decimal::of(number) else {
        return if number.is_nan() { "NaN".to_owned() } else { "infinity".to_owned() };
    };
    let sign = if is_negative { "-" } else { "" };
    match exponent {
        _ if digits.is_empty() => "0".to_owned(),
        0..=6 if digits.len() <= 12 => format!("{sign}{digits}{}", "0".repeat(exponent as usize)),
        -15..=-1 => {
            let units = digits.parse().unwrap_or_default();
            format!("{sign}{}", with_point(units, exponent.unsigned_abs() as u32))
        }
        _ => format!("{sign}{digits}e{exponent}"),
    }
}

/// A number times ten to the power of `decimals`, when that is whole: 2.3 is 2300 thousandths.
#[must_use]
pub fn units(number: f64, decimals: u32) -> Option<i128> {
    Decimal::of(number)?.units(decimals)
}

/// A number with at most six decimals, below 10^12 in size, in millionths: so that comparing is exact.
#[must_use]
pub fn millionths(number: f64) -> Option<i64> {
    let units = units(number, 6).and_then(|units| i64::try_from(units).ok());
    units.filter(|units| units.unsigned_abs() < 1_000_000_000_000_000_000)
}

/// So many units of the last of these decimals, without the zeros at the end.
#[must_use]
pub fn with_point(units: u64, decimals: u32) -> String {
    let scale = 10_u64.pow(decimals);
    let (whole, rest) = (units / scale, units % scale);
    if rest == 0 {
        return whole.to_string();
    }
    let rest = format!("{rest:0width$}", width = decimals as usize);
    format!("{whole}.{}", rest.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_write_them() {
        for text in ["0", "7", "-3", "1.1", "0.0001", "-12.5", "2000000", "86400.125", "100.5"] {
            assert_eq!(write_number(text.parse().unwrap()), text);
        }
        assert_eq!(write_number(0.8 + 0.3), "1.1");
        assert_eq!(write_number(1e300), "1e300");
        assert_eq!(write_number(-2.5e-20), "-25e-21");
        assert_eq!(write_number(f64::NAN), "NaN");
        assert_eq!(write_number(f64::INFINITY), "infinity");
        assert_eq!(with_point(1_050_000, 6), "1.05");
        assert_eq!(with_point(30, 1), "3");
    }

    #[test]
    fn decimals_are_read_as_the_standard_library_reads_them() {
        let texts = [
            "0",
            "-0",
            "7",
            "+7",
            "-12.5",
            "0.1",
            ".5",
            "5.",
            "0.000001",
            "2.3",
            "1e3",
            "2.5E-3",
            "1e+2",
            "123456789.012345",
            "8640000000",
            "0.65",
            "1e22",
            "00012.500",
            "1e400",
            "-1e400",
            "1e-400",
            "0e999",
            "1000000000000000000000",
            "0.0000000000000000000025",
        ];
        for text in texts {
            assert_eq!(read_number(text), text.parse().ok(), "{text}");
        }
        for thousandths in (-5_000_000_i64..5_000_000).step_by(997) {
            let text = format!("{}", thousandths as f64 / 1_000.0);
            assert_eq!(read_number(&text), text.parse().ok(), "{text}");
        }
    }

    #[test]
    fn a_number_that_would_lose_a_digit_is_not_taken_for_another() {
        for text in [
            "0",
            "-0.0",
            "7.0",
            "1e3",
            "0.1",
            "123456789012.345",
            "1e300",
            "100000000000000000000",
            "2.500000000000000000000",
            "0e400",
        ] {
            assert_eq!(read_exactly(text), text.parse().ok(), "{text}");
        }
        for text in [
            "1e400",
            "-1e400",
            "1e-400",
            "0.30000000000000004",
            "1234567890123456",
            "8639999999.9999999",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "-",
            "1.2.3",
        ] {
            assert_eq!(read_exactly(text), None, "{text}");
        }
        assert_eq!(read_number(&"9".repeat(400)), Some(f64::INFINITY));
    }

    #[test]
    fn a_whole_number_is_taken_however_it_is_written() {
        for (text, whole) in [
            ("7", 7),
            ("7.0", 7),
            ("-0", 0),
            ("-0.0e9", 0),
            ("1e3", 1_000),
            ("0.7E+1", 7),
            ("1200e-2", 12),
            ("-3", -3),
            ("9007199254740993.0", 9_007_199_254_740_993),
            ("18446744073709551615", i128::from(u64::MAX)),
            ("1.8446744073709551615e19", i128::from(u64::MAX)),
            ("0e99999999999999999999", 0),
        ] {
            assert_eq!(read_whole(text), Some(whole), "{text}");
        }
        for text in
            ["7.5", "1e-1", "1e400", "1e99999999999999999999", "0.9999999999999999999999", "", "x"]
        {
            assert_eq!(read_whole(text), None, "{text}");
        }
    }

    #[test]
    fn a_decimal_is_as_many_units_as_it_says() {
        for (number, decimals, expected) in [
            (2.3, 3, Some(2_300)),
            (0.1 + 0.2, 6, Some(300_000)),
            (-0.5, 1, Some(-5)),
            (123_456_789_012.345, 6, Some(123_456_789_012_345_000)),
            (0.000_000_1, 6, None),
            (f64::NAN, 6, None),
            (f64::INFINITY, 6, None),
            (1e300, 0, None),
        ] {
            assert_eq!(units(number, decimals), expected, "{number}");
        }
        for step in 0..100_i64 {
            let thousandths = step * 98_765_432_123;
            assert_eq!(units(thousandths as f64 / 1e3, 3), Some(thousandths.into()));
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", ".", "e5", "1e", "1e1.5", "1.2.3", "--1", "+-1", "1-", "inf", "NaN"] {
            assert_eq!(read_number(text), None, "{text}");
        }
    }
}
