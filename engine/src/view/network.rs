//! The links' effect on messages: in words, and as two settings a person turns.

use crate::protocol::number::with_point;
use crate::scenario::checked::links::{check_link, link_file};
use crate::scenario::file::LinkFile;
use crate::scenario::file::intervention::Intervention;
use crate::sim::{Latency, LinkModel};

/// Latency and loss: "20 to 60 ms, 2 % lost".
#[must_use]
pub fn words(link: &LinkModel) -> String {
    let mut text = latency_words(link);
    if link.loss_ppm > 0 {
        text.push_str(", ");
        text.push_str(&share_words(link.loss_ppm));
        text.push_str(" lost");
    }
    if link.duplication_ppm > 0 {
        text.push_str(", ");
        text.push_str(&share_words(link.duplication_ppm));
        text.push_str(" doubled");
    }
    text
}

/// The same of a link as a file says it.
#[must_use]
pub fn of_file(link: &LinkFile) -> Option<String> {
    check_link(link).ok().map(|model| words(&model))
}

/// "20 to 60 ms".
#[must_use]
pub fn latency_words(link: &LinkModel) -> String {
    let ms = |us: u64| with_point(us, 3);
    match link.latency {
        Latency::Fixed { us } => format!("{} ms", ms(us)),
        Latency::Uniform { min_us, max_us } => format!("{} to {} ms", ms(min_us), ms(max_us)),
        Latency::LogNormal { median_us, .. } => format!("about {} ms", ms(median_us)),
    }
}

/// "2 %".
#[must_use]
pub fn share_words(ppm: u32) -> String {
    format!("{} %", with_point(u64::from(ppm), 4))
}

/// The latency in the middle, in microseconds.
#[must_use]
pub fn middle_us(link: &LinkModel) -> u64 {
    match link.latency {
        Latency::Fixed { us } => us,
        Latency::Uniform { min_us, max_us } => u64::midpoint(min_us, max_us),
        Latency::LogNormal { median_us, .. } => median_us,
    }
}

/// The same link with another latency in its middle, and its spread in proportion. Whole
/// microseconds, at least 1.
#[must_use]
pub fn with_middle(link: &LinkModel, middle_us: u64) -> LinkModel {
    let before_us = u128::from(self::middle_us(link).max(1));
    let scale = |us: u64| {
        let scaled = u128::from(us) * u128::from(middle_us) / before_us;
        u64::try_from(scaled).unwrap_or(u64::MAX).max(1)
    };
    let latency = match link.latency {
        Latency::Fixed { us } => Latency::Fixed { us: scale(us) },
        Latency::Uniform { min_us, max_us } => {
            Latency::Uniform { min_us: scale(min_us), max_us: scale(max_us) }
        }
        Latency::LogNormal { median_us, sigma_milli } => {
            Latency::LogNormal { median_us: scale(median_us), sigma_milli }
        }
    };
    LinkModel { latency, ..*link }
}

/// Lets all links do this.
#[must_use]
pub fn change_all(link: &LinkModel) -> Intervention {
    Intervention::SetNetwork { link: link_file(link) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::checked::links::check_link;

    #[test]
    fn a_link_in_words() {
        let mut link = LinkModel::default();
        assert_eq!(words(&link), "1 ms");
        link.latency = Latency::Uniform { min_us: 20_000, max_us: 60_500 };
        (link.loss_ppm, link.duplication_ppm) = (20_000, 5_000);
        assert_eq!(words(&link), "20 to 60.5 ms, 2 % lost, 0.5 % doubled");
    }

    #[test]
    fn latency_keeps_its_spread_in_proportion() {
        let link = LinkModel {
            latency: Latency::Uniform { min_us: 20_000, max_us: 60_000 },
            ..LinkModel::default()
        };
        let slower = with_middle(&link, 400_000);
        assert_eq!(slower.latency, Latency::Uniform { min_us: 200_000, max_us: 600_000 });
        assert_eq!(middle_us(&slower), 400_000);
        let least = with_middle(&link, 0);
        assert_eq!(least.latency, Latency::Uniform { min_us: 1, max_us: 1 });
    }

    #[test]
    fn what_a_file_says_of_a_link_is_read_as_the_same_link() {
        for latency in [
            Latency::Fixed { us: 1_500 },
            Latency::Uniform { min_us: 1, max_us: 60_123 },
            Latency::LogNormal { median_us: 33_333, sigma_milli: 750 },
        ] {
            let link = LinkModel {
                latency,
                loss_ppm: 123_456,
                duplication_ppm: 1,
                bytes_per_second: Some(9),
            };
            assert_eq!(check_link(&link_file(&link)).ok(), Some(link));
        }
    }
}
