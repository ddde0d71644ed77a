//! Which dots were seen. States that travel whole have no gaps, and a clock says it all; a delta can
//! come before the one it follows, and its dots wait in a cloud until the gap is closed (Almeida, Shoker
//! & Baquero 2018, §7.2).

use serde::Serialize;

use crate::map::Map;
use crate::protocols::state::clock::{Dot, Origin, VectorClock};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Context {
    /// All dots up to these.
    without_gaps: VectorClock,
    /// Dots behind a gap.
    cloud: Map<Dot, ()>,
}

impl Context {
    #[must_use]
    #[inline]
    pub fn covers(&self, dot: Dot) -> bool {
        self.without_gaps.covers(dot) || self.cloud.contains_key(&dot)
    }

    /// The next dot of the origin. Only the origin itself may ask: it has seen all its own.
    #[must_use]
    #[inline]
    pub fn next(&self, origin: Origin) -> Dot {
        let own = self.cloud.keys().filter(|dot| dot.origin == origin);
        let last = own.map(|dot| dot.sequence).max().unwrap_or(0);
        Dot { origin, sequence: last.max(self.without_gaps.get(origin)) + 1 }
    }

    /// The dot has been seen.
    #[inline]
    pub fn add(&mut self, dot: Dot) {
        if !self.covers(dot) {
            self.cloud.insert(dot, ());
            self.fold();
        }
    }

    /// Gives whether anything was new.
    #[inline]
    pub fn join(&mut self, other: &Self) -> bool {
        let changed = self.without_gaps.join(&other.without_gaps);
        if self.cloud.is_empty() && other.cloud.is_empty() {
            return changed;
        }
        let clock = &self.without_gaps;
        let came =
            self.cloud.join(&other.cloud, |_| true, |dot| !clock.covers(*dot), |(), ()| false);
        self.fold();
        changed | came
    }

    /// Takes into the clock what has no gap before it any more.
    #[inline]
    fn fold(&mut self) {
        let mut cloud = Map::new();
        // By origin and sequence, so that each dot meets the one before it in the clock.
        for (dot, ()) in &self.cloud {
            let known = self.without_gaps.get(dot.origin);
            if dot.sequence == known + 1 {
                self.without_gaps.set_at_least(*dot);
            } else if dot.sequence > known {
                cloud.insert(*dot, ());
            }
        }
        self.cloud = cloud;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::state::letters::{clock, dot, origin};

    fn seen(dots: &str) -> Context {
        let mut context = Context::default();
        dots.split_whitespace().for_each(|text| context.add(dot(text)));
        context
    }

    #[test]
    fn dots_behind_a_gap_wait_until_it_is_closed() {
        let mut context = seen("A1 A3 A4 B2");
        assert_eq!(context.without_gaps, clock("A1"));
        assert!(context.covers(dot("A4")) && !context.covers(dot("A2")));
        assert!(!context.covers(dot("B1")));
        context.add(dot("A2"));
        assert_eq!(context.without_gaps, clock("A4"));
        assert_eq!(context.cloud.keys().collect::<Vec<_>>(), [&dot("B2")]);
        context.add(dot("B1"));
        assert_eq!(context, seen("B1 B2 A1 A2 A3 A4"));
        assert!(context.cloud.is_empty());
    }

    #[test]
    fn contexts_join_in_any_order_and_say_what_was_new() {
        for (one, other, both) in [
            ("A1", "A2", "A1 A2"),
            ("A2", "A1", "A1 A2"),
            ("A3", "A1 A2", "A1 A2 A3"),
            ("A1 A2 A3", "A2", "A1 A2 A3"),
            ("A5 B1", "A1 A3 B2", "A1 A3 A5 B1 B2"),
        ] {
            let mut joined = seen(one);
            assert_eq!(joined.join(&seen(other)), one != both, "{one} and {other}");
            assert_eq!(joined, seen(both), "{one} and {other}");
            assert!(!joined.join(&seen(other)));
        }
    }

    #[test]
    fn the_next_dot_is_behind_all_that_were_seen() {
        assert_eq!(seen("").next(origin('A')), dot("A1"));
        assert_eq!(seen("A1 A2 B7").next(origin('A')), dot("A3"));
        assert_eq!(seen("A1 A5").next(origin('A')), dot("A6"));
    }
}
