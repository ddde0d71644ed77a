//! Numbers as people read them. Worked out in integers: a share that is shown is the share that
//! decided.

use crate::common::consensus::quorum::{Decision, MILLIONTHS, Measure, Share};
use crate::protocol::number::with_point;
use crate::sim::LocalTime;

/// At most so many characters of a text.
#[must_use]
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Thousandths with at least one decimal and no more than needed: `7.0`, `2.125`.
#[must_use]
pub fn milli(value: u64) -> String {
    let (whole, rest) = (value / 1_000, value % 1_000);
    let digits = format!("{rest:03}");
    let kept = digits.trim_end_matches('0');
    format!("{whole}.{}", if kept.is_empty() { "0" } else { kept })
}

/// As [`milli`], but a whole number stays one: `12`, `7.8`.
#[must_use]
pub fn milli_short(value: u64) -> String {
    if value.is_multiple_of(1_000) { (value / 1_000).to_string() } else { milli(value) }
}

/// A value in the rule's measure: heads, or weight in thousandths.
#[must_use]
pub fn amount(value: u64, measure: Measure) -> String {
    match measure {
        Measure::Heads => value.to_string(),
        Measure::Weight => milli(value),
    }
}

/// `part` of `whole` in per cent, rounded half up to one decimal; none of nothing is 0.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "0 %".to_owned();
    }
    let (part, whole) = (u128::from(part), u128::from(whole));
    let tenths = (part * 2_000 + whole) / (2 * whole);
    let tenths = u64::try_from(tenths).unwrap_or(u64::MAX);
    if tenths.is_multiple_of(10) {
        format!("{} %", tenths / 10)
    } else {
        format!("{}.{} %", tenths / 10, tenths % 10)
    }
}

/// `part` of `whole` in per cent beside the share it is compared with: rounded as by [`percent`], with more decimals where
/// fewer would reach what it misses, or miss what it reaches.
#[must_use]
pub fn share_percent(part: u64, whole: u64, asked: Share) -> String {
    let reaches = |number: u128, of: u128| match asked {
        Share::Count(count) => number * u128::from(whole) >= u128::from(count) * of,
        Share::Majority => 2 * number > of,
        Share::TwoThirds => 3 * number >= 2 * of,
        Share::All => number >= of,
        Share::AtLeast(share) => number * u128::from(MILLIONTHS) >= u128::from(share) * of,
        Share::Plurality => number > 0,
    };
    let (wide, of) = (u128::from(part), u128::from(whole));
    if whole == 0 || asked == Share::Plurality {
        return percent(part, whole);
    }
    let is_met = reaches(wide, of);
    // 100 % in the last decimal that is shown.
    let mut hundred = 100_u128;
    let say = |units: u128, decimals| {
        format!("{} %", with_point(u64::try_from(units).unwrap_or(u64::MAX), decimals))
    };
    for decimals in 1..=14 {
        hundred *= 10;
        let rounded = (wide * hundred * 2 + of) / (2 * of);
        if reaches(rounded, hundred) == is_met {
            return say(rounded, decimals);
        }
    }
    // They are so near that only cutting tells them apart: no threshold has as many decimals.
    say(wide * hundred / of, 14)
}

/// The share a rule asks for, in words that fit before "needed".
#[must_use]
pub fn share(share: Share) -> String {
    match share {
        Share::Majority => "more than half".to_owned(),
        Share::TwoThirds => "two thirds".to_owned(),
        Share::All => "everyone".to_owned(),
        Share::Count(count) => count.to_string(),
        Share::Plurality => "more than any other".to_owned(),
        Share::AtLeast(millionths) => {
            let (whole, rest) = (millionths / 10_000, millionths % 10_000);
            if rest == 0 {
                format!("{whole} %")
            } else {
                format!("{whole}.{} %", format!("{rest:04}").trim_end_matches('0'))
            }
        }
    }
}

/// Virtual time in seconds with three decimals: `0.412`.
#[must_use]
pub fn seconds(time_us: u64) -> String {
    format!("{}.{:03}", time_us / 1_000_000, time_us / 1_000 % 1_000)
}

/// The time on an agent's clock, in seconds: "−0.200"; "at the start" for a time before the run.
#[must_use]
pub fn local_seconds(time: LocalTime) -> String {
    match time.0 {
        i64::MIN => "at the start".to_owned(),
        below @ ..0 => format!("−{}", seconds(below.unsigned_abs())),
        us => seconds(us.unsigned_abs()),
    }
}

/// Virtual time as a clock: `0:00.412`, `1:02:03.004`.
#[must_use]
pub fn clock(time_us: u64) -> String {
    let milliseconds = time_us / 1_000 % 1_000;
    let (seconds, minutes) = (time_us / 1_000_000 % 60, time_us / 60_000_000 % 60);
    match time_us / 3_600_000_000 {
        0 => format!("{minutes}:{seconds:02}.{milliseconds:03}"),
        hours => format!("{hours}:{minutes:02}:{seconds:02}.{milliseconds:03}"),
    }
}

/// A short span in the unit that fits: `588 ms`, `1.588 s`, `12.4 s`.
#[must_use]
pub fn span(span_us: u64) -> String {
    match span_us {
        0..1_000 => format!("{span_us} µs"),
        1_000..1_000_000 => format!("{} ms", span_us / 1_000),
        1_000_000..10_000_000 => format!("{} s", seconds(span_us)),
        _ => format!("{}.{} s", span_us / 1_000_000, span_us / 100_000 % 10),
    }
}

/// A decision as the first word of a sentence.
#[must_use]
pub fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Approved => "Approved",
        Decision::Rejected => "Rejected",
        Decision::Timeout => "Timeout",
        Decision::Split => "Split",
    }
}

/// The nearest number between the two. `f64::clamp` can panic, and its message brings the code that
/// formats floats into the page.
#[must_use]
pub fn between(value: f64, least: f64, most: f64) -> f64 {
    value.max(least).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::number::units;

    #[test]
    fn weights_keep_the_decimals_they_have() {
        for (value, text) in [(7_000, "7.0"), (7_800, "7.8"), (2_125, "2.125"), (50, "0.05")] {
            assert_eq!(milli(value), text);
        }
        assert_eq!(milli_short(12_000), "12");
        assert_eq!(milli_short(9_500), "9.5");
    }

    #[test]
    fn shares_are_rounded_half_up_to_a_tenth() {
        // E1: 9.5 of 12 is 79.17 %, not 73 %.
        for (part, whole, text) in [
            (9_500, 12_000, "79.2 %"),
            (1, 2, "50 %"),
            (2, 3, "66.7 %"),
            (1, 8, "12.5 %"),
            (0, 0, "0 %"),
        ] {
            assert_eq!(percent(part, whole), text);
        }
        assert_eq!(share(Share::AtLeast(650_000)), "65 %");
        assert_eq!(share(Share::AtLeast(667_500)), "66.75 %");
    }

    #[test]
    fn a_share_is_never_shown_on_the_other_side_of_its_threshold() {
        for (part, whole, asked, text) in [
            (2, 3, Share::AtLeast(666_667), "66.66667 %"),
            (2, 3, Share::TwoThirds, "66.7 %"),
            (2, 3, Share::AtLeast(650_000), "66.7 %"),
            (9_999, 10_000, Share::All, "99.99 %"),
            (100_001, 200_000, Share::Majority, "50.001 %"),
            (1, 2, Share::Majority, "50 %"),
            (649_999, 1_000_000, Share::AtLeast(650_000), "64.9999 %"),
            (9_500, 12_000, Share::AtLeast(650_000), "79.2 %"),
            (0, 0, Share::All, "0 %"),
            (1, 3, Share::Plurality, "33.3 %"),
            (3, 7, Share::Count(3), "42.9 %"),
        ] {
            assert_eq!(share_percent(part, whole, asked), text, "{part} of {whole}, {asked:?}");
        }
        for whole in 1..60_u64 {
            for part in 0..=whole {
                for millionths in (510_000..=1_000_000).step_by(4_321).chain([666_666, 666_667]) {
                    let asked = Share::AtLeast(millionths);
                    let shown = share_percent(part, whole, asked);
                    let shown: f64 = shown.trim_end_matches(" %").parse().unwrap();
                    let shown = units(shown, 12).unwrap() * i128::from(MILLIONTHS);
                    let reaches = shown >= i128::from(millionths) * 100 * 1_000_000_000_000;
                    assert_eq!(reaches, asked.met(part, whole), "{part} of {whole}, {asked:?}");
                }
            }
        }
    }

    #[test]
    fn times_are_in_the_unit_that_fits() {
        assert_eq!(clock(412_345), "0:00.412");
        assert_eq!(clock(3_723_004_000), "1:02:03.004");
        assert_eq!(seconds(31_000), "0.031");
        for (value, text) in [
            (800, "800 µs"),
            (6_400, "6 ms"),
            (588_000, "588 ms"),
            (1_588_000, "1.588 s"),
            (12_400_000, "12.4 s"),
        ] {
            assert_eq!(span(value), text);
        }
    }
}
