//! Dots name writes, vector clocks say which writes were known.

use std::cmp::Ordering;

use serde::Serialize;

use crate::map::{Iter, Map};
use crate::sim::AgentId;

/// A name under which dots and counter entries are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Origin {
    pub agent: AgentId,
    /// How often the agent has begun anew without its memory, so that no dot is used twice.
    pub life: u32,
}

/// A write of an origin. No two writes have the same dot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Dot {
    pub origin: Origin,
    /// From 1.
    pub sequence: u64,
}

/// Per origin a number that only grows: of a clock the last sequence that was known, and all before it
/// (Fidge 1988, Mattern 1989). Who has 0 is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct VectorClock(Map<Origin, u64>);

/// How what was known at one write stands to what was known at another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Causality {
    Equal,
    /// All that the first knew the second knew, and more.
    Before,
    After,
    /// Each knew something the other did not.
    Concurrent,
}

impl VectorClock {
    #[must_use]
    pub const fn new() -> Self {
        Self(Map::new())
    }

    /// 0 for an origin of which nothing is known.
    #[must_use]
    pub fn get(&self, origin: Origin) -> u64 {
        self.0.get(&origin).copied().unwrap_or(0)
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// By origin.
    pub fn iter(&self) -> Iter<'_, Origin, u64> {
        self.0.iter()
    }

    /// The dot, and all before it of the same origin, are known from now on.
    pub fn set_at_least(&mut self, dot: Dot) {
        match self.0.get_mut(&dot.origin) {
            Some(sequence) => *sequence = dot.sequence.max(*sequence),
            None if dot.sequence == 0 => {}
            None => drop(self.0.insert(dot.origin, dot.sequence)),
        }
    }

    /// The greater of each origin's numbers. Gives whether anything was new.
    pub fn join(&mut self, other: &Self) -> bool {
        self.0.join(
            &other.0,
            |_| true,
            |_| true,
            |own, other| {
                let is_new = *other > *own;
                *own = (*own).max(*other);
                is_new
            },
        )
    }

    /// Whether the dot is known.
    #[must_use]
    pub fn covers(&self, dot: Dot) -> bool {
        dot.sequence <= self.get(dot.origin)
    }

    /// Whether all that the other knows is known.
    #[must_use]
    pub fn covers_all(&self, other: &Self) -> bool {
        matches!(self.compare(other), Causality::Equal | Causality::After)
    }

    /// How this stands to the other.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Causality {
        let (mut more, mut less) = (false, false);
        let (mut own, mut theirs) = (self.iter().peekable(), other.iter().peekable());
        // Both are sorted, and who is missing has 0.
        loop {
            let order = match (own.peek(), theirs.peek()) {
                (Some((own, _)), Some((other, _))) => own.cmp(other),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let sequence = if order.is_le() { own.next() } else { None }.map_or(0, |it| *it.1);
            let other = if order.is_ge() { theirs.next() } else { None }.map_or(0, |it| *it.1);
            more |= sequence > other;
            less |= sequence < other;
        }
        match (more, less) {
            (false, false) => Causality::Equal,
            (false, true) => Causality::Before,
            (true, false) => Causality::After,
            (true, true) => Causality::Concurrent,
        }
    }
}

impl FromIterator<Dot> for VectorClock {
    fn from_iter<I: IntoIterator<Item = Dot>>(dots: I) -> Self {
        let mut clock = Self::new();
        for dot in dots {
            clock.set_at_least(dot);
        }
        clock
    }
}
