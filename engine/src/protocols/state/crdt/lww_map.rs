//! A map in which the last write of each key wins. A key that was taken away stays as a write of nothing,
//! or an older write would bring it back.

use std::sync::Arc;

use serde::Serialize;

use super::Stamp;
use super::lww_register::Written;
use crate::common::value::Value;
use crate::map::Map;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LwwMap(Map<Arc<str>, Written>);

impl LwwMap {
    /// Puts a value under the key, or takes the key away.
    #[inline]
    pub fn write(&mut self, stamp: Stamp, key: &Arc<str>, value: Option<&Value>) -> Self {
        let delta = Self([(key.clone(), Written::new(stamp, value))].into_iter().collect());
        self.join(&delta);
        delta
    }

    #[inline]
    pub fn join(&mut self, other: &Self) -> bool {
        self.0.join(&other.0, |_| true, |_| true, Written::join)
    }

    /// The writes by key, also of keys that were taken away.
    #[inline]
    pub fn writes(&self) -> impl Iterator<Item = (&Arc<str>, &Written)> {
        self.0.iter()
    }

    /// A map of the keys that are there.
    #[must_use]
    #[inline]
    pub fn value(&self) -> Value {
        let there =
            |(key, written): (&Arc<str>, &Written)| Some((key.clone(), written.value.clone()?));
        Value::Map(Arc::new(self.0.iter().filter_map(there).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::state::letters::{map, number, stamp};

    #[test]
    fn a_key_that_was_taken_away_does_not_come_back() {
        let (a, b) = (&"a".into(), &"b".into());
        let mut one = LwwMap::default();
        one.write(stamp("A1", 1), a, Some(&number(1)));
        let mut other = one.clone();
        one.write(stamp("A2", 2), a, None);
        one.write(stamp("A3", 3), b, Some(&number(3)));
        other.write(stamp("B1", 2), b, Some(&number(2)));
        let before = other.clone();
        other.join(&one);
        one.join(&before);
        assert_eq!(one, other);
        assert_eq!(one.value(), map(&[("b", number(3))]));
        assert_eq!(one.writes().count(), 2, "the removal is still known");
        one.write(stamp("B2", 4), a, Some(&number(4)));
        assert_eq!(one.value(), map(&[("a", number(4)), ("b", number(3))]));
    }
}
