//! A counter that goes up and down: two counters that only grow, one for each way.

use serde::Serialize;

use super::OperationError;
use super::g_counter::GCounter;
use crate::protocols::state::clock::Origin;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PnCounter {
    pub up: GCounter,
    pub down: GCounter,
}

impl PnCounter {
    /// The counter to which one origin has added so much, in millionths.
    #[must_use]
    #[inline]
    pub fn of(origin: Origin, millionths: i64) -> Self {
        let size = GCounter::of(origin, millionths.unsigned_abs());
        if millionths < 0 {
            Self { up: GCounter::default(), down: size }
        } else {
            Self { up: size, down: GCounter::default() }
        }
    }

    /// # Errors
    /// When all that was ever added one way would pass what a value can hold.
    #[inline]
    pub fn add(&mut self, origin: Origin, by: i64) -> Result<Self, OperationError> {
        let mut delta = Self::default();
        if by < 0 {
            delta.down =
                self.down.add(origin, by.checked_neg().ok_or(OperationError::Overflow)?)?;
        } else {
            delta.up = self.up.add(origin, by)?;
        }
        Ok(delta)
    }

    #[inline]
    pub fn join(&mut self, other: &Self) -> bool {
        self.up.join(&other.up) | self.down.join(&other.down)
    }

    /// The sum, in millionths; it saturates at the limits of a value.
    #[must_use]
    #[inline]
    pub fn sum(&self) -> i64 {
        self.up.sum().saturating_sub(self.down.sum())
    }

    /// The origin's entries, up and down, in millionths.
    #[must_use]
    #[inline]
    pub fn entry(&self, origin: Origin) -> (u64, u64) {
        (self.up.entry(origin), self.down.entry(origin))
    }

    #[must_use]
    #[inline]
    pub fn entries(&self) -> Vec<(Origin, i64, i64)> {
        let mut all = self.up.clone();
        all.join(&self.down);
        let size = |entry: u64| i64::try_from(entry).unwrap_or(i64::MAX);
        let entry = |origin: Origin| (size(self.up.entry(origin)), size(self.down.entry(origin)));
        let each = all.entries().into_iter().map(|(origin, ..)| origin);
        each.map(|origin| (origin, entry(origin).0, entry(origin).1)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::state::letters::origin;

    #[test]
    fn three_and_five_less_two_is_six_however_often_they_merge() {
        let (mut a, mut b) = (PnCounter::default(), PnCounter::default());
        a.add(origin('A'), 3).unwrap();
        b.add(origin('B'), 5).unwrap();
        a.add(origin('A'), -2).unwrap();
        for _ in 0..2 {
            a.join(&b);
            b.join(&a);
        }
        assert_eq!((a.sum(), b.sum()), (6, 6));
        assert_eq!(a.entries(), [(origin('A'), 3, 2), (origin('B'), 5, 0)]);
        // 18 would be the sum of three replicas that are added instead of joined.
        assert_ne!(a.sum(), 18);
    }

    #[test]
    fn it_goes_below_zero_and_a_delta_has_one_side() {
        let mut counter = PnCounter::default();
        assert_eq!(counter.add(origin('A'), -7), Ok(PnCounter::of(origin('A'), -7)));
        assert_eq!(counter.add(origin('A'), 3), Ok(PnCounter::of(origin('A'), 3)));
        assert_eq!(counter.sum(), -4);
        assert_eq!(counter.add(origin('A'), i64::MIN), Err(OperationError::Overflow));
    }
}
