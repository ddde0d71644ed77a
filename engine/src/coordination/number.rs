//! Numbers as people write them. The standard library's reader rounds the last bit right at any
//! length; the table it needs for that is a thirtieth of the page, and no rule here asks for it.

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

#[cfg(test)]
mod tests {
    use super::*;

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
