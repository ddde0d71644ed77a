//! Short names for tests: `A3` is the third dot of agent A.

use super::clock::{Dot, Origin, VectorClock};
use super::crdt::Stamp;
use super::value::Value;
use crate::sim::{AgentId, LocalTime};

pub fn origin(letter: char) -> Origin {
    Origin { agent: AgentId(letter as u32 - 'A' as u32), life: 0 }
}

pub fn dot(text: &str) -> Dot {
    let sequence = text[1..].parse().unwrap();
    Dot { origin: origin(text.chars().next().unwrap()), sequence }
}

/// Of dots with spaces between them.
pub fn clock(text: &str) -> VectorClock {
    text.split_whitespace().map(dot).collect()
}

pub fn stamp(text: &str, time_us: u64) -> Stamp {
    Stamp { dot: dot(text), time_us: LocalTime(0).after(time_us) }
}

pub fn number(number: i64) -> Value {
    Value::integer(number).unwrap()
}

pub fn list(values: impl IntoIterator<Item = Value>) -> Value {
    Value::List(values.into_iter().collect())
}

pub fn map(entries: &[(&str, Value)]) -> Value {
    let entries = entries.iter().map(|(key, value)| ((*key).into(), value.clone()));
    Value::Map(std::sync::Arc::new(entries.collect()))
}
