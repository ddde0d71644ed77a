//! The assumptions of a Byzantine vote (C6), watched from outside: at most f agents are faulty, and messages
//! between the others arrive within their round. Messages that are lost or late are put down to as few agents
//! as can explain them, as if those were faulty too.

use super::Rounds;
use crate::common::consensus::assumption::{Assumption, Broken};
use crate::common::consensus::round_length::RoundLength;
use crate::protocol::watch::Surroundings;
use crate::sim::{AgentId, EventId, LocalClock};

/// The assumptions of one vote, and whether they have held so far.
#[derive(Clone, Debug)]
pub struct Assumptions {
    pub rounds: Rounds,
    pub electorate: Vec<AgentId>,
    /// Its clock says when the first round begins.
    coordinator: AgentId,
    length: RoundLength,
    pub broken: Option<Broken>,
    /// The fewest agents without which the network falls apart.
    pub cut: Vec<AgentId>,
    /// When it is over for everyone; what comes later does not matter.
    ends_us: u64,
    /// Byzantine, crashed or paused at some time of the vote, or never called to it.
    faulty: Vec<AgentId>,
    /// The pairs of other agents between which something was lost or late.
    gaps: Vec<(AgentId, AgentId)>,
    /// The agents that the gaps are put down to.
    cut_off: Vec<AgentId>,
}

impl Assumptions {
    #[must_use]
    pub fn new(
        rounds: Rounds,
        (electorate, coordinator): (Vec<AgentId>, AgentId),
        opened_us: u64,
        of: &Surroundings,
        clock_of: impl Fn(AgentId) -> LocalClock,
    ) -> Self {
        let length = RoundLength { round_us: rounds.round_us, latency_most_us: of.latency_most_us };
        let is_parted = !of.cut.is_empty() && of.cut.len() <= rounds.fault_tolerance as usize;
        let parted = Broken { assumption: Assumption::Connectivity, event: None };
        // By everyone's own clock it is over at the same reading.
        let reads = clock_of(coordinator).local(opened_us).after(rounds.duration_us());
        let ends_us = electorate.iter().map(|agent| clock_of(*agent).virtual_us(reads)).max();
        let mut watch = Self {
            rounds,
            electorate,
            coordinator,
            length,
            broken: None,
            cut: of.cut.clone(),
            ends_us: ends_us.unwrap_or(opened_us),
            faulty: Vec::new(),
            gaps: Vec::new(),
            cut_off: Vec::new(),
        };
        watch.check_rounds(opened_us, None, clock_of);
        watch.broken = watch.broken.or(is_parted.then_some(parted));
        watch
    }

    /// Whether rounds are still long enough, by the clocks as they are at this time; those of faulty agents
    /// do not matter.
    #[inline]
    pub fn check_rounds(
        &mut self,
        time_us: u64,
        event: Option<EventId>,
        clock_of: impl Fn(AgentId) -> LocalClock,
    ) {
        let takes_part = |agent: &&AgentId| !self.faulty.contains(agent);
        let agents = self.electorate.iter().filter(takes_part).chain([&self.coordinator]);
        let clocks = agents.map(|agent| clock_of(*agent));
        self.broken = self.broken.or_else(|| self.length.broken_at(time_us, event, clocks));
    }

    /// Whether it goes on at this time.
    #[must_use]
    #[inline]
    pub fn is_on(&self, time_us: u64) -> bool {
        time_us <= self.ends_us
    }

    /// Neither Byzantine, crashed nor paused while it went on, nor cut off.
    #[must_use]
    pub fn is_honest(&self, agent: AgentId) -> bool {
        !self.faulty.contains(&agent) && !self.cut_off.contains(&agent)
    }

    /// How many agents failed so far: lied, crashed, or were paused.
    #[must_use]
    pub fn faulty(&self) -> usize {
        self.faulty.len()
    }

    /// The agents that count as honest.
    pub fn honest(&self) -> impl Iterator<Item = AgentId> {
        self.electorate.iter().copied().filter(|agent| self.is_honest(*agent))
    }

    /// An agent is faulty from now on.
    pub fn fails(&mut self, agent: AgentId, event: EventId) {
        if !self.electorate.contains(&agent) || self.faulty.contains(&agent) {
            return;
        }
        self.faulty.push(agent);
        self.gaps.retain(|(from, to)| *from != agent && *to != agent);
        self.weigh(Assumption::Faulty, event);
    }

    /// Something from one to the other was lost or came late.
    pub fn gap(&mut self, from: AgentId, to: AgentId, event: EventId) {
        let matters = |agent| self.electorate.contains(&agent) && !self.faulty.contains(&agent);
        // Once too much was lost nothing more can be put down to anyone.
        if self.broken.is_some() || !matters(from) || !matters(to) {
            return;
        }
        if self.gaps.contains(&(from, to)) {
            return;
        }
        self.gaps.push((from, to));
        if !self.cut_off.contains(&from) && !self.cut_off.contains(&to) {
            self.weigh(Assumption::Delivery, event);
        }
    }

    /// Puts the gaps down to as few agents as will do, taking the agent that explains the most of them first.
    fn weigh(&mut self, assumption: Assumption, event: EventId) {
        let most = self.rounds.fault_tolerance as usize;
        self.cut_off.clear();
        let mut left = self.gaps.clone();
        while !left.is_empty() && self.faulty.len() + self.cut_off.len() <= most {
            let explains = |agent: &AgentId| {
                left.iter().filter(|(from, to)| from == agent || to == agent).count()
            };
            // The first of several equals is taken: the order of events must not matter.
            let places = self.electorate.iter().rev();
            let Some(&agent) = places.max_by_key(|agent| explains(agent)) else { return };
            left.retain(|(from, to)| *from != agent && *to != agent);
            self.cut_off.push(agent);
        }
        if self.faulty.len() + self.cut_off.len() > most && self.broken.is_none() {
            self.broken = Some(Broken { assumption, event: Some(event) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: AgentId = AgentId(0);
    const B: AgentId = AgentId(1);
    const C: AgentId = AgentId(2);
    const D: AgentId = AgentId(3);
    const COORDINATOR: AgentId = AgentId(4);

    fn surroundings() -> Surroundings {
        Surroundings { latency_most_us: Some(50_000), cut: Vec::new() }
    }

    /// Clocks that are ahead by so many microseconds.
    fn watch_of(of: &Surroundings, ahead_us: fn(AgentId) -> i64) -> Assumptions {
        let clock = |agent| LocalClock { offset_us: ahead_us(agent), drift_ppm: 0 };
        Assumptions::new(Rounds::default(), (vec![A, B, C, D], COORDINATOR), 0, of, clock)
    }

    fn watch() -> Assumptions {
        watch_of(&surroundings(), |_| 0)
    }

    #[test]
    fn one_too_many_breaks_it_at_the_event_that_made_it_so() {
        let mut watch = watch();
        watch.fails(A, 7);
        watch.fails(A, 8);
        watch.fails(AgentId(9), 9);
        assert_eq!(watch.broken, None);
        watch.fails(C, 12);
        let expected = Broken { assumption: Assumption::Faulty, event: Some(12) };
        assert_eq!(watch.broken, Some(expected));
        watch.fails(D, 13);
        assert_eq!(watch.broken, Some(expected), "the first counts");
        assert_eq!(watch.honest().collect::<Vec<_>>(), [B]);
    }

    #[test]
    fn what_is_lost_is_put_down_to_as_few_as_can_explain_it() {
        let mut watch = watch();
        watch.gap(A, B, 1);
        watch.gap(C, A, 2);
        watch.gap(A, D, 3);
        assert_eq!((watch.broken, watch.is_honest(A)), (None, false));
        watch.gap(B, C, 4);
        assert_eq!(watch.broken, Some(Broken { assumption: Assumption::Delivery, event: Some(4) }));
        // A faulty agent explains the losses around it.
        let mut watch = self::watch();
        watch.fails(B, 1);
        watch.gap(A, B, 2);
        watch.gap(B, C, 3);
        assert_eq!(watch.broken, None);
        watch.gap(A, C, 4);
        assert_eq!(watch.broken, Some(Broken { assumption: Assumption::Delivery, event: Some(4) }));
    }

    #[test]
    fn some_never_hold() {
        let of = |change: &dyn Fn(&mut Surroundings)| {
            let mut of = surroundings();
            change(&mut of);
            watch_of(&of, |_| 0).broken.map(|it| it.assumption)
        };
        assert_eq!(of(&|_| ()), None);
        assert_eq!(of(&|it| it.latency_most_us = None), Some(Assumption::RoundLength));
        assert_eq!(of(&|it| it.cut = vec![A]), Some(Assumption::Connectivity));
    }

    #[test]
    fn all_who_are_not_faulty_and_the_coordinator_have_to_be_in_step() {
        let broken = |ahead_us| watch_of(&surroundings(), ahead_us).broken.map(|it| it.assumption);
        assert_eq!(broken(|agent| if agent == B { 50_000 } else { 0 }), None);
        assert_eq!(
            broken(|agent| if agent == B { 50_001 } else { 0 }),
            Some(Assumption::RoundLength)
        );
        assert_eq!(broken(|_| -300_000), None, "all alike");
        let is_member = |agent: AgentId| if agent == COORDINATOR { 0 } else { -300_000 };
        assert_eq!(broken(is_member), Some(Assumption::RoundLength));
        // A drifting clock breaks the assumption, unless its agent is faulty.
        let clock =
            |agent| LocalClock { offset_us: 0, drift_ppm: if agent == B { 1_000 } else { 0 } };
        let mut watch = watch();
        watch.check_rounds(40_000_000, Some(6), clock);
        assert_eq!(watch.broken, None);
        watch.check_rounds(60_000_000, Some(7), clock);
        let expected = Broken { assumption: Assumption::RoundLength, event: Some(7) };
        assert_eq!(watch.broken, Some(expected));
        let mut watch = self::watch();
        watch.fails(B, 1);
        watch.check_rounds(60_000_000, Some(7), clock);
        assert_eq!(watch.broken, None);
    }
}
