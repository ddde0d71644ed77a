//! Rounds by the agents' own clocks: how long they must be so that what is said in one arrives in it (C6).

use super::assumption::{Assumption, Broken};
use crate::sim::{EventId, LocalClock};

/// The length of rounds, and the latency for which it must suffice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundLength {
    pub round_us: u64,
    /// The longest that a message is on its way (Δ); none when there is no such thing.
    pub latency_most_us: Option<u64>,
}

impl RoundLength {
    /// Whether a round takes at least Δ plus the skew there is at this time, by offset and drift: also on the
    /// clock that runs fastest, whose rounds are over first.
    #[must_use]
    #[inline]
    pub fn suffices(self, time_us: u64, clocks: impl Iterator<Item = LocalClock>) -> bool {
        let Some(latency_us) = self.latency_most_us else { return false };
        let (mut least_us, mut most_us) = (i64::MAX, i64::MIN);
        let mut shortest_us = self.round_us;
        for clock in clocks {
            let ahead_us = clock.ahead_us(time_us);
            (least_us, most_us) = (least_us.min(ahead_us), most_us.max(ahead_us));
            shortest_us = shortest_us.min(clock.virtual_delay_us(self.round_us));
        }
        let skew_us = if least_us < most_us { most_us.abs_diff(least_us) } else { 0 };
        latency_us.saturating_add(skew_us) <= shortest_us
    }

    /// The assumption that is broken from this event on, if rounds are too short then.
    #[must_use]
    #[inline]
    pub fn broken_at(
        self,
        time_us: u64,
        event: Option<EventId>,
        clocks: impl Iterator<Item = LocalClock>,
    ) -> Option<Broken> {
        let assumption = Assumption::RoundLength;
        (!self.suffices(time_us, clocks)).then_some(Broken { assumption, event })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(round_us: u64, time_us: u64, clocks: &[(i64, i32)], expected: bool) {
        let length = RoundLength { round_us, latency_most_us: Some(40_000) };
        let of = |(offset_us, drift_ppm)| LocalClock { offset_us, drift_ppm };
        let found = length.suffices(time_us, clocks.iter().copied().map(of));
        assert_eq!(found, expected, "{round_us} µs at {time_us} µs, {clocks:?}");
    }

    #[test]
    fn a_round_takes_the_latency_and_the_skew_of_now() {
        check(40_000, 0, &[(0, 0), (0, 0)], true);
        check(39_999, 0, &[(0, 0), (0, 0)], false);
        check(50_000, 0, &[(-5_000, 0), (5_000, 0)], true);
        check(50_000, 0, &[(-5_000, 0), (5_001, 0)], false);
        // An offset that all have in common is no skew.
        check(40_000, 0, &[(-300_000, 0), (-300_000, 0)], true);
        check(100_000, 0, &[(-300_000, 0), (-300_000, 0), (0, 0)], false);
        // 1 000 ppm are 1 ms after a second, and make a round of 50 ms shorter by 50 µs.
        check(50_000, 1_000_000, &[(0, 0), (0, 1_000)], true);
        check(50_000, 9_900_000, &[(0, 0), (0, 1_000)], true);
        check(50_000, 9_960_000, &[(0, 0), (0, 1_000)], false);
        check(44_000, 0, &[(0, 100_000), (0, 100_000)], true);
        check(43_999, 0, &[(0, 100_000), (0, 100_000)], false);
    }

    #[test]
    fn no_round_is_long_enough_for_a_latency_without_end() {
        let length = RoundLength { round_us: u64::MAX, latency_most_us: None };
        assert!(!length.suffices(0, [LocalClock::default()].into_iter()));
    }
}
