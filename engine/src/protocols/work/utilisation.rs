//! How much agents carry of what they can, over time: the least of all, the mean and the most (W7). Samples are few, however
//! long a run is: each is the state at its time, and no change between two of them is drawn as if it had lasted.

/// So many samples at most. Then every second one goes, and the next are twice as far apart.
const SAMPLES_MAX: usize = 200;
/// The first are so far apart, in microseconds of the run.
const APART_US: u64 = 1_000;

/// The state at one time, in thousandths of what each agent can carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    pub time_us: u64,
    pub least: u32,
    pub most: u32,
    /// The sum over all agents.
    pub sum: u64,
    /// How many agents have carried anything so far: the others stand at 0.
    pub agents: u32,
}

impl Sample {
    /// Of these shares.
    #[must_use]
    pub fn of(time_us: u64, shares: impl Iterator<Item = u32>) -> Self {
        let mut sample = Self { time_us, least: u32::MAX, ..Self::default() };
        for share in shares {
            sample.least = sample.least.min(share);
            sample.most = sample.most.max(share);
            sample.sum += u64::from(share);
            sample.agents += 1;
        }
        if sample.agents == 0 {
            sample.least = 0;
        }
        sample
    }

    /// The least, the mean and the most, where there are so many agents.
    #[must_use]
    pub fn among(&self, agents: u32) -> [u32; 3] {
        let least = if self.agents < agents { 0 } else { self.least };
        let mean = self.sum.checked_div(u64::from(agents.max(self.agents))).unwrap_or(0);
        [least, u32::try_from(mean).unwrap_or(u32::MAX), self.most]
    }
}

/// The samples so far.
#[derive(Clone, Debug)]
pub struct Utilisation {
    samples: Vec<Sample>,
    apart_us: u64,
    /// Something has changed since the last one.
    is_stale: bool,
}

impl Default for Utilisation {
    fn default() -> Self {
        Self { samples: Vec::new(), apart_us: APART_US, is_stale: false }
    }
}

impl Utilisation {
    #[must_use]
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// When the next may be taken.
    #[inline]
    fn due_us(&self) -> u64 {
        self.samples.last().map_or(0, |last| last.time_us + self.apart_us)
    }

    /// The loads will change at this time: they have stood as they are since the last change.
    #[inline]
    pub fn before_change(&mut self, time_us: u64, sample: impl FnOnce(u64) -> Sample) {
        let due_us = self.due_us();
        if self.is_stale && due_us < time_us {
            self.take(sample(due_us));
        }
    }

    /// The loads have changed.
    #[inline]
    pub fn after_change(&mut self, time_us: u64, sample: impl FnOnce(u64) -> Sample) {
        self.is_stale = true;
        if time_us >= self.due_us() {
            self.take(sample(time_us));
        }
    }

    fn take(&mut self, sample: Sample) {
        self.is_stale = false;
        self.samples.push(sample);
        if self.samples.len() > SAMPLES_MAX {
            let mut is_kept = false;
            self.samples.retain(|_| {
                is_kept = !is_kept;
                is_kept
            });
            self.apart_us *= 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One agent whose share changes at these times, in microseconds.
    fn course(changes: &[(u64, u32)]) -> Utilisation {
        let mut course = Utilisation::default();
        let mut share = 0;
        for (time_us, next) in changes {
            course.before_change(*time_us, |at_us| Sample::of(at_us, [share].into_iter()));
            share = *next;
            course.after_change(*time_us, |at_us| Sample::of(at_us, [share].into_iter()));
        }
        course
    }

    fn check(changes: &[(u64, u32)], expected: &[(u64, u32)]) {
        let found = course(changes);
        let found: Vec<_> = found.samples().iter().map(|it| (it.time_us, it.most)).collect();
        assert_eq!(found, expected, "{changes:?}");
    }

    #[test]
    fn a_state_that_lasts_is_seen_whatever_came_just_before_it() {
        check(&[], &[]);
        check(&[(5, 100), (5_000, 200)], &[(5, 100), (5_000, 200)]);
        // What stood only for a moment is not drawn as if it had stood until the next sample.
        check(&[(0, 100), (10, 700), (20, 300), (9_000, 0)], &[(0, 100), (1_000, 300), (9_000, 0)]);
        check(&[(0, 100), (999, 200)], &[(0, 100)]);
    }

    #[test]
    fn samples_are_few_and_in_order_however_long_it_takes() {
        let changes: Vec<(u64, u32)> = (0..100_000).map(|it| (it * 700, it as u32 % 7)).collect();
        let found = course(&changes);
        assert!((SAMPLES_MAX / 2..=SAMPLES_MAX).contains(&found.samples().len()));
        assert!(found.samples().is_sorted_by_key(|it| it.time_us));
        let last_us = found.samples().last().map_or(0, |it| it.time_us);
        assert!(last_us > 69_000_000, "{last_us}");
        assert!(found.samples().iter().all(|it| it.time_us == 0 || it.agents == 1));
    }

    #[test]
    fn agents_that_never_carried_anything_count_as_idle() {
        let sample = Sample::of(7, [200, 1_000, 300].into_iter());
        assert_eq!(sample.among(3), [200, 500, 1_000]);
        assert_eq!(sample.among(5), [0, 300, 1_000]);
        assert_eq!(Sample::of(7, [].into_iter()).among(0), [0; 3]);
    }
}
