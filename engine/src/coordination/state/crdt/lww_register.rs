//! A register in which the last write wins, in a total order: by time, agent, sequence and value. With the
//! time alone, or time and agent, replicas would keep different values of a tie.

use serde::Serialize;

use super::Stamp;
use crate::coordination::state::clock::Dot;
use crate::coordination::state::value::Value;

/// The last write, if there was one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LwwRegister(Option<Written>);

/// A write, and its place in the order of all writes: that of its fields.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Written {
    /// By the writer's own clock.
    pub time_us: u64,
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
    pub fn join(&mut self, other: &Self) -> bool {
        let is_later = other > self;
        if is_later {
            self.clone_from(other);
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
