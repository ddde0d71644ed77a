//! Which dots were seen. States that travel whole have no gaps, and a clock says it all; a delta can
//! come before the one it follows, and its dots wait in a cloud until the gap is closed (Almeida, Shoker
//! & Baquero 2018, §7.2).

use serde::Serialize;

use crate::coordination::state::clock::{Dot, Origin, VectorClock};
use crate::map::Map;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Context {
    /// All dots up to these.
    without_gaps: VectorClock,
    /// Dots behind a gap.
    cloud: Map<Dot, ()>,
}

impl Context {
    #[must_use]
    pub fn covers(&self, dot: Dot) -> bool {
        self.without_gaps.covers(dot) || self.cloud.contains_key(&dot)
    }

    /// The next dot of the origin. Only the origin itself may ask: it has seen all its own.
    #[must_use]
    pub fn next(&self, origin: Origin) -> Dot {
        let own = self.cloud.keys().filter(|dot| dot.origin == origin);
        let last = own.map(|dot| dot.sequence).max().unwrap_or(0);
        Dot { origin, sequence: last.max(self.without_gaps.get(origin)) + 1 }
    }

    /// The dot has been seen.
    pub fn add(&mut self, dot: Dot) {
        if !self.covers(dot) {
            self.cloud.insert(dot, ());
            self.fold();
        }
    }

    /// Gives whether anything was new.
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
