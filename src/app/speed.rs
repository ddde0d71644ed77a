//! How fast virtual time passes, in notches: a hundred times the logarithm of the speed.

/// The speed of a notch, and the notch of a speed is its inverse.
pub fn speed(notch: i32) -> f64 {
    js_sys::Math::pow(10.0, f64::from(notch) / 100.0)
}

/// `1/20`, `1`, `30`: two digits are enough for a speed.
pub fn speed_text(notch: i32) -> String {
    let round = |value: f64| {
        let digits = if value < 10.0 { (value * 10.0).round() / 10.0 } else { value };
        if value < 10.0 && digits.fract() > 0.0 {
            let tenths = (digits * 10.0).round() as u64;
            format!("{}.{}", tenths / 10, tenths % 10)
        } else {
            (two_digits(digits).round() as u64).to_string()
        }
    };
    if notch < 0 { format!("1/{}", round(speed(-notch))) } else { round(speed(notch)) }
}

fn two_digits(value: f64) -> f64 {
    let unit = js_sys::Math::pow(10.0, (js_sys::Math::log10(value).floor() - 1.0).max(0.0));
    (value / unit).round() * unit
}
