//! Values that live as long as their dots, with the context of all dots that were ever seen. A dot that
//! one replica has seen and does not hold was taken away there; one that it has not seen is new. So
//! removals need no tombstones (Bieniusa et al. 2012; the *dot store* of Almeida, Shoker & Baquero 2018).

use serde::Serialize;

use super::context::Context;
use crate::common::value::Value;
use crate::map::Map;
use crate::protocols::state::clock::{Dot, Origin};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Dotted {
    values: Map<Dot, Value>,
    seen: Context,
}

impl Dotted {
    /// Takes away the values that are `old` and puts in a new one under a new dot of its origin. Gives the
    /// delta: the new value, and all dots it is about as seen.
    #[inline]
    pub fn replace(&mut self, old: impl Fn(&Value) -> bool, new: Option<(Origin, &Value)>) -> Self {
        let mut delta = Self::default();
        for (dot, value) in &self.values {
            if old(value) {
                delta.seen.add(*dot);
            }
        }
        if let Some((origin, value)) = new {
            let dot = self.seen.next(origin);
            delta.seen.add(dot);
            delta.values.insert(dot, value.clone());
        }
        self.join(&delta);
        delta
    }

    /// Keeps the dots that both hold, and those that only one holds and the other has not seen.
    #[inline]
    pub fn join(&mut self, other: &Self) -> bool {
        let (seen, others_seen) = (&self.seen, &other.seen);
        let changed = self.values.join(
            &other.values,
            |dot| !others_seen.covers(*dot),
            |dot| !seen.covers(*dot),
            // A dot has one value. Should a faulty writer have used it twice, all take the same.
            |own, other| {
                let is_greater = *other > *own;
                if is_greater {
                    own.clone_from(other);
                }
                is_greater
            },
        );
        self.seen.join(&other.seen) | changed
    }

    /// In the order of their dots.
    #[inline]
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.values.iter().map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::state::letters::{number, origin};

    fn put(dotted: &mut Dotted, letter: char, value: i64) -> Dotted {
        let value = number(value);
        dotted.replace(|old| *old == value, Some((origin(letter), &value)))
    }

    #[test]
    fn a_delta_that_comes_early_waits_for_none() {
        let (mut a, mut b) = (Dotted::default(), Dotted::default());
        let deltas = [put(&mut a, 'A', 1), put(&mut a, 'A', 2), a.replace(|_| true, None)];
        assert_eq!(a.values().count(), 0);
        for delta in deltas.iter().rev() {
            b.join(delta);
            assert_eq!(b.values().count(), 0, "its removal was there before");
        }
        assert_eq!(a, b);
    }

    #[test]
    fn nothing_is_kept_of_what_was_removed() {
        let mut dotted = Dotted::default();
        put(&mut dotted, 'A', 0);
        let small = postcard::to_allocvec(&dotted).unwrap().len();
        for value in 1..100 {
            dotted.replace(|_| true, None);
            put(&mut dotted, 'A', value % 10);
        }
        let bytes = postcard::to_allocvec(&dotted).unwrap().len();
        assert!(bytes <= small + 3, "{bytes} bytes after 100 values, {small} after one");
    }

    #[test]
    fn a_dot_that_was_used_twice_has_one_value_everywhere() {
        let (mut a, mut b) = (Dotted::default(), Dotted::default());
        put(&mut a, 'A', 1);
        put(&mut b, 'A', 2);
        let (one, other) = (a.clone(), b.clone());
        a.join(&other);
        b.join(&one);
        assert_eq!(a, b);
    }
}
