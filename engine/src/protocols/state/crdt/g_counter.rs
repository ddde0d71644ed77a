//! A counter that only grows: every origin has an entry of its own, and only it raises it. To add up
//! what replicas hold would count twice (E4); the greater of each entry counts everything once.

use serde::Serialize;

use super::OperationError;
use crate::common::value::Value;
use crate::protocols::state::clock::{Dot, Origin, VectorClock};

/// The entries, in millionths. They join like a clock: by the greater number per origin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GCounter(VectorClock);

/// An entry or a sum beyond this does not fit a [`Value`].
const MOST: u64 = i64::MAX as u64;

impl GCounter {
    /// The counter to which one origin has added so much, in millionths.
    #[must_use]
    #[inline]
    pub fn of(origin: Origin, millionths: u64) -> Self {
        Self([Dot { origin, sequence: millionths }].into_iter().collect())
    }

    /// # Errors
    /// When it would go down, or pass what a value can hold.
    #[inline]
    pub fn add(&mut self, origin: Origin, by: i64) -> Result<Self, OperationError> {
        let Ok(by) = u64::try_from(by) else {
            return Err(OperationError::CannotGoDown { found: Value::Number(by) });
        };
        if self.total() + u128::from(by) > u128::from(MOST) {
            return Err(OperationError::Overflow);
        }
        let delta = Self::of(origin, self.entry(origin) + by);
        self.join(&delta);
        Ok(delta)
    }

    /// The origin's entry, in millionths.
    #[must_use]
    #[inline]
    pub fn entry(&self, origin: Origin) -> u64 {
        self.0.get(origin)
    }

    #[inline]
    pub fn join(&mut self, other: &Self) -> bool {
        self.0.join(&other.0)
    }

    /// The sum of all entries, in millionths. Merges can exceed the range of a value; the sum is then the
    /// largest value.
    #[must_use]
    #[inline]
    pub fn sum(&self) -> i64 {
        i64::try_from(self.total()).unwrap_or(i64::MAX)
    }

    #[inline]
    pub(super) fn total(&self) -> u128 {
        self.0.iter().map(|(_, entry)| u128::from(*entry)).sum()
    }

    #[must_use]
    #[inline]
    pub fn entries(&self) -> Vec<(Origin, i64, i64)> {
        let entry = |(origin, entry): (&Origin, &u64)| (*origin, (*entry).min(MOST) as i64, 0);
        self.0.iter().map(entry).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::state::letters::origin;

    #[test]
    fn to_merge_takes_the_greater_entry_and_not_the_sum() {
        // E4: 42 and 45 come to 87, and stay 87.
        let (mut a, b) = (GCounter::of(origin('A'), 42), GCounter::of(origin('B'), 45));
        for _ in 0..3 {
            a.join(&b);
            assert_eq!(a.sum(), 87);
        }
        assert!(!a.join(&GCounter::of(origin('A'), 41)));
        assert_eq!(a.entries(), [(origin('A'), 42, 0), (origin('B'), 45, 0)]);
    }

    #[test]
    fn it_goes_neither_down_nor_beyond_what_a_value_holds() {
        let mut counter = GCounter::default();
        assert!(counter.add(origin('A'), -1).is_err());
        counter.add(origin('A'), i64::MAX - 1).unwrap();
        assert_eq!(counter.add(origin('B'), 2), Err(OperationError::Overflow));
        assert_eq!(counter.add(origin('B'), 1).map(|delta| delta.sum()), Ok(1));
        // Concurrent additions can still exceed the range.
        counter.join(&GCounter::of(origin('C'), 5));
        assert_eq!(counter.sum(), i64::MAX);
    }
}
