//! An agent's own clock, which is all the time it can see (K4).

use serde::{Deserialize, Serialize};

/// How an agent's clock differs from virtual time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalClock {
    /// What the clock shows at virtual time zero, in microseconds; negative means it is behind.
    pub offset_us: i64,
    /// How much faster it runs, in parts per million; negative means slower. Above -1 000 000.
    pub drift_ppm: i32,
}

impl LocalClock {
    /// What the clock shows at virtual time `now_us`. A clock never shows less than zero.
    #[must_use]
    #[inline]
    pub fn local_us(self, now_us: u64) -> u64 {
        // Most clocks are right, and 128 bits are slow to divide.
        if self == Self::default() {
            return now_us;
        }
        let drift = i128::from(now_us) * i128::from(self.drift_ppm) / 1_000_000;
        let local = i128::from(now_us) + drift + i128::from(self.offset_us);
        u64::try_from(local.max(0)).unwrap_or(u64::MAX)
    }

    /// How long a delay measured on this clock takes in virtual time: at least 1 µs.
    #[must_use]
    pub fn virtual_delay_us(self, local_delay_us: u64) -> u64 {
        if self.drift_ppm == 0 {
            return local_delay_us.max(1);
        }
        let rate = u128::from((1_000_000 + i64::from(self.drift_ppm)).max(1).unsigned_abs());
        let delay = u128::from(local_delay_us) * 1_000_000 / rate;
        u64::try_from(delay).unwrap_or(u64::MAX).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::LocalClock;

    #[test]
    fn a_fast_clock_shows_more_and_waits_less() {
        let fast = LocalClock { offset_us: 500, drift_ppm: 100_000 };
        assert_eq!(fast.local_us(1_000_000), 1_100_500);
        assert_eq!(fast.virtual_delay_us(1_100_000), 1_000_000);
    }

    #[test]
    fn a_clock_never_runs_below_zero_and_a_delay_never_below_one() {
        let behind = LocalClock { offset_us: -50, drift_ppm: 0 };
        assert_eq!(behind.local_us(10), 0);
        assert_eq!(behind.virtual_delay_us(0), 1);
    }
}
