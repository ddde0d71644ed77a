//! A set that only grows: to merge is to unite.

use serde::Serialize;

use crate::common::value::Value;
use crate::map::Map;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GSet(Map<Value, ()>);

impl GSet {
    #[inline]
    pub fn insert(&mut self, value: &Value) -> Self {
        self.0.insert(value.clone(), ());
        [value.clone()].into_iter().collect()
    }

    #[inline]
    pub fn join(&mut self, other: &Self) -> bool {
        self.0.join(&other.0, |_| true, |_| true, |(), ()| false)
    }

    #[must_use]
    #[inline]
    pub fn contains(&self, value: &Value) -> bool {
        self.0.contains_key(value)
    }

    /// Sorted.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = &Value> {
        self.0.keys()
    }

    /// A sorted list.
    #[must_use]
    #[inline]
    pub fn value(&self) -> Value {
        Value::List(self.0.keys().cloned().collect())
    }
}

impl FromIterator<Value> for GSet {
    #[inline]
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Self {
        Self(values.into_iter().map(|value| (value, ())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::state::letters::{list, number};

    #[test]
    fn to_merge_is_to_unite_and_the_list_is_sorted() {
        let mut a: GSet = [3, 1].map(number).into_iter().collect();
        let b: GSet = [2, 3, 9].map(number).into_iter().collect();
        assert!(a.join(&b));
        assert_eq!(a.value(), list([1, 2, 3, 9].map(number)));
        assert!(!a.join(&b) && !a.join(&a.clone()));
        assert!(a.contains(&number(9)) && !a.contains(&number(4)));
    }

    #[test]
    fn a_delta_is_what_came() {
        let mut set: GSet = [number(1)].into_iter().collect();
        assert_eq!(set.insert(&number(2)).value(), list([number(2)]));
        assert_eq!(set.value(), list([1, 2].map(number)));
    }
}
