//! A board's book on an agent: what the agent said of itself, what it was awarded, and how that came out.

use std::sync::Arc;

use serde::Serialize;

use crate::protocols::work::task::Task;
use crate::sim::LocalTime;

/// An agent's own words on what it can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    pub skills: Arc<Vec<Arc<str>>>,
    pub domains: Vec<Arc<str>>,
    /// In units of work.
    pub capacity: u32,
    pub healthy: bool,
    /// How much more than others it is to get, 1 to 1000.
    pub weight: u32,
}

impl Told {
    /// Whether the agent could do it if it had nothing else: it is healthy, has one of the skills, works in the domain, and can
    /// carry as much.
    #[must_use]
    #[inline]
    pub fn could(&self, task: &Task) -> bool {
        let fits =
            task.skills.is_empty() || task.skills.iter().any(|skill| self.skills.contains(skill));
        let is_near = task
            .domain
            .as_ref()
            .is_none_or(|domain| self.domains.is_empty() || self.domains.contains(domain));
        self.healthy && fits && is_near && task.load <= self.capacity
    }
}

/// An average that forgets: a value counts half once the half-life has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Average {
    pub value_us: u64,
    pub at_us: LocalTime,
}

impl Average {
    /// With one more sample: avg += (1 − 2^(−Δt ∕ half-life)) · (sample − avg).
    #[must_use]
    #[inline]
    pub fn with(self, sample_us: u64, now_us: LocalTime, half_life_us: u64) -> Self {
        let passed = now_us.since(self.at_us) as f64 / half_life_us.max(1) as f64;
        let kept_ppm = (libm::exp2(-passed) * 1e6) as u64;
        let (kept, new) = (u128::from(kept_ppm), u128::from(1_000_000 - kept_ppm.min(1_000_000)));
        let sum = u128::from(self.value_us) * kept + u128::from(sample_us) * new;
        Self { value_us: (sum / 1_000_000) as u64, at_us: now_us }
    }
}

/// The book on one agent. Nothing in it survives a crash of the board: awards and outcomes follow from the tasks, and the
/// agent is asked again.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// Nothing before the agent has answered the roll call, and after it let a lease end.
    pub told: Option<Arc<Told>>,
    /// It was asked, and has not answered.
    pub is_asked: bool,
    /// Parts that it was awarded and that have not ended, and their units of work.
    pub open: u32,
    pub load: u32,
    pub done: u32,
    pub failed: u32,
    pub average: Option<Average>,
    /// Links between the board and the agent.
    pub hops: u32,
}

impl Book {
    #[must_use]
    #[inline]
    pub fn capacity(&self) -> u32 {
        self.told.as_ref().map_or(0, |told| told.capacity)
    }

    #[must_use]
    #[inline]
    pub fn weight(&self) -> u32 {
        self.told.as_ref().map_or(1, |told| told.weight)
    }

    #[must_use]
    #[inline]
    pub fn skills(&self) -> &[Arc<str>] {
        self.told.as_ref().map_or(&[], |told| &told.skills)
    }

    #[must_use]
    #[inline]
    pub fn average_us(&self) -> Option<u64> {
        self.average.map(|average| average.value_us)
    }

    /// Whether the agent could do it if it had nothing else, as it has said.
    #[must_use]
    #[inline]
    pub fn could(&self, task: &Task) -> bool {
        self.told.as_ref().is_some_and(|told| told.could(task))
    }

    #[must_use]
    #[inline]
    pub fn lacks_any(&self, task: &Task) -> bool {
        task.skills.iter().any(|skill| !self.skills().contains(skill))
    }

    /// The skills of the task that it lacks.
    #[must_use]
    #[inline]
    pub fn lacks(&self, task: &Task) -> Vec<Arc<str>> {
        let own = self.skills();
        task.skills.iter().filter(|skill| !own.contains(skill)).cloned().collect()
    }

    /// Whether it can do it now, beside what it has.
    #[must_use]
    #[inline]
    pub fn can(&self, task: &Task) -> bool {
        self.could(task) && self.load.saturating_add(task.load) <= self.capacity()
    }

    /// A result took so long, from the award to its arrival.
    #[inline]
    pub fn measure(&mut self, took_us: u64, now_us: LocalTime, half_life_us: u64) {
        let first = Average { value_us: took_us, at_us: now_us };
        self.average = Some(match self.average {
            Some(average) => average.with(took_us, now_us, half_life_us),
            None => first,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_forgets_half_in_its_half_life() {
        let average = |passed_us: u64| {
            let old = Average { value_us: 100_000, at_us: LocalTime(0) };
            old.with(300_000, LocalTime(0).after(passed_us), 1_000_000).value_us
        };
        assert_eq!(average(0), 100_000, "two at one instant: the first stands");
        assert_eq!(average(1_000_000), 200_000);
        assert_eq!(average(2_000_000), 250_000);
        assert_eq!(average(100_000_000), 300_000);
    }

    #[test]
    fn the_first_result_is_the_average() {
        let mut book = Book::default();
        assert_eq!(book.average_us(), None);
        book.measure(70_000, LocalTime(5), 1_000);
        assert_eq!(book.average_us(), Some(70_000));
    }
}
