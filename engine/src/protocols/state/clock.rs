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

/// A number per origin that only grows. In a clock it is the last sequence that was known, and all before it
/// were known too (Fidge 1988, Mattern 1989). Origins with 0 are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct VectorClock(Map<Origin, u64>);

/// The causal relation of two writes.
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
    #[inline]
    pub const fn new() -> Self {
        Self(Map::new())
    }

    /// 0 for an unknown origin.
    #[must_use]
    #[inline]
    pub fn get(&self, origin: Origin) -> u64 {
        self.0.get(&origin).copied().unwrap_or(0)
    }

    #[must_use]
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[must_use]
    #[inline]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// By origin.
    #[inline]
    pub fn iter(&self) -> Iter<'_, Origin, u64> {
        self.0.iter()
    }

    /// The dot, and all before it of the same origin, are known from now on.
    #[inline]
    pub fn set_at_least(&mut self, dot: Dot) {
        match self.0.get_mut(&dot.origin) {
            Some(sequence) => *sequence = dot.sequence.max(*sequence),
            None if dot.sequence == 0 => {}
            None => drop(self.0.insert(dot.origin, dot.sequence)),
        }
    }

    /// Takes the greater of each origin's numbers. Returns whether anything was new.
    #[inline]
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
    #[inline]
    pub fn covers(&self, dot: Dot) -> bool {
        dot.sequence <= self.get(dot.origin)
    }

    /// Whether all that the other knows is known.
    #[must_use]
    #[inline]
    pub fn covers_all(&self, other: &Self) -> bool {
        matches!(self.compare(other), Causality::Equal | Causality::After)
    }

    /// How this stands to the other.
    #[must_use]
    #[inline]
    pub fn compare(&self, other: &Self) -> Causality {
        let (mut more, mut less) = (false, false);
        let (mut own, mut theirs) = (self.iter().peekable(), other.iter().peekable());
        // Both are sorted, and an origin that is missing has 0.
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
    #[inline]
    fn from_iter<I: IntoIterator<Item = Dot>>(dots: I) -> Self {
        let mut clock = Self::new();
        for dot in dots {
            clock.set_at_least(dot);
        }
        clock
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::state::letters::{clock, dot, origin};

    #[test]
    fn clocks_are_compared_by_what_each_knows() {
        for (one, other, expected) in [
            ("", "", Causality::Equal),
            ("A1", "", Causality::After),
            ("", "B3", Causality::Before),
            ("A2 B1", "A2 B1", Causality::Equal),
            ("A2 B1", "A1 B2", Causality::Concurrent),
            ("A2 B1", "A2 B2", Causality::Before),
            ("A2 C1", "A2", Causality::After),
            ("A1", "B1", Causality::Concurrent),
            ("B1", "A1 B1 C1", Causality::Before),
            ("A1 C9", "B1 C9", Causality::Concurrent),
        ] {
            assert_eq!(clock(one).compare(&clock(other)), expected, "{one} and {other}");
            let covers = matches!(expected, Causality::Equal | Causality::After);
            assert_eq!(clock(one).covers_all(&clock(other)), covers, "{one} and {other}");
        }
    }

    #[test]
    fn the_join_knows_what_either_knows_and_no_more() {
        for (one, other, joined) in [
            ("A2 B1", "A1 B2", "A2 B2"),
            ("", "A1", "A1"),
            ("A1", "", "A1"),
            ("B1", "A1 C1", "A1 B1 C1"),
            ("A1 C3 D1", "B2 C2 E9", "A1 B2 C3 D1 E9"),
        ] {
            let mut clock_of_both = clock(one);
            assert_eq!(clock_of_both.join(&clock(other)), one != joined);
            assert_eq!(clock_of_both, clock(joined), "{one} and {other}");
            assert!(!clock_of_both.join(&clock(other)), "nothing is new the second time");
        }
    }

    #[test]
    fn a_clock_covers_all_up_to_its_dots() {
        let clock = clock("A3 C1");
        assert!(clock.covers(dot("A3")) && clock.covers(dot("A1")));
        assert!(!clock.covers(dot("A4")) && !clock.covers(dot("B1")));
        assert_eq!((clock.get(origin('A')), clock.get(origin('B'))), (3, 0));
    }

    #[test]
    fn a_clock_never_goes_back_and_another_life_is_another_origin() {
        let mut clock = clock("A3");
        clock.set_at_least(dot("A2"));
        clock.set_at_least(Dot { sequence: 0, ..dot("B1") });
        assert_eq!(clock, "A3".split(' ').map(dot).collect());
        let again = Origin { life: 1, ..origin('A') };
        assert!(!clock.covers(Dot { origin: again, sequence: 1 }));
    }
}
