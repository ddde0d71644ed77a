//! A register that keeps concurrent values: a write replaces what its writer had seen, and what two
//! write at once stays side by side (Shapiro et al. 2011, §3.2.2).

use serde::Serialize;

use super::dotted::Dotted;
use super::g_set::GSet;
use crate::common::value::Value;
use crate::protocols::state::clock::Origin;

/// A value for each write that none of the others had seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MvRegister(Dotted);

impl MvRegister {
    #[inline]
    pub fn set(&mut self, origin: Origin, value: &Value) -> Self {
        Self(self.0.replace(|_| true, Some((origin, value))))
    }

    #[inline]
    pub fn join(&mut self, other: &Self) -> bool {
        self.0.join(&other.0)
    }

    /// The concurrent values, in the order of their dots.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = &Value> {
        self.0.values()
    }

    /// The value; a sorted list of the concurrent ones if they differ; null before the first write.
    #[must_use]
    #[inline]
    pub fn value(&self) -> Value {
        let different: GSet = self.0.values().cloned().collect();
        let mut values = different.iter();
        match (values.next(), values.next()) {
            (None, _) => Value::Null,
            (Some(value), None) => value.clone(),
            _ => different.value(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::state::letters::{list, number, origin};

    #[test]
    fn concurrent_values_stay_until_one_who_saw_them_writes() {
        let (mut a, mut b) = (MvRegister::default(), MvRegister::default());
        assert_eq!(a.value(), Value::Null);
        a.set(origin('A'), &number(2));
        b.set(origin('B'), &number(1));
        let old = a.clone();
        a.join(&b);
        b.join(&old);
        assert_eq!(a, b);
        assert_eq!(a.value(), list([1, 2].map(number)));
        a.set(origin('A'), &number(3));
        b.join(&a);
        b.join(&old);
        assert_eq!(b.value(), number(3));
    }

    #[test]
    fn two_that_write_the_same_agree() {
        let (mut a, mut b) = (MvRegister::default(), MvRegister::default());
        a.set(origin('A'), &number(7));
        b.set(origin('B'), &number(7));
        a.join(&b);
        assert_eq!(a.value(), number(7));
        assert_eq!(a.iter().count(), 2);
    }
}
