//! A set in which adding wins over removing: a removal takes away only what its writer had seen, and
//! nothing is kept of what was removed (Bieniusa et al. 2012, *An optimized conflict-free replicated
//! set*).

use serde::Serialize;

use super::dotted::Dotted;
use super::g_set::GSet;
use crate::common::value::Value;
use crate::protocols::state::clock::Origin;

/// A value is in the set as long as one of the dots under which it was inserted is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OrSet(Dotted);

impl OrSet {
    #[inline]
    pub fn insert(&mut self, origin: Origin, value: &Value) -> Self {
        Self(self.0.replace(|other| other == value, Some((origin, value))))
    }

    /// Removes the value as far as it was seen here. Removing a value that is not there changes nothing.
    #[inline]
    pub fn remove(&mut self, value: &Value) -> Self {
        Self(self.0.replace(|other| other == value, None))
    }

    #[inline]
    pub fn join(&mut self, other: &Self) -> bool {
        self.0.join(&other.0)
    }

    #[must_use]
    #[inline]
    pub fn contains(&self, value: &Value) -> bool {
        self.0.values().any(|other| other == value)
    }

    /// A sorted list.
    #[must_use]
    #[inline]
    pub fn value(&self) -> Value {
        self.0.values().cloned().collect::<GSet>().value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::state::letters::{list, number, origin};

    fn merged(one: &OrSet, other: &OrSet) -> OrSet {
        let mut both = one.clone();
        both.join(other);
        both
    }

    #[test]
    fn adding_wins_over_a_removal_that_had_not_seen_it() {
        let x = number(1);
        let mut a = OrSet::default();
        a.insert(origin('A'), &x);
        let mut b = a.clone();
        a.insert(origin('A'), &x);
        b.remove(&x);
        assert!(!b.contains(&x));
        assert!(merged(&a, &b).contains(&x), "b has seen an older one only");
        assert_eq!(merged(&a, &b), merged(&b, &a));
    }

    #[test]
    fn what_was_seen_and_removed_stays_away() {
        let x = number(1);
        let mut a = OrSet::default();
        a.insert(origin('A'), &x);
        let old = a.clone();
        let mut b = a.clone();
        b.remove(&x);
        assert!(!merged(&old, &b).contains(&x) && !merged(&b, &old).contains(&x));
    }

    #[test]
    fn two_that_insert_the_same_have_it_once() {
        let x = number(1);
        let (mut a, mut b) = (OrSet::default(), OrSet::default());
        a.insert(origin('A'), &x);
        b.insert(origin('B'), &x);
        let mut both = merged(&a, &b);
        assert_eq!(both.value(), list([x.clone()]));
        both.remove(&x);
        assert_eq!(merged(&both, &merged(&a, &b)).value(), list([]));
        assert_eq!(both.remove(&x), OrSet::default(), "nothing is there to be removed");
    }
}
