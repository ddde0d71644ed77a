//! Numbers as people write them, read and written. The standard library rounds the last bit right at
//! any length; the tables and code it needs for that are a twentieth of the page, and no rule here
//! asks for it.

/// Significant digits beyond this do not fit and are taken for zeros.
const SIGNIFICANT_MAX: u64 = 1_000_000_000_000_000_000;

/// Digits with an optional sign, point and exponent: `12`, `-0.5`, `2.5e-3`. Exact up to 15 digits;
/// the last bits of longer ones may differ from the nearest. `None` for other texts.
#[must_use]
pub fn read_number(text: &str) -> Option<f64> {
    let (decimal, exponent) = match text.split_once(['e', 'E']) {
        Some((decimal, exponent)) => (decimal, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let is_negative = decimal.starts_with('-');
    let decimal = decimal.strip_prefix(['-', '+']).unwrap_or(decimal);
    let (mut significant, mut exponent) = (0_u64, exponent.clamp(-10_000, 10_000));
    let (mut digits, mut after_point) = (0, false);
    for byte in decimal.bytes() {
        match byte {
            b'0'..=b'9' => {
                let fits = significant < SIGNIFICANT_MAX;
                if fits {
                    significant = significant * 10 + u64::from(byte - b'0');
                }
                exponent += i32::from(!fits) - i32::from(after_point);
                digits += 1;
            }
            b'.' if !after_point => after_point = true,
            _ => return None,
        }
    }
    let size = scaled(significant as f64, exponent);
    (digits > 0).then_some(if is_negative { -size } else { size })
}

/// The number times a power of ten. Powers up to 10^22 are exact, and so is one step with them.
fn scaled(number: f64, exponent: i32) -> f64 {
    if number == 0.0 {
        return 0.0;
    }
    let mut power = 1.0;
    // No number is so long that more would change the outcome: it is 0 or infinite by then.
    for _ in 0..exponent.unsigned_abs().min(400) {
        power *= 10.0;
    }
    if exponent < 0 { number / power } else { number * power }
}

/// A number for a message: 15 digits, and an exponent where people would lose count of zeros.
#[must_use]
pub fn write_number(number: f64) -> String {
    if !number.is_finite() {
        return if number.is_nan() { "NaN".to_owned() } else { "infinity".to_owned() };
    }
    let mut exponent = 0_i32;
    let mut size = number.abs();
    while size >= 1e15 {
        (size, exponent) = (size / 10.0, exponent + 1);
    }
    while size > 0.0 && size < 1e14 && exponent > -340 {
        (size, exponent) = (size * 10.0, exponent - 1);
    }
    let mut digits = size.round() as u64;
    while digits > 0 && digits.is_multiple_of(10) {
        (digits, exponent) = (digits / 10, exponent + 1);
    }
    let sign = if number < 0.0 { "-" } else { "" };
    match exponent {
        _ if digits == 0 => "0".to_owned(),
        0..=6 if digits < 1_000_000_000_000 => {
            format!("{sign}{}", digits * 10_u64.pow(exponent.unsigned_abs()))
        }
        -15..=-1 => format!("{sign}{}", with_point(digits, exponent.unsigned_abs())),
        _ => format!("{sign}{digits}e{exponent}"),
    }
}

/// A number with at most six decimals, below 10^12 in size, in millionths: so that comparing is exact.
#[must_use]
pub fn millionths(number: f64) -> Option<i64> {
    let scaled = number * 1e6;
    let rounded = scaled.round();
    let exact = (scaled - rounded).abs() <= 1e-3 && rounded.abs() < 1e18;
    exact.then_some(rounded as i64)
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
    fn long_numbers_are_close() {
        for text in ["3.14159265358979323846", "99999999999999999999", "0.30000000000000004"] {
            let (ours, exact) = (read_number(text).unwrap(), text.parse::<f64>().unwrap());
            assert!((ours - exact).abs() <= exact * 1e-15, "{text}: {ours}");
        }
        assert_eq!(read_number(&"9".repeat(400)), Some(f64::INFINITY));
        assert_eq!(read_number(&format!("0.{}1", "0".repeat(400))), Some(0.0));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", ".", "e5", "1e", "1e1.5", "1.2.3", "--1", "+-1", "1-", "inf", "NaN"] {
            assert_eq!(read_number(text), None, "{text}");
        }
    }
}
