//! The way back: checkpoints spread evenly over the whole run and denser near now, within a cap
//! counted in records. To go back is to restore the nearest one and replay.

use std::sync::Arc;

use crate::sim::{Observer, Process, Simulation};

/// Records all checkpoints of a branch hold together, at most. A record is an agent or something
/// pending, with what belongs to it less than 200 bytes: about 50 MB.
const RECORDS_MAX: usize = 240_000;

/// Every checkpoint costs this many records on top: the queue's slots.
const RECORDS_BASE: usize = 1_500;

/// Near now they are this many times as dense,
const DENSITY: u64 = 16;

/// but at least so many steps apart per record: to save a record takes about as long as a step.
const STEPS_PER_RECORD: u64 = 8;

/// Saved states of a simulation, and which of them is nearest to a place in time.
#[derive(Clone, Debug)]
pub struct Checkpoints<P: Process, O> {
    saved: Vec<Saved<P, O>>,
}

#[derive(Clone, Debug)]
struct Saved<P: Process, O> {
    steps: u64,
    time_us: u64,
    events: u64,
    records: usize,
    state: Arc<Simulation<P, O>>,
}

impl<P: Process, O: Observer<P>> Checkpoints<P, O> {
    /// Starts with the state at the beginning, which is never thinned out.
    #[must_use]
    pub fn new(start: &mut Simulation<P, O>) -> Self {
        let mut checkpoints = Self { saved: Vec::new() };
        checkpoints.save(start);
        checkpoints
    }

    /// How many steps may be taken before the next checkpoint is due.
    #[must_use]
    pub fn steps_to_next(&self, steps: u64) -> u64 {
        self.next_due(steps).saturating_sub(steps).max(1)
    }

    /// The step from which on another checkpoint is due.
    fn next_due(&self, steps: u64) -> u64 {
        let place = self.saved.partition_point(|saved| saved.steps <= steps);
        let Some(last) = place.checked_sub(1).map(|place| &self.saved[place]) else { return 0 };
        let apart = (self.interval() / DENSITY).max(last.records as u64 * STEPS_PER_RECORD);
        last.steps + apart
    }

    /// Saves the state if one is due here.
    pub fn consider(&mut self, state: &mut Simulation<P, O>) {
        let steps = state.steps();
        if self.next_due(steps) <= steps {
            self.save(state);
            self.thin_out(steps);
        }
    }

    fn save(&mut self, state: &mut Simulation<P, O>) {
        let place = self.saved.partition_point(|saved| saved.steps <= state.steps());
        let saved = Saved {
            steps: state.steps(),
            time_us: state.now_us(),
            events: state.trace.len(),
            records: state.records(),
            state: Arc::new(state.checkpoint()),
        };
        self.saved.insert(place, saved);
    }

    /// The steps between two of them, if all were as far apart.
    fn interval(&self) -> u64 {
        let steps = self.saved.last().map_or(0, |saved| saved.steps);
        steps / self.saved.len().max(1) as u64
    }

    /// Makes room, one at a time so that memory stays flat: the one between the two neighbours that are
    /// nearest to each other goes, as it is missed least. The first and the last stay, and a gap counts for
    /// more in the last interval before `now`.
    fn thin_out(&mut self, now: u64) {
        while self.saved.len() > 2 && self.cost() > RECORDS_MAX {
            let near = now.saturating_sub(self.interval())..=now;
            let weight =
                |saved: &Saved<P, O>| if near.contains(&saved.steps) { DENSITY } else { 1 };
            let gaps = self.saved.windows(3).map(|saved| {
                let [before, here, after] = saved else { return u64::MAX };
                (after.steps - before.steps).saturating_mul(weight(here))
            });
            let least = gaps.enumerate().min_by_key(|&(_, gap)| gap);
            let Some((place, _)) = least else { return };
            self.saved.remove(place + 1);
        }
    }

    fn cost(&self) -> usize {
        let (count, records) = self.size();
        records + count * RECORDS_BASE
    }

    /// The latest state that `is_past` does not rule out.
    fn latest(&self, is_past: impl Fn(&Saved<P, O>) -> bool) -> Option<&Simulation<P, O>> {
        let place = self.saved.partition_point(|saved| !is_past(saved));
        place.checked_sub(1).map(|place| &*self.saved[place].state)
    }

    #[must_use]
    pub fn before_step(&self, steps: u64) -> Option<&Simulation<P, O>> {
        self.latest(|saved| saved.steps > steps)
    }

    /// A state that is neither past these steps nor past this time: time goes on without steps too.
    #[must_use]
    pub fn before_place(&self, steps: u64, time_us: u64) -> Option<&Simulation<P, O>> {
        self.latest(|saved| saved.steps > steps || saved.time_us > time_us)
    }

    /// A state from which everything up to and including `time_us` can be replayed.
    #[must_use]
    pub fn before_time(&self, time_us: u64) -> Option<&Simulation<P, O>> {
        self.latest(|saved| saved.time_us > time_us)
    }

    /// A state in which the event has not happened yet.
    #[must_use]
    pub fn before_event(&self, event: u64) -> Option<&Simulation<P, O>> {
        self.latest(|saved| saved.events > event)
    }

    /// Forgets what lies after these steps: a branch starts there.
    pub fn truncate(&mut self, steps: u64) {
        self.saved.retain(|saved| saved.steps <= steps);
    }

    /// How many there are, and how many records they hold together.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.saved.len(), self.saved.iter().map(|saved| saved.records).sum())
    }
}
