//! A register in which the last write wins, in a total order: by time, agent, sequence and value. With the
//! time alone, or time and agent, replicas would keep different values of a tie.

use serde::Serialize;

use super::Stamp;
use crate::common::value::Value;
use crate::protocols::state::clock::Dot;
use crate::sim::LocalTime;

/// The last write, if there was one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LwwRegister(Option<Written>);

/// A write, and its place in the order of all writes: that of its fields.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Written {
    /// By the writer's own clock.
    pub time_us: LocalTime,
    pub dot: Dot,
    /// Nothing, where a key of a map was taken away.
    pub value: Option<Value>,
}

impl Written {
    #[must_use]
    pub fn new(stamp: Stamp, value: Option<&Value>) -> Self {
        Self { time_us: stamp.time_us, dot: stamp.dot, value: value.cloned() }
    }

    /// The later of both; gives whether that is the other.
    #[inline]
    pub fn join(&mut self, other: &Self) -> bool {
        // Mostly the values need not be looked at.
        let (own, its) = ((self.time_us, self.dot), (other.time_us, other.dot));
        let is_later = own < its || own == its && self.value < other.value;
        if is_later {
            *self = other.clone();
        }
        is_later
    }
}

impl LwwRegister {
    /// A write by a clock that is behind changes nothing.
    pub fn set(&mut self, stamp: Stamp, value: &Value) -> Self {
        let delta = Self(Some(Written::new(stamp, Some(value))));
        self.join(&delta);
        delta
    }

    #[inline]
    pub fn join(&mut self, other: &Self) -> bool {
        match (&mut self.0, &other.0) {
            (Some(own), Some(other)) => own.join(other),
            (None, Some(other)) => {
                self.0 = Some(other.clone());
                true
            }
            (_, None) => false,
        }
    }

    /// Null before the first write.
    #[must_use]
    pub fn value(&self) -> Value {
        self.0.as_ref().and_then(|written| written.value.clone()).unwrap_or(Value::Null)
    }

    #[must_use]
    pub const fn written(&self) -> Option<&Written> {
        self.0.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::state::letters::{number, stamp};

    #[test]
    fn ties_are_broken_by_agent_then_sequence_then_value() {
        for (earlier, later) in [
            (("B1", 4, 9), ("A1", 5, 1)),
            (("A1", 5, 9), ("B1", 5, 1)),
            (("A1", 5, 9), ("A2", 5, 1)),
            (("A1", 5, 1), ("A1", 5, 9)),
        ] {
            let written = |(dot, time_us, value): (&str, u64, i64)| {
                let mut register = LwwRegister::default();
                register.set(stamp(dot, time_us), &number(value));
                register
            };
            let (earlier, later) = (written(earlier), written(later));
            let (mut one, mut other) = (earlier.clone(), later.clone());
            assert!(one.join(&later) && !other.join(&earlier));
            assert_eq!((&one, &other), (&later, &later));
        }
    }

    #[test]
    fn a_write_by_a_clock_that_is_behind_changes_nothing() {
        let mut register = LwwRegister::default();
        assert_eq!(register.value(), Value::Null);
        register.set(stamp("A1", 10), &number(1));
        register.set(stamp("B1", 9), &number(2));
        assert_eq!(register.value(), number(1));
    }
}
