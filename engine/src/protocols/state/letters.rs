//! Short names for tests: `A3` is the third dot of agent A.

use super::clock::{Dot, Origin, VectorClock};
use super::crdt::Stamp;
pub use crate::common::value::letters::{list, map, number};
use crate::sim::{AgentId, LocalTime};

pub fn origin(letter: char) -> Origin {
    Origin { agent: AgentId(letter as u32 - 'A' as u32), life: 0 }
}

pub fn dot(text: &str) -> Dot {
    let sequence = text[1..].parse().unwrap();
    Dot { origin: origin(text.chars().next().unwrap()), sequence }
}

/// A clock from the names of dots, with spaces between them.
pub fn clock(text: &str) -> VectorClock {
    text.split_whitespace().map(dot).collect()
}

pub fn stamp(text: &str, time_us: u64) -> Stamp {
    Stamp { dot: dot(text), time_us: LocalTime(0).after(time_us) }
}
