//! A value of a key, with all that is needed to say how it stands to others (S1).

use std::cmp::Ordering;

use serde::Serialize;

use super::clock::{Dot, VectorClock};
use super::crdt::Crdt;
use super::resolve::Decider;
use crate::common::value::Value;
use crate::sim::LocalTime;

/// The version of a key that a write made. The key is that of the map it lies in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StateVersion {
    pub value: Value,
    /// For display: one more than that of the version before; in merges the greatest.
    pub version: u64,
    /// By the writer's own clock.
    pub time_us: LocalTime,
    /// The write.
    pub dot: Dot,
    /// The writes that were known when it was written, and the write itself.
    pub clock: VectorClock,
    /// The state of the replicated type, if the key has one; `value` is then its value.
    pub crdt: Option<Crdt>,
}

impl StateVersion {
    /// The order in which the last write wins: by time, agent, sequence (within an agent first by its
    /// life) and value, and what decided it.
    #[must_use]
    pub fn compare(&self, other: &Self) -> (Ordering, Decider) {
        let (own, others) = (self.dot, other.dot);
        let sequence = |dot: Dot| (dot.origin.life, dot.sequence);
        let order = self.time_us.cmp(&other.time_us);
        if order.is_ne() {
            return (order, Decider::Time);
        }
        let order = own.origin.agent.cmp(&others.origin.agent);
        if order.is_ne() {
            return (order, Decider::Agent);
        }
        let order = sequence(own).cmp(&sequence(others));
        if order.is_ne() {
            return (order, Decider::Sequence);
        }
        (self.value.cmp(&other.value), Decider::Value)
    }

    /// Whether this is the last write of both.
    #[must_use]
    pub fn wins(&self, other: &Self) -> bool {
        self.compare(other).0.is_gt()
    }

    /// Takes the time and the dot of the later of both.
    pub(super) fn date(&mut self, time_us: LocalTime, dot: Dot) {
        (self.time_us, self.dot) = (self.time_us, self.dot).max((time_us, dot));
    }
}
