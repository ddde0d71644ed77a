//! Facts that the protocols of an agent raise, until all of them are told.

use smallvec::SmallVec;

use crate::common::signal::Signal;

/// The generations of facts that one input can raise, each by what a protocol does as it hears the one before. Protocols that go on
/// answering each other would never end.
const GENERATIONS_MAX: u32 = 16;

/// The facts that the protocols of an agent raise while they handle one input, told in the order in which they were raised.
#[derive(Default)]
pub(super) struct Raised {
    /// Few inputs raise more than two; each is taken out when it is told.
    signals: SmallVec<[Option<Signal>; 2]>,
    told: usize,
    /// Where the generation ends that is being told.
    generation_end: usize,
    generations: u32,
}

impl Raised {
    #[inline(always)]
    pub(super) fn push(&mut self, signal: Signal) {
        self.signals.push(Some(signal));
    }

    /// The next one to be told.
    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<Signal> {
        let signal = self.signals.get_mut(self.told)?.take();
        if self.told == self.generation_end {
            self.begin_generation();
        }
        self.told += 1;
        signal
    }

    #[inline]
    fn begin_generation(&mut self) {
        self.generation_end = self.signals.len();
        self.generations += 1;
        assert!(
            self.generations <= GENERATIONS_MAX,
            "protocols answer each other's facts without end: the last of {} is {:?}",
            self.signals.len(),
            self.signals.last(),
        );
    }

    #[inline(always)]
    pub(super) fn are_told(&self) -> bool {
        self.told == self.signals.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::AgentId;

    fn fact(agent: u32) -> Signal {
        Signal::Left { agent: AgentId(agent) }
    }

    #[test]
    fn facts_are_told_in_the_order_in_which_they_are_raised() {
        let mut raised = Raised::default();
        (0..20).for_each(|agent| raised.push(fact(agent)));
        let told: Vec<_> = std::iter::from_fn(|| raised.next()).collect();
        assert_eq!(format!("{told:?}"), format!("{:?}", (0..20).map(fact).collect::<Vec<_>>()));
        assert!(raised.are_told());
    }

    #[test]
    fn sixteen_generations_of_facts_are_told() {
        let mut raised = Raised::default();
        for agent in 0..GENERATIONS_MAX {
            raised.push(fact(agent));
            assert!(raised.next().is_some());
        }
        assert!(raised.are_told());
    }

    #[test]
    #[should_panic(expected = "protocols answer each other's facts without end")]
    fn a_cascade_of_facts_without_end_is_a_mistake_of_its_protocols() {
        let mut raised = Raised::default();
        loop {
            raised.push(fact(0));
            raised.next();
        }
    }
}
