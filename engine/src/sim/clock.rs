//! An agent's own clock, which is all the time it can see (K4).

use serde::{Deserialize, Serialize, Serializer};

/// A reading of an agent's clock, in microseconds. It can be below zero: an offset that all agents share
/// changes nothing but these numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalTime(pub i64);

impl LocalTime {
    /// Before all that any clock shows: what there was from the start is older than whatever happens in a run.
    pub const START: Self = Self(i64::MIN);

    /// The moment `delay_us` later.
    #[must_use]
    #[inline]
    pub fn after(self, delay_us: u64) -> Self {
        Self(self.0.saturating_add_unsigned(delay_us))
    }

    /// How long after `earlier` it is, in microseconds; 0 when it is not later.
    #[must_use]
    #[inline]
    pub fn since(self, earlier: Self) -> u64 {
        if self > earlier { self.0.abs_diff(earlier.0) } else { 0 }
    }
}

impl Serialize for LocalTime {
    /// Eight bytes in a message, whatever the clock shows: otherwise an offset would change how long a
    /// message takes on a slow link.
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            self.0.serialize(serializer)
        } else {
            self.0.to_le_bytes().serialize(serializer)
        }
    }
}

/// How an agent's clock differs from virtual time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalClock {
    /// The reading at virtual time zero, in microseconds; negative means the clock is behind.
    pub offset_us: i64,
    /// How much faster it runs, in parts per million; negative means slower. Above -1 000 000.
    pub drift_ppm: i32,
}

impl LocalClock {
    /// The reading at virtual time `now_us`.
    #[must_use]
    #[inline]
    pub fn local(self, now_us: u64) -> LocalTime {
        LocalTime(LocalTime(0).after(now_us).0.saturating_add(self.ahead_us(now_us)))
    }

    /// How far the clock is ahead of virtual time at `now_us`, in microseconds; negative when behind.
    #[must_use]
    #[inline]
    pub fn ahead_us(self, now_us: u64) -> i64 {
        // Most clocks are right, and 128 bits are slow to divide.
        if self.drift_ppm == 0 {
            return self.offset_us;
        }
        let drift = i128::from(now_us) * i128::from(self.drift_ppm) / 1_000_000;
        // Never as far back as what there was from the start.
        let most = i128::from(i64::MAX / 2);
        (drift + i128::from(self.offset_us)).clamp(-most, most) as i64
    }

    /// The virtual time at which the clock shows this; 0 for what it showed before the run. To the microsecond
    /// without drift, else within one step of the clock.
    #[must_use]
    #[inline]
    pub fn virtual_us(self, local: LocalTime) -> u64 {
        let since_start = i128::from(local.0) - i128::from(self.offset_us);
        let rate = i128::from(1_000_000 + i64::from(self.drift_ppm)).max(1);
        let most = i128::from(u64::MAX);
        (since_start * 1_000_000 / rate).clamp(0, most) as u64
    }

    /// How long a delay measured on this clock takes in virtual time: at least 1 µs.
    #[must_use]
    #[inline]
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
    use super::*;

    #[test]
    fn a_fast_clock_shows_more_and_waits_less() {
        let fast = LocalClock { offset_us: 500, drift_ppm: 100_000 };
        assert_eq!(fast.local(1_000_000), LocalTime(1_100_500));
        assert_eq!(fast.ahead_us(1_000_000), 100_500);
        assert_eq!(fast.virtual_delay_us(1_100_000), 1_000_000);
    }

    #[test]
    fn a_clock_that_is_behind_shows_less_than_zero() {
        let behind = LocalClock { offset_us: -50, drift_ppm: 0 };
        assert_eq!((behind.local(10), behind.local(60)), (LocalTime(-40), LocalTime(10)));
        assert_eq!(behind.local(60).since(behind.local(10)), 50);
        assert_eq!(behind.local(10).since(behind.local(60)), 0);
        assert_eq!(behind.virtual_delay_us(0), 1);
    }

    #[test]
    fn what_a_clock_shows_leads_back_to_virtual_time() {
        for offset_us in [-5_000_000, -1, 0, 7, 86_400_000_000] {
            for drift_ppm in [-500_000, -100, 0, 100, 1_000_000] {
                let clock = LocalClock { offset_us, drift_ppm };
                for now_us in [0, 1, 999_999, 1_000_000, 3_600_000_000] {
                    let back_us = clock.virtual_us(clock.local(now_us));
                    assert!(back_us.abs_diff(now_us) <= 2, "{clock:?} {now_us} {back_us}");
                    assert!(drift_ppm != 0 || back_us == now_us, "{clock:?} {now_us} {back_us}");
                }
            }
        }
        assert_eq!(LocalClock::default().virtual_us(LocalTime(-5)), 0);
    }

    #[test]
    fn in_a_message_every_time_takes_eight_bytes() {
        for time in [i64::MIN, -1, 0, 1, 127, 128, i64::MAX].map(LocalTime) {
            assert_eq!(postcard::to_allocvec(&time).map(|bytes| bytes.len()), Ok(8), "{time:?}");
        }
    }
}
